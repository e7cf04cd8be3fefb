"""One template: its title and text, the words that it may ask for, and a preview filled in.

Nothing is sent anywhere: the preview is the engine's, on a real issue, and is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import KnownError
from app.domain.translation import tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import label, row
from app.ui.issue.ports import Answer, Asks
from app.ui.reply.editor import ReplyEditor
from app.ui.theme import Theme

PAUSE_MS = 350
_NARROW = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon


class TemplateForm(QWidget):
    """`changed`: somebody wrote; `save_asked`: they pressed Ctrl+Enter."""

    changed = Signal()
    save_asked = Signal()

    def __init__(self, *, bridge: Asks, theme: Theme) -> None:
        super().__init__()
        self._bridge = bridge
        self._key = ""
        self._id, self._language = "", ""
        self._stored = ("", "")
        self._meanings: dict[str, str] = {}
        self.title = QLineEdit()
        self.title.setAccessibleName(tr("Title of the template"))
        self.title.setPlaceholderText(tr("What it is called in the list"))
        self.title.textChanged.connect(self._edited)
        self.body = ReplyEditor(theme=theme)
        self.body.setAccessibleName(tr("Text of the template"))
        self.body.setPlaceholderText(
            tr("The text, with {{ customer.first_name | there }} and such")
        )
        self.body.edited.connect(self._edited)
        self.body.send_asked.connect(self.save_asked.emit)
        self.names = QComboBox()
        self.names.setAccessibleName(tr("Put in something that is filled in by itself"))
        self.names.setSizeAdjustPolicy(_NARROW)
        self.names.setMinimumContentsLength(len(tr("Put in …")) + 1)
        self.names.activated.connect(self._put_in)
        self.hint = label(role="meta", wrap=True)
        self.preview = QPlainTextEdit()
        self.preview.setReadOnly(True)
        self.preview.setAccessibleName(tr("Preview"))
        self.about = label(role="meta", wrap=True)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        self._lay_out()

    def show_variables(self, variables: Sequence[Mapping[str, Any]]) -> None:
        """The names that a text may ask for, with what each means."""
        self._meanings = {str(one["name"]): str(one["meaning"]) for one in variables}
        self.names.clear()
        self.names.addItem(tr("Put in …"), "")
        for one in variables:
            name, meaning = str(one["name"]), str(one["meaning"])
            words = meaning if one.get("given") else tr("{what} (you fill it in)", what=meaning)
            self.names.addItem(words, name)

    def show_template(
        self, id_: str, language: str, *, title: str, body: str, key: str, is_new: bool = False
    ) -> None:
        """Edit this one; the preview is on the issue `key`, or on one that fits. What is new is
        not kept anywhere yet."""
        self._id, self._language, self._key = id_, language, key
        self._stored = ("", "") if is_new else (title, body)
        self.title.blockSignals(True)
        self.title.setText(title)
        self.title.blockSignals(False)
        self.body.load(body)
        self._ask()

    @property
    def is_dirty(self) -> bool:
        """Whether something was written that is not kept."""
        return (self.title.text(), self.body.toPlainText()) != self._stored

    def kept(self, said: tuple[str, str] | None = None) -> None:
        """What was said is what is stored; without it, what stands here."""
        self._stored = said or (self.title.text(), self.body.toPlainText())

    def _put_in(self, place: int) -> None:
        name = str(self.names.itemData(place) or "")
        self.names.setCurrentIndex(0)
        if name:
            self.body.insertPlainText("{{ " + name + " }}")
            self.body.setFocus()

    def _edited(self) -> None:
        self._timer.start()
        self.changed.emit()

    def _ask(self) -> None:
        if not self._id:
            return
        asked = (self._id, self._language, self.title.text(), self.body.toPlainText())
        if not asked[3].strip():  # one that is only begun is no fault, and shows nothing yet
            self.preview.clear()
            self.about.setText(tr("Preview"))
            self._say("", "")
            return
        self._bridge.run(
            "template_preview",
            key=self._key,
            template=asked[0],
            language=asked[1],
            title=asked[2] or "…",
            body=asked[3],
            then=lambda answer: self._show_preview(asked, answer),
            failed=lambda error: self._say_fault(asked, error),
        )

    def _is_stale(self, asked: tuple[str, str, str, str]) -> bool:
        return asked != (self._id, self._language, self.title.text(), self.body.toPlainText())

    def _show_preview(self, asked: tuple[str, str, str, str], answer: Answer) -> None:
        if self._is_stale(asked):
            return
        self.preview.setPlainText(str(answer.get("text", "")))
        to: dict[str, Any] = next(iter(answer.get("to") or ()), {})
        who = line(str(to.get("name") or to.get("email") or ""))
        self.about.setText(tr("Preview, written to {who}", who=who) if who else tr("Preview"))
        holes = [line(self._meanings.get(str(one), str(one))) for one in answer.get("holes", ())]
        asks = tr("Whoever takes it fills in: {holes}.", holes=", ".join(holes)) if holes else ""
        self._say(asks, "")

    def _say_fault(self, asked: tuple[str, str, str, str], error: Exception) -> None:
        if not self._is_stale(asked):
            words = error.sentence if isinstance(error, KnownError) else tr("It cannot be shown.")
            self._say(line(words), "critical")

    def _say(self, words: str, tone: str) -> None:
        self.hint.setText(words)
        self.hint.setProperty("tone", tone)
        self.hint.style().polish(self.hint)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        head = row(self.title, self.names, gap=8)
        head.setStretch(0, 1)
        column.addLayout(head)
        column.addWidget(self.body, 3)
        column.addWidget(self.hint)
        column.addWidget(self.about)
        column.addWidget(self.preview, 2)
