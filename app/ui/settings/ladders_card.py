"""LaddersCard: what happens when nobody takes an issue: each ladder as it is climbed, to change, to
try, to remove; what would tell nobody is said beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.ladder_text import HOUR_WORDS
from app.domain.translation import amid, to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, card, clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.kept_line import KeptLine
from app.ui.settings.ladder_form import LadderForm
from app.ui.settings.ladder_trial import LadderTrial
from app.ui.settings.ladder_words import about, rungs
from app.ui.settings.step_row import fresh_step

Ladder = dict[str, Any]
_ORIGIN = {
    "shipped": to_translate("as at the beginning"),
    "changed": to_translate("changed by you"),
    "own": to_translate("yours"),
}


class LaddersCard(QWidget):
    """Shows and changes the ladders."""

    def __init__(self, *, bridge: Asks) -> None:
        super().__init__()
        self._bridge = bridge
        self.ladders: list[Ladder] = []
        self._contacts: list[dict[str, Any]] = []
        self._cards: list[QWidget] = []
        self.form: LadderForm | None = None
        self.trial: LadderTrial | None = None
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.line = KeptLine()
        self.revert_button = link_button(tr("Ladders as at the beginning"), self.revert)
        another = button(tr("Add"), self.add, name=tr("Add a ladder"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        title = label(tr("When nobody takes it"), role="title")
        column.addLayout(row(title, 1, another))
        column.addLayout(self._rows)
        column.addWidget(self.line)
        column.addLayout(row(self.revert_button, 1))

    def reload(self) -> None:
        """Read the ladders from the engine; an open form stays."""
        if self.form is None:
            self._bridge.run("ladders", then=self._heard, failed=self.line.refuse)

    def add(self) -> None:
        """A form for one more."""
        self._open(-1, {"name": "", "severities": ["critical"], "working": [fresh_step()]})

    def revert(self) -> None:
        """Climb as the program does at first."""
        self._bridge.run("revert_ladders", then=self._kept, failed=self.line.refuse)

    def _heard(self, answer: Answer) -> None:
        self.ladders = [dict(one) for one in answer.get("ladders", ())]
        self._contacts = list(answer.get("contacts", ()))
        self.form = self.trial = None
        self.revert_button.setVisible(bool(answer.get("changed")))
        for shown in self._cards:
            shown.deleteLater()  # the one in whose place the form stood is in no layout
        clear(self._rows)
        self._cards = [self._card(at, ladder) for at, ladder in enumerate(self.ladders)]
        for shown in self._cards:
            self._rows.addWidget(shown)
        if not self.ladders:
            none = tr("Nobody else is told when nobody takes an issue. Add a ladder.")
            self._rows.addWidget(label(none, tone="high", wrap=True))

    def _card(self, at: int, ladder: Ladder) -> QWidget:
        frame, column = card(margin=14, gap=6)
        name = line(tr(str(ladder["name"])))
        origin = label(tr(_ORIGIN.get(str(ladder.get("origin")), "")), role="meta")
        verbs = row(label(name, role="title"), origin, 1, gap=4)
        verbs.setSpacing(6)
        words = ((tr("Change"), self._edit), (tr("Try"), self._try), (tr("Up"), self._up))
        for text, do in words:
            if do != self._up or at:
                verbs.addWidget(link_button(text, partial(do, at), name=f"{text}: {name}"))
        verbs.addWidget(
            link_button(
                tr("Remove"), partial(self._remove, at), name=tr("Remove: {name}", name=name)
            )
        )
        column.addLayout(verbs)
        column.addWidget(label(about(ladder), role="muted", wrap=True))
        for hours, said in rungs(ladder):
            column.addWidget(label(hours, role="strong", wrap=True))
            for number, rung in enumerate(said, 1):
                mark = label(f"{number}.", role="muted")
                shown = row(mark, label(line(rung), wrap=True))
                shown.setStretch(1, 1)
                column.addLayout(shown)
        column.addWidget(label(f"{ladder.get('ends', '')}.", role="muted", wrap=True))
        for words_ in problem_lines(ladder):
            column.addWidget(label(words_, tone="high", wrap=True))
        return frame

    def _edit(self, at: int) -> None:
        self._open(at, self.ladders[at])

    def _try(self, at: int) -> None:
        self._show_trial(self._cards[at], self.ladders[at])

    def _show_trial(self, under: QWidget, ladder: Mapping[str, Any]) -> None:
        if self.trial is not None:
            self._rows.removeWidget(self.trial)
            self.trial.hide()
            self.trial.deleteLater()
        self.trial = LadderTrial(ladder, bridge=self._bridge)
        self._rows.insertWidget(self._rows.indexOf(under) + 1, self.trial)

    def _open(self, at: int, ladder: Mapping[str, Any]) -> None:
        """The form in the ladder's place; at the end for a new one."""
        if self.form is not None:
            return  # one at a time: nothing that was typed may be lost
        self.line.hide()
        form = self.form = LadderForm(ladder, contacts=self._contacts, bridge=self._bridge)
        form.keep_asked.connect(partial(self._keep, at))
        form.tried.connect(partial(self._show_trial, form))
        form.left.connect(self._left)
        if at < 0:
            self._rows.addWidget(form)
        else:
            self._rows.replaceWidget(self._cards[at], form)
            self._cards[at].hide()
        form.name.setFocus()

    def _left(self) -> None:
        self.form = None
        self.reload()

    def _keep(self, at: int, ladder: Ladder) -> None:
        wanted = list(self.ladders)
        if at < 0:
            wanted.insert(0, ladder)  # the first that fits counts
        else:
            wanted[at] = ladder
        self._set(wanted)

    def _up(self, at: int) -> None:
        wanted = list(self.ladders)
        wanted.insert(at - 1, wanted.pop(at))
        self._set(wanted)

    def _remove(self, at: int) -> None:
        name = line(tr(str(self.ladders[at]["name"])))
        self._set(
            [*self.ladders[:at], *self.ladders[at + 1 :]], said=tr("{name} is removed.", name=name)
        )

    def _set(
        self, ladders: Sequence[Mapping[str, Any]], *, said: str = "", again: bool = False
    ) -> None:
        then = partial(self._kept, said=said, again=again)
        self._bridge.run("set_ladders", ladders=ladders, then=then, failed=self._refused)

    def _kept(self, answer: Answer, *, said: str = "", again: bool = False) -> None:
        before = answer.get("before")
        self._heard(answer)
        if again or before is None:
            self.line.kept(tr("Taken back."), None)
        else:
            words = said or tr("Kept. What is being climbed already goes on as it began.")
            self.line.kept(words, partial(self._set, before, again=True))

    def _refused(self, error: Exception) -> None:
        (self.form.refuse if self.form is not None else self.line.refuse)(error)


def problem_lines(ladder: Mapping[str, Any]) -> list[str]:
    """What of a ladder would tell nobody, each once, with the hours and steps where that is so;
    without them where it is so everywhere."""
    where: dict[str, list[str]] = {}
    for one in ladder.get("problems", ()):
        hours = amid(tr(HOUR_WORDS[str(one["hour"])]))
        place = tr("{hours}, step {step}", hours=hours, step=int(one["step"]) + 1)
        where.setdefault(line(str(one["said"])), []).append(place)
    steps = sum(len(ladder.get(hour, ())) for hour in HOUR_WORDS)
    return [
        f"{said}." if len(places) == steps > 1 else f"{said} ({'; '.join(places)})."
        for said, places in where.items()
    ]
