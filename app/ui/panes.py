"""Panes: what the frame asks of the pages that are written beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from app.domain.account import Health
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.ui.bridge import EngineBridge
from app.ui.reader import Queries
from app.ui.theme import Theme


class IssuePane(Protocol):
    """The right-hand pane, a QWidget; `decided` (words, entry) says that it did something,
    `went_into` (key) that its issue is a part of another one now, `cause_asked` (Incident) that
    somebody wants to see the others of its cause, `taught` (entry, words) what a correction taught,
    `other_asked` (key) that another issue is asked for, `did` (act) what was just done by hand,
    `reply_not_sent` (key, words) that a reply was refused after its issue had been left."""

    decided: Any
    did: Any
    taught: Any
    other_asked: Any
    went_into: Any
    cause_asked: Any
    templates_asked: Any
    reply_not_sent: Any

    @property
    def key(self) -> str:
        """The issue that is shown; empty for none."""

    def templates_changed(self) -> None:
        """The templates were edited."""

    def show_issue(self, key: str | None) -> None:
        """Show this issue, or the calm page."""

    def choose_dispute(self, dispute: str) -> None:
        """Of the disputes of the issue that is shown next, show this one."""

    def refresh(self, changes: Changes) -> None:
        """Something moved."""

    def focus_reply(self) -> None:
        """Put the keyboard into the reply."""

    def use_template(self, template: str, language: str = "") -> None:
        """Put a template into the reply."""

    def send(self) -> None:
        """Send the reply."""

    def take_template(self, place: int) -> None:
        """Begin a reply with the template at that place, from 1."""

    def open_templates(self) -> None:
        """All templates, in a menu."""

    def act(self, name: str) -> None:
        """One of the rare acts: note, tag, merge, split, ringing, tell."""

    def sort_as(self, place: int) -> None:
        """Answer what an unsure issue is about by the place of the answer, from 1."""

    def call_back(self, reply: int | None = None) -> bool:
        """Take back the reply that is counting down here; False where there is none."""

    def save(self) -> None:
        """Keep what is written now."""

    def unkept(self) -> tuple[str, str]:
        """Why what was written cannot be kept, and the words; both empty where it is."""


class Pages(Protocol):
    """Makes the pages that the frame places; application.py has the real ones."""

    def issue_panel(
        self, *, bridge: EngineBridge, queries: Queries, theme: Theme, clock: Clock
    ) -> IssuePane:
        """The right-hand pane."""

    def connect_page(self, *, bridge: EngineBridge, theme: Theme) -> QWidget:
        """The page for connecting a mailbox; has the signals `done` and `left`, and `be_first`."""

    def settings_dialog(
        self,
        *,
        bridge: EngineBridge,
        theme: Theme,
        accounts: Callable[[], Sequence[Health]],
        parent: QWidget,
    ) -> QWidget:
        """The settings; has the signal `connect_asked`."""

    def templates_dialog(
        self,
        *,
        bridge: EngineBridge,
        theme: Theme,
        key: str,
        template: str,
        language: str,
        parent: QWidget,
    ) -> QWidget:
        """The editor of the reply templates."""

    def reports_dialog(
        self, *, bridge: EngineBridge, theme: Theme, clock: Clock, parent: QWidget
    ) -> QWidget:
        """The numbers; has the signal `opened`."""

    def health_dialog(
        self, *, bridge: EngineBridge, theme: Theme, clock: Clock, parent: QWidget
    ) -> QWidget:
        """How it stands; has the signals `connect_asked`, `shop_asked`, `settings_asked`."""
