"""One Dovecot for all tests of the mail room that need a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.dovecot import DovecotServer, Mailbox, is_installed


@pytest.fixture(scope="session")
def dovecot() -> Iterator[DovecotServer]:
    """A running server, or a skip that says what is missing."""
    if not is_installed():
        pytest.skip("Dovecot is not on this machine")
    with DovecotServer() as server:
        yield server


@pytest.fixture
def mailbox(dovecot: DovecotServer) -> Mailbox:
    """A fresh user with an empty mailbox."""
    return dovecot.user()
