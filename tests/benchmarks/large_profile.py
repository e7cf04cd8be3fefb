"""Large profile: years of a shop's mail, written by the program's own storage, made once and kept.

It lies in build/bench under a name that carries the schema's version, so that a profile of an older
schema is never measured.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from app.config.paths import Profile
from app.domain.account import AccountType
from app.domain.assessment import Kind, Priority, Reason, Severity
from app.domain.issue import Judgement, message_atom
from app.domain.journal import State
from app.domain.mailbox import FolderSnapshot
from app.domain.message import Address, Direction, Message
from app.domain.money import Money
from app.storage import accounts, folders, issues, messages, migrations, schema
from app.storage.connection import Connection
from app.storage.version import KNOWN
from app.storage.writer import Writer
from tests.benchmarks import prose
from tests.support.storage import an_assessment

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "bench"
_REVISION = 1  # of what is written here; a new one makes the profiles anew
_ISSUES_A_TRANSACTION = 250
_PAST = timedelta(days=3 * 365)
_RECENT = timedelta(days=30)
_PEOPLE = 20_000
_SHOP = Address(email="help@shop.example", name="The shop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much lies in a profile: `open_issues` of `issues` still wait for somebody.

    Without messages there are only the issues, which is all that the list reads.
    """

    messages: int
    issues: int
    open_issues: int

    @property
    def amounts(self) -> str:
        """The three numbers as part of a folder's name."""
        return f"{self.messages}-{self.issues}-{self.open_issues}"

    @property
    def name(self) -> str:
        """The folder that such a profile has."""
        return f"{_schema()}-{_REVISION}-{self.amounts}"


# A shop with a few years of history; and a list longer than anybody ever had.
YEARS = Size(messages=200_000, issues=60_000, open_issues=2_000)
LONG_LIST = Size(messages=0, issues=100_000, open_issues=100_000)


def _schema() -> str:
    """The newest migration, and a hash of what all of them do: until a release they may change."""
    code = b"".join(Path(module.__file__ or "").read_bytes() for module in (migrations, schema))
    return f"{KNOWN[-1]}-{hashlib.sha256(code).hexdigest()[:8]}"


def profile(size: Size) -> Profile:
    """The profile of this size, made if it is not there yet."""
    made = FOLDER / size.name
    if not (made / "frontburner.db").exists():
        part = FOLDER / f"{size.name}.part"
        for older in FOLDER.glob(f"*-{_REVISION}-{size.amounts}*"):  # another schema's, or a rest
            shutil.rmtree(older)
        print(f"making {made.relative_to(ROOT)}", file=sys.stderr)  # noqa: T201 - it takes minutes
        _Author(Profile(part).make(), size).write()
        part.rename(made)
    return Profile(made).make()


class _Author:
    """Writes one profile."""

    def __init__(self, place: Profile, size: Size) -> None:
        self._place, self._size = place, size
        self._now = datetime.now(UTC)  # noqa: TID251 - the list shows ages from the present
        self._prose = prose.Writer(seed=size.messages)
        self._chance = self._prose.chance
        self._uid = 0
        self._left = size.messages

    def write(self) -> None:
        """All of it, in transactions like those of a first sync."""
        writer = Writer(self._place.database, now=self._now)
        writer.start()
        try:
            account = writer.do(self._account)
            for first in range(0, self._size.issues, _ISSUES_A_TRANSACTION):
                last = min(first + _ISSUES_A_TRANSACTION, self._size.issues)
                writer.do(partial(self._issues, account=account, numbers=range(first, last)))
            writer.do(partial(self._settle, account=account))
        finally:
            writer.stop()

    def _account(self, db: Connection) -> int:
        """A mailbox whose server is not there: what is stored has to do."""
        settings = {
            "address": _SHOP.email,
            "user": _SHOP.email,
            "host": "localhost",
            "port": "1",
            "security": "tls",
            "smtp_host": "localhost",
            "smtp_port": "1",
            "smtp_security": "tls",
        }
        return accounts.add(
            db,
            name="Shop",
            type=AccountType.IMAP,
            settings=settings,
            secret=None,
            secret_command="echo nothing",
            now=self._now,
        ).id

    def _settle(self, db: Connection, *, account: int) -> None:
        snapshot = FolderSnapshot(
            name="INBOX", uid_validity=1, uid_next=self._uid + 1, exists=self._uid
        )
        folders.settle(db, account_id=account, snapshot=snapshot, now=self._now)

    def _issues(self, db: Connection, *, account: int, numbers: range) -> None:
        for number in numbers:
            self._issue(db, account=account, number=number)

    def _issue(self, db: Connection, *, account: int, number: int) -> None:
        is_open = number >= self._size.issues - self._size.open_issues
        kind = self._prose.kind()
        kind = Kind.OTHER if is_open and kind is Kind.NOT_AN_ISSUE else kind
        name, email = self._prose.person(self._chance.randrange(_PEOPLE))
        customer = Address(email=email, name=name)
        span = _RECENT if is_open else _PAST
        began = self._now - span * self._chance.random()
        root = f"{number}.0@customer.example"
        said = self._prose.mail(kind, 1000 + number)
        issue = issues.create(
            db,
            atoms=(message_atom(root),),
            subject=said.subject,
            customer=customer,
            account_id=account,
            judgement=self._judgement(kind),
            first_at=began,
            history=not is_open and self._chance.random() < 0.5,
        )
        count = self._count(number)
        at, refs = began, tuple[str, ...]()
        for nth in range(count):
            at = min(began + timedelta(hours=7) * nth, self._now)
            refs = self._message(
                db, account=account, issue=issue, said=said, customer=customer, refs=refs,
                named=f"{number}.{nth}", at=at, from_us=nth % 3 == 2,
            )  # fmt: skip
            said = self._prose.mail(kind, 1000 + number)
        self._finish(db, issue, number=number, is_open=is_open, count=count, at=at, said=said)

    def _count(self, number: int) -> int:
        """How many mails this issue has: most have few, some many, and all together the size."""
        issues_after = self._size.issues - number - 1
        if issues_after == 0 or not self._size.messages:
            count = self._left
        else:
            mean = self._left / (issues_after + 1)
            drawn = 1 + round(self._chance.expovariate(1 / (mean - 1))) if mean > 1 else 1
            count = max(1, min(drawn, 40, self._left - issues_after))
        self._left -= count
        return count

    def _message(
        self, db: Connection, *, account: int, issue: int, said: prose.Said, customer: Address,
        refs: tuple[str, ...], named: str, at: datetime, from_us: bool,
    ) -> tuple[str, ...]:  # fmt: skip
        sender, to = (_SHOP, customer) if from_us else (customer, _SHOP)
        message_id = f"{named}@customer.example"
        raw = f"From: {sender}\r\nTo: {to}\r\nSubject: {said.subject}\r\n\r\n{said.text}".encode()
        row = messages.add(
            db,
            message=Message(
                message_id=message_id,
                subject=said.subject,
                text=said.text,
                new_text=said.text,
                raw_sha256=hashlib.sha256(raw).hexdigest(),
                raw_size=len(raw),
                from_=sender,
                to=(to,),
                sent_at=at,
                in_reply_to=refs[-1:],
                references=refs,
            ),
            direction=Direction.OUT if from_us else Direction.IN,
            account_id=account,
            issue_id=issue,
            received_at=at,
            assessment=None if from_us else an_assessment(kind=said.kind),
            raw=raw,
        )
        self._uid += 1
        located = folders.Located(uid=self._uid, message_id=row)
        folders.locate(db, [located], account_id=account, folder="INBOX", uid_validity=1)
        return (*refs, message_id)[-20:]

    def _finish(
        self, db: Connection, issue: int, *, number: int, is_open: bool, count: int, at: datetime,
        said: prose.Said,
    ) -> None:  # fmt: skip
        chance = self._chance.random()
        state = State.RESOLVED
        if is_open:
            state = State.NEW if chance < 0.8 else State.ACKNOWLEDGED
        issues.update(
            db,
            issue,
            state=state,
            last_at=at,
            message_count=count,
            preview=" ".join(said.text.split())[:160],
            order_number=said.order,
            order_total=Money(self._chance.randint(900, 30_000), "EUR"),
            waiting_since=at if is_open else None,
            deadline_at=at + timedelta(hours=8) if is_open and chance < 0.3 else None,
            unseen=is_open and chance < 0.2,
        )

    def _judgement(self, kind: Kind) -> Judgement:
        score = self._chance.randint(5, 95)
        severity = list(Severity)[3 - min(score // 25, 3)]
        waits = min(20, score)
        reasons = (
            Reason(factor="severity", points=score - waits, because="what the customer wrote"),
            Reason(factor="waiting", points=waits, because="waits for an answer"),
        )
        return Judgement(
            kind=kind,
            severity=severity,
            priority=list(Priority)[3 - min(score // 25, 3)],
            score=score,
            reasons=reasons,
            confidence=0.8,
            language="en",
        )
