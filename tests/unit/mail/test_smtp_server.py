"""Where an account's replies go out, from the words that its owner set."""

from __future__ import annotations

import pytest

from app.domain.account import Account, AccountType
from app.mail.smtp_connection import Server


@pytest.mark.parametrize(
    ("settings", "user"),
    [
        ({"smtp_user": "mailer", "user": "hello", "address": "a@shop.example"}, "mailer"),
        ({"user": "hello", "address": "a@shop.example"}, "hello"),
        ({"address": "a@shop.example"}, "a@shop.example"),
    ],
)
def test_a_name_of_its_own_for_sending_is_used(settings: dict[str, str], user: str) -> None:
    """It could be set, and was not looked at."""
    given = {"smtp_host": "smtp.shop.example", **settings}
    account = Account(id=1, name="Shop", type=AccountType.IMAP, settings=given)
    assert Server.of(account).user == user
