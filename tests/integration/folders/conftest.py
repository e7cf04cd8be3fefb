"""One Dovecot for all tests of the folders of an account."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.dovecot import DovecotServer, is_installed
from tests.support.watched import Watched, watched


@pytest.fixture(scope="session")
def dovecot() -> Iterator[DovecotServer]:
    """A running server, or a skip that says what is missing."""
    if not is_installed():
        pytest.skip("Dovecot is not on this machine")
    with DovecotServer() as server:
        yield server


@pytest.fixture
def shop(tmp_path, dovecot) -> Iterator[Watched]:
    """An account whose INBOX, Sent and Junk are read."""
    with watched(tmp_path, dovecot.user()) as found:
        yield found
