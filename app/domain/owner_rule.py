"""OwnerRule: WHEN something happens to an issue, IF it is so, THEN do this. Set by the owner.

A rule sorts and decides nothing that leaves the shop: it never sends, refunds or pays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.assessment import Severity
from app.domain.translation import joined, to_translate, tr, trn

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
        many = len(self.tags)
        parts = [
            trn("added the tag {tags}", "added the tags {tags}", many, tags=", ".join(self.tags))
            if self.tags
            else "",
            tr("gave it to {person}", person=self.assign) if self.assign else "",
            tr("set how bad it is to {severity}", severity=_severity(self.severity))
            if self.severity
            else "",
            *self._said_alike(),
        ]
        return joined(part for part in parts if part)

    @property
    def plan(self) -> str:
        """What it does: "adds the tag b2b and gives it to Mara"."""
        many = len(self.tags)
        parts = [
            trn("adds the tag {tags}", "adds the tags {tags}", many, tags=", ".join(self.tags))
            if self.tags
            else "",
            tr("gives it to {person}", person=self.assign) if self.assign else "",
            tr("sets how bad it is to {severity}", severity=_severity(self.severity))
            if self.severity
            else "",
            *self._said_alike(),
        ]
        return joined(part for part in parts if part)

    def _said_alike(self) -> tuple[str, str]:
        """What is said in the same words before and after."""
        return (
            tr("suggests the template {template}", template=self.template) if self.template else "",
            tr("lets it show no pop-up") if self.mute else "",
        )


_SEVERITIES = {
    Severity.CRITICAL: to_translate("critical"),
    Severity.HIGH: to_translate("high"),
    Severity.NORMAL: to_translate("normal"),
    Severity.LOW: to_translate("low"),
}


def _severity(severity: Severity) -> str:
    return tr(_SEVERITIES[severity])


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRule:
    """A rule: `condition` in the words of `rule_text`; `stop`: no rule below is asked any more."""

    name: str
    condition: str
    when: tuple[When, ...] = (When.NEW, When.MAIL)
    then: Deed = field(default_factory=Deed)
    stop: bool = False
    on: bool = True
