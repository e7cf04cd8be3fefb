"""The page of one issue: head, reasons, conversation with the order beside it, the reply below.

Lays the parts out and hands the shown issue to each; what somebody decides leaves by the panel.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from app.domain.clock import Clock
from app.domain.views import IssueView
from app.ui.disputes.case_card import CaseCard, ReadDisputes
from app.ui.issue.attachment_row import AskPath
from app.ui.issue.cause_line import CauseLine
from app.ui.issue.claim_line import ClaimLine
from app.ui.issue.events import last_heard, under_way
from app.ui.issue.header import IssueHeader
from app.ui.issue.order_side import OrderSide
from app.ui.issue.outgoing import Outgoing
from app.ui.issue.parts import SLIM, label
from app.ui.issue.ports import Asks
from app.ui.issue.sorting import SortLine
from app.ui.issue.suspicion import SuspicionBanner
from app.ui.issue.tag_line import TagLine
from app.ui.issue.timeline import Timeline
from app.ui.issue.why_card import WhyCard
from app.ui.reply.box import ReplyBox
from app.ui.theme import Theme

_LOW = 640
_SHORT = 870  # of a window of 900: below it the reasons are one line, for the sake of the mail
_VERY_LOW = 500
_NARROW = 700
_CONVERSATION = 0.66  # of what is seen of a scrolled page
_READABLE = 140  # of the conversation, while somebody writes below it


class _Modest(QSplitter):
    """Asks for what it needs and takes what is left: what stands in a scroll area is as high as its
    parts would like to be, and would be scrolled though these two can share a lower page."""

    is_modest = True

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as it likes, as high as it must."""
        liked = super().sizeHint()
        return QSize(liked.width(), self.minimumSizeHint().height()) if self.is_modest else liked


class IssuePage(QWidget):
    """Shows an issue whole."""

    def __init__(
        self,
        *,
        bridge: Asks,
        theme: Theme,
        clock: Clock,
        ask_path: AskPath | None = None,
        open_link: Callable[[str], object] | None = None,
        read_disputes: ReadDisputes | None = None,
    ) -> None:
        super().__init__()
        self.key, self._theme = "", theme
        self.setStyleSheet(SLIM)
        self.header = IssueHeader(theme=theme)
        self.tags = TagLine(theme=theme)
        self.trouble = label(tone="critical", wrap=True)
        self.trouble.hide()
        self.suspicion = SuspicionBanner(theme=theme)
        self.cause = CauseLine(theme=theme)
        self.case = CaseCard(
            bridge=bridge, theme=theme, read=read_disputes, ask_path=ask_path, open_link=open_link
        )
        self.claim = ClaimLine(theme=theme)
        self.sorting = SortLine(theme=theme)
        self.why = WhyCard(theme=theme)
        self.order = OrderSide(theme=theme, open_link=open_link)
        self.timeline = Timeline(bridge=bridge, theme=theme, ask_path=ask_path, open_link=open_link)
        self.outgoing = Outgoing(theme=theme, clock=clock)
        self.reply = ReplyBox(bridge=bridge, theme=theme, clock=clock)
        self._short = False
        self._room = QSize(0, _SHORT)
        self._lay_out()
        self._shared_by_hand = False
        self._share_soon = QTimer(self, singleShot=True, interval=0)
        self._share_soon.timeout.connect(self._share)
        self.split.splitterMoved.connect(self._taken_by_hand)
        self.reply.editor.grown.connect(self._share_soon.start)
        self.case.unfolded.connect(self._make_room)

    def show_view(self, view: IssueView, now: datetime) -> None:
        """Show this issue as it stands at `now`."""
        fresh = view.row.key != self.key
        self.key = view.row.key
        if fresh:
            self.say_trouble("")
        self.header.show_row(view.row, now)
        self.header.show_deadlines(view.deadlines, now)
        self.tags.show_view(view, fresh=fresh)
        self.suspicion.show_view(view)
        self.cause.show_incident(view.incident)
        self.case.show_view(view, now)
        self.claim.show_view(view)
        self.sorting.show_view(view)
        self.why.show_view(view)
        self.order.show_view(view, now)
        self.timeline.show_view(view, now, fresh=fresh)
        self.outgoing.show_replies(under_way(view), every=view.replies, heard_at=last_heard(view))
        self.reply.show_issue(view)
        self._share_soon.start()

    def say_trouble(self, words: str) -> None:
        """Say beside the verbs what one of them could not do."""
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))
        if words:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share what there is anew."""
        super().resizeEvent(event)
        self._share_soon.start()

    def fit(self, room: QSize) -> None:
        """Fold what gives way where there is little room; what still does not fit is scrolled."""
        self._room = room
        self.split.is_modest = not self._is_scrolled
        self.split.updateGeometry()
        short = room.height() < _SHORT
        if short != self._short:
            self._short = short
            self.why.fold(short)
        self.case.set_low(room.height() < _LOW)
        self.order.set_narrow(room.width() < self._theme.px(_NARROW) or self._is_scrolled)
        self._share_soon.start()

    @property
    def _is_scrolled(self) -> bool:
        """Whether there is too little room for conversation and reply to share it."""
        return self._room.height() < _VERY_LOW

    def _share(self) -> None:
        """The reply takes what its text needs: up to half, and while somebody writes there all but
        what it takes to read the mail. Where the page is scrolled, because it is low or because
        somebody answers a dispute, each has what it needs to be used."""
        whole = sum(self.split.sizes())
        strip = self.outgoing
        above = strip.heightForWidth(strip.width()) + 8 if strip.isVisibleTo(self) else 0
        wanted = self.reply.wanted_height() + 4
        is_scrolled = self._is_scrolled or self.case.is_unfolded
        seen = self._room.height() if is_scrolled else 0
        self._middle.setMinimumHeight(round(seen * _CONVERSATION) or _READABLE)
        self._bottom.setMinimumHeight(min(wanted + above, seen))
        if self._shared_by_hand or whole <= 0:
            return
        below = min(wanted + above, self._most(whole, above))
        self.split.setSizes([whole - below, below])

    def _most(self, whole: int, above: int) -> int:
        if self.reply.is_written_in:
            return max(whole // 2, whole - _READABLE)
        return min(
            whole // 2 + min(self.reply.extra_height(), whole // 8) + above, max(0, whole - 120)
        )

    def _make_room(self, answering: bool) -> None:
        """Who answers a dispute needs the room of the reasons."""
        self.why.fold(answering or self._short)
        self._share_soon.start()

    def _taken_by_hand(self) -> None:
        self._shared_by_hand = True

    def _lay_out(self) -> None:
        middle = self._middle = QWidget()
        beside = QHBoxLayout()
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(12)
        beside.addWidget(self.timeline, 1)
        beside.addWidget(self.order.paper)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(8)
        column.addWidget(self.order.strip)
        column.addLayout(beside, 1)
        bottom = self._bottom = QWidget()
        below = QVBoxLayout(bottom)
        below.setContentsMargins(0, 4, 0, 0)
        below.setSpacing(8)
        below.addWidget(self.outgoing)
        below.addWidget(self.reply, 1)
        self.split = _Modest(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(5)
        self.split.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.split.addWidget(middle)
        self.split.addWidget(bottom)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 14, 16, 12)
        page.setSpacing(10)
        parts: tuple[QWidget | QLabel, ...] = (
            self.header, self.tags, self.trouble, self.suspicion, self.claim, self.cause, self.case,
            self.sorting, self.why,
        )  # fmt: skip
        for part in parts:
            page.addWidget(part)
        page.addWidget(self.split, 1)
