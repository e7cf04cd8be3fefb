"""RulesDesk: the verbs by which the owner makes rules, tries them, and has them hold."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.domain.changes import Changes
from app.domain.clock import Clock, rfc3339
from app.domain.errors import Refused
from app.domain.owner_rule import OwnerRule
from app.domain.translation import tr
from app.engine.desk import Verb
from app.engine.rule_book import RuleBook
from app.engine.rule_trial import DAYS, Trial, try_rule
from app.escalation.calendar import Calendar
from app.replies.shelf import Shelf
from app.triage.owner_rules import Ready, as_toml, check, plain, read_plain

_MOST_DAYS = 3650
_MOST_TOLD = 200


class RulesDesk:
    """Reads, checks, tries and keeps the owner's rules."""

    def __init__(
        self,
        *,
        book: RuleBook,
        database: Path,
        calendar: Callable[[], Calendar],
        templates: Shelf,
        clock: Clock,
    ) -> None:
        self._book = book
        self._database = database
        self._calendar = calendar
        self._templates = templates
        self._clock = clock
        self._one_at_a_time = threading.Lock()  # each desk that is connected asks in its own thread

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "owner_rules": self.owner_rules,
            "check_owner_rule": self.check,
            "try_owner_rule": self.try_,
            "set_owner_rules": self.set,
            "reload_owner_rules": self.reload,
        }

    def owner_rules(self) -> dict[str, Any]:
        """The rules in their order, their file, what is wrong with it, and what a rule may name.

        `state` is handed back to `set_owner_rules`, so that nothing changed meanwhile is lost.
        """
        rules = [one.rule for one in self._book.rules()]
        return {
            "rules": [plain(one) for one in rules],
            "state": _state(rules),
            "file": str(self._book.file),
            "trouble": self._book.trouble,
            "templates": self._known_templates(),
        }

    def check(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        """The rule as it would be kept. Raises Refused with what is in the way."""
        return {"rule": plain(self._understood(rule).rule)}

    def try_(self, rule: Mapping[str, Any], days: int = DAYS) -> dict[str, Any]:
        """What the rule would have matched in the last days; nothing is kept or done."""
        if not 1 <= days <= _MOST_DAYS:
            raise Refused(
                tr("{days} days cannot be looked back", days=days),
                tr("Say 1 to {most_days}", most_days=_MOST_DAYS),
            )
        found = try_rule(
            self._database,
            self._understood(rule),
            calendar=self._calendar(),
            now=self._clock.now(),
            days=days,
        )
        return {"days": days, **_told(found)}

    def set(self, rules: Sequence[Mapping[str, Any]], state: str | None = None) -> dict[str, Any]:
        """Keep these rules in this order; they hold for what happens from now on.

        Raises Refused for a rule that cannot be used, and where the rules are not those that
        `state` names any more; nothing is changed then.
        """
        wanted = [read_plain(one) for one in rules]
        with self._one_at_a_time:
            present = [one.rule for one in self._book.rules()]
            if state is not None and state != _state(present):
                raise Refused(
                    tr("The rules were changed elsewhere meanwhile"),
                    "",
                    tr("Look at them, and try again"),
                )
            known = {one.then.template for one in present}  # a file may name one that is gone since
            for rule in wanted:
                if rule.then.template not in known:
                    self._require_template(rule)
            self._book.keep(wanted)
        return {**self.owner_rules(), "changes": Changes().as_dict()}

    def reload(self) -> dict[str, Any]:
        """Read the file now. Raises the KnownError that names its fault; the last good stay."""
        self._book.reload()
        return self.owner_rules()

    def _understood(self, given: Mapping[str, Any]) -> Ready:
        made = check(read_plain(given))
        self._require_template(made.rule)
        return made

    def _require_template(self, rule: OwnerRule) -> None:
        """Raises NotFound, naming the nearest, where the rule suggests one that is not there."""
        if rule.then.template:
            self._templates.present.get(rule.then.template)

    def _known_templates(self) -> list[dict[str, str]]:
        known = {one.id: one.title for one in self._templates.present.by_key.values()}
        english = {
            one.id: one.title
            for one in self._templates.present.by_key.values()
            if one.language == "en"
        }
        named = {**known, **english}
        return [{"id": id_, "title": named[id_]} for id_ in sorted(named)]


def _state(rules: Sequence[OwnerRule]) -> str:
    return hashlib.sha256(as_toml(rules).encode()).hexdigest()[:16]


def _told(found: Trial) -> dict[str, Any]:
    told = found.matches[:_MOST_TOLD]
    return {
        "matched": len(found.matches),
        "asked": found.asked,
        "whole": found.whole,
        "issues": [
            {
                "key": one.issue.key,
                "subject": one.issue.subject,
                "customer": one.issue.customer.name or one.issue.customer.email,
                "at": rfc3339(one.at),
            }
            for one in told
        ],
    }
