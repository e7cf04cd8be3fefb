"""BrowserWait: the minutes in which a person signs in in the browser, and the window waits.

    account_oauth_start -> the browser opens -> account_oauth_finish -> connected or refused

Hidden until it begins. The engine listens for the browser's answer; here are only the words, the
address once more, and the way out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.translation import tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import label, link_button, row
from app.ui.issue.ports import Answer, Asks


def open_outside(url: str) -> bool:
    """Open a page in the desktop's browser; whether there is one."""
    page = QUrl(url)
    return page.scheme() in ("https", "http") and QDesktopServices.openUrl(page)


class BrowserWait(QWidget):
    """Waits for one sign-in; says how it ended with exactly one of its signals."""

    connected = Signal(dict)
    refused = Signal(object)
    cancelled = Signal()

    def __init__(self, *, bridge: Asks, open_url: Callable[[str], bool] = open_outside) -> None:
        super().__init__()
        self._bridge = bridge
        self._open_url = open_url
        self._url = ""
        self._number = ""
        self._called_off = False
        self._words = label(role="muted", wrap=True)
        again = link_button(tr("Open the page again"), self._open)
        copy = link_button(tr("Copy its address"), self._copy)
        self.stop = link_button(tr("Cancel"), self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addLayout(row(again, copy, self.stop, 1, gap=4))
        self.hide()

    def begin(
        self, name: str, settings: Mapping[str, str] | None = None, *, secret: str = ""
    ) -> None:
        """Sign in to a new account with these settings, or again to the one of this name."""
        self._called_off, self._number, self._url = False, "", ""
        account: dict[str, Any] = {} if settings is None else {"settings": dict(settings)}
        self._bridge.run(
            "account_oauth_start",
            name=name,
            secret=secret,
            then=self._begun,
            failed=self._failed,
            **account,
        )

    def cancel(self) -> None:
        """Wait no more; nothing is connected."""
        self._called_off = True
        if self._number:
            self._bridge.run("account_oauth_cancel", sign_in=self._number)

    def _begun(self, answer: Answer) -> None:
        self._number, self._url = str(answer.get("sign_in", "")), str(answer.get("url", ""))
        if self._called_off:
            self.cancel()
        provider = line(str(answer.get("provider", ""))) or tr("your provider")
        self._words.setText(
            tr("Sign in at {provider} in your browser, then come back here.", provider=provider)
        )
        self.show()
        self._open()
        self._bridge.run(
            "account_oauth_finish", sign_in=self._number, then=self._finished, failed=self._failed
        )

    def _open(self) -> None:
        if not self._called_off and not self._open_url(self._url):
            self._words.setText(
                tr(
                    "No browser could be opened. Copy the address and open it in one on this"
                    " computer."
                )
            )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._url)

    def _finished(self, answer: Answer) -> None:
        self.hide()
        self.connected.emit(answer)

    def _failed(self, error: Exception) -> None:
        self.hide()
        if self._called_off:
            self.cancelled.emit()
        else:
            self.refused.emit(error)
