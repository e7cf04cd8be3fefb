"""One account: how it is, and what can be done: look, test, sign in, addresses, remove."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.config.platform_forms import form_of
from app.domain.account import AccountType, Health, HealthState
from app.domain.errors import SecretsMissing
from app.domain.translation import amid, to_translate, tr
from app.ui.errors import reason
from app.ui.issue.foreign_text import line, paragraphs
from app.ui.issue.parts import button, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.onboarding.browser_wait import BrowserWait, open_outside
from app.ui.onboarding.secret_command import SecretCommand
from app.ui.settings.feed_lines import feed_lines
from app.ui.settings.folder_field import FolderField
from app.ui.settings.identity_editor import IdentityEditor
from app.ui.settings.server_fields import ServerFields
from app.ui.theme import Theme, set_property
from app.ui.widgets.wrapping import Wrapping

_HOW = {
    HealthState.NEW: (to_translate("Not read yet"), "low"),
    HealthState.WORKING: (to_translate("Reading"), "normal"),
    HealthState.OK: (to_translate("In order"), "good"),
    HealthState.FAILING: (to_translate("Does not answer; trying again by itself"), "high"),
    HealthState.ASKING: (to_translate("Needs you"), "critical"),
}


class AccountRow(QFrame):
    """Shows one account; `removed` says that it is gone."""

    removed = Signal(str)

    def __init__(
        self,
        health: Health,
        *,
        bridge: Asks,
        theme: Theme,
        open_url: Callable[[str], bool] = open_outside,
    ) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._health = health
        self._bridge = bridge
        words, tone = _HOW[health.state]
        self._how = label(tr(words), tone=tone)
        trouble = "\n".join(p for p in (health.title, health.message, health.hint) if p)
        self._trouble = label(paragraphs(trouble), role="muted", wrap=True)
        if not trouble:
            self._trouble.hide()
        self._said = label(role="muted", wrap=True)
        self._said.hide()
        self._password = self._make_password()
        self.command = SecretCommand(bridge=bridge)
        self.command.submitted.connect(self._sign_in_by_command)
        self._by_command = button(tr("Sign in"), self._sign_in_by_command)
        self._by_command.hide()
        self._folders = FolderField(health.account, bridge=bridge)
        self._folders.said.connect(self._say)
        self._folders.kept.connect(lambda words: self._say(words, "good"))
        self._folders.refused.connect(self._refused)
        self.servers = ServerFields(health.account, bridge=bridge)
        self.servers.said.connect(self._say)
        self.servers.kept.connect(self._servers_kept)
        self.servers.refused.connect(self._refused)
        self._sure = self._make_sure()
        self.addresses = IdentityEditor(health.account, bridge=bridge)
        self.addresses.kept.connect(lambda: self._say(tr("The addresses are kept."), "good"))
        self.browser = BrowserWait(bridge=bridge, open_url=open_url)
        self.browser.connected.connect(self._signed_in)
        self.browser.refused.connect(self._refused)
        self.browser.cancelled.connect(self._said.hide)
        mark = QLabel()
        icon = "mail" if health.type.is_mailbox else "parcel"
        mark.setPixmap(theme.pixmap(icon, "text_muted", 20, self))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(6)
        name = line(health.address or health.account)
        column.addLayout(row(mark, label(name, role="title"), 1, self._how))
        column.addWidget(self._trouble)
        for said in feed_lines(health.feeds):
            column.addWidget(label(paragraphs(said), role="meta", wrap=True))
        parts = (
            self._said,
            self._password,
            self.command,
            self._by_command,
            self.browser,
            self._folders,
            self.servers,
            self.addresses,
            self._sure,
        )
        for part in parts:
            column.addWidget(part)
        column.addLayout(self._verbs())

    def ask_password(self) -> None:
        """Open the field for a new password."""
        self._password.show()
        self._secret.setFocus()

    def _ask_command(self) -> None:
        self._offer_command(tr("A program of yours signs in"))

    def _offer_command(self, title: str, *, again: str = "") -> None:
        self._said.hide()
        self.command.offer(title, again=again)
        self._by_command.show()

    def _verbs(self) -> Wrapping:
        verbs = Wrapping(gap=4)
        verbs.addWidget(self._verb(tr("Look now"), self._look))
        verbs.addWidget(self._verb(tr("Test"), self._test))
        if self._health.by_browser:
            verbs.addWidget(self._verb(tr("Sign in again"), self._sign_in_outside))
        elif self._health.type is AccountType.IMAP:
            verbs.addWidget(self._verb(tr("New password"), self.ask_password))
        elif not self._health.type.is_mailbox:
            verbs.addWidget(self._verb(tr("New key"), self.ask_password))
        if self._health.by_command:
            verbs.addWidget(self._verb(tr("New command"), self._ask_command))
        if self._health.type is AccountType.IMAP:
            verbs.addWidget(self._verb(tr("Folders"), self._folders.open))
            verbs.addWidget(self._verb(tr("Servers"), self.servers.open))
        if self._health.type.is_mailbox:
            verbs.addWidget(self._verb(tr("Addresses"), self.addresses.open))
        verbs.addWidget(self._verb(tr("Remove"), self._sure.show))
        return verbs

    def _verb(self, text: str, on_click: Callable[[], object]) -> QPushButton:
        return link_button(text, on_click, name=f"{text}: {line(self._health.account)}")

    def _make_password(self) -> QWidget:
        self._secret = QLineEdit()
        self._secret.setEchoMode(QLineEdit.EchoMode.Password)
        what = tr("New password") if self._health.type.is_mailbox else _new_key(self._health.type)
        self._secret.setPlaceholderText(what)
        self._secret.setAccessibleName(
            tr("{what} for {account}", what=what, account=line(self._health.account))
        )
        self._secret.returnPressed.connect(self._sign_in)
        holder = QWidget()
        inside = row(self._secret, button(tr("Sign in"), self._sign_in), gap=8)
        inside.setStretch(0, 1)
        holder.setLayout(inside)
        holder.hide()
        return holder

    def _make_sure(self) -> QWidget:
        """Removing is the one thing here that cannot be undone: it is asked for twice, in place."""
        holder = QWidget()
        words = label(
            tr("Its mails and issues stay; it is only read no more, and its password is forgotten.")
            if self._health.type.is_mailbox
            else tr(
                "Its orders and issues stay; it is only asked no more, and its key is forgotten."
            ),
            role="muted",
            wrap=True,
        )
        yes = button(tr("Remove the account"), self._remove, variant="danger")
        inside = row(words, yes, button(tr("Keep it"), holder.hide, variant="quiet"), gap=8)
        inside.setStretch(0, 1)
        holder.setLayout(inside)
        holder.hide()
        return holder

    def _look(self) -> None:
        self._say(tr("Looking …"))
        name = self._health.account
        self._bridge.run("sync_now", account=name, then=self._looked, failed=self._refused)

    def _test(self) -> None:
        self._say(tr("Signing in …"))
        name = self._health.account
        self._bridge.run("account_test", name=name, then=self._tested, failed=self._refused)

    def _sign_in(self) -> None:
        secret = self._secret.text()
        if secret:
            self._say(tr("Signing in …"))
            self._bridge.run(
                "account_sign_in",
                name=self._health.account,
                secret=secret,
                then=self._signed_in,
                failed=self._refused,
            )

    def _sign_in_by_command(self) -> None:
        if self.command.command:
            self._say(tr("Signing in …"))
            self._bridge.run(
                "account_sign_in",
                name=self._health.account,
                secret_command=self.command.command,
                then=self._signed_in,
                failed=self._refused,
            )

    def _sign_in_outside(self) -> None:
        self._say(tr("Signing in in the browser …"))
        self.browser.begin(self._health.account)

    def _remove(self) -> None:
        self._sure.hide()
        name = self._health.account
        self._bridge.run("account_remove", name=name, then=self._gone, failed=self._refused)

    def _looked(self, _: Answer) -> None:
        self._say(tr("It is being read."), "good")

    def _tested(self, answer: Answer) -> None:
        found = answer.get("found", "")
        if answer.get("lacks") or answer.get("sending"):
            self._say(str(found), "high")
        else:
            self._say(tr("It works. {found}", found=found).strip(), "good")

    def _servers_kept(self, answer: Answer) -> None:
        self._show_mended()
        self._tested(answer)

    def _show_mended(self) -> None:
        """What was in the way is so no more: the engine reads with what was kept just now."""
        if self._health.state not in (HealthState.FAILING, HealthState.ASKING):
            return
        self._trouble.hide()
        words, tone = _HOW[HealthState.WORKING]
        self._how.setText(tr(words))
        set_property(self._how, "tone", tone)

    def _signed_in(self, answer: Answer) -> None:
        self._show_mended()
        self._secret.clear()
        self._password.hide()
        self.command.close_up()
        self._by_command.hide()
        words = tr("Signed in. {found}", found=answer.get("found", "")).strip()
        self._say(words, "high" if answer.get("sending") else "good")

    def _gone(self, _: Answer) -> None:
        self.removed.emit(self._health.account)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, SecretsMissing) and not self._health.by_browser:
            self._offer_command(error.title, again=tr("Sign in"))
            return
        self._say(reason(error), "critical")

    def _say(self, words: str, tone: str = "") -> None:
        self._said.setText(paragraphs(words))
        set_property(self._said, "tone", tone)
        self._said.show()


def _new_key(kind: AccountType) -> str:
    form = form_of(kind)
    return tr("New {key}", key=amid(tr(form.secret.label))) if form else tr("New key")
