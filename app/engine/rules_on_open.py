"""RulesOnOpen: has one of the owner's rules look at what is open already, told before it is done.

A rule is asked when something happens; here a person asks it. It is asked among all rules, from top
to bottom, so it does only what no upper rule and no person said otherwise. Each deed is an entry of
the journal like any other of the rule, and one Undo takes all of them back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.errors import NotFound, Refused
from app.domain.owner_rule import Deed, OwnerRule
from app.domain.translation import grouped, tr
from app.engine import ruling
from app.engine.desk import Verb
from app.engine.rule_book import RuleBook
from app.engine.standing import Standing
from app.escalation.calendar import Calendar
from app.storage import issues
from app.storage.connection import Connection
from app.storage.database import open_reader
from app.storage.writer import Writer

_AT_ONCE = 1000  # as many as one Undo takes back


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What the rule would do with an open issue."""

    issue_id: int
    rule: OwnerRule
    deed: Deed


class RulesOnOpen:
    """Tells what a rule would do with the open issues, and does it where a person says so."""

    def __init__(
        self,
        *,
        book: RuleBook,
        database: Path,
        writer: Writer,
        standing: Standing,
        calendar: Callable[[], Calendar],
        clock: Clock,
        publish: Callable[[Changes], None],
    ) -> None:
        self._book = book
        self._database = database
        self._writer = writer
        self._standing = standing
        self._calendar = calendar
        self._clock = clock
        self._publish = publish

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {"owner_rule_on_open": self.tell, "apply_owner_rule": self.apply}

    def tell(self, name: str) -> dict[str, Any]:
        """With which open issues the rule would do something now, and what; nothing is done."""
        now = self._clock.now()
        with closing(open_reader(self._database)) as db:
            wishes = self._wishes(db, name, issues.open_ids(db), now=now)
            found = [(issues.get(db, one.issue_id), one) for one in wishes]
        told = [
            {
                "key": issue.key,
                "subject": issue.subject,
                "customer": issue.customer.name or issue.customer.email,
                "plan": one.deed.plan,
            }
            for issue, one in found
        ]
        return {"name": name, "matched": len(told), "issues": told[:_AT_ONCE]}

    def apply(self, name: str, keys: Sequence[str]) -> dict[str, Any]:
        """Have the rule do what was told about these issues, as far as it still holds; all of it in
        one go. The answer names the `entries` that undo it."""
        if not 0 < len(keys) <= _AT_ONCE:
            raise Refused(
                tr("At most {at_once} issues can be done at once", at_once=grouped(_AT_ONCE)),
                tr("Name at least one"),
            )
        now = self._clock.now()

        def write(db: Connection) -> tuple[list[str], Changes]:
            ids = dict.fromkeys(issues.by_key(db, key) for key in keys)
            entries, changes = [], Changes()
            for one in self._wishes(db, name, list(ids), now=now):
                entries.append(ruling.write(db, one.issue_id, one.rule, one.deed, now=now).id)
                changes |= self._standing.refresh(db, one.issue_id, now=now)
            return entries, changes

        entries, changes = self._writer.do(write)
        self._publish(changes)
        return {"done": len(entries), "entries": entries, "changes": changes.as_dict()}

    def _wishes(
        self, db: Connection, name: str, ids: Sequence[int], *, now: datetime
    ) -> list[_Wish]:
        every = [one for one in self._book.rules() if one.rule.on]
        if name not in {one.rule.name for one in every}:
            raise NotFound(
                tr("No rule called {name} is in use", name=repr(name)), "", tr("Switch it on first")
            )
        calendar = self._calendar()
        return [
            _Wish(issue_id=issue_id, rule=rule, deed=deed)
            for issue_id in ids
            for rule, deed in ruling.left_to_do(db, issue_id, every, calendar=calendar, now=now)
            if rule.name == name
        ]
