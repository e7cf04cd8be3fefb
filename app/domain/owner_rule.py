"""OwnerRule: WHEN something happens to an issue, IF it is so, THEN do this. Set by the owner.

A rule sorts and decides nothing that leaves the shop: it never sends, refunds or pays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.assessment import Severity

LONGEST_TAG = 40


class When(StrEnum):
    """What can happen to an issue: it begins, its customer writes again, a dispute opens or moves
    on, a deadline is reminded of or passes."""

    NEW = "new"
    MAIL = "mail"
    DISPUTE = "dispute"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a rule does with an issue; what is empty it leaves as it is. `mute`: no pop-up for it,
    though deadlines, disputes and danger still ring."""

    assign: str = ""
    severity: Severity | None = None
    tags: tuple[str, ...] = ()
    template: str = ""
    mute: bool = False

    def __bool__(self) -> bool:
        return self != Deed()

    def as_dict(self) -> dict[str, Any]:
        """What there is of it, as the journal, files and desks have it."""
        return {
            **({"assign": self.assign} if self.assign else {}),
            **({"severity": self.severity.value} if self.severity else {}),
            **({"tags": list(self.tags)} if self.tags else {}),
            **({"template": self.template} if self.template else {}),
            **({"mute": True} if self.mute else {}),
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Deed:
        """The deed that `as_dict` wrote."""
        severity = data.get("severity")
        return cls(
            assign=str(data.get("assign", "")),
            severity=Severity(severity) if severity in set(Severity) else None,
            tags=tuple(str(tag) for tag in data.get("tags", ())),
            template=str(data.get("template", "")),
            mute=bool(data.get("mute")),
        )

    @property
    def words(self) -> str:
        """What was done, for a line of the timeline: "added the tag b2b and gave it to Mara"."""
        return self._said("added", "gave", "set")

    @property
    def plan(self) -> str:
        """What it does: "adds the tag b2b and gives it to Mara"."""
        return self._said("adds", "gives", "sets")

    def _said(self, adds: str, gives: str, sets: str) -> str:
        many = "tags" if len(self.tags) > 1 else "tag"
        parts = [
            f"{adds} the {many} {', '.join(self.tags)}" if self.tags else "",
            f"{gives} it to {self.assign}" if self.assign else "",
            f"{sets} how bad it is to {self.severity.value}" if self.severity else "",
            f"suggests the template {self.template}" if self.template else "",
            "lets it show no pop-up" if self.mute else "",
        ]
        said = [part for part in parts if part]
        return " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRule:
    """A rule: `condition` in the words of `rule_text`; `stop`: no rule below is asked any more."""

    name: str
    condition: str
    when: tuple[When, ...] = (When.NEW, When.MAIL)
    then: Deed = field(default_factory=Deed)
    stop: bool = False
    on: bool = True
