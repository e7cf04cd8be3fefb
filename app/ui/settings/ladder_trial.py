"""LadderTrial: whom a ladder would tell if something rang at a chosen moment; nobody is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QDateTimeEdit, QFrame, QVBoxLayout

from app.domain.clock import instant
from app.domain.translation import amid, joined, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.kept_line import KeptLine
from app.ui.settings.ladder_words import TABS, call_words
from app.ui.words import exact

_SHOWN = 8


class LadderTrial(QFrame):
    """Asks the engine, and says it in lines."""

    def __init__(self, ladder: Mapping[str, Any], *, bridge: Asks) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._ladder = dict(ladder)
        self._bridge = bridge
        self.at = QDateTimeEdit(QDateTime.currentDateTime())
        self.at.setCalendarPopup(True)
        self.at.setDisplayFormat(tr("ddd d MMM yyyy, HH:mm"))
        self.at.setAccessibleName(tr("When it rings"))
        self.at.dateTimeChanged.connect(lambda _: self.ask())
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.line = KeptLine()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        now = link_button(tr("Now"), self._now, name=tr("Try it as if it rang now"))
        close = link_button(tr("Close"), self.hide, name=tr("Close the trial"))
        column.addLayout(row(label(tr("If something rings on")), self.at, now, 1, close))
        column.addLayout(self._lines)
        column.addWidget(self.line)
        column.addWidget(label(tr("Nobody is told by this."), role="meta"))
        self.ask()

    def ask(self) -> None:
        """Ask whom it would tell."""
        at = self.at.dateTime().toString("yyyy-MM-ddTHH:mm")
        self._bridge.run(
            "try_ladder", ladder=self._ladder, at=at, then=self._heard, failed=self.line.refuse
        )

    def _now(self) -> None:
        self.at.setDateTime(QDateTime.currentDateTime())

    def _heard(self, answer: Answer) -> None:
        clear(self._lines)
        self.line.hide()
        told = answer.get("told", ())
        zone = ZoneInfo(str(answer.get("zone", "UTC")))
        for one in told[:_SHOWN]:
            words, tone = rung_words(one, zone)
            self._lines.addWidget(label(words, tone=tone, wrap=True))
        if len(told) > _SHOWN:
            more = len(told) - _SHOWN
            self._lines.addWidget(
                label(tr("And {more} more, the same again.", more=more), role="muted")
            )
        self._lines.addWidget(
            label(tr("Then it is said loudly that nobody took it."), role="muted")
        )


def rung_words(one: Mapping[str, Any], zone: ZoneInfo) -> tuple[str, str]:
    """A rung with who would be told then, and the tone of the line."""
    at = exact(instant(str(one["at"])), zone)
    hour = amid(tr(TABS.get(str(one["hour"]), "")))
    if not one["calls"]:
        return (
            tr(
                "{at} ({hour}): {meant}. Nobody is there, said loudly.",
                at=at,
                hour=hour,
                meant=line(str(one["meant"])),
            ),
            "critical",
        )
    return f"{at} ({hour}): {joined(map(call_words, one['calls']))}.", ""
