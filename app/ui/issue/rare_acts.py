"""Rare acts: what is done to an issue less often, by its name: the palette's way to what stands in
a menu, in a mail's own menu, or in a field that one has to know of."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.domain.translation import tr
from app.ui.issue.foreign_text import menu_text
from app.ui.issue.issue_page import IssuePage
from app.ui.tab_walk import bring_into_sight


def do(page: IssuePage, act: str) -> None:
    """Do what is named to the issue that the page shows."""
    match act:
        case "note":
            page.timeline.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
            bring_into_sight(page.timeline.note)
        case "tag":
            page.tags.write()
        case "merge":
            page.header.more_asked.emit(True)
        case "split":
            _ask_which(page)
        case "ringing":
            page.why.say_ringing()
        case "tell":
            page.header.more.escalated.emit()


def _ask_which(page: IssuePage) -> None:
    """Which of the mails is to be an issue of its own; with one mail there is nothing to take
    apart."""
    cards = [card for card in page.timeline.cards() if card.can_split]
    if not cards:
        page.say_trouble(tr("There is only one mail here, so there is nothing to split."))
        return
    menu = QMenu(page)
    menu.setAccessibleName(tr("Which mail is an issue of its own"))
    for card in cards:
        action = menu.addAction(menu_text(card.said))
        action.triggered.connect(
            lambda _=False, id_=card.message.id: page.timeline.split_asked.emit(id_)
        )
    menu.setActiveAction(menu.actions()[0])
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(page.timeline.mapToGlobal(QPoint(0, 0)))
