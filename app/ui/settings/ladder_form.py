"""LadderForm: one ladder while it is edited: for which issues, its steps by sort of hour, repeats;
checked while it is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.assessment import Severity
from app.domain.ladder_text import HOURS
from app.domain.translation import to_translate, tr, trn
from app.ui.issue.parts import button, cancel_button, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.choices import ManyChoice
from app.ui.settings.day_adders import text_field
from app.ui.settings.kept_line import KeptLine
from app.ui.settings.ladder_words import TABS, grave_said
from app.ui.settings.promise_words import SHOWN_KINDS, kinds_said
from app.ui.settings.step_list import StepList
from app.ui.widgets.choice import Choice
from app.ui.widgets.wrapping import Wrapping
from app.ui.words import kind_word, severity_word

_PAUSE = 300  # milliseconds without a key, before the engine is asked what comes of it
_MOST_OFTEN = 10
_EMPTY = {
    "working": to_translate("No step yet: say who is told first."),
    **dict.fromkeys(
        ("night", "weekend", "holiday"),
        to_translate("No step: it waits until you open, then goes on as in working hours."),
    ),
}


class LadderForm(QFrame):
    """`keep_asked` carries the ladder; `left` says that it should stay as it was."""

    keep_asked = Signal(dict)
    tried = Signal(dict)
    left = Signal()

    def __init__(
        self, ladder: Mapping[str, Any], *, contacts: Sequence[Mapping[str, Any]], bridge: Asks
    ) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._bridge = bridge
        self.name = text_field(tr("Name"), tr("Name of the ladder"))
        self.kinds = ManyChoice(tr("About what"), kinds_said)
        self.severities = ManyChoice(tr("How bad"), grave_said)
        self.repeat = Choice(tr("How often it begins again"))
        self.steps = {hour: StepList(contacts=contacts, empty=tr(_EMPTY[hour])) for hour in HOURS}
        self.tabs: dict[str, QPushButton] = {}
        self._stack = QStackedWidget()
        self.line = KeptLine()
        self.keep_button = button(
            tr("Keep"), self._keep, variant="primary", name=tr("Keep the ladder")
        )
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._check)
        self._show(ladder)
        self._lay_out()
        self._connect()
        self._check()

    def value(self) -> dict[str, Any]:
        """The ladder as the engine has it."""
        name = self.name.text().strip()
        return {
            "name": self._called if name == tr(self._called) else name,
            "kinds": self.kinds.values(),
            "severities": self.severities.values(),
            "repeat": self.repeat.currentData(),
            **{hour: steps.value() for hour, steps in self.steps.items()},
        }

    def refuse(self, error: Exception) -> None:
        """It may not be so: say why."""
        self.line.refuse(error)

    def _show(self, ladder: Mapping[str, Any]) -> None:
        self._called = str(ladder.get("name", ""))  # ours have a name in each language
        self.name.setText(tr(self._called))
        kinds = ((kind_word(kind), kind.value) for kind in SHOWN_KINDS)
        self.kinds.fill(kinds, ladder.get("kinds", ()))
        grave = ((severity_word(one), one.value) for one in Severity)
        self.severities.fill(grave, ladder.get("severities", ()))
        self.repeat.offer(_repeats(), int(ladder.get("repeat", 0)))
        for hour, steps in self.steps.items():
            steps.fill(ladder.get(hour, ()))

    def _connect(self) -> None:
        self.name.textChanged.connect(lambda _: self._changed())
        self.repeat.currentIndexChanged.connect(lambda _: self._changed())
        for many in (self.kinds, self.severities):
            many.changed.connect(self._changed)
        for steps in self.steps.values():
            steps.changed.connect(self._changed)

    def _changed(self) -> None:
        self._say_tabs()
        self._soon.start()

    def _check(self) -> None:
        self._bridge.run(
            "check_ladder", ladder=self.value(), then=self._checked, failed=self._refused
        )

    def _checked(self, answer: Answer) -> None:
        self.line.clear_trouble()
        self.keep_button.setEnabled(True)
        found = answer.get("ladder", {}).get("problems", ())
        for hour, steps in self.steps.items():
            steps.say(one for one in found if one["hour"] == hour)

    def _refused(self, error: Exception) -> None:
        self.line.refuse(error)
        self.keep_button.setEnabled(False)

    def _keep(self) -> None:
        self.keep_asked.emit(self.value())

    def _as_working(self, hour: str) -> None:
        self.steps[hour].fill(self.steps["working"].value())
        self._changed()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        repeats = row(self.repeat, label(tr("after the last step"), role="muted"), 1)
        rows: tuple[tuple[str, QWidget], ...] = (
            (tr("Name"), self.name),
            (tr("How bad"), self.severities),
            (tr("About"), self.kinds),
        )
        for at, (words, part) in enumerate(rows):
            grid.addWidget(label(words), at, 0)
            grid.addWidget(part, at, 1)
        grid.addWidget(label(tr("Again")), len(rows), 0)
        grid.addLayout(repeats, len(rows), 1)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addLayout(grid)
        column.addLayout(self._tab_row())
        column.addWidget(self._stack)
        column.addWidget(self.line)
        cancel = cancel_button(self.left.emit, name=tr("Cancel the changes"))
        attempt = button(
            tr("Try it"), lambda: self.tried.emit(self.value()), name=tr("Try this ladder")
        )
        column.addLayout(row(attempt, 1, cancel, self.keep_button))

    def _tab_row(self) -> Wrapping:
        group = QButtonGroup(self)
        tabs = Wrapping(gap=4)
        for at, hour in enumerate(HOURS):
            tab = button(tr(TABS[hour]), partial(self._stack.setCurrentIndex, at), variant="filter")
            tab.setCheckable(True)
            tab.setChecked(at == 0)
            group.addButton(tab)
            self.tabs[hour] = tab
            tabs.addWidget(tab)
            self._stack.addWidget(self._page(hour))
        self._say_tabs()
        return tabs

    def _page(self, hour: str) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.steps[hour])
        if hour != "working":
            same = link_button(tr("The steps of working hours"), partial(self._as_working, hour))
            column.addLayout(row(same, 1))
        column.addStretch(1)
        return page

    def _say_tabs(self) -> None:
        for hour, tab in self.tabs.items():
            count = len(self.steps[hour].rows)
            hours = tr(TABS[hour])
            tab.setText(f"{hours} ({count})")
            tab.setAccessibleName(
                trn("{hours}: {n} step", "{hours}: {n} steps", count, hours=hours)
            )


def _repeats() -> list[tuple[str, int]]:
    often = [tr("Not again"), tr("Once more"), tr("Twice more")]
    often += [tr("{times} times more", times=times) for times in range(3, _MOST_OFTEN + 1)]
    return [(words, times) for times, words in enumerate(often)]
