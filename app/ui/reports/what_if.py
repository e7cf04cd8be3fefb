"""WhatIf: how often it would have rung by each choice, and the button that takes one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import KnownError
from app.domain.translation import tr, trn
from app.ui.issue.parts import button, clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.words import RING_FOR_WORDS

_LISTED = 3


class WhatIf(QWidget):
    """`opened` carries the key of an issue that would have stayed silent."""

    opened = Signal(str)

    def __init__(self, *, bridge: Asks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._said = label(tr("Counting …"), role="muted", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(tr("What should ring?"), role="page"))
        column.addWidget(self._said)
        column.addLayout(self._lines)
        self.reload()

    def reload(self) -> None:
        """Try each choice on what has happened."""
        self._bridge.run("simulate", then=self._show_answer, failed=self._failed)

    def _show_answer(self, answer: Answer) -> None:
        clear(self._lines)
        self._said.setText(_looked_at(answer))
        chosen = str(answer["as_it_is"]["ring_for"])
        for line in answer["tried"]:
            self._lines.addWidget(self._line(line, is_chosen=line["ring_for"] == chosen))

    def _line(self, line: dict[str, Any], *, is_chosen: bool) -> QWidget:
        value = str(line["ring_for"])
        said = tr(RING_FOR_WORDS[value])
        title = label(said, role="title")
        taken = (
            label(tr("Chosen"), role="muted")
            if is_chosen
            else button(
                tr("Choose"),
                self._chooser(value),
                name=tr("Choose: {what}", what=said),
            )
        )
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row(title, 1, taken))
        column.addWidget(label(_counted(line), role="muted", wrap=True))
        if line["missed"]:
            column.addLayout(self._missed([str(key) for key in line["missed"]]))
        return made

    def _missed(self, keys: list[str]) -> QVBoxLayout:
        """The issues that mattered and would have been silent, each to be opened."""
        links = QVBoxLayout()
        links.setSpacing(0)
        for key in keys[:_LISTED]:
            links.addLayout(
                row(
                    link_button(
                        tr("Open {key}", key=key),
                        self._opener(key),
                        name=tr("Open the missed issue {key}", key=key),
                    ),
                    1,
                )
            )
        return links

    def _chooser(self, value: str) -> Callable[[], None]:
        def choose() -> None:
            self._bridge.run(
                "set_setting",
                name="ring_for",
                value=value,
                then=lambda _: self.reload(),
                failed=self._failed,
            )

        return choose

    def _opener(self, key: str) -> Callable[[], None]:
        return lambda: self.opened.emit(key)

    def _failed(self, error: Exception) -> None:
        known = isinstance(error, KnownError)
        self._said.setText(str(error) if known else tr("It cannot be tried now."))


def _looked_at(answer: Answer) -> str:
    """What it is reckoned from, and what the owner's rules make of it."""
    number = int(answer["issues"])
    if "without_rules" not in answer:
        return trn(
            "By the one issue of the last 90 days, with your quiet hours.",
            "By the {n} issues of the last 90 days, with your quiet hours.",
            number,
        )
    return trn(
        "By the one issue of the last 90 days, with your quiet hours and your rules. Without the"
        " rules it would be {alerts}",
        "By the {n} issues of the last 90 days, with your quiet hours and your rules. Without the"
        " rules it would be {alerts}",
        number,
        alerts=_counted(answer["without_rules"]),
    )


def _counted(line: dict[str, Any]) -> str:
    """ "41 alerts for 38 issues, 2 of them false; 1 that mattered would have been silent." """
    alerts = trn("{n} alert", "{n} alerts", line["alerts"])
    said = trn(
        "{alerts} for {n} issue", "{alerts} for {n} issues", line["issues_rung"], alerts=alerts
    )
    if line["false_alarms"]:
        said = trn(
            "{said}, {n} of them false",
            "{said}, {n} of them false",
            line["false_alarms"],
            said=said,
        )
    if not line["missed"]:
        return tr("{said}; none that mattered would have been silent.", said=said)
    return trn(
        "{said}; {n} that mattered would have been silent.",
        "{said}; {n} that mattered would have been silent.",
        len(line["missed"]),
        said=said,
    )
