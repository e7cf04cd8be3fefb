"""SettingsDialog: the pages of the settings in a window of its own, beside the issues, not over
them; a list at the left says which there are."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QStackedWidget, QWidget

from app.domain.translation import to_translate, tr
from app.ui import placing
from app.ui.issue.parts import CANCELS
from app.ui.issue.ports import Asks
from app.ui.settings.contacts_card import ContactsCard
from app.ui.settings.copies_card import FOLDER, SWITCH, CopiesCard
from app.ui.settings.customer_card import CustomerCard
from app.ui.settings.data_section import DataSection
from app.ui.settings.hours_card import HoursCard
from app.ui.settings.ladders_card import LaddersCard
from app.ui.settings.page import Accounts, SettingsPage
from app.ui.settings.promises_card import PromisesCard
from app.ui.settings.rules_card import RulesCard
from app.ui.settings.section import section
from app.ui.tab_walk import ByEye, bring_into_sight
from app.ui.theme import Theme

GENERAL, HOURS, PROMISES, WHO = (
    to_translate("General"),
    to_translate("Working hours"),
    to_translate("Promises"),
    to_translate("Who is told"),
)
RULES, DATA = to_translate("Your rules"), to_translate("Your data")
_SIZE = (900, 720)
_LIST = 150


class SettingsDialog(ByEye):
    """Closes with Escape, a form in it first. A page is made when it is shown first.

    `issues_asked` carries the keys of issues to show, and what they are; `put_back_asked` the copy
    that is to take the profile's place."""

    connect_asked = Signal()
    issues_asked = Signal(object, str)
    put_back_asked = Signal(str)

    def __init__(
        self, *, bridge: Asks, theme: Theme, accounts: Accounts, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Settings"))
        self._bridge, self._theme = bridge, theme
        room = placing.room_on(self.screen().availableGeometry())
        self.resize(min(theme.px(_SIZE[0]), room.width()), min(theme.px(_SIZE[1]), room.height()))
        self.page = SettingsPage(bridge=bridge, theme=theme, accounts=accounts)
        self.page.connect_asked.connect(self._connect_another)
        self._pages: dict[str, Callable[[], QWidget]] = {
            GENERAL: lambda: self.page,
            HOURS: self._hours,
            PROMISES: self._promises,
            WHO: self._who,
            RULES: self._rules,
            DATA: self._data,
        }
        self._made: dict[str, QWidget] = {}
        self.list = QListWidget()
        self._stack = QStackedWidget()
        self._lay_out()
        self.show_page(GENERAL)

    def show_page(self, name: str) -> QWidget:
        """Show a page by its name, and answer it."""
        if name not in self._made:
            self._made[name] = self._pages[name]()
            self._stack.addWidget(self._made[name])
        self._stack.setCurrentWidget(self._made[name])
        self.list.blockSignals(True)
        self.list.setCurrentRow(list(self._pages).index(name))
        self.list.blockSignals(False)
        return self._made[name]

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape leaves the form that is open, and only then the settings."""
        if not (event.matches(QKeySequence.StandardKey.Cancel) and self._leave_form()):
            super().keyPressEvent(event)

    def _leave_form(self) -> bool:
        """Leave the form with the keyboard in it, else the last; False where none is open."""
        ways = [each for each in self._stack.findChildren(QPushButton) if _cancels(each)]
        here = self.focusWidget()
        around = [each for each in ways if here is not None and _is_beside(each, here)]
        if ways:
            (around or ways)[-1].click()
        return bool(ways)

    def connect_platform(self) -> None:
        """Open the form for a shop or a payment provider."""
        self.show_page(GENERAL)
        self.page.connect_platform()

    def point_to(self, name: str) -> None:
        """Bring one setting into view."""
        if name in (SWITCH, FOLDER):
            self.show_page(DATA)
            self._copies.point_out()
            return
        self.show_page(GENERAL)
        self.page.point_to(name)

    def _hours(self) -> QWidget:
        card = HoursCard(bridge=self._bridge)
        card.reload()
        purpose = tr("When you work. Promises count only these hours and stand still in between.")
        return section(tr(HOURS), purpose, card, theme=self._theme)

    def _promises(self) -> QWidget:
        card = PromisesCard(bridge=self._bridge)
        card.reload()
        purpose = tr("How soon you answer, by how urgent it is. A provider's own date always wins.")
        return section(tr(PROMISES), purpose, card, theme=self._theme)

    def _who(self) -> QWidget:
        people = ContactsCard(bridge=self._bridge, theme=self._theme)
        ladders = LaddersCard(bridge=self._bridge)
        people.changed.connect(ladders.reload)
        people.reload()
        ladders.reload()
        purpose = tr("Who else hears of it when something urgent rang and you do not take it.")
        return section(tr(WHO), purpose, people, ladders, theme=self._theme)

    def _rules(self) -> QWidget:
        card = RulesCard(bridge=self._bridge, theme=self._theme)
        card.issues_asked.connect(self.issues_asked)
        card.opened.connect(bring_into_sight)
        card.reload()
        purpose = tr("What Frontburner does by itself with issues as they come.")
        return section(tr(RULES), purpose, card, theme=self._theme)

    def _data(self) -> QWidget:
        all_of_it = DataSection(bridge=self._bridge)
        of_one = CustomerCard(bridge=self._bridge)
        self._copies = CopiesCard(bridge=self._bridge, theme=self._theme)
        self._copies.put_back_asked.connect(self._put_back)
        purpose = tr("All of it belongs to you: take it out, bring it back, forget a customer.")
        return section(tr(DATA), purpose, all_of_it, self._copies, of_one, theme=self._theme)

    def _put_back(self, copy: str) -> None:
        self.put_back_asked.emit(copy)
        self.close()

    def _lay_out(self) -> None:
        self.list.setObjectName("pages")
        self.list.setAccessibleName(tr("Pages of the settings"))
        self.list.addItems([tr(name) for name in self._pages])
        self.list.setFixedWidth(self._theme.px(_LIST))
        self.list.currentRowChanged.connect(lambda row: self.show_page([*self._pages][row]))
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.list)
        across.addWidget(self._stack, 1)

    def _connect_another(self) -> None:
        self.connect_asked.emit()
        self.close()


def _cancels(button: QPushButton) -> bool:
    return bool(button.property(CANCELS)) and button.isVisible() and button.isEnabled()


def _is_beside(button: QPushButton, here: QWidget) -> bool:
    """Whether the keyboard is in the form that this button leaves."""
    form = button.parentWidget()
    return form is not None and form.isAncestorOf(here)
