"""Terms: what the owner and others set about time, read together and checked together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import KnownError
from app.domain.translation import tr
from app.escalation.clocks import ClockRules
from app.escalation.hours import Calendars
from app.escalation.ladder import EscalationPolicy
from app.escalation.rules import FILE, SlaRules
from app.escalation.steps import load_policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is promised, in which hours, which clocks run beside it, and who is told at last."""

    sla: SlaRules
    calendars: Calendars
    clocks: ClockRules
    ladder: tuple[EscalationPolicy, ...] = ()

    @classmethod
    def load(cls, *folders: Path, home: str = "UTC") -> Terms:
        """Read the rule files of these folders, a later one over an earlier one.

        `home` is the zone of the machine. Raises KnownError naming what cannot be used.
        """
        terms = cls(
            sla=SlaRules.load(*folders),
            calendars=Calendars.load(*folders, home=home),
            clocks=ClockRules.load(*folders),
            ladder=load_policies(*folders),
        )
        for policy in terms.sla.policies:
            if policy.calendar not in terms.calendars.by_name:
                raise KnownError(
                    tr("{file} cannot be used", file=FILE),
                    tr(
                        "The policy {name} names the calendar {calendar}, which is not in "
                        "calendar.toml",
                        name=policy.name,
                        calendar=policy.calendar,
                    ),
                    tr("There are: {by_name}", by_name=", ".join(terms.calendars.by_name)),
                )
        return terms

    def count(self) -> int:
        """How many rules they are, for who counts."""
        return len(self.sla.policies) + len(self.clocks.clocks) + len(self.ladder)
