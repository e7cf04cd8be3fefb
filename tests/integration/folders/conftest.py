"""What tests of the folders of an account stand on: servers that can do less, and an account."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.dovecot import DovecotServer
from tests.support.watched import Watched, watched

LESS = {
    "QRESYNC": "",
    "CONDSTORE": "IMAP4rev1 IDLE UIDPLUS MOVE CONDSTORE ENABLE UNSELECT",
    "plain": "IMAP4rev1 IDLE UIDPLUS",
}


@pytest.fixture(scope="session")
def dialects(dovecot) -> Iterator[dict[str, DovecotServer]]:
    """The same server, and two that say that they can do less; by what they count changes with."""
    with (
        DovecotServer(offers=LESS["CONDSTORE"]) as condstore,
        DovecotServer(offers=LESS["plain"]) as plain,
    ):
        yield {"QRESYNC": dovecot, "CONDSTORE": condstore, "plain": plain}


@pytest.fixture
def shop(tmp_path, dovecot) -> Iterator[Watched]:
    """An account whose INBOX, Sent and Junk are read."""
    with watched(tmp_path, dovecot.user()) as found:
        yield found
