"""Accounts keep their settings in the open, their secret sealed, and say how they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.account import AccountType, HealthState, Wanted
from app.domain.errors import (
    CertificateRejected,
    FolderUnread,
    NotFound,
    Refused,
    SignInRefused,
)
from app.engine.account_health import wanted
from app.storage import accounts
from app.storage.connection import Connection
from tests.support.storage import NOW, an_account


def test_an_account_comes_back_as_it_was_connected(db: Connection) -> None:
    account = an_account(db, secret_command="pass show mail")
    assert accounts.find(db, "Help desk") == account
    assert accounts.get(db, account.id) == account
    assert accounts.every(db) == (account,)
    assert account.type is AccountType.IMAP
    assert account.address == "help@shop.example"


def test_an_unknown_account_is_none_or_not_found(db: Connection) -> None:
    assert accounts.find(db, "Nobody") is None
    assert accounts.secret(db, 7) is None
    with pytest.raises(NotFound):
        accounts.get(db, 7)


def test_two_accounts_cannot_share_a_name(db: Connection) -> None:
    an_account(db)
    with pytest.raises(Refused, match="already"):
        an_account(db)


def test_a_secret_is_kept_as_it_is_given_and_can_be_replaced(db: Connection) -> None:
    account = an_account(db, secret=b"\x00sealed")
    assert accounts.secret(db, account.id) == b"\x00sealed"
    accounts.set_secret(db, account.id, b"other")
    assert accounts.secret(db, account.id) == b"other"
    accounts.set_secret(db, account.id, None)
    assert accounts.secret(db, account.id) is None


def test_settings_can_be_replaced(db: Connection) -> None:
    account = an_account(db)
    accounts.set_settings(db, account.id, {"host": "new.shop.example"})
    assert accounts.get(db, account.id).settings == {"host": "new.shop.example"}


def test_a_new_account_is_new_and_its_last_good_time_survives_a_failure(db: Connection) -> None:
    account = an_account(db)
    assert accounts.health(db)[0].state is HealthState.NEW
    accounts.set_health(db, account.id, state=HealthState.OK, tried_at=NOW, ok_at=NOW)
    later = NOW + timedelta(minutes=1)
    accounts.set_health(
        db,
        account.id,
        state=HealthState.ASKING,
        title="Sign-in was refused",
        message="The password is not right",
        hint="Enter it again",
        tried_at=later,
    )
    (health,) = accounts.health(db)
    assert (health.account, health.type, health.address) == (
        "Help desk",
        AccountType.IMAP,
        "help@shop.example",
    )
    assert (health.state, health.title) == (HealthState.ASKING, "Sign-in was refused")
    assert (health.message, health.hint) == ("The password is not right", "Enter it again")
    assert (health.last_ok_at, health.last_try_at) == (NOW, later)


def test_the_health_of_an_account_that_was_removed_meanwhile_is_nobodys(db: Connection) -> None:
    account = an_account(db)
    accounts.remove(db, account.id)
    accounts.set_health(db, account.id, state=HealthState.OK, tried_at=NOW)
    assert accounts.health(db) == ()
    assert accounts.every(db) == ()


def test_what_an_account_wants_is_kept_and_a_password_is_the_usual(db: Connection) -> None:
    """A folder that cannot be opened, or a certificate, is not mended by a password."""
    account = an_account(db)
    for error, wants in (
        (FolderUnread("No"), Wanted.FOLDERS),
        (CertificateRejected("No"), Wanted.SERVER),
        (SignInRefused("No"), Wanted.SIGN_IN),
        (None, Wanted.SIGN_IN),
    ):
        accounts.set_health(
            db, account.id, state=HealthState.ASKING, tried_at=NOW, wants=wanted(error)
        )
        assert accounts.health(db)[0].wants is wants
