"""A mail as it was formatted, and under it where a clicked link would really lead."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain.translation import tr, trn
from app.ui.issue.links import Link
from app.ui.issue.parts import button, label, row
from app.ui.issue.safe_mail_view import SafeMailView
from app.ui.theme import Theme


class FormattedMail(QWidget):
    """Draws the mail in a SafeMailView; nothing opens before its true host was shown."""

    def __init__(self, *, theme: Theme, open_link: Callable[[str], object] | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._open_link = open_link or open_outside
        self._link: Link | None = None
        self.view = SafeMailView()
        self.view.setStyleSheet(
            "QTextBrowser { background: transparent; border: none; padding: 0 }"
        )
        self.view.link_chosen.connect(self.show_link)
        self._left_out = label(role="meta", wrap=True)
        self._notice = self._make_notice()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.view, self._left_out, self._notice):
            column.addWidget(part)

    def show_mail(self, source: str) -> None:
        """Draw the mail and say what was left out."""
        markup = self.view.show_mail(source, link_colour=self._theme.color("accent").name())
        parts = (
            [trn("{n} picture not loaded", "{n} pictures not loaded", markup.pictures)]
            if markup.pictures
            else []
        )
        parts += [tr("the end is cut; the plain text is whole")] if markup.cut else []
        words = ", ".join(parts)
        self._left_out.setText(words[:1].upper() + words[1:])
        self._left_out.setVisible(bool(parts))

    def show_link(self, link: Link) -> None:
        """Say where a link leads and offer to open it."""
        self._link = link
        self._where.setText(link.where)
        self._warning.setText(link.warning)
        self._warning.setVisible(bool(link.warning))
        self._open.setVisible(bool(link.target))
        self._open.setAccessibleName(tr("Open {where}", where=link.where))
        self._notice.setAccessibleName(
            tr("The link leads to {where}.", where=link.where) + f" {link.warning}"
        )
        self._notice.show()
        (self._open if link.target else self._close).setFocus()

    def _make_notice(self) -> QFrame:
        notice = QFrame()
        notice.setObjectName("banner")
        notice.setProperty("tone", "normal")
        self._where = label(role="title", wrap=True)
        self._warning = label(tone="critical", wrap=True)
        self._open = button(tr("Open in browser"), self._go)
        self._copy = button(tr("Copy address"), self._take, variant="quiet")
        self._close = button(tr("Not now"), notice.hide, variant="quiet")
        words = row(label(tr("The link leads to"), role="muted"), self._where)
        words.setStretch(1, 1)
        column = QVBoxLayout(notice)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(words)
        column.addWidget(self._warning)
        column.addLayout(row(self._open, self._copy, self._close, 1))
        notice.hide()
        return notice

    def _go(self) -> None:
        self._notice.hide()
        if self._link is not None and self._link.target:
            self._open_link(self._link.target)

    def _take(self) -> None:
        self._notice.hide()
        if self._link is not None:
            QGuiApplication.clipboard().setText(self._link.target or self._link.where)


def open_outside(target: str) -> None:
    """Hand an address that was checked to the browser or the mail program."""
    QDesktopServices.openUrl(QUrl(target))
