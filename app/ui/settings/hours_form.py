"""HoursForm: the fields for working hours: the week, the zone, holidays, closures, single days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from unicodedata import normalize

from PySide6.QtCore import QLocale, QTimeZone, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain import day_text, hours_text
from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import label, link_button, row
from app.ui.settings.choices import ManyChoice
from app.ui.settings.day_adders import ClosureAdder, ExceptionAdder, text_field
from app.ui.settings.entry_list import EntryList
from app.ui.widgets.choice import Choice

_NOBODY = to_translate("No public holidays")


class HoursForm(QWidget):
    """Edits the hours; `changed` after every change. The texts are read by `value`."""

    changed = Signal()
    country_chosen = Signal(str, str)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rest: dict[str, Any] = {}
        self.days = {
            day: self._field(tr("Hours on {day}", day=tr(words)))
            for day, words in hours_text.DAYS.items()
        }
        self.zone = Choice(tr("Time zone"))
        self.country = Choice(tr("Country whose public holidays are free"))
        self.region = Choice(tr("Region whose public holidays are free"))
        self.works_on = ManyChoice(tr("Holidays on which you work all the same"), _works_words)
        self.closures = EntryList(empty=tr("None."))
        self.add_closure = ClosureAdder()
        self.exceptions = EntryList(empty=tr("None."))
        self.add_exception = ExceptionAdder()
        self.holidays = label(role="meta", wrap=True)
        self._lay_out()
        self._connect()

    def show_hours(self, hours: Mapping[str, Any], *, home: str) -> None:
        """Show what stands."""
        for adder in (self.add_closure, self.add_exception):
            adder.forget()
        self._rest = dict(hours)
        self.blockSignals(True)
        for day, field in self.days.items():
            field.setText(hours_text.said_intervals(hours["hours"].get(day, ())))
        self.zone.offer(_zones(home), str(hours["tz"]))
        self.works_on.fill((), hours["works_on"])
        self.closures.fill((closure_words(one), one) for one in hours["closures"])
        self.exceptions.fill(
            (exception_words(day, pairs), (day, pairs))
            for day, pairs in sorted(hours["exceptions"].items())
        )
        self.blockSignals(False)

    def show_countries(self, countries: Mapping[str, Iterable[str]]) -> None:
        """Offer these countries and the regions of the chosen one."""
        named = sorted(((_country(code), code) for code in countries), key=_by_letters)
        chosen = str(self._rest.get("country", ""))
        self.blockSignals(True)
        self.country.offer([(tr(_NOBODY), ""), *named], chosen)
        self.show_regions(countries.get(chosen, ()), str(self._rest.get("region", "")))
        self.blockSignals(False)

    def show_regions(self, regions: Iterable[str], chosen: str = "") -> None:
        """Offer the regions of the chosen country."""
        self.region.offer([(tr("Whole country"), ""), *((one, one) for one in regions)], chosen)
        self.region.setEnabled(self.region.count() > 1)

    def show_holidays(self, days: Iterable[Mapping[str, Any]]) -> None:
        """Say which days are free, and offer to work on some of them."""
        every = [(date.fromisoformat(str(one["day"])), line(str(one["name"]))) for one in days]
        self.holidays.setText(
            ", ".join(
                tr("{day} {holiday}", day=day_text.said_day(day), holiday=name)
                for day, name in every
            )
        )
        names = dict.fromkeys(name for _, name in every)
        self.works_on.fill(((name, name) for name in names), self.works_on.values())

    def finish(self) -> bool:
        """Add the days that were begun and not added: who keeps the hours means them too.

        False where they are no hours; that was said then.
        """
        for adder in (self.add_closure, self.add_exception):
            if adder.is_begun:
                adder.add()
        return not self.add_exception.is_begun

    def value(self) -> dict[str, Any]:
        """What stands in the fields. Raises Refused for words that are no hours."""
        country = self.country.currentData()
        return {
            "tz": self.zone.currentData() or "",
            "hours": {day: hours_text.intervals(f.text()) for day, f in self.days.items()},
            "country": self._rest.get("country", "") if country is None else country,
            "region": self._rest.get("region", "") if country is None else self._region(),
            "works_on": self.works_on.values(),
            "closures": self.closures.values(),
            "exceptions": dict(self.exceptions.values()),
        }

    def _region(self) -> str:
        return str(self.region.currentData() or "")

    def _country_moved(self) -> None:
        self.show_regions(())
        self.country_chosen.emit(self.country.currentData() or "", "")
        self.changed.emit()

    def _region_moved(self) -> None:
        self.country_chosen.emit(self.country.currentData() or "", self._region())
        self.changed.emit()

    def _as_monday(self) -> None:
        for day in hours_text.WEEK[1:5]:
            self.days[day].setText(self.days["monday"].text())

    def _closure_added(self, one: dict[str, str]) -> None:
        self.closures.add(closure_words(one), one)

    def _exception_added(self, day: str, pairs: Any) -> None:
        kept = [one for one in self.exceptions.values() if one[0] != day]
        self.exceptions.fill((exception_words(*one), one) for one in kept)
        self.exceptions.add(exception_words(day, pairs), (day, pairs))

    def _field(self, name: str) -> QLineEdit:
        field = text_field(tr("09:00-12:00, 13:00-17:00, or free"), name)
        field.textChanged.connect(lambda _: self.changed.emit())
        return field

    def _connect(self) -> None:
        self.country.currentIndexChanged.connect(self._country_moved)
        self.region.currentIndexChanged.connect(self._region_moved)
        self.zone.currentIndexChanged.connect(lambda _: self.changed.emit())
        for one in (self.works_on, self.closures, self.exceptions):
            one.changed.connect(self.changed)
        self.add_closure.added.connect(self._closure_added)
        self.add_exception.added.connect(self._exception_added)
        self.add_exception.failed.connect(self.failed)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.setHorizontalSpacing(12)
        for at, (day, field) in enumerate(self.days.items()):
            grid.addWidget(label(tr(hours_text.DAYS[day])), at, 0)
            grid.addWidget(field, at, 1)
        self.same = link_button(tr("Tuesday to Friday as on Monday"), self._as_monday)
        grid.addLayout(row(self.same, 1), len(self.days), 1)
        rows: tuple[tuple[str, QWidget], ...] = (
            (tr("Time zone"), self.zone),
            (tr("Holidays of"), self.country),
            ("", self.region),
            ("", self.holidays),
            ("", self.works_on),
            (tr("Closed"), self.closures),
            ("", self.add_closure),
            (tr("Other hours"), self.exceptions),
            ("", self.add_exception),
        )
        for at, (words, part) in enumerate(rows, start=len(self.days) + 1):
            grid.addWidget(label(words), at, 0)
            grid.addWidget(part, at, 1)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)


def closure_words(one: Mapping[str, Any]) -> str:
    """A closure as people say it: "Thu 24 Dec 2026 to Fri 1 Jan 2027, Christmas break"."""
    first, last = (date.fromisoformat(str(one[name])) for name in ("first", "last"))
    days = day_text.said_days(first, last, year=True)
    return ", ".join(filter(None, (days, line(str(one.get("because", ""))))))


def exception_words(day: str, pairs: Any) -> str:
    """A day with hours of its own: "Sat 5 Dec 2026, open 10:00-14:00"."""
    said = hours_text.said_intervals(pairs)
    words = tr("open {said}", said=said) if pairs else tr("closed")
    return f"{day_text.said_day(date.fromisoformat(day), year=True)}, {words}"


def _works_words(names: Any) -> str:
    return (
        tr("Open all the same on {names}", names=", ".join(names))
        if names
        else tr("Closed on all of them")
    )


def _zones(home: str) -> list[tuple[str, str]]:
    known = sorted(bytes(one.data()).decode() for one in QTimeZone.availableTimeZoneIds())
    named = ((one.replace("_", " "), one) for one in known if "/" in one and "Etc" not in one)
    return [(tr("This machine's ({home})", home=home), ""), *named, ("UTC", "UTC")]


def _country(code: str) -> str:
    """A country's name in the owner's language; Qt knows only English ones."""
    from babel import Locale  # heavy, and only who sets the hours needs it

    here = QLocale()
    is_nowhere = here.language() is QLocale.Language.C
    return str(Locale.parse("en" if is_nowhere else here.name()[:2]).territories.get(code, code))


def _by_letters(named: tuple[str, str]) -> str:
    """Ö stands beside O."""
    return normalize("NFD", named[0]).casefold()
