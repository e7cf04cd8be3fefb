"""HoursCard: when the shop works, in a few words; opened, the form, checked while it is filled."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain import hours_text
from app.domain.errors import KnownError
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, label, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.hours_form import HoursForm
from app.ui.theme import set_property

_PAUSE = 250  # milliseconds without a key, before the engine is asked what comes of it
_SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHOWN = 6


class HoursCard(QFrame):
    """Shows and changes the working hours."""

    def __init__(self, *, bridge: Asks) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._bridge = bridge
        self._hours: dict[str, Any] = {}
        self._home = ""
        self.said = label(wrap=True)
        self.due = label(role="meta", wrap=True)
        self.form = HoursForm()
        self.form.changed.connect(self._typed)
        self.form.country_chosen.connect(self._ask_holidays)
        self.form.hide()
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._check)
        self.change = button("Change", self.open, name="Change the working hours")
        self.keep_button = button(
            "Keep", self.keep, variant="primary", name="Keep the working hours"
        )
        self._cancel = button("Cancel", self._close, variant="quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(8)
        top = row(self.said, self.change)
        top.setStretch(0, 1)
        column.addLayout(top)
        column.addWidget(self.form)
        column.addWidget(self.due)
        column.addLayout(row(1, self._cancel, self.keep_button))
        self._show_buttons()

    def reload(self) -> None:
        """Read the hours from the engine."""
        self._bridge.run("hours", then=self._heard, failed=self._refused)

    def open(self) -> None:
        """Show the form."""
        self.form.show_hours(self._hours, home=self._home)
        self.form.show()
        self._show_buttons()
        self._bridge.run("holiday_countries", then=self._heard_countries, failed=self._refused)

    def keep(self) -> None:
        """Have the engine keep what stands in the form."""
        try:
            hours = self.form.value()
        except KnownError as error:
            self._refused(error)
            return
        self._bridge.run("set_hours", hours=hours, then=self._kept, failed=self._refused)

    def _typed(self) -> None:
        self._soon.start()

    def _check(self) -> None:
        try:
            hours = self.form.value()
        except KnownError as error:
            self._refused(error)
            return
        self._bridge.run("check_hours", hours=hours, then=self._would_be, failed=self._refused)

    def _ask_holidays(self, country: str) -> None:
        self.form.holidays.setText("")
        if country:
            self._bridge.run(
                "holidays", country=country, then=self._heard_holidays, failed=self._refused
            )

    def _heard(self, answer: Answer) -> None:
        self._hours = dict(answer.get("hours", {}))
        self._home = str(answer.get("home", ""))
        self.said.setText(summary(answer))
        self._would_be(answer)

    def _heard_countries(self, answer: Answer) -> None:
        self.form.show_countries(answer.get("countries", {}))
        if self._hours.get("country"):
            self._ask_holidays(self._hours["country"])

    def _heard_holidays(self, answer: Answer) -> None:
        if not self.form.region.isEnabled():
            self.form.show_regions(answer.get("regions", ()))
        every = [f"{one['day']} {line(one['name'])}" for one in answer.get("holidays", ())]
        more = f", and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
        self.form.holidays.setText(", ".join(every[:_SHOWN]) + more)

    def _would_be(self, answer: Answer) -> None:
        self._say(due_words(answer))
        self.keep_button.setEnabled(True)

    def _kept(self, answer: Answer) -> None:
        self._close()
        self._heard(answer)

    def _refused(self, error: Exception) -> None:
        why = error.sentence if isinstance(error, KnownError) else "It did not work."
        self._say(why, "critical")
        self.keep_button.setEnabled(False)

    def _close(self) -> None:
        self._soon.stop()
        self.form.hide()
        self._show_buttons()
        self.reload()

    def _show_buttons(self) -> None:
        is_open = self.form.isVisibleTo(self)
        self.change.setVisible(not is_open)
        parts: tuple[QWidget, ...] = (self.keep_button, self._cancel)
        for part in parts:
            part.setVisible(is_open)

    def _say(self, words: str, tone: str = "") -> None:
        self.due.setText(words)
        set_property(self.due, "tone", tone)


def summary(answer: Answer) -> str:
    """The hours in a line or two."""
    if answer.get("round_the_clock"):
        return "All hours count, day and night. Say when you work, and promises wait for you."
    hours = answer.get("hours", {})
    week = hours.get("hours", {})
    groups: list[tuple[str, str, str]] = []
    for short, day in zip(_SHORT, hours_text.WEEK, strict=True):
        said = hours_text.said_intervals(week.get(day, ()))
        if groups and groups[-1][2] == said:
            groups[-1] = (groups[-1][0], short, said)
        else:
            groups.append((short, short, said))
    days = "; ".join(
        f"{first if first == last else f'{first} to {last}'} {said}"
        for first, last, said in groups
        if said != hours_text.FREE
    )
    where = " ".join(filter(None, (hours.get("country", ""), hours.get("region", ""))))
    more = [f"public holidays of {where} free"] if where else []
    more += [f"closed {hours_text.said_closure(one)}" for one in hours.get("closures", ())]
    return line(f"{days} ({answer.get('zone', '')})" + "".join(f"; {one}" for one in more))


def due_words(answer: Answer) -> str:
    """What comes of the hours for a mail of now."""
    due = [f"{one['priority']} {one['said']}" for one in answer.get("examples", ())]
    return "If somebody wrote now, a first answer would be due: " + "; ".join(due) if due else ""
