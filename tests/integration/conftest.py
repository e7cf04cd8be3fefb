"""One Dovecot for all tests that need a mail server and nothing special of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.dovecot import DovecotServer, is_installed


@pytest.fixture(scope="session")
def dovecot() -> Iterator[DovecotServer]:
    """A running server, or a skip that says what is missing."""
    if not is_installed():
        pytest.skip("Dovecot is not on this machine")
    with DovecotServer() as server:
        yield server
