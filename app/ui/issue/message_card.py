"""One mail of the conversation: its new words first, the rest when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QVBoxLayout, QWidget

from app.domain.errors import KnownError
from app.domain.message import Address, Direction
from app.domain.translation import tr, trn
from app.domain.views import MessageView
from app.ui.issue.attachment_row import AskPath, AttachmentRow, ask_where
from app.ui.issue.attachment_words import eml_name
from app.ui.issue.card_head import CardHead
from app.ui.issue.foreign_text import line, paragraphs, tooltip
from app.ui.issue.formatted import FormattedMail
from app.ui.issue.parts import label, link_button, reading, row, spoken
from app.ui.issue.ports import Asks
from app.ui.issue.quotes import first_words, said
from app.ui.issue.whereabouts import whereabouts_words
from app.ui.theme import Theme
from app.ui.tokens import RADIUS_CARD
from app.ui.words import exact, moment, person

_LINE = 780  # a longer line loses the eye on its way back


class MessageCard(QFrame):
    """Draws a mail as plain text; folded it is one line, and cheap."""

    moved = Signal()
    split_asked = Signal(int)

    def __init__(
        self,
        message: MessageView,
        *,
        bridge: Asks,
        theme: Theme,
        now: datetime,
        ask_path: AskPath | None = None,
        open_link: Callable[[str], object] | None = None,
        can_split: bool = False,
    ) -> None:
        super().__init__()
        self._message = message
        self.can_split = can_split and message.id > 0
        self._bridge = bridge
        self._theme = theme
        self._now = now
        self._ask_path = ask_path
        self._open_link = open_link
        self._ours = message.direction is Direction.OUT
        self._open = False
        self._body: QWidget | None = None
        self._formatted: FormattedMail | None = None
        self._is_asking = False
        self._head = CardHead(theme=theme, ours=self._ours)
        self._head.setToolTip(tooltip(_full(message)))
        self._head.clicked.connect(self.toggle)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 4, 12, 4)
        self._column.setSpacing(6)
        self._column.addWidget(self._head)
        theme.changed.connect(self.update)
        self._say()

    @property
    def message(self) -> MessageView:
        """The mail that is drawn."""
        return self._message

    @property
    def said(self) -> str:
        """The mail in a few words: who wrote it, and when."""
        return f"{_who(self._message)}, {moment(self._message.at, self._now)}"

    @property
    def is_open(self) -> bool:
        """Whether the mail's words are shown."""
        return self._open

    def toggle(self) -> None:
        """Fold an open mail, open a folded one."""
        if self._open and self._body is not None:
            self._open = False
            self._body.hide()
            self._column.setContentsMargins(12, 4, 12, 4)
        else:
            self.open()
        self._say()
        self.moved.emit()

    def open(self) -> None:
        """Show the mail's words; they are laid out only now."""
        self._open = True
        if self._body is None:
            self._body = self._make_body()
            self._column.addWidget(self._body)
        else:
            self._body.show()
        self._column.setContentsMargins(12, 4, 12, 12)
        self._say()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """A card; the shop's own words stand on another ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ours = "accent_soft" if self._ours else "raised"
        painter.setPen(QPen(self._theme.color(ours if self._ours else "line"), 1))
        painter.setBrush(self._theme.color(ours))
        inside = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(inside, RADIUS_CARD, RADIUS_CARD)

    def _say(self) -> None:
        message = self._message
        who = _who(message)
        when = moment(message.at, self._now)
        when = tr("sent {time}", time=when) if self._ours else when
        words = _towards(message)
        if not self.is_open:
            words = first_words(message.new_text or message.text)
        self._head.say(who, words, when, clip=bool(message.attachments) and not self.is_open)
        opened = tr("Mail from {who}, {when}, open", who=who, when=when)
        folded = tr("Mail from {who}, {when}, folded", who=who, when=when)
        self._head.setAccessibleName(spoken(opened if self.is_open else folded, words))

    def _make_body(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for warning in self._message.warnings:
            column.addWidget(label(line(tr(warning)), role="meta", tone="high", wrap=True))
        for words in whereabouts_words(self._message):
            column.addWidget(label(words, role="meta", wrap=True))
        self._plain = _PlainText(self._message, on_change=self.moved.emit, theme=self._theme)
        column.addWidget(self._plain)
        for attachment in self._message.attachments:
            column.addWidget(
                AttachmentRow(
                    attachment,
                    message_id=self._message.id,
                    bridge=self._bridge,
                    theme=self._theme,
                    ask_path=self._ask_path,
                )
            )
        self._foot(column)
        return body

    def _foot(self, column: QVBoxLayout) -> None:
        self._switch = link_button(tr("Show formatted"), self._show_formatted)
        self._note = label(role="meta", wrap=True)
        foot = row(gap=4)
        if self._plain.has_quote:
            foot.addWidget(self._plain.quote_button)
        if self._message.has_html and self._message.id > 0:
            foot.addWidget(self._switch)
        if self._message.automatic:
            foot.addWidget(label(tr("written by a machine"), role="meta"))
        if foot.count() or self._message.id > 0:
            foot.addWidget(self._note, 1)
            column.addLayout(foot)
        if self._message.id > 0:
            name = tr("Other things to do with this mail")
            self._other = link_button("", lambda: self._open_menu(self._below()), name=name)
            self._other.setIcon(self._theme.icon("more"))
            foot.addWidget(self._other)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """The same menu at the mouse, or for the menu key."""
        if self._message.id > 0:
            self._open_menu(event.globalPos())

    def _below(self) -> QPoint:
        return self._other.mapToGlobal(QPoint(0, self._other.height()))

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAccessibleName(tr("What to do with this mail"))
        menu.addAction(tr("Save message as .eml…")).triggered.connect(self.save)
        if self.can_split:
            action = menu.addAction(tr("Make this its own issue"))
            action.triggered.connect(lambda: self.split_asked.emit(self._message.id))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def save(self) -> None:
        """Ask where to, then have the engine write the mail there as it came."""
        path = (self._ask_path or ask_where)(self, eml_name(self._message.subject))
        if path:
            self._bridge.run(
                "raw", message=self._message.id, path=path, then=self._saved, failed=self._not_saved
            )

    def _saved(self, answer: dict[str, Any]) -> None:
        self._tell(tr("Saved to {path}", path=answer.get("path", "")))

    def _not_saved(self, error: Exception) -> None:
        self._tell(error.sentence if isinstance(error, KnownError) else tr("It was not saved."))

    def _tell(self, words: str) -> None:
        self.open()
        self._note.setText(words)

    def _show_formatted(self) -> None:
        if self._formatted is not None:
            self._show_plain_again()
            return
        if self._is_asking:
            return
        self._is_asking = True  # the button keeps the keyboard meanwhile
        self._note.setText("")
        self._bridge.run(
            "html", message=self._message.id, then=self._draw_formatted, failed=self._no_html
        )

    def _draw_formatted(self, answer: dict[str, Any]) -> None:
        self._is_asking = False
        self._switch.setText(tr("Show plain text"))
        self._formatted = FormattedMail(theme=self._theme, open_link=self._open_link)
        self._formatted.show_mail(str(answer.get("html", "")))
        assert self._body is not None
        layout = self._body.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.indexOf(self._plain), self._formatted)
        self._formatted.show()
        self._plain.hide()
        self._plain.quote_button.hide()
        self.moved.emit()

    def _show_plain_again(self) -> None:
        assert self._formatted is not None
        self._formatted.deleteLater()
        self._formatted = None
        self._plain.show()
        self._plain.quote_button.setVisible(self._plain.has_quote)
        self._switch.setText(tr("Show formatted"))
        self.moved.emit()

    def _no_html(self, error: Exception) -> None:
        self._is_asking = False
        said_ = error.sentence if isinstance(error, KnownError) else tr("It cannot be drawn.")
        self._note.setText(tr("Not shown formatted: {because}", because=said_))


class _PlainText(QWidget):
    """The words of a mail; what is only quoted and what is very long waits for a click."""

    def __init__(
        self, message: MessageView, *, on_change: Callable[[], object], theme: Theme
    ) -> None:
        super().__init__()
        self._message = message
        self._on_change = on_change
        self._theme = theme
        self._split = said(message.text, message.new_text)
        self._new = reading(self._split.new or tr("(no text)"), name=tr("Text of the mail"))
        self._new.setMaximumWidth(theme.px(_LINE))
        self._quoted: QLabel | None = None
        self.quote_button = link_button(tr("Show quoted text"), self._toggle_quote)
        self._more = link_button(
            trn("Show the rest, {n} letter", "Show the rest, {n} letters", self._split.cut),
            self._whole,
        )
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._new)
        if self._split.cut:
            self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def has_quote(self) -> bool:
        """Whether there is more than the new words."""
        return bool(self._split.quoted)

    def _toggle_quote(self) -> None:
        if self._quoted is None:
            self._quoted = reading(self._split.quoted, role="muted", name=tr("Quoted text"))
            self._quoted.setContentsMargins(12, 0, 0, 0)
            self._quoted.setMaximumWidth(self._theme.px(_LINE))
            self._column.addWidget(self._quoted)
            self._quoted.show()
        else:
            self._quoted.setVisible(self._quoted.isHidden())
        shown = not self._quoted.isHidden()
        self.quote_button.setText(tr("Hide quoted text") if shown else tr("Show quoted text"))
        self._on_change()

    def _whole(self) -> None:
        self._split = said(self._message.text, self._message.new_text, whole=True)
        self._new.setText(self._split.new)
        self._more.hide()
        self._on_change()


def _who(message: MessageView) -> str:
    if message.direction is Direction.OUT:
        return tr("You")
    return line(person(message.from_))


def _towards(message: MessageView) -> str:
    to = ", ".join(line(address.email) for address in message.to[:3])
    if len(message.to) > 3:
        to = trn("{names} and {n} more", "{names} and {n} more", len(message.to) - 3, names=to)
    if message.direction is Direction.OUT:
        return tr("to {names}", names=to) if to else ""
    return line(message.from_.email) if message.from_.name else ""


def _full(message: MessageView) -> str:
    """Everything about a mail's envelope, for hovering."""
    return "\n".join(
        (
            tr("From {who}", who=message.from_),
            tr("To {who}", who=_everyone(message.to)),
            *((tr("Cc {who}", who=_everyone(message.cc)),) if message.cc else ()),
            exact(message.at),
            paragraphs(message.subject)[:200],
            *((paragraphs(message.joined_because),) if message.joined_because else ()),
        )
    )


def _everyone(addresses: tuple[Address, ...]) -> str:
    return ", ".join(str(address) for address in addresses[:10])
