"""TaughtLine: says that the owner's corrections of other mails decided, and leads to them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.domain.translation import tr, trn
from app.domain.views import IssueView, LessonView, TaughtBy
from app.ui.issue.foreign_text import line, menu_text
from app.ui.issue.parts import link_button

_LONGEST = 60


def taught_words(taught: TaughtBy) -> str:
    """What corrections decided about an issue, as a sentence; empty where they decided nothing."""
    if number := len(taught.kind):
        return trn(
            "Sorted like {n} mail that you corrected",
            "Sorted like {n} mails that you corrected",
            number,
        )
    if number := len(taught.severity):
        return trn(
            "As bad as {n} mail that you corrected",
            "As bad as {n} mails that you corrected",
            number,
        )
    if any(one.alert for one in taught.alert):
        return trn(
            "Rings like {n} mail that you corrected",
            "Rings like {n} mails that you corrected",
            len(taught.alert),
        )
    if number := len(taught.alert):
        return trn(
            "Quiet like {n} mail that you corrected",
            "Quiet like {n} mails that you corrected",
            number,
        )
    return ""


def evidence(taught: TaughtBy) -> tuple[LessonView, ...]:
    """The corrected mails, each once, in the order in which they counted."""
    every = (*taught.kind, *taught.severity, *taught.alert)
    return tuple({one.entry: one for one in every}.values())


class TaughtLine(QWidget):
    """`asked` carries the key of the issue of a corrected mail."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lessons: tuple[LessonView, ...] = ()
        self.menu = QMenu(self)
        self.menu.setAccessibleName(tr("The mails that you corrected"))
        self.words = link_button("", self._open, name=tr("The mails that you corrected"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.words)
        self.hide()

    def show_view(self, view: IssueView) -> None:
        """Say what corrections decided about this issue, or nothing."""
        said = taught_words(view.taught)
        self._lessons = evidence(view.taught)
        self.words.setText(said)
        self.words.setAccessibleName(said or tr("The mails that you corrected"))
        self.words.setToolTip(tr("Show the mails that you corrected"))
        self.setVisible(bool(said))

    def _open(self) -> None:
        self.menu.clear()
        for lesson in self._lessons:
            subject = line(lesson.subject) or tr("(no subject)")
            if len(subject) > _LONGEST:
                subject = subject[: _LONGEST - 1] + "…"
            action = self.menu.addAction(menu_text(subject))
            key = lesson.issue_key
            action.triggered.connect(lambda _=False, key=key: self.asked.emit(key))
        self.menu.popup(self.words.mapToGlobal(QPoint(0, self.words.height() + 2)))
