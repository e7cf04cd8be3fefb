"""HoursForm: the fields for working hours: the week, the zone, holidays, closures, single days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QLocale, QTimeZone, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain import hours_text
from app.ui.issue.parts import label, link_button, row

_LINES = 3
_NOBODY = "No public holidays"


class HoursForm(QWidget):
    """Edits the hours; `changed` after every change. The texts are read by `value`."""

    changed = Signal()
    country_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rest: dict[str, Any] = {}
        self.days = {day: self._field(f"Hours on {day.capitalize()}") for day in hours_text.WEEK}
        self.zone = _choice("Time zone")
        self.country = _choice("Country whose public holidays are free")
        self.region = _choice("Region whose public holidays are free")
        self.works_on = self._field("Holidays on which you work all the same")
        self.works_on.setPlaceholderText("Holidays you work on all the same, with commas between")
        self.closures = self._lines("Closures", "2026-12-24 to 2027-01-01 Christmas break")
        self.exceptions = self._lines("Days with other hours", "2026-12-23 10:00-13:00")
        self.holidays = label(role="meta", wrap=True)
        self._lay_out()
        self.country.currentIndexChanged.connect(self._country_moved)
        for box in (self.zone, self.region):
            box.currentIndexChanged.connect(lambda _: self.changed.emit())

    def show_hours(self, hours: Mapping[str, Any], *, home: str) -> None:
        """Show what stands."""
        self._rest = dict(hours)
        self.blockSignals(True)
        for day, field in self.days.items():
            field.setText(hours_text.said_intervals(hours["hours"].get(day, ())))
        _fill(self.zone, _zones(home), str(hours["tz"]))
        self.works_on.setText(", ".join(hours["works_on"]))
        self.closures.setPlainText("\n".join(map(hours_text.said_closure, hours["closures"])))
        self.exceptions.setPlainText(
            "\n".join(
                f"{day} {hours_text.said_intervals(pairs)}"
                for day, pairs in sorted(hours["exceptions"].items())
            )
        )
        self.blockSignals(False)

    def show_countries(self, countries: Mapping[str, Iterable[str]]) -> None:
        """Offer these countries and the regions of the chosen one."""
        named = sorted((_country(code), code) for code in countries)
        chosen = str(self._rest.get("country", ""))
        self.blockSignals(True)
        _fill(self.country, [(_NOBODY, ""), *named], chosen)
        self.show_regions(countries.get(chosen, ()), str(self._rest.get("region", "")))
        self.blockSignals(False)

    def show_regions(self, regions: Iterable[str], chosen: str = "") -> None:
        """Offer the regions of the chosen country."""
        _fill(self.region, [("Whole country", ""), *((one, one) for one in regions)], chosen)
        self.region.setEnabled(self.region.count() > 1)

    def value(self) -> dict[str, Any]:
        """What stands in the fields. Raises Refused for words that are no hours or no days."""
        lines = self.closures.toPlainText().splitlines()
        exceptions = self.exceptions.toPlainText().splitlines()
        country = self.country.currentData()
        return {
            "tz": self.zone.currentData() or "",
            "hours": {day: hours_text.intervals(f.text()) for day, f in self.days.items()},
            "country": self._rest.get("country", "") if country is None else country,
            "region": self._rest.get("region", "") if country is None else self._region(),
            "works_on": [one.strip() for one in self.works_on.text().split(",") if one.strip()],
            "closures": [hours_text.closure(one) for one in lines if one.strip()],
            "exceptions": dict(hours_text.exception(one) for one in exceptions if one.strip()),
        }

    def _region(self) -> str:
        return str(self.region.currentData() or "")

    def _country_moved(self) -> None:
        self.show_regions(())
        self.country_chosen.emit(self.country.currentData() or "")
        self.changed.emit()

    def _as_monday(self) -> None:
        for day in hours_text.WEEK[1:5]:
            self.days[day].setText(self.days["monday"].text())

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.textChanged.connect(lambda _: self.changed.emit())
        return field

    def _lines(self, name: str, example: str) -> QPlainTextEdit:
        field = QPlainTextEdit()
        field.setProperty("framed", "true")
        field.setAccessibleName(name)
        field.setPlaceholderText(f"One a line, for example {example}")
        field.setTabChangesFocus(True)
        field.setFixedHeight(field.fontMetrics().lineSpacing() * _LINES + 18)
        field.textChanged.connect(self.changed.emit)
        return field

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        for at, (day, field) in enumerate(self.days.items()):
            grid.addWidget(label(day.capitalize()), at, 0)
            grid.addWidget(field, at, 1)
            field.setPlaceholderText("09:00-12:00, 13:00-17:00, or free")
        self.same = link_button("Tuesday to Friday as on Monday", self._as_monday)
        grid.addLayout(row(self.same, 1), len(self.days), 1)
        rows: tuple[tuple[str, QWidget], ...] = (
            ("Time zone", self.zone),
            ("Holidays of", self.country),
            ("", self.region),
            ("", self.holidays),
            ("", self.works_on),
            ("Closed", self.closures),
            ("Other hours", self.exceptions),
        )
        for at, (words, part) in enumerate(rows, start=len(self.days) + 1):
            grid.addWidget(label(words), at, 0)
            grid.addWidget(part, at, 1)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)


class _CalmChoice(QComboBox):
    """A choice that the wheel does not change while a page is scrolled."""

    def wheelEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """The page scrolls."""
        event.ignore()


def _choice(name: str) -> QComboBox:
    box = _CalmChoice()
    box.setAccessibleName(name)
    return box


def _fill(box: QComboBox, choices: Iterable[tuple[str, str]], chosen: str) -> None:
    box.blockSignals(True)
    box.clear()
    for words, value in choices:
        box.addItem(words, value)
    if chosen and box.findData(chosen) < 0:
        box.addItem(chosen, chosen)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    box.blockSignals(False)


def _zones(home: str) -> list[tuple[str, str]]:
    known = sorted(bytes(one.data()).decode() for one in QTimeZone.availableTimeZoneIds())
    named = ((one.replace("_", " "), one) for one in known if "/" in one and "Etc" not in one)
    return [(f"This machine's ({home})", ""), *named, ("UTC", "UTC")]


def _country(code: str) -> str:
    name = QLocale.territoryToString(QLocale.codeToTerritory(code))
    return code if name == "Default" else name
