"""Accounts: the mailboxes and platforms that are watched, their sealed secrets, how they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.account import Account, AccountType, Health, HealthState, Wanted
from app.domain.errors import NotFound, Refused
from app.domain.feed import FeedHealth
from app.domain.translation import tr
from app.storage import codec, feeds
from app.storage.connection import Connection

_ACCOUNT = "SELECT id, name, type, settings, secret_command FROM account"


def add(
    db: Connection,
    *,
    name: str,
    type: AccountType,  # noqa: A002 - the word of the domain
    settings: Mapping[str, str],
    secret: bytes | None,
    secret_command: str = "",
    now: datetime,
) -> Account:
    """Connect an account; the secret is stored as it is given, already encrypted.

    Raises:
        Refused: there is an account of this name.
    """
    if find(db, name) is not None:
        raise Refused(
            tr("There is an account named {name} already", name=name),
            tr("Two accounts cannot share a name"),
            tr("Choose another name, or remove the old account first"),
        )
    row = (name, type.value, codec.to_json(dict(settings)), secret, secret_command)
    account_id = db.execute(
        "INSERT INTO account (name, type, settings, secret, secret_command, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (*row, codec.micros(now)),
    ).lastrowid
    assert account_id is not None
    db.execute(
        "INSERT INTO health (account_id, state, title, message, hint) VALUES (?, ?, '', '', '')",
        (account_id, HealthState.NEW.value),
    )
    return Account(
        id=account_id,
        name=name,
        type=type,
        settings=dict(settings),
        secret_command=secret_command,
    )


def find(db: Connection, name: str) -> Account | None:
    """The account of this name, or None."""
    row = db.execute(_ACCOUNT + " WHERE name = ?", (name,)).fetchone()
    return _account(row) if row else None


def get(db: Connection, account_id: int) -> Account:
    """The account with this id.

    Raises:
        NotFound: it was removed.
    """
    row = db.execute(_ACCOUNT + " WHERE id = ?", (account_id,)).fetchone()
    if row is None:
        raise NotFound(tr("This account is not connected any more"), "", tr("Connect it again"))
    return _account(row)


def every(db: Connection) -> tuple[Account, ...]:
    """All accounts, in the order in which they were connected."""
    return tuple(_account(row) for row in db.execute(_ACCOUNT + " ORDER BY id"))


def first_connected(db: Connection) -> datetime | None:
    """When the first of the accounts was connected; None where there is none."""
    (at,) = db.execute("SELECT min(created_at) FROM account").fetchone()
    return codec.maybe_moment(at)


def connected_at(db: Connection, account_id: int | None) -> datetime | None:
    """When an account was connected; None where it is not connected any more."""
    row = db.execute("SELECT created_at FROM account WHERE id = ?", (account_id,)).fetchone()
    return codec.maybe_moment(row[0]) if row else None


def is_new(db: Connection, *, connected_after: datetime | None) -> bool:
    """Whether a mailbox, or one that was connected after an instant, was never read to its end
    and keeps from that by no trouble."""
    after = codec.maybe_micros(connected_after) or 0
    (found,) = db.execute(_IS_NEW, (after,)).fetchone()
    return bool(found)


def remove(db: Connection, account_id: int) -> None:
    """Disconnect an account; its messages and issues stay, without it."""
    db.execute("DELETE FROM account WHERE id = ?", (account_id,))


def secret(db: Connection, account_id: int) -> bytes | None:
    """The encrypted secret of an account, or None where it has none."""
    row = db.execute("SELECT secret FROM account WHERE id = ?", (account_id,)).fetchone()
    return row[0] if row else None


def set_secret(db: Connection, account_id: int, blob: bytes | None) -> None:
    """Replace the encrypted secret of an account."""
    db.execute("UPDATE account SET secret = ? WHERE id = ?", (blob, account_id))


def set_sign_in(
    db: Connection, account_id: int, *, secret: bytes | None, secret_command: str
) -> None:
    """Replace how an account signs in: what is sealed here, or the command that tells it."""
    db.execute(
        "UPDATE account SET secret = ?, secret_command = ? WHERE id = ?",
        (secret, secret_command, account_id),
    )


def set_settings(db: Connection, account_id: int, settings: Mapping[str, str]) -> None:
    """Replace the settings of an account."""
    written = codec.to_json(dict(settings))
    db.execute("UPDATE account SET settings = ? WHERE id = ?", (written, account_id))


def set_health(
    db: Connection,
    account_id: int,
    *,
    state: HealthState,
    title: str = "",
    message: str = "",
    hint: str = "",
    tried_at: datetime,
    ok_at: datetime | None = None,
    wants: Wanted = Wanted.SIGN_IN,
) -> None:
    """Note how an account is; without `ok_at` the last good time stands. Removed: nothing."""
    db.execute(
        "UPDATE health SET state = ?, title = ?, message = ?, hint = ?, wants = ?, last_try_at = ?,"
        " last_ok_at = ifnull(?, last_ok_at) WHERE account_id = ?",
        (
            state.value,
            codec.text(title),
            codec.text(message),
            codec.text(hint),
            wants.value,
            codec.micros(tried_at),
            codec.maybe_micros(ok_at),
            account_id,
        ),
    )


def good_at(db: Connection, account_id: int) -> datetime | None:
    """When an account was last looked into with success, or None."""
    row = db.execute("SELECT last_ok_at FROM health WHERE account_id = ?", (account_id,)).fetchone()
    return codec.maybe_moment(row[0]) if row else None


def health(db: Connection) -> tuple[Health, ...]:
    """How every account is, in the order in which they were connected."""
    rows = db.execute(
        "SELECT a.id, a.name, a.type, a.settings, a.secret_command,"
        " h.state, h.title, h.message, h.hint, h.last_ok_at, h.last_try_at, h.wants"
        " FROM account a JOIN health h ON h.account_id = a.id ORDER BY a.id"
    )
    streams = feeds.health(db)
    return tuple(_health(_account(row[:5]), row[5:], streams) for row in rows)


def _account(row: tuple[Any, ...]) -> Account:
    account_id, name, type_, settings, secret_command = row
    return Account(
        id=account_id,
        name=name,
        type=AccountType(type_),
        settings=codec.from_json(settings, dict[str, str]),
        secret_command=secret_command,
    )


def _health(account: Account, row: tuple[Any, ...], streams: tuple[FeedHealth, ...]) -> Health:
    state, title, message, hint, ok_at, tried_at, wants = row
    return Health(
        account=account.name,
        type=account.type,
        state=HealthState(state),
        address=account.address,
        by_browser=account.by_browser,
        by_command=bool(account.secret_command),
        title=title,
        message=message,
        hint=hint,
        last_ok_at=codec.maybe_moment(ok_at),
        last_try_at=codec.maybe_moment(tried_at),
        wants=Wanted(wants),
        feeds=tuple(one for one in streams if one.account == account.name),
    )


_IS_NEW = """
SELECT EXISTS (SELECT 1 FROM account a JOIN health h ON h.account_id = a.id
WHERE a.type IN ('imap', 'folder') AND h.last_ok_at IS NULL AND h.state IN ('new', 'working')
AND a.created_at > ?)
"""
