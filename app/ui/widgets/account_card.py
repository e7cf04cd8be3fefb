"""AccountCard: one account whole, in a small pop-up: how it is, its books, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QLineEdit, QVBoxLayout, QWidget

from app.domain.account import AccountType, Health, HealthState, Wanted
from app.domain.errors import KnownError
from app.domain.mailbox import FolderProof
from app.domain.translation import grouped, tr
from app.ui import words
from app.ui.bridge import EngineBridge
from app.ui.issue.foreign_text import line, paragraphs
from app.ui.issue.parts import button, label, row
from app.ui.onboarding.browser_wait import BrowserWait
from app.ui.settings.feed_lines import feed_lines
from app.ui.settings.folder_field import FolderField
from app.ui.theme import Theme, set_property
from app.ui.tokens import Gap
from app.ui.widgets.status_line import folder_words

_WIDTH = 380


class AccountCard(QFrame):
    """Shown at the status line; goes when somebody clicks elsewhere."""

    asked_sync = Signal(str)

    def __init__(
        self, health: Health, proofs: Sequence[FolderProof], *, now: datetime,
        bridge: EngineBridge, theme: Theme, parent: QWidget | None = None,
        ask_file: Callable[[QWidget], str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent, Qt.WindowType.Popup)
        self._health, self._bridge = health, bridge
        self._ask_file = ask_file or _ask_for_certificate
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("card", "true")
        self.setAccessibleName(tr("Account {name}", name=health.account))
        self.setFixedWidth(theme.px(_WIDTH))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.MEDIUM)
        self._column.setSpacing(Gap.SMALL)
        self._left_out = 0
        self._answer = label("", role="muted", wrap=True)
        self._answer.hide()
        self._tell(proofs, now)
        self._offer()

    def show_above(self, corner: QPoint) -> None:
        """Open with the lower left corner here."""
        self.adjustSize()
        self.move(corner - QPoint(0, self.height() + Gap.SMALL))
        self.show()

    def _tell(self, proofs: Sequence[FolderProof], now: datetime) -> None:
        health, add = self._health, self._column.addWidget
        add(label(line(health.address or health.account), role="title"))
        if health.title:
            add(label(paragraphs(health.title), tone="critical", wrap=True))
            for said in (health.message, health.hint):
                if said:
                    add(label(paragraphs(said), role="muted", wrap=True))
        if health.last_ok_at is not None:
            add(
                label(
                    tr("Last in order {time}", time=words.moment(health.last_ok_at, now)),
                    role="meta",
                )
            )
        for said in feed_lines(health.feeds):
            add(label(paragraphs(said), role="muted", wrap=True))
        for proof in (proof for proof in proofs if proof.account == health.account):
            add(label(folder_words(proof), role="muted", wrap=True))
            for reason, number in proof.skipped.items():
                said = tr("{n} left out: {why}", n=grouped(number), why=line(reason))
                add(label(said, role="meta", wrap=True))
            for reason, number in proof.left.items():
                why = f"{reason[:1].lower()}{reason[1:]}"
                add(label(f"{grouped(number)} {line(why)}", role="meta", wrap=True))
            self._left_out += sum(proof.skipped.values()) + sum(proof.left.values())

    def _offer(self) -> None:
        self._secret = QLineEdit()
        self._secret.setEchoMode(QLineEdit.EchoMode.Password)
        mailbox = self._health.type.is_mailbox
        self._secret.setPlaceholderText(
            tr("New password or app password") if mailbox else tr("New key")
        )
        self._secret.setAccessibleName(tr("New password") if mailbox else tr("New key"))
        self._secret.returnPressed.connect(self._sign_in)
        sign_in = button(tr("Sign in"), self._sign_in, variant="primary")
        check = button(tr("Check now"), self._check)
        self._column.addWidget(self._answer)
        asks = self._health.state is HealthState.ASKING
        if asks and self._health.by_browser:
            self._column.addWidget(self._browser())
            self._column.addLayout(row(button(tr("Sign in again"), self._go_outside), 1))
        elif asks and self._health.wants is Wanted.FOLDERS:
            self._column.addWidget(self._folders())
        elif asks and self._health.wants is Wanted.SERVER:
            choose = button(tr("Choose certificate file …"), self._choose_certificate)
            self._column.addLayout(row(choose, 1))
        elif asks and self._health.type is not AccountType.FOLDER:
            self._column.addLayout(row(self._secret, sign_in))
        if self._left_out:
            again = button(tr("Try left-out mail again"), self._try_again)
            self._column.addLayout(row(1, again, check))
        else:
            self._column.addLayout(row(1, check))

    def _folders(self) -> QWidget:
        """A folder that cannot be opened is left out or named anew; no password helps."""
        self.folders = FolderField(self._health.account, bridge=self._bridge)
        self.folders.said.connect(self._say)
        self.folders.kept.connect(lambda words: self._say(words, "good"))
        self.folders.refused.connect(self._refused)
        self.folders.opened.connect(self._grow_upwards)
        self.folders.open()
        return self.folders

    def _choose_certificate(self) -> None:
        chosen = self._ask_file(self.parentWidget() or self)
        if chosen:
            self._say(tr("Signing in …"))
            self._bridge.run(
                "account_set", then=self._connected_again,
                failed=self._refused if self.isVisible() else None,  # else the window says it
                name=self._health.account, settings={"ca_file": chosen},
            )  # fmt: skip

    def _connected_again(self, _answer: dict[str, Any]) -> None:
        self._say(tr("It works again."), "good")

    def _grow_upwards(self) -> None:
        """What is added must not push it off the screen."""
        bottom = self.geometry().bottom()
        self.adjustSize()
        self.move(self.x(), bottom - self.height() + 1)

    def _browser(self) -> BrowserWait:
        self.browser = BrowserWait(bridge=self._bridge)
        self.browser.connected.connect(self._signed_in)
        self.browser.refused.connect(self._refused)
        return self.browser

    def _go_outside(self) -> None:
        self._say(tr("Signing in in the browser …"))
        self.browser.begin(self._health.account)

    def _check(self) -> None:
        self._say(tr("Checking …"))
        self.asked_sync.emit(self._health.account)
        self._bridge.run(
            "sync_now", then=self._checked, failed=self._refused, account=self._health.account
        )

    def _try_again(self) -> None:
        self._say(tr("Trying again …"))
        self.asked_sync.emit(self._health.account)
        self._bridge.run(
            "poll_again", then=self._checked, failed=self._refused, account=self._health.account
        )

    def _sign_in(self) -> None:
        if not self._secret.text():
            self._secret.setFocus()
            return
        self._say(tr("Signing in …"))
        self._bridge.run(
            "account_sign_in", then=self._signed_in, failed=self._refused,
            name=self._health.account, secret=self._secret.text(),
        )  # fmt: skip

    def _checked(self, _answer: dict[str, Any]) -> None:
        self._say(tr("Asked. What is new shows up in the list."), "good")

    def _signed_in(self, _answer: dict[str, Any]) -> None:
        self._secret.clear()
        mail, shop = tr("Signed in. Mail is read again."), tr("Signed in. The shop is asked again.")
        self._say(mail if self._health.type.is_mailbox else shop, "good")

    def _refused(self, error: KnownError) -> None:
        self._say(error.sentence, "critical")

    def _say(self, text: str, tone: str = "") -> None:
        self._answer.setText(text)
        set_property(self._answer, "tone", tone)
        self._answer.show()
        self._grow_upwards()


def _ask_for_certificate(parent: QWidget) -> str:
    return QFileDialog.getOpenFileName(parent, tr("Certificate of your server"))[0]
