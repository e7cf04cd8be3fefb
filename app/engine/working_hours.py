"""WorkingHours: the verbs by which the owner says when the shop works, and sees what comes of it.

What is said goes into the profile's own rules/calendar.toml; every promise is worked out anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from app.domain.assessment import Kind, Priority
from app.domain.changes import Changes
from app.domain.clock import Clock, rfc3339
from app.domain.deadline import Metric
from app.domain.errors import Refused
from app.domain.translation import tr
from app.engine.desk import Verb
from app.engine.effect import Effect
from app.engine.own_rules import OwnRules
from app.escalation.because import because, day_words, unusual
from app.escalation.calendar import Calendar, due, exact
from app.escalation.hours import FILE, SHOP, GivenHours, calendar_of_hours
from app.escalation.public_holidays import countries, holidays_of
from app.escalation.rules import SlaRules
from app.escalation.terms import Terms

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


_ORDINARY = Priority.P3
_MONTHS = 120  # days ahead that are looked at for what is not as usual
_MOST_COMING = 12


class WorkingHours:
    """Reads, checks and keeps the shop's calendar."""

    def __init__(
        self,
        *,
        own: OwnRules,
        home: str,
        present: Callable[[], Terms],
        effect: Effect,
        clock: Clock,
    ) -> None:
        """`home` is the machine's zone; `present` are the terms that hold."""
        self._own = own
        self._home = home
        self._present = present
        self._effect = effect
        self._clock = clock

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "hours": self.hours,
            "check_hours": self.check,
            "hours_effect": self.effect,
            "set_hours": self.set,
            "holidays": self.holidays,
            "holiday_countries": self.holiday_countries,
            "reload_terms": self.reload,
        }

    def hours(self) -> dict[str, Any]:
        """The shop's hours as they stand, and when answers to a mail of now would be due."""
        given = self._present().calendars.given
        return {"hours": _plain(given), "home": self._home, **self._told(given)}

    def check(self, hours: Mapping[str, Any]) -> dict[str, Any]:
        """What would come of these hours; nothing is kept. Raises the error that `set` would."""
        return self._told(_understood(hours))

    def set(self, hours: Mapping[str, Any]) -> dict[str, Any]:
        """Keep these hours; every promise is worked out anew by them. `before` takes it back.

        Raises Refused or KnownError for hours that cannot be used; nothing is changed then.
        """
        given = _understood(hours)
        told = self._told(given)
        before = _plain(self._present().calendars.given)
        self._own.change(FILE, lambda document: _set_shop(document, given))
        return {
            "hours": _plain(given),
            "home": self._home,
            **told,
            "before": before,
            "changes": Changes().as_dict(),
        }

    def effect(self, hours: Mapping[str, Any]) -> dict[str, Any]:
        """What these hours would do to what is open. Raises the error that `set` would."""
        terms = self._present()
        given = _understood(hours)
        calendars = terms.calendars.with_shop(given, home=self._home)
        return self._effect.of(replace(terms, calendars=calendars))

    def holidays(self, country: str, region: str = "", year: int = 0) -> dict[str, Any]:
        """The public holidays of a year, this one unless said."""
        wanted = year or self._clock.now().year
        found = holidays_of(country, region, wanted)
        return {
            "holidays": [{"day": f"{day}", "name": found[day]} for day in sorted(found)],
            "regions": list(countries().get(country, ())),
        }

    def holiday_countries(self) -> dict[str, Any]:
        """The countries whose holidays are known, with their regions."""
        return {"countries": {code: list(regions) for code, regions in countries().items()}}

    def reload(self) -> dict[str, Any]:
        """Read calendar, policies and clocks anew from their files and take them over."""
        terms = self._own.reload()
        return {"rules": terms.count(), "changes": Changes().as_dict()}

    def _told(self, given: GivenHours) -> dict[str, Any]:
        calendar = calendar_of_hours(given, home=self._home)
        now = self._clock.now()
        opens = next(calendar.spans(now))
        return {
            "zone": calendar.zone.key,
            "round_the_clock": calendar.is_round_the_clock,
            "open_now": opens.begin == now,
            "opens_at": rfc3339(opens.begin),
            "sentence": _sentence(self._present().sla, calendar, now),
            "coming": _coming(calendar, now),
            "examples": [
                {
                    "priority": priority.value,
                    **_example(self._present().sla, given, priority, now, home=self._home),
                }
                for priority in Priority
            ],
        }


def _example(
    sla: SlaRules, given: GivenHours, priority: Priority, now: datetime, *, home: str
) -> dict[str, Any]:
    """When a first answer would be due if somebody wrote now."""
    target = sla.target(Metric.FIRST_RESPONSE, kind=Kind.OTHER, priority=priority, customer="")
    if target is None:
        return {"due_at": None, "said": tr("nothing is promised")}
    calendar = calendar_of_hours(given, home=home)
    whole = now.astimezone(UTC).replace(second=0, microsecond=0)
    found = due(calendar, whole, target.time.total_seconds() / 60)
    assert found.at is not None
    said = exact(found.at, calendar.zone)
    return {"due_at": rfc3339(found.at), "said": said, "explanation": list(found.timeline)}


def _sentence(sla: SlaRules, calendar: Calendar, now: datetime) -> str:
    """When an ordinary mail of now would have to be answered, and why then."""
    target = sla.target(Metric.FIRST_RESPONSE, kind=Kind.OTHER, priority=_ORDINARY, customer="")
    if target is None:
        return tr("For an ordinary mail that comes now nothing is promised.")
    whole = now.astimezone(UTC).replace(second=0, microsecond=0)
    minutes = target.time.total_seconds() / 60
    found = due(calendar, whole, minutes).at
    assert found is not None  # a time above none, and no pause
    there, today = found.astimezone(calendar.zone), whole.astimezone(calendar.zone).date()
    when = tr("{day} at {time}", day=day_words(there.date(), today), time=f"{there:%H:%M}")
    why = because(calendar, whole, minutes)
    return tr("An ordinary mail that comes now is due {when}, because {why}.", when=when, why=why)


def _coming(calendar: Calendar, now: datetime) -> list[dict[str, Any]]:
    """The closed days and those with other hours of the next months."""
    today = now.astimezone(calendar.zone).date()
    return [
        {
            "first": f"{one.first}",
            "last": f"{one.last}",
            "because": one.because,
            "hours": None
            if one.hours is None
            else [[f"{at.begin:%H:%M}", f"{at.end:%H:%M}"] for at in one.hours],
        }
        for one in unusual(calendar, today, _MONTHS)[:_MOST_COMING]
    ]


def _understood(hours: Mapping[str, Any]) -> GivenHours:
    try:
        return msgspec.convert(hours, GivenHours, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(
            tr("These hours cannot be used"),
            f"{error}.",
            tr('Hours are written like {"monday": [["09:00", "17:00"]]}, days like 2026-12-24'),
        ) from error


def _plain(given: GivenHours) -> dict[str, Any]:
    """The hours as a desk gets them; days are words."""
    plain: dict[str, Any] = msgspec.to_builtins(given)
    return plain


def _set_shop(document: TOMLDocument, given: GivenHours) -> None:
    """The shop's calendar replaced; comments and other calendars stay."""
    import tomlkit  # only writing needs it

    every = document.setdefault("calendar", tomlkit.table(is_super_table=True))
    shop = every.setdefault(SHOP, tomlkit.table())
    for name, value in msgspec.structs.asdict(given).items():
        shop[name] = _toml(value)


def _toml(value: Any) -> Any:
    import tomlkit

    if isinstance(value, list) and value and isinstance(value[0], msgspec.Struct):
        rows = tomlkit.array().multiline(multiline=True)
        for one in value:
            inline = tomlkit.inline_table()
            inline.update(msgspec.structs.asdict(one))
            rows.append(inline)
        return rows
    if isinstance(value, dict):
        table = tomlkit.table()
        table.update({key: [list(pair) for pair in pairs] for key, pairs in value.items()})
        return table
    return value
