"""ConnectPage: the first page; an address, a password, connected.

    address -> preset (what is known of the provider) -> password -> account_add -> done
                                                      -> browser (browser_wait)   -> done
    no keyring to lock the password -> a program of the owner's tells it (secret_command)

The engine signs in before it keeps anything; what goes wrong is said here, beside the fields, in
the engine's words. Nothing is typed twice.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QMenu, QVBoxLayout, QWidget

from app.config.platform_forms import FORMS
from app.domain.errors import (
    CertificateRejected,
    KnownError,
    Refused,
    SecretsMissing,
    Unreachable,
    known_error,
)
from app.domain.translation import tr
from app.ui.issue.foreign_text import line, paragraphs
from app.ui.issue.parts import SLIM, button, label, link_button, row, scrolling
from app.ui.issue.ports import Answer, Asks
from app.ui.onboarding.advanced_fields import AdvancedFields
from app.ui.onboarding.browser_wait import BrowserWait, open_outside
from app.ui.onboarding.connecting import (
    BEHIND_OWN_DOMAINS,
    HOSTS_OF_DOMAINS,
    Provider,
    Unknown,
    looks_like_address,
    pasted_address,
    provider,
    settings,
    unknown,
)
from app.ui.onboarding.provider_sign_in import ProviderSignIn
from app.ui.onboarding.sample_shop import SampleShop, open_sample_shop
from app.ui.onboarding.secret_command import SecretCommand
from app.ui.tab_walk import bring_into_sight
from app.ui.theme import Theme
from app.ui.widgets.wrapping import Wrapping
from app.ui.words import sentences

_WIDTH = 480
_STAY_MS = 900


class ConnectPage(QWidget):
    """Connects one mailbox; `done` says that it is connected and being read, `left` that somebody
    goes back to the list.

    `shop_asked`: somebody wants to connect the shop or its payment provider as well, or first.
    """

    done = Signal()
    left = Signal()
    shop_asked = Signal()

    def __init__(
        self,
        *,
        bridge: Asks,
        theme: Theme,
        parent: QWidget | None = None,
        open_sample: Callable[[], object] = open_sample_shop,
        open_url: Callable[[str], bool] = open_outside,
    ) -> None:
        super().__init__(parent)
        self.setProperty("ground", "surface")
        self.setStyleSheet(SLIM)
        self._bridge = bridge
        self._theme = theme
        self._asked_for = ""
        self._known_for = ""
        self.address = _field(tr("you@yourshop.com"), tr("Mail address of the shop"))
        self.password = _field("", tr("Password"), secret=True)
        self.hint = label(role="muted", wrap=True)
        self._open_url = open_url
        self._password_page = ""
        self.make_password = link_button("", lambda: self._open_url(self._password_page))
        self.advanced = AdvancedFields()
        self.more = link_button(tr("Server settings"), self._toggle_advanced)
        self.go = button(tr("Continue"), self.proceed, variant="primary")
        self.progress = label(role="muted", wrap=True)
        self.error = _ErrorCard(theme)
        self.insist = button(tr("Connect all the same, only to read"), self._connect_to_read)
        self.insist.hide()
        self._is_connected = False
        self.provider = ProviderSignIn()
        self.browser = BrowserWait(bridge=bridge, open_url=open_url)
        self.command = SecretCommand(bridge=bridge)
        self.behind = self._make_behind()
        self.meant = link_button("", self._take_meant)
        self._meant_row = QWidget()
        self._meant_row.setLayout(row(self.meant, 1))
        self._takes_password = True
        self.sample = SampleShop(open_sample)
        self.sample.failed.connect(self.error.show_error)
        self.title = label(role="page", wrap=True)
        self.back = button(tr("Back to the list"), self.left.emit, variant="quiet")
        self.back.setToolTip(tr("Back to the list (Esc)"))
        self._lay_out()
        self.be_first(is_first=True)
        self.address.textEdited.connect(self._address_edited)
        self.address.returnPressed.connect(self.proceed)
        self.password.returnPressed.connect(self.proceed)
        self.advanced.submitted.connect(self.proceed)
        self.command.submitted.connect(self.proceed)
        self.provider.asked.connect(self._sign_in_outside)
        self.browser.connected.connect(self._connected)
        self.browser.refused.connect(self._refused)
        self.browser.cancelled.connect(lambda: self._idle(tr("The sign-in was called off.")))
        theme.changed.connect(self._dress)
        self._dress()
        self._unfold(False)
        self._offer_meant("")
        self._show_password(False)

    def be_first(self, *, is_first: bool) -> None:
        """Whether no mailbox is connected yet: with one there is a list to go back to, and nobody
        needs a sample. What was left after it had been connected is begun anew."""
        if self._is_connected:
            self._begin_anew()
        self.back.setVisible(not is_first)
        self.sample.setVisible(is_first)
        self.title.setText(
            tr("Connect your shop's mailbox") if is_first else tr("Connect another mailbox")
        )

    def proceed(self) -> None:
        """The next step: find the provider out, or connect."""
        self._calm()
        if not self.go.isEnabled():
            return
        if self._is_connected:
            self._leave()
            return
        address = self._tidy_address()
        if not looks_like_address(address):
            self.progress.setText(tr("This does not look like a mail address yet."))
            self.address.setFocus()
        elif self._known_for != address:
            self._find_out(address)
        elif not self._takes_password:
            self.provider.client_id.setFocus()
        elif not self.password.text() and not self.command.command:
            self.progress.setText(tr("The password is missing."))
            self.password.setFocus()
        else:
            self._connect(address)

    def _connect_to_read(self) -> None:
        """The owner was told that replies cannot leave, and wants to read all the same."""
        self._calm()
        if self.go.isEnabled():
            self._connect(self.address.text(), must_send=False)

    def _calm(self) -> None:
        self.error.hide()
        self.insist.hide()

    def _tidy_address(self) -> str:
        typed, address = self.address.text(), pasted_address(self.address.text())
        if address != typed:
            self.address.setText(address)
        return address

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The keyboard stands in the first empty field."""
        super().showEvent(event)
        (self.password if self.address.text() else self.address).setFocus()

    def _find_out(self, address: str, **server: str) -> None:
        self._asked_for = address
        self._busy(tr("Looking up your provider …"))
        self._bridge.run(
            "preset", address=address, then=self._found, failed=self._not_found, **server
        )

    def _sign_in_outside(self) -> None:
        address = self.address.text().strip()
        self._calm()
        self._busy(tr("Signing in in the browser …"))
        self.browser.begin(
            address,
            {**settings(address, self.advanced.values()), **self.provider.settings()},
            secret=self.provider.client_secret.text().strip(),
        )

    def _found(self, answer: Answer) -> None:
        known = provider(answer)
        self._known_for = self._asked_for
        self._idle("")
        if known is None:
            found = unknown(answer, self._known_for)
            self.hint.setText(_about_unknown(found))
            self.advanced.fill(found.values)
            self._unfold(not found.answered)
            self._offer_meant(found.meant)
        else:
            self.hint.setText(_about(known))
            self.advanced.fill(known.values)
            self._unfold(False)
            self._offer_meant("")
        offer = known.offer if known else None
        self._takes_password = offer is None or offer.password
        self._call_password(known)
        self.provider.offer(offer)
        if known is None:  # and it stays: the provider that is chosen there may be the wrong one
            self.behind.show()
        self._show_password(True)
        (self.password if self._takes_password else self.provider.client_id).setFocus()

    def _offer_meant(self, address: str) -> None:
        self.meant.setText(tr("Did you mean {address}?", address=address))
        self.meant.setAccessibleName(self.meant.text())
        self.meant.setProperty("address", address)
        self._meant_row.setVisible(bool(address))

    def _take_meant(self) -> None:
        self.address.setText(str(self.meant.property("address")))
        self._start_over()
        self.proceed()

    def _call_password(self, known: Provider | None) -> None:
        """By the name that the provider gives it, with the way to the page where it is made."""
        is_own = known is not None and known.app_password
        called = tr("App password") if is_own else tr("Password")
        self._password_label.setText(called)
        self.password.setAccessibleName(called)
        self._password_page = known.password_page if known is not None and is_own else ""
        if known is not None:
            self.make_password.setText(tr("Make one at {provider}", provider=known.name))
            self.make_password.setAccessibleName(
                tr("Make an app password at {provider}", provider=known.name)
            )

    def _not_found(self, error: Exception) -> None:
        self._idle("")
        self.error.show_error(error)

    def _connect(self, address: str, *, must_send: bool = True) -> None:
        host = line(self.advanced.values().get("host", "")) or tr("the server")
        self._busy(tr("Signing in at {host} …", host=host))
        self._bridge.run(
            "account_add",
            name=address,
            type="imap",
            settings=settings(address, self.advanced.values()),
            must_send=must_send,
            then=self._connected if must_send else self._stay_and_leave,
            failed=self._refused,
            **self._secret(),
        )

    def _secret(self) -> dict[str, str]:
        """The password that was typed, or the command that tells it."""
        command = self.command.command
        return {"secret_command": command} if command else {"secret": self.password.text()}

    def _connected(self, answer: Answer) -> None:
        """That replies cannot leave stays to be read; all else is good news, and passes."""
        if (trouble := answer.get("sending")) is None:
            self._stay_and_leave(answer)
            return
        self._is_connected = True
        self.provider.offer(None)
        self._busy("")
        why = known_error(trouble)
        title = tr("It is connected, but replies cannot leave")
        self.error.show_error(KnownError(title, sentences(why.title, why.message), why.hint))
        self._call_go(tr("Continue"))
        self.go.setVisible(True)
        self.go.setEnabled(True)
        self.go.setFocus()

    def _stay_and_leave(self, answer: Answer) -> None:
        found = paragraphs(str(answer.get("found", "")))
        self.password.clear()
        self.provider.offer(None)
        self._busy(tr("Connected. {found}", found=found).strip())
        QTimer.singleShot(_STAY_MS, self, self._leave)

    def _leave(self) -> None:
        self._begin_anew()
        self.done.emit()

    def _begin_anew(self) -> None:
        self._idle("")
        self._is_connected = False
        self.address.clear()
        self.password.clear()
        self._start_over()

    def _refused(self, error: Exception) -> None:
        self._idle("")
        if isinstance(error, SecretsMissing) and self._takes_password:
            self.command.offer(error.title, again=self.go.text())
            return
        self.insist.setVisible(_may_insist(error))
        if setting := self._to_correct(error):
            self._unfold(True)
            self.advanced.go_to(setting)
        elif not self.command.command:
            self.password.setFocus()
            self.password.selectAll()
        self.error.show_error(error)

    def _to_correct(self, error: Exception) -> str:
        """The server setting that an error asks to correct; empty where it asks for none."""
        if _may_insist(error):
            return "smtp_host"
        if isinstance(error, CertificateRejected):
            return "ca_file"
        return "host" if isinstance(error, Unreachable) and self.behind.isVisible() else ""

    def _address_edited(self) -> None:
        if self._known_for and self.address.text().strip() != self._known_for:
            self._start_over()
        self.progress.setText("")

    def _start_over(self) -> None:
        self._known_for = ""
        self.hint.setText("")
        self._calm()
        self._unfold(False)
        self.provider.offer(None)
        self.command.close_up()
        self.behind.hide()
        self._offer_meant("")
        self._takes_password = True
        self._call_password(None)
        self._show_password(False)

    def _show_password(self, shown: bool) -> None:
        for part in (self.password, self._password_label):
            part.setVisible(shown and self._takes_password)
        self.make_password.setVisible(shown and self._takes_password and bool(self._password_page))
        self.more.setVisible(shown)
        self.go.setVisible(self._takes_password or not shown)
        self.hint.setVisible(shown and bool(self.hint.text()))
        self._call_go(tr("Connect") if shown else tr("Continue"))

    def _call_go(self, words: str) -> None:
        self.go.setText(words)
        self.go.setAccessibleName(words)

    def _toggle_advanced(self) -> None:
        self._unfold(self.advanced.isHidden())

    def _unfold(self, unfolded: bool) -> None:
        self.advanced.setVisible(unfolded)
        self.more.setText(tr("Hide server settings") if unfolded else tr("Server settings"))
        self.more.setAccessibleName(self.more.text())

    def _busy(self, words: str) -> None:
        self.progress.setText(words)
        self._let_write(False)

    def _idle(self, words: str) -> None:
        self.progress.setText(words)
        self._let_write(True)

    def _let_write(self, allowed: bool) -> None:
        fields = (self.address, self.password, self.advanced, self.provider, self.command)
        for part in (*fields, self._meant_row, self.behind, self.go, self.insist):
            part.setEnabled(allowed)

    def _lay_out(self) -> None:
        self._mark = QLabel()
        self._password_label = label(tr("Password"))
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(row(self.back, 1))
        column.addWidget(self._mark)
        column.addWidget(self.title)
        column.addWidget(
            label(
                tr(
                    "Frontburner reads it on this computer and puts what matters first. Nothing is "
                    "changed on the server, and nothing goes anywhere else."
                ),
                role="muted",
                wrap=True,
            )
        )
        column.addSpacing(12)
        column.addWidget(label(tr("Mail address")))
        column.addWidget(self.address)
        column.addWidget(self._meant_row)
        column.addWidget(self.hint)
        column.addWidget(self.behind)
        column.addLayout(row(self._password_label, 1, self.make_password))
        column.addWidget(self.password)
        column.addWidget(self.command)
        column.addWidget(self.provider)
        column.addWidget(self.browser)
        column.addLayout(row(self.more, 1))
        column.addWidget(self.advanced)
        column.addWidget(self.error)
        column.addLayout(row(self.insist, 1))
        foot = row(self.progress, self.go, gap=12)
        foot.setStretch(0, 1)
        column.addLayout(foot)
        column.addSpacing(24)
        column.addWidget(self._make_shop())
        column.addWidget(self.sample)
        self._centre(column)

    def _make_behind(self) -> QWidget:
        """The address is of an own domain: whose servers stand behind it is the owner's to say."""
        holder = QWidget()
        links = [
            link_button(
                words,
                partial(self._choose_behind, host),
                name=tr("The mail is at {words}", words=words),
            )
            for words, host in BEHIND_OWN_DOMAINS
        ]
        others = link_button(tr("others …"), name=tr("The provider of your domain"))
        self.hosts = QMenu(others)
        for words, host in HOSTS_OF_DOMAINS:
            self.hosts.addAction(words, partial(self._choose_behind, host))
        others.setMenu(self.hosts)
        holder.setLayout(Wrapping(label(tr("Or is it at"), role="muted"), *links, others, gap=4))
        holder.hide()
        return holder

    def _make_shop(self) -> QWidget:
        """Not needed to begin: orders and disputes beside the mails."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        words = tr("With your shop connected, the order and its parcel stand beside every mail.")
        column.addWidget(label(words, role="muted", wrap=True))
        titles = ", ".join(form.title for form in FORMS.values())
        column.addLayout(
            row(link_button(tr("Connect {titles} …", titles=titles), self.shop_asked.emit), 1)
        )
        return holder

    def _choose_behind(self, host: str) -> None:
        self._calm()
        self._find_out(self.address.text().strip(), host=host)

    def _centre(self, column: QVBoxLayout) -> None:
        inside = QWidget()
        inside.setLayout(column)
        inside.setMaximumWidth(self._theme.px(_WIDTH))
        ground = QWidget()
        ground.setProperty("ground", "surface")
        middle = QVBoxLayout(ground)
        middle.setContentsMargins(24, 24, 24, 24)
        middle.addStretch(2)
        across = row(1, inside, 1)
        across.setStretch(1, 100)
        middle.addLayout(across)
        middle.addStretch(3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(ground))

    def _dress(self) -> None:
        self.back.setIcon(self._theme.icon("chevron_left", "accent"))
        self._mark.setPixmap(self._theme.app_icon.pixmap(self._theme.px(44), self._theme.px(44)))


class _ErrorCard(QFrame):
    """What went wrong, what it means, what to do; hidden until something does."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setProperty("tone", "critical")
        self._title = label(role="title", wrap=True)
        self._rest = label(wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._rest)
        self.hide()

    def show_error(self, error: Exception) -> None:
        """Say it in the error's own words."""
        title, parts = tr("It did not work"), (tr("What happened is in the log."), "")
        if isinstance(error, KnownError):
            title, parts = error.title, (error.message, error.hint)
        self._title.setText(paragraphs(title))
        self._rest.setText("\n".join(paragraphs(part) for part in parts if part))
        self.setAccessibleName(f"{title}. {self._rest.text()}")
        self.show()
        QTimer.singleShot(0, self, partial(bring_into_sight, self))  # once it has its height


def _may_insist(error: Exception) -> bool:
    return isinstance(error, Refused) and error.asks


def _about(known: Provider) -> str:
    parts = (f"{known.name}." if known.name else "", known.hint)
    return paragraphs(" ".join(part for part in parts if part))


def _about_unknown(found: Unknown) -> str:
    if found.answered:
        return tr("Your provider is not in our list, but servers answer under its name.")
    usual = tr(
        "Your provider is not in our list. These servers are the usual ones; "
        "please compare them with what your provider says."
    )
    return paragraphs(f"{usual} {found.tried}".strip())


def _field(example: str, name: str, *, secret: bool = False) -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText(example)
    made.setAccessibleName(name)
    made.setMinimumHeight(34)
    if secret:
        made.setEchoMode(QLineEdit.EchoMode.Password)
    return made
