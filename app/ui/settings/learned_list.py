"""LearnedList: what the owner's corrections taught, each with a button that takes it back."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.assessment import Kind, Severity
from app.domain.errors import KnownError
from app.domain.translation import amid, tr, trn
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import OneLine, clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.words import kind_word, severity_word

_AT_FIRST = 6


def said_words(lesson: dict[str, Any]) -> str:
    """What was said of a mail: "Damaged, high, must ring"."""
    kind, severity, alert = lesson.get("kind"), lesson.get("severity"), lesson.get("alert")
    parts = [kind_word(Kind(kind))] if kind in set(Kind) else []
    parts += [amid(severity_word(Severity(severity)))] if severity in set(Severity) else []
    parts += (
        [{True: tr("must ring"), False: tr("need not ring")}[alert]] if alert is not None else []
    )
    said = ", ".join(parts) or line(str(lesson.get("says", "")))
    return said[:1].upper() + said[1:]


class LearnedList(QWidget):
    """Asks the engine for the lessons; shows the newest, and all on demand."""

    def __init__(self, *, bridge: Asks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._lessons: list[dict[str, Any]] = []
        self._all = False
        self._state = label(role="muted", wrap=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.more = link_button("", self._show_all)
        self.more.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._state)
        column.addLayout(self._list)
        column.addLayout(row(self.more, 1))

    def reload(self) -> None:
        """Read again what was learnt."""
        self._bridge.run("learned", then=self._show, failed=self._failed)

    def _show(self, answer: Answer) -> None:
        self._lessons = list(answer.get("lessons", ()))
        self._say(_state_words(answer, len(self._lessons)))
        self._fill()

    def _fill(self) -> None:
        clear(self._list)
        shown = self._lessons if self._all else self._lessons[:_AT_FIRST]
        for lesson in shown:
            self._list.addLayout(self._line(lesson))
        rest = len(self._lessons) - len(shown)
        self.more.setVisible(rest > 0)
        self.more.setText(trn("Show {n} other", "Show {n} others", rest))
        self.more.setAccessibleName(self.more.text())

    def _line(self, lesson: dict[str, Any]) -> Any:
        subject = line(str(lesson.get("subject", ""))) or tr("(no subject)")
        said = said_words(lesson)
        shown = f"{said}: {subject}"
        if not lesson.get("in_use", True):
            shown = tr("{lesson}  (not in use)", lesson=shown)
        words = OneLine(shown, name=tr("Learnt"))
        forget = link_button(
            tr("Forget"),
            partial(self._forget, str(lesson["entry"])),
            name=tr("Forget: {said}, {subject}", said=said, subject=subject),
        )
        made = row(words, forget)
        made.setStretch(0, 1)
        return made

    def _forget(self, entry: str) -> None:
        self._bridge.run(
            "forget_lesson", entry=entry, then=lambda _: self.reload(), failed=self._failed
        )

    def _show_all(self) -> None:
        self._all = True
        self._fill()

    def _failed(self, error: Exception) -> None:
        unread = tr("What was learnt cannot be read now.")
        self._say(error.sentence if isinstance(error, KnownError) else unread)

    def _say(self, words: str) -> None:
        self._state.setText(words)


def _state_words(answer: Answer, count: int) -> str:
    if not count:
        return tr(
            "Nothing yet. Change what an issue is about, or how bad it is, and its like follows."
        )
    if not answer.get("accepted", True):
        return tr("The latest is not in use: {because}.", because=answer.get("because", ""))
    return tr("New mail is judged by these corrections too. Your decisions themselves stay.")
