"""An attachment by its true name, what it is below, a photo small beside it, and "Save as"."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QVBoxLayout, QWidget

from app.domain.errors import KnownError
from app.domain.message import Attachment
from app.domain.translation import tr
from app.ui.issue.attachment_words import file_words
from app.ui.issue.parts import OneLine, button, label, row
from app.ui.issue.ports import Asks
from app.ui.issue.thumbnail import Thumbnail, is_picture
from app.ui.theme import Theme

AskPath = Callable[[QWidget, str], str]


class AttachmentRow(QWidget):
    """Shows the true name, type and size; asks where to save, and says how that went."""

    def __init__(
        self,
        attachment: Attachment,
        *,
        message_id: int,
        bridge: Asks,
        theme: Theme,
        ask_path: AskPath | None = None,
    ) -> None:
        super().__init__()
        self._attachment = attachment
        self._message_id = message_id
        self._bridge = bridge
        self._ask_path = ask_path or ask_where
        words = file_words(attachment)
        self._file_name = words.file_name
        mark = self._mark(words.name, theme)
        name = tr("Save {name} as a file", name=words.name)
        self._save = button(tr("Save as…"), self.save, variant="quiet", name=name, shortens=True)
        self._said = label(role="meta", wrap=True)
        self._said.hide()
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(OneLine(words.name, cut=Qt.TextElideMode.ElideMiddle))
        column.addWidget(OneLine(words.what, role="meta"))
        if words.inside:
            column.addWidget(label(words.inside, role="meta", wrap=True))
        if words.warning:
            column.addWidget(label(words.warning, role="meta", tone="high", wrap=True))
        column.addWidget(self._said)
        column.addStretch(1)
        line_ = row(mark, column, self._save, gap=8)
        line_.setStretch(1, 1)
        self.setLayout(line_)

    def _mark(self, name: str, theme: Theme) -> QWidget:
        """The picture itself where it is one; else a clip."""
        if self._message_id > 0 and is_picture(self._attachment):
            return Thumbnail(
                self._attachment,
                message_id=self._message_id,
                name=name,
                bridge=self._bridge,
                theme=theme,
            )
        mark = QLabel()
        mark.setPixmap(theme.pixmap("clip", "text_muted", 16, self))
        return mark

    def save(self) -> None:
        """Ask where to, then have the engine write the file there."""
        path = self._ask_path(self, self._file_name)
        if path:
            self._save.setEnabled(False)
            self._bridge.run(
                "save_attachment",
                message=self._message_id,
                part=self._attachment.part,
                path=path,
                then=self._saved,
                failed=self._not_saved,
            )

    def _saved(self, answer: dict[str, Any]) -> None:
        self._save.setEnabled(True)
        self._tell(tr("Saved to {path}", path=answer.get("path", "")))

    def _not_saved(self, error: Exception) -> None:
        self._save.setEnabled(True)
        self._tell(error.sentence if isinstance(error, KnownError) else tr("It was not saved."))

    def _tell(self, words: str) -> None:
        self._said.setText(words)
        self._said.show()


def ask_where(parent: QWidget, file_name: str) -> str:
    """The path that a person chooses to save a file under; empty where they thought better."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    chosen, _ = QFileDialog.getSaveFileName(parent, tr("Save as"), str(Path(folder) / file_name))
    return chosen
