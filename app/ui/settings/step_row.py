"""StepRow: one rung while it is edited: how long after the one before, whom, how, and its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.domain import ladder_text, time_text
from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import label, link_button, row
from app.ui.settings.choices import ManyChoice
from app.ui.settings.day_adders import short_field
from app.ui.settings.ladder_words import how_said, ways, who_said, whom
from app.ui.widgets.choice import Choice

_WAIT = 8  # letters
_SINCE = (
    (to_translate("after the step before"), False),
    (to_translate("after you open next"), True),
)
_FIRST = ((to_translate("after it rang"), False), (to_translate("after you open next"), True))


class StepRow(QFrame):
    """`changed` after every change; `moved` asks for another place, `gone` to be removed."""

    changed = Signal()
    moved = Signal(int)
    gone = Signal()

    def __init__(
        self, step: Mapping[str, Any], *, number: int, contacts: Iterable[Mapping[str, Any]]
    ) -> None:
        super().__init__()
        self.setProperty("card", "true")
        opens, wait = ladder_text.parted(str(step.get("after", "")))
        name = tr("Step {number}: how long to wait", number=number)
        self.wait = short_field(tr("at once"), name, letters=_WAIT)
        self.wait.setText(time_text.in_words(wait) if wait else "")
        self.since = Choice(tr("Step {number}: counted from when", number=number))
        since = _FIRST if number == 1 else _SINCE
        self.since.offer([(tr(words), value) for words, value in since], opens)
        self.since.setCurrentIndex(int(opens))
        self.whom = ManyChoice(tr("Step {number}: who is told", number=number), who_said)
        self.whom.fill(whom(contacts), step.get("whom", ()))
        self.how = ManyChoice(tr("Step {number}: how", number=number), how_said)
        self.how.fill(ways(), step.get("how", ()))
        self.problem = label(tone="high", wrap=True)
        self.problem.hide()
        self._lay_out(number)
        self.wait.textChanged.connect(lambda _: self.changed.emit())
        self.since.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.whom.changed.connect(self.changed)
        self.how.changed.connect(self.changed)

    def value(self) -> dict[str, Any]:
        """The step as the rule file writes it, and as it was typed."""
        opens = bool(self.since.currentData())
        text = self.wait.text().strip() or "0 min"
        after = f"opening + {text}" if opens else text
        return {"after": after, "whom": self.whom.values(), "how": self.how.values()}

    def say(self, problems: Iterable[str]) -> None:
        """Say what of it would tell nobody."""
        words = ". ".join(map(line, problems))
        self.problem.setText(f"{words}." if words else "")
        self.problem.setVisible(bool(words))

    def _lay_out(self, number: int) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        top = row(label(f"{number}.", role="strong"), self.wait, self.since, 1, gap=6)
        for text, by in ((tr("Up"), -1), (tr("Down"), 1)):
            verb = link_button(text, name=tr("{words}: step {number}", words=text, number=number))
            verb.clicked.connect(lambda _=False, by=by: self.moved.emit(by))
            top.addWidget(verb)
        top.addWidget(
            link_button(
                tr("Remove"), self.gone.emit, name=tr("Remove: step {number}", number=number)
            )
        )
        column.addLayout(top)
        column.addLayout(row(self.whom, self.how, 1, gap=6))
        column.addWidget(self.problem)


def fresh_step() -> dict[str, Any]:
    """A step that is added: a quarter of an hour later, everybody."""
    wait = timedelta(minutes=15)
    return {"after": time_text.said(wait), "whom": ["everyone"], "how": []}
