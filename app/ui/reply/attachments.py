"""The files that go along with a reply: each with its name, its size and a way to take it off.

Only paths are kept here; the engine reads the files when the reply is sent, and has the last word
on what can go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.domain.translation import tr
from app.ui.issue.attachment_words import size_words
from app.ui.issue.foreign_text import line, tooltip
from app.ui.issue.parts import OneLine, clear, label, link_button, row
from app.ui.theme import Theme

AskFiles = Callable[[QWidget], Sequence[str]]
_ROWS_SHOWN = 3
_ENCODED = 78 / 57  # base64 and its line ends


class Attachments(QWidget):
    """Lists the files; hidden where there is none. `changed`: a person added or removed one."""

    changed = Signal()

    def __init__(self, *, theme: Theme, ask_files: AskFiles | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._ask_files = ask_files or _ask_for_files
        self._files: tuple[str, ...] = ()
        self._most = 0
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        inside = QWidget()
        inside.setLayout(self._rows)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inside)
        inside.setProperty("ground", "raised")
        self._too_big = label(role="meta", tone="high", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._area)
        column.addWidget(self._too_big)
        self.hide()

    @property
    def files(self) -> tuple[str, ...]:
        """The paths, in the order in which they were added."""
        return self._files

    def show_files(self, files: Sequence[str]) -> None:
        """List these; nobody changed anything."""
        self._files = tuple(dict.fromkeys(files))
        self._draw()

    def set_most(self, size: int) -> None:
        """How big a mail may be, in bytes; 0 where that is not known yet."""
        self._most = size
        self._say_too_big()

    def add(self, files: Iterable[str]) -> None:
        """Attach these as well."""
        before = self._files
        self.show_files((*before, *files))
        if self._files != before:
            self.changed.emit()

    def ask(self) -> None:
        """Have a person choose files."""
        self.add(self._ask_files(self))

    def _remove(self, file: str) -> None:
        self.show_files([one for one in self._files if one != file])
        self.changed.emit()

    def _draw(self) -> None:
        clear(self._rows)
        for file in self._files:
            self._rows.addWidget(self._row(file))
        self._rows.addStretch(1)
        height = self._theme.px(26)
        self._area.setFixedHeight(height * min(len(self._files), _ROWS_SHOWN))
        self._say_too_big()
        self.setVisible(bool(self._files))

    def _row(self, file: str) -> QWidget:
        path = Path(file)
        name, size = line(path.name), _size(path)
        mark = QLabel()
        mark.setPixmap(self._theme.pixmap("clip", "text_muted", 14, self))
        shown = OneLine(name, name=tr("Attached"))
        shown.setToolTip(tooltip(file))
        what = (
            label(tr("not there any more"), role="meta", tone="high")
            if size is None
            else (label(size_words(size), role="muted"))
        )
        remove = link_button(
            tr("Remove"), lambda: self._remove(file), name=tr("Remove {name}", name=name)
        )
        made = QWidget()
        made.setFixedHeight(self._theme.px(26))
        inside = row(mark, shown, what, remove, gap=8)
        inside.setStretch(1, 1)
        made.setLayout(inside)
        return made

    def _say_too_big(self) -> None:
        whole = sum(_size(Path(file)) or 0 for file in self._files) * _ENCODED
        big = bool(self._most) and whole > self._most
        if big:
            mail, most = size_words(round(whole)), size_words(self._most)
            self._too_big.setText(
                tr(
                    "Too big: the mail would have {mail}, and {most} can be sent. Send a link, or"
                    " smaller files.",
                    mail=mail,
                    most=most,
                )
            )
        self._too_big.setVisible(big)


def files_in(source: QMimeData) -> list[str]:
    """The files of this machine that are dragged or copied; nothing else that an address names."""
    if not source.hasUrls():
        return []
    return [url.toLocalFile() for url in source.urls() if url.isLocalFile()]


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _ask_for_files(parent: QWidget) -> Sequence[str]:
    chosen, _ = QFileDialog.getOpenFileNames(parent, tr("Attach files"), str(Path.home()))
    return chosen
