"""The books of a folder always balance: what the counters say is what the locations are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.mailbox import FolderCursor
from app.storage import accounts, folders, messages, on_server
from app.storage.connection import Connection
from tests.support.storage import NOW, a_message, a_snapshot, an_account, an_issue, said, undone


def stored(
    db: Connection, account_id: int, uid: int, *, uid_validity: int = 7, row: int | None = None
) -> None:
    """A mail of the inbox is stored; unless told, as the first one, for only the books matter."""
    first = db.execute("SELECT id FROM message").fetchone()
    message_id = row or (first[0] if first else said(db, an_issue(db)))
    folders.locate(
        db,
        [folders.Located(uid=uid, message_id=message_id)],
        account_id=account_id,
        folder="INBOX",
        uid_validity=uid_validity,
    )


def skipped(db: Connection, account_id: int, uid: int, reason: str = "too large") -> None:
    folders.skip(db, account_id=account_id, folder="INBOX", uid_validity=7, uid=uid, reason=reason)


def gone(db: Connection, account_id: int, *uids: int) -> None:
    folders.forget(db, account_id=account_id, folder="INBOX", uid_validity=7, uids=uids)


def test_a_folder_that_was_never_read_to_its_end_has_no_cursor(db: Connection) -> None:
    account = an_account(db)
    assert folders.cursor(db, account.id, "INBOX") is None
    stored(db, account.id, 1)
    assert folders.cursor(db, account.id, "INBOX") is None
    assert folders.known_uids(db, account.id, "INBOX", 7) == {1}
    assert folders.proofs(db) == ()


def test_settling_moves_the_cursor_and_the_books_balance(db: Connection) -> None:
    account = an_account(db)
    stored(db, account.id, 1)
    stored(db, account.id, 2)
    skipped(db, account.id, 3)
    folders.settle(db, account_id=account.id, snapshot=a_snapshot(modseq=2**62), now=NOW)
    at = FolderCursor(uid_validity=7, uid_next=4, modseq=2**62)
    assert folders.cursor(db, account.id, "INBOX") == at
    (proof,) = folders.proofs(db)
    assert (proof.account, proof.folder) == ("Help desk", "INBOX")
    assert (proof.on_server, proof.stored, proof.skipped) == (3, 2, {"too large": 1})
    assert (proof.unexplained, proof.checked_at) == (0, NOW)


def test_a_mail_that_is_missing_shows_in_the_books(db: Connection) -> None:
    account = an_account(db)
    stored(db, account.id, 1)
    folders.settle(db, account_id=account.id, snapshot=a_snapshot(), now=NOW)
    assert folders.proofs(db)[0].unexplained == 2


def test_a_mail_stored_after_it_was_skipped_counts_once_and_is_not_skipped_again(
    db: Connection,
) -> None:
    account = an_account(db)
    skipped(db, account.id, 1)
    stored(db, account.id, 1)
    stored(db, account.id, 1)
    skipped(db, account.id, 1, "unreadable")
    folders.settle(db, account_id=account.id, snapshot=a_snapshot(exists=1), now=NOW)
    (proof,) = folders.proofs(db)
    assert (proof.stored, proof.skipped) == (1, {})


def test_mails_gone_from_the_server_leave_the_books_and_stay_stored(db: Connection) -> None:
    account = an_account(db)
    stored(db, account.id, 1)
    stored(db, account.id, 2)
    gone(db, account.id, 1, 99)
    folders.settle(db, account_id=account.id, snapshot=a_snapshot(exists=1), now=NOW)
    assert folders.proofs(db)[0].unexplained == 0
    assert messages.count(db) == 1


def test_under_a_new_uidvalidity_the_old_uids_name_nothing(db: Connection) -> None:
    """RFC 3501 2.3.1.1: a UID means something only together with its UIDVALIDITY."""
    account = an_account(db)
    stored(db, account.id, 1)
    folders.settle(db, account_id=account.id, snapshot=a_snapshot(exists=1), now=NOW)
    stored(db, account.id, 1, uid_validity=8)
    assert folders.known_uids(db, account.id, "INBOX", 8) == {1}
    renewed = a_snapshot(uid_validity=8, exists=1)
    folders.settle(db, account_id=account.id, snapshot=renewed, now=NOW)
    assert folders.known_uids(db, account.id, "INBOX", 7) == frozenset()
    assert folders.proofs(db)[0].stored == 1


def test_a_folder_is_announced_before_it_is_read(db: Connection) -> None:
    account = an_account(db)
    folders.announce(db, account_id=account.id, snapshot=a_snapshot(exists=3))
    assert folders.proofs(db)[0].unexplained == 3
    assert folders.cursor(db, account.id, "INBOX") is None


def test_an_announced_new_uidvalidity_takes_the_cursor_back_and_the_same_one_does_not(
    db: Connection,
) -> None:
    account = an_account(db)
    folders.settle(db, account_id=account.id, snapshot=a_snapshot(), now=NOW)
    folders.announce(db, account_id=account.id, snapshot=a_snapshot(exists=5))
    assert folders.cursor(db, account.id, "INBOX") is not None
    folders.announce(db, account_id=account.id, snapshot=a_snapshot(uid_validity=9))
    assert folders.cursor(db, account.id, "INBOX") is None


def test_two_accounts_have_books_of_their_own(db: Connection) -> None:
    one, other = an_account(db), an_account(db, "Office")
    stored(db, one.id, 1)
    stored(db, other.id, 1)
    for account in (one, other):
        folders.settle(db, account_id=account.id, snapshot=a_snapshot(exists=1), now=NOW)
    assert [(proof.account, proof.stored) for proof in folders.proofs(db)] == [
        ("Help desk", 1),
        ("Office", 1),
    ]


def test_removing_an_account_closes_its_books_and_keeps_its_messages(db: Connection) -> None:
    account = an_account(db)
    issue_id = an_issue(db, account_id=account.id)
    message_id = said(db, issue_id, account_id=account.id)
    stored(db, account.id, 1)
    folders.settle(db, account_id=account.id, snapshot=a_snapshot(exists=1), now=NOW)
    accounts.remove(db, account.id)
    assert folders.proofs(db) == ()
    assert db.execute("SELECT count(*) FROM location").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM holding").fetchone() == (0,)
    assert messages.get(db, message_id).account_id is None
    assert accounts.health(db) == ()


@dataclass
class Ledger:
    """What the books must say, kept by hand."""

    stored: set[int] = field(default_factory=set)
    skipped: dict[int, str] = field(default_factory=dict)

    def keep(self, step: str, uid: int) -> None:
        if step == "store":
            self.stored.add(uid)
            self.skipped.pop(uid, None)
        elif step == "forget":
            self.stored.discard(uid)
            self.skipped.pop(uid, None)
        elif uid not in self.stored:
            self.skipped[uid] = step


steps = st.lists(
    st.tuples(
        st.sampled_from(["store", "forget", "too large", "unreadable"]),
        st.integers(min_value=1, max_value=6),
    ),
    max_size=25,
)


@given(steps)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=timedelta(seconds=2)
)
def test_whatever_happens_to_mails_the_books_say_what_is_there(
    db: Connection, history: list[tuple[str, int]]
) -> None:
    with undone(db):
        account, ledger = an_account(db), Ledger()
        for step, uid in history:
            ledger.keep(step, uid)
            if step == "store":
                stored(db, account.id, uid)
            elif step == "forget":
                gone(db, account.id, uid)
            else:
                skipped(db, account.id, uid, step)
        folders.settle(db, account_id=account.id, snapshot=a_snapshot(), now=NOW)
        (proof,) = folders.proofs(db)
        reasons = list(ledger.skipped.values())
        assert proof.stored == len(ledger.stored)
        assert proof.skipped == {reason: reasons.count(reason) for reason in reasons}
        known = folders.known_uids(db, account.id, "INBOX", 7)
        assert known == ledger.stored | set(ledger.skipped)


def test_a_round_costs_no_more_in_a_folder_of_many_mails(db: Connection) -> None:
    """What ends a round looks at what is missing or wanted, not at every mail of the account."""
    account = an_account(db)
    issue = an_issue(db)
    steps = list[int]()
    for mails in (range(1, 21), range(21, 1001)):
        for uid in mails:
            row = said(db, issue, a_message(f"{uid}@x"), account_id=account.id)
            stored(db, account.id, uid, row=row)
        steps.append(_steps(db, account.id))
    few, many = steps
    assert many < few + 20


def _steps(db: Connection, account_id: int) -> int:
    """So many hundreds of SQLite's steps it takes to end a round in which nothing happened."""
    taken = list[None]()
    db.set_progress_handler(lambda: taken.append(None), 100)
    folders.announce(db, account_id=account_id, snapshot=a_snapshot())
    folders.settle(db, account_id=account_id, snapshot=a_snapshot(), now=NOW)
    on_server.wanted_flags(db, account_id, "INBOX", 7)
    on_server.end_round(db, account_id)
    on_server.gone_counts(db)
    db.set_progress_handler(None, 100)
    return len(taken)
