"""What tests of the mail room stand on: a mailbox of their own."""

from __future__ import annotations

import pytest

from tests.support.dovecot import DovecotServer, Mailbox


@pytest.fixture
def mailbox(dovecot: DovecotServer) -> Mailbox:
    """A fresh user with an empty mailbox."""
    return dovecot.user()
