"""WorkingHours: the verbs by which the owner says when the shop works, and sees what comes of it.

What is said goes into the profile's own rules/calendar.toml; every promise is worked out anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from app.config.system import make_private_folder, write_private
from app.domain.assessment import Kind, Priority
from app.domain.changes import Changes
from app.domain.clock import Clock, rfc3339
from app.domain.deadline import Metric
from app.domain.errors import KnownError, Refused
from app.engine.desk import Verb
from app.escalation.calendar import due, exact
from app.escalation.hours import FILE, SHOP, GivenHours, calendar_of_hours
from app.escalation.public_holidays import countries, holidays_of
from app.escalation.rules import SlaRules
from app.escalation.terms import Terms


class WorkingHours:
    """Reads, checks and keeps the shop's calendar."""

    def __init__(
        self,
        *,
        folder: Path,
        home: str,
        load: Callable[[], Terms],
        present: Callable[[], Terms],
        renew: Callable[[Terms], None],
        clock: Clock,
    ) -> None:
        """`folder` has the profile's own rules, `home` is the machine's zone.

        `load` reads the terms from their files, `present` are those that hold, `renew` sets them.
        """
        self._folder = folder
        self._home = home
        self._load = load
        self._present = present
        self._renew = renew
        self._clock = clock

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "hours": self.hours,
            "check_hours": self.check,
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
        """Keep these hours; every promise is worked out anew by them.

        Raises Refused or KnownError for hours that cannot be used; nothing is changed then.
        """
        given = _understood(hours)
        told = self._told(given)
        path = self._folder / FILE
        text = _with_hours(path, given)
        make_private_folder(self._folder)
        write_private(path, text.encode())
        self._renew(self._load())
        return {"hours": _plain(given), "home": self._home, **told, "changes": Changes().as_dict()}

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
        terms = self._load()
        self._renew(terms)
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
        return {"due_at": None, "said": "nothing is promised"}
    calendar = calendar_of_hours(given, home=home)
    whole = now.astimezone(UTC).replace(second=0, microsecond=0)
    found = due(calendar, whole, target.time.total_seconds() / 60)
    assert found.at is not None
    said = exact(found.at, calendar.zone)
    return {"due_at": rfc3339(found.at), "said": said, "explanation": list(found.timeline)}


def _understood(hours: Mapping[str, Any]) -> GivenHours:
    try:
        return msgspec.convert(hours, GivenHours, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(
            "These hours cannot be used",
            f"{error}.",
            'Hours are written like {"monday": [["09:00", "17:00"]]}, days like 2026-12-24',
        ) from error


def _plain(given: GivenHours) -> dict[str, Any]:
    """The hours as a desk gets them; days are words."""
    plain: dict[str, Any] = msgspec.to_builtins(given)
    return plain


def _with_hours(path: Path, given: GivenHours) -> str:
    """The file with the shop's calendar replaced; comments and other calendars stay."""
    import tomlkit  # only writing needs it
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    except (TOMLKitError, UnicodeDecodeError, OSError) as error:
        raise KnownError(
            f"{path} cannot be changed",
            f"{error}.",
            "Mend it by hand, or remove it; then try again",
        ) from error
    every = document.setdefault("calendar", tomlkit.table(is_super_table=True))
    shop = every.setdefault(SHOP, tomlkit.table())
    for name, value in msgspec.structs.asdict(given).items():
        shop[name] = _toml(value)
    return tomlkit.dumps(document)


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
