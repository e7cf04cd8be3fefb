"""SavedMenu: what can be done with a saved view, and the line on which a name is written.

The same line gives a search its name at first. Nothing here asks twice: each can be undone.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget, QWidgetAction

from app.domain.saved_view import LONGEST_NAME
from app.domain.translation import tr
from app.ui.theme import Theme


def ask_name(
    parent: QWidget, theme: Theme, at: QPoint, *, said: str, name: str, then: Callable[[str], None]
) -> QMenu:
    """Ask for a name on a line that opens at a place; Enter takes it, Escape leaves it."""
    menu = QMenu(parent)
    menu.setAccessibleName(said)
    field = QLineEdit(name)
    field.setAccessibleName(said)
    field.setPlaceholderText(tr("{what}, then Enter", what=said))
    field.setMaxLength(LONGEST_NAME)
    field.setMinimumWidth(theme.px(240))
    written = QWidgetAction(menu)
    written.setDefaultWidget(field)
    menu.addAction(written)

    def take() -> None:
        if wanted := field.text().strip():
            menu.close()
            then(wanted)

    field.returnPressed.connect(take)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
    field.setFocus()
    field.selectAll()
    return menu


class SavedMenu(QMenu):
    """`acts` by their words; those that do nothing where the view stands are left out."""

    def __init__(
        self, parent: QWidget, *, name: str, acts: dict[str, tuple[str, Callable[[], object]]]
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("What to do with the view {name}", name=name))
        for said, (keys, act) in acts.items():
            action = self.addAction(f"{said}\t{keys}" if keys else said)
            action.triggered.connect(lambda _=False, act=act: act())
        self.aboutToHide.connect(self.deleteLater)
