"""CustomerDesk: the verbs about one customer's data: what there is, all of it as files for them
(GDPR art. 15 and 20), and all of it gone (art. 17)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.config.paths import Profile
from app.domain.changes import Changes
from app.domain.clock import Clock, rfc3339
from app.domain.errors import NotFound, Refused
from app.domain.message import Address
from app.domain.money import Money
from app.domain.order import Order
from app.domain.translation import tr, trn
from app.engine.copying import Copying
from app.engine.desk import Verb
from app.engine.new_folder import new_folder
from app.engine.standing import Standing
from app.storage import accounts, codec, customers, forgetting, issues, journal, messages
from app.storage import profile as profile_rows
from app.storage.connection import Connection
from app.storage.copies import Shelf
from app.storage.customers import Holdings
from app.storage.database import open_reader
from app.storage.sheets import mail_file
from app.storage.writer import Writer

_LISTED = 50


class CustomerDesk:
    """Finds a customer, gives their data out, and forgets them."""

    def __init__(
        self,
        *,
        profile: Profile,
        writer: Writer,
        standing: Standing,
        clock: Clock,
        publish: Callable[[Changes], None],
        unlearn: Callable[[], None],
        copying: Copying | None = None,
    ) -> None:
        """`unlearn` has what was learnt made anew from the corrections that are left; `copying`
        makes the profile's regular copies."""
        self._profile = profile
        self._writer = writer
        self._standing = standing
        self._clock = clock
        self._publish = publish
        self._unlearn = unlearn
        self._copying = copying

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "customers": self.customers,
            "customer": self.customer,
            "customer_export": self.export,
            "customer_delete": self.delete,
        }

    def customers(self, words: str = "") -> dict[str, Any]:
        """The customers whose address or name holds these words, the latest first."""
        with closing(open_reader(self._profile.database)) as db:  # the writer has others to serve
            found = customers.search(db, words, limit=_LISTED)
        return {
            "customers": [{**asdict(one), "last_at": rfc3339(one.last_at)} for one in found],
            "most": _LISTED,
        }

    def customer(self, email: str) -> dict[str, Any]:
        """What there is of an address: what would go, and what would stay and why.

        Raises NotFound where there is nothing.
        """
        with closing(open_reader(self._profile.database)) as db:
            return self._plan(_held(db, email))

    def export(self, email: str, folder: str) -> dict[str, Any]:
        """Write all that is known of an address into a new folder, in forms that any program reads.

        Raises NotFound where there is nothing, Refused where the folder has something in it, and
        KnownError where it takes nothing.
        """
        with closing(open_reader(self._profile.database)) as db:
            held = _held(db, email)
            with new_folder(Path(folder)) as draft:
                mails = _write(db, held, draft)
        return {"folder": folder, "mails": mails, "orders": len(held.orders)}

    def delete(self, email: str) -> dict[str, Any]:
        """Forget an address for good.

        Raises NotFound where there is nothing, Refused while a reply to them is on its way or where
        all of it has to stay.
        """
        now = self._clock.now()

        def work(db: Connection) -> tuple[Holdings, Changes]:
            held = _held(db, email)
            _refuse_on_the_way(held)
            _refuse_all_kept(held)
            keys = [issues.get(db, id_).key for id_ in held.whole]
            moved = Changes.of_issues(keys)
            profile_rows.count_forgetting(db, now=now)
            for issue in sorted(forgetting.forget(db, held, now=now)):
                moved |= self._standing.refresh(db, issue, now=now)
            return held, moved

        with ExitStack() as aside:
            if self._copying is not None:
                aside.enter_context(self._copying.none_is_read())
            held, changes = self._writer.do(work, durable=True)
            self._publish(changes)
            self._unlearn()
            while self._writer.do(forgetting.merge_words):
                pass  # others' work goes in between
            plan = self._plan(held)
            if not self._writer.empty_log():
                plan["stays"].append(_in_the_log())
        if self._copying is not None:
            self._copying.forgot()
        return {**plan, "changes": changes.as_dict()}

    def _plan(self, held: Holdings) -> dict[str, Any]:
        return {
            "email": held.email,
            "goes": [*_goes(held), *self._goes_with_copies()],
            "stays": list(self._stays(held)),
            "mails": len(held.mails),
            "issues": len(held.whole),
            "orders": len(held.orders),
            "can_go": held.can_go and not held.on_its_way,
        }

    def _goes_with_copies(self) -> Iterator[str]:
        """Where no new copy is made any more, those that are there go at once."""
        if self._copying is not None and (found := self._copying.going()):
            yield trn("{n} daily copy", "{n} daily copies", found)

    def _stays(self, held: Holdings) -> Iterator[dict[str, str]]:
        """What is not deleted, and why; also where we cannot delete."""
        if held.on_its_way:
            said = trn(
                "{n} reply on the way to them", "{n} replies on the way to them", held.on_its_way
            )
            yield _kept(said, tr("Take it back, or wait until it has left; then delete."))
        if held.disputed:
            said = trn(
                "{n} issue of an open dispute", "{n} issues of an open dispute", len(held.disputed)
            )
            why = tr(
                "It is needed to answer the claim (GDPR art. 17.3 e); delete when it is decided."
            )
            yield _kept(said, why)
        if held.decided:
            said = trn(
                "The sums of {n} decided dispute",
                "The sums of {n} decided disputes",
                len(held.decided),
            )
            yield _kept(said, tr("Your books need them; the customer is taken out of them."))
        if held.orders:
            said = trn(
                "Number, days, goods and sums of {n} order",
                "Number, days, goods and sums of {n} orders",
                len(held.orders),
            )
            why = tr("Your books need them for years (GDPR art. 17.3 b); the buyer is taken out.")
            yield _kept(said, why)
        if held.shared:
            said = trn(
                "Other people's mails in {n} issue",
                "Other people's mails in {n} issues",
                len(held.shared),
            )
            yield _kept(
                said, tr("They are theirs. Your notes there stay too: look whom they name.")
            )
        yield _kept(
            tr("Mails on the mail server"), tr("They are only read there: delete them there too.")
        )
        if held.orders:
            yield _kept(
                tr("The customer in your shop"), tr("Frontburner only reads it: delete it there.")
            )
        if self._copying is not None and (found := self._copying.holding()):
            said = trn("{n} daily copy", "{n} daily copies", found)
            why = tr("A new copy without them is made as soon as it is calm; then these go.")
            yield _kept(said, why)
        if copies := self._copies_before_updates():
            said = trn("{n} copy made before an update", "{n} copies made before an update", copies)
            yield _kept(
                said,
                tr("Delete them in {backups} if nobody needs them.", backups=self._profile.backups),
            )
        yield _kept(tr("Copies and exports that you made"), tr("Only you know where they are."))

    def _copies_before_updates(self) -> int:
        if not self._profile.backups.exists():
            return 0
        daily = {one.file for one in Shelf.of(self._profile, "").daily()}
        return sum(1 for one in self._profile.backups.glob("*") if one not in daily)


def _held(db: Connection, email: str) -> Holdings:
    key = Address(email=email).key
    own = {Address(email=one.address).key for one in accounts.every(db)}
    if key in own:
        raise Refused(tr("{key} is your own address", key=key), hint=tr("Name a customer's"))
    held = customers.holdings(db, key)
    if not key or held.is_empty:
        raise NotFound(
            tr("Nothing is known of {email}", email=email), hint=tr("See `customer list`")
        )
    return held


def _refuse_on_the_way(held: Holdings) -> None:
    if held.on_its_way:
        raise Refused(
            tr("A reply to them is on its way"),
            tr("Deleting it now would leave nobody who knows whether it left"),
            tr("Take it back, or wait until it has left; then delete"),
        )


def _refuse_all_kept(held: Holdings) -> None:
    if not held.can_go:
        raise Refused(
            tr("Nothing of {email} can be deleted now", email=held.email),
            tr("All that there is of them is needed for an open dispute"),
            tr("Delete when it is decided"),
        )


def _in_the_log() -> dict[str, str]:
    return _kept(
        tr("Traces in the database's log"),
        tr("A window was reading just then; they are overwritten when Frontburner is closed."),
    )


def _goes(held: Holdings) -> Iterator[str]:
    if held.mails:
        yield trn(
            "{n} mail, theirs and yours to them",
            "{n} mails, theirs and yours to them",
            len(held.mails),
        )
    if held.whole:
        yield trn(
            "{n} issue with all notes, drafts and alerts",
            "{n} issues with all notes, drafts and alerts",
            len(held.whole),
        )
    if held.shared:
        yield trn(
            "Their name in {n} issue with other people's mails",
            "Their name in {n} issues with other people's mails",
            len(held.shared),
        )
    if held.decided:
        yield trn(
            "The customer of {n} decided dispute",
            "The customer of {n} decided disputes",
            len(held.decided),
        )
    if held.never_left:
        yield trn(
            "{n} reply to them that never left",
            "{n} replies to them that never left",
            held.never_left,
        )
    if held.orders:
        yield trn(
            "Name, address and parcel of {n} order",
            "Name, address and parcel of {n} orders",
            len(held.orders),
        )
    if held.failed_payments:
        yield trn("{n} failed payment", "{n} failed payments", held.failed_payments)


def _write(db: Connection, held: Holdings, draft: Path) -> int:
    """Mails as they came, issues with what was decided, orders; how many mails."""
    every = sorted({*held.mails, *_mails_of(db, held.disputed)})
    for id_ in every:
        file = draft / mail_file(id_)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(messages.raw(db, id_))
    wanted = (*held.whole, *held.decided, *held.disputed)
    _write_json(draft / "issues.json", [_issue(db, id_) for id_ in wanted])
    _write_json(draft / "orders.json", [_order(one) for one in held.orders])
    return len(every)


def _mails_of(db: Connection, ids: tuple[int, ...]) -> list[int]:
    return [one.id for id_ in ids for one in messages.of_issue(db, id_)]


def _issue(db: Connection, id_: int) -> dict[str, Any]:
    issue = issues.get(db, id_)
    return {
        "key": issue.key,
        "subject": issue.subject,
        "customer": asdict(issue.customer),
        "began_at": rfc3339(issue.first_at),
        "mails": [mail_file(one.id) for one in messages.of_issue(db, id_)],
        "decisions": [
            {"at": rfc3339(one.at), "what": one.type.value, **one.data}
            for one in journal.of_issue(db, id_)
        ],
    }


def _order(order: Order) -> Any:
    return _in_whole_units(json.loads(codec.to_json(order)))


def _in_whole_units(value: Any) -> Any:
    """What was written, with amounts as their owner reads them: 19.90, not 1990 cents."""
    if isinstance(value, list):
        return [_in_whole_units(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"minor", "currency"}:
        amount = Money(value["minor"], value["currency"])
        return {"value": str(amount.value), "currency": amount.currency}
    return {name: _in_whole_units(one) for name, one in value.items()}


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _kept(said: str, why: str) -> dict[str, str]:
    return {"what": said, "why": why}
