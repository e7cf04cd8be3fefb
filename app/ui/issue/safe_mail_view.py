"""SafeMailView: the one widget that draws mail HTML, and reads nothing while it does.

The engine has sanitised what comes here; the view trusts that not at all. It redraws the mail in
its own small language (mail_markup), answers every request for a resource with a dummy that is
not null (a null one lets Qt read local files, measured), follows no link and takes no drop.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QImage, QResizeEvent, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from app.domain.translation import tr
from app.ui.issue.foreign_text import tooltip
from app.ui.issue.links import Link, read_link
from app.ui.issue.mail_markup import Markup, small_markup

_TALLEST = 6000


class SafeMailView(QTextBrowser):
    """Draws one mail as high as it is; `link_chosen` tells the true target of a clicked link."""

    link_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._nothing.fill(Qt.GlobalColor.transparent)
        self.refused = 0
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAcceptDrops(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Formatted mail"))
        self.document().setDocumentMargin(0)
        self.anchorClicked.connect(self._chosen)
        self.highlighted.connect(self._hovered)

    def show_mail(self, source: str, *, link_colour: str = "") -> Markup:
        """Draw the mail; tells what was left out."""
        markup = small_markup(source)
        style = f"a {{ color: {link_colour}; }}" if link_colour else ""
        self.document().setDefaultStyleSheet(style)
        self.setHtml(markup.html)
        self._fit()
        return markup

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: N802 - Qt's name
        """Nothing, but not null: no address is asked and no file is read, whatever is named."""
        self.refused += 1
        return self._nothing if kind == QTextDocument.ResourceType.ImageResource.value else ""

    def doSetSource(  # noqa: N802 - Qt's name
        self, name: QUrl | str, kind: QTextDocument.ResourceType | None = None
    ) -> None:
        """A mail leads nowhere by itself."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """As high as the mail is at this width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """The conversation scrolls, not the mail in it."""
        event.ignore()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The height of the mail at the width that there is."""
        return QSize(320, self._height())

    def _fit(self) -> None:
        self.setFixedHeight(self._height())

    def _height(self) -> int:
        self.document().setTextWidth(max(self.viewport().width(), 120))
        return min(int(self.document().size().height()) + 6, _TALLEST)

    def _chosen(self, url: QUrl) -> None:
        self.link_chosen.emit(self._read(url))

    def _hovered(self, url: QUrl) -> None:
        self.setToolTip("" if url.isEmpty() else tooltip(read_link(url.toString()).where))

    def _read(self, url: QUrl) -> Link:
        return read_link(url.toString(), self._words_of(url.toString()))

    def _words_of(self, href: str) -> str:
        """The visible words of all links to this target, so that none can vouch for another."""
        words: list[str] = []
        block = self.document().begin()
        while block.isValid():
            fragments = block.begin()
            while not fragments.atEnd():
                piece = fragments.fragment()
                if piece.charFormat().anchorHref() == href:
                    words.append(piece.text())
                fragments += 1
            block = block.next()
        return " ".join(words)
