"""HoursCard: when the shop works, as a small week with what is coming; opened, the form, checked
while it is filled, with what it would do to what is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain import day_text, hours_text
from app.domain.clock import instant
from app.domain.errors import KnownError
from app.domain.translation import amid, tr
from app.ui.errors import reason
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, cancel_button, label, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.hours_form import HoursForm
from app.ui.settings.kept_line import KeptLine
from app.ui.settings.promise_words import PRIORITIES
from app.ui.settings.week_picture import WeekPicture
from app.ui.theme import set_property

_PAUSE = 250  # milliseconds without a key, before the engine is asked what comes of it
_COMING = 6
_NAMES = {priority: words for priority, words, _ in PRIORITIES}


class HoursCard(QFrame):
    """Shows and changes the working hours."""

    def __init__(self, *, bridge: Asks) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._bridge = bridge
        self._hours: dict[str, Any] = {}
        self._home = ""
        self.said = label(wrap=True)
        self.week = WeekPicture()
        self.coming = label(wrap=True)
        self.due = label(wrap=True)
        self.more_due = label(role="meta", wrap=True)
        self.effect = label(role="muted", wrap=True)
        self.line = KeptLine()
        self.form = HoursForm()
        self.form.changed.connect(self._typed)
        self.form.country_chosen.connect(self._ask_holidays)
        self.form.failed.connect(self._refused)
        self.form.hide()
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._check)
        self.change = button(tr("Change"), self.open, name=tr("Change the working hours"))
        self.keep_button = button(
            tr("Keep"), self.keep, variant="primary", name=tr("Keep the working hours")
        )
        self._cancel = cancel_button(self._close)
        self._lay_out()
        self._show_buttons()

    def reload(self) -> None:
        """Read the hours from the engine."""
        self._bridge.run("hours", then=self._heard, failed=self._refused)

    def open(self) -> None:
        """Show the form."""
        self.line.hide()
        self.form.show_hours(self._hours, home=self._home)
        self.form.show()
        self._show_buttons()
        self._bridge.run("holiday_countries", then=self._heard_countries, failed=self._refused)

    def keep(self) -> None:
        """Have the engine keep what stands in the form."""
        if not self.form.finish():
            return
        try:
            hours = self.form.value()
        except KnownError as error:
            self._refused(error)
            return
        self._set(hours)

    def _set(self, hours: Mapping[str, Any], *, again: bool = False) -> None:
        then = partial(self._kept, again=again)
        self._bridge.run("set_hours", hours=hours, then=then, failed=self._refused)

    def _typed(self) -> None:
        self._soon.start()

    def _check(self) -> None:
        try:
            hours = self.form.value()
        except KnownError as error:
            self._refused(error)
            return
        self._bridge.run("check_hours", hours=hours, then=self._would_be, failed=self._refused)
        if hours != self._hours:
            self._bridge.run(
                "hours_effect", hours=hours, then=self._would_move, failed=lambda _: None
            )

    def _ask_holidays(self, country: str, region: str) -> None:
        self.form.show_holidays(())
        if country:
            self._bridge.run(
                "holidays", country=country, region=region,
                then=self._heard_holidays, failed=self._refused,
            )  # fmt: skip

    def _heard(self, answer: Answer) -> None:
        self._hours = dict(answer.get("hours", {}))
        self._home = str(answer.get("home", ""))
        self.said.setText(summary(answer))
        self._would_be(answer)

    def _heard_countries(self, answer: Answer) -> None:
        self.form.show_countries(answer.get("countries", {}))
        if self._hours.get("country"):
            self._ask_holidays(self._hours["country"], self._hours.get("region", ""))

    def _heard_holidays(self, answer: Answer) -> None:
        if not self.form.region.isEnabled():
            self.form.show_regions(answer.get("regions", ()))
        self.form.show_holidays(answer.get("holidays", ()))

    def _would_be(self, answer: Answer) -> None:
        shown = self.form.value() if self.form.isVisibleTo(self) else self._hours
        self.week.show_hours(shown.get("hours", {}))
        coming = coming_words(answer)
        self.coming.setText(coming)
        self.coming.setVisible(bool(coming))
        self._say(str(answer.get("sentence", "")))
        self.more_due.setText(due_words(answer))
        self.effect.hide()
        self.keep_button.setEnabled(True)

    def _would_move(self, answer: Answer) -> None:
        self.effect.setText(str(answer.get("said", "")))
        set_property(self.effect, "tone", "high" if answer.get("late_at_once") else "")
        self.effect.setVisible(self.form.isVisibleTo(self))

    def _kept(self, answer: Answer, *, again: bool) -> None:
        self._close()
        self._heard(answer)
        before = answer.get("before")
        if again or not before:
            self.line.kept(tr("Taken back.") if again else tr("Kept."), None)
        else:
            self.line.kept(
                tr("Kept. What is open was worked out anew."),
                partial(self._set, before, again=True),
            )

    def _refused(self, error: Exception) -> None:
        self._say(reason(error), "critical")
        self.effect.hide()
        self.keep_button.setEnabled(False)

    def _close(self) -> None:
        self._soon.stop()
        self.form.hide()
        self.effect.hide()
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

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        top = row(self.said, self.change)
        top.setStretch(0, 1)
        column.addLayout(top)
        column.addWidget(self.week)
        column.addWidget(self.coming)
        column.addWidget(self.form)
        column.addWidget(self.due)
        column.addWidget(self.more_due)
        column.addWidget(self.effect)
        column.addWidget(self.line)
        column.addLayout(row(1, self._cancel, self.keep_button))


def summary(answer: Answer) -> str:
    """The hours in a line or two."""
    if answer.get("round_the_clock"):
        return tr("All hours count, day and night. Say when you work, and promises wait for you.")
    hours = answer.get("hours", {})
    week = hours.get("hours", {})
    groups: list[tuple[str, str, str]] = []
    for day in hours_text.WEEK:
        said = hours_text.said_intervals(week.get(day, ()))
        short = tr(hours_text.SHORT_DAYS[day])
        if groups and groups[-1][2] == said:
            groups[-1] = (groups[-1][0], short, said)
        else:
            groups.append((short, short, said))
    days = "; ".join(
        f"{_days(first, last)} {said}"
        for first, last, said in groups
        if said != tr(hours_text.FREE)
    )
    where = " ".join(filter(None, (hours.get("country", ""), hours.get("region", ""))))
    more = tr("; public holidays of {where} free", where=where) if where else ""
    return line(f"{days} ({answer.get('zone', '')}){more}")


def _days(first: str, last: str) -> str:
    return first if first == last else tr("{first} to {last}", first=first, last=last)


def coming_words(answer: Answer) -> str:
    """The days to come that are not as usual; empty where all are."""
    every = [_coming(one) for one in answer.get("coming", ())]
    if not every:
        return ""
    days = "; ".join(every[:_COMING])
    if len(every) > _COMING:
        return tr("Coming: {days}; and {more} more.", days=days, more=len(every) - _COMING)
    return tr("Coming: {days}.", days=days)


def _coming(one: Mapping[str, Any]) -> str:
    first, last = (date.fromisoformat(str(one[name])) for name in ("first", "last"))
    if one.get("hours") is None:
        return tr(
            "closed {days} ({because})",
            days=day_text.said_days(first, last),
            because=line(str(one["because"])),
        )
    said = hours_text.said_intervals(one["hours"])
    words = tr("open {said}", said=said) if one["hours"] else tr("closed")
    return f"{day_text.said_day(first)} {words}"


def due_words(answer: Answer) -> str:
    """What comes of the hours for a mail of now, by how much it presses."""
    zone = ZoneInfo(str(answer.get("zone") or "UTC"))
    due = [
        f"{amid(tr(_NAMES[str(one['priority'])]))} {_moment(str(one['due_at']), zone)}"
        for one in answer.get("examples", ())
        if one.get("due_at")
    ]
    if not due:
        return ""
    return tr("A first answer to a mail of now, by how urgent it is: {due}", due="; ".join(due))


def _moment(at: str, zone: ZoneInfo) -> str:
    local = instant(at).astimezone(zone)
    return tr("{day} {time}", day=day_text.said_day(local.date()), time=f"{local:%H:%M}")
