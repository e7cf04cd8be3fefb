"""The templates that fit, best first: three at hand, all of them in a menu, and the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.domain.assessment import Kind
from app.domain.translation import tr
from app.ui.issue.foreign_text import line, menu_text, tooltip
from app.ui.issue.parts import button, label, row
from app.ui.theme import Theme
from app.ui.words import kind_word

_AT_HAND = 3
LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "it": "Italiano",
    "nl": "Nederlands",
    "pt": "Português",
    "pl": "Polski",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A template in all the languages that it has, the fitting one first."""

    id: str
    kind: str
    title: str
    languages: tuple[str, ...]
    own: bool = False
    because: str = ""


def choices(listed: Sequence[Mapping[str, Any]]) -> tuple[Choice, ...]:
    """What the engine offers, in its order."""
    return tuple(
        Choice(
            id=str(one.get("id", "")),
            kind=str(one.get("kind", "")),
            title=line(str(one.get("title", "") or one.get("name", ""))),
            languages=tuple(map(str, one.get("languages", ()))),
            own=bool(one.get("own")),
            because=line(str(one.get("because", ""))),
        )
        for one in listed
    )


def language_word(language: str) -> str:
    """A language by its own name."""
    return LANGUAGES.get(language, language.upper())


class TemplatePicker(QWidget):
    """`chosen` carries the template's id and the language; `edit_asked` the one in use, if any."""

    chosen = Signal(str, str)
    edit_asked = Signal(str, str)

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: tuple[Choice, ...] = ()
        self._at_hand: tuple[Choice, ...] = ()
        self._theirs = ""
        self._wanted = -1  # taken before it was offered
        self._current = ""
        self._language = ""
        self._menu = QMenu(self)
        self._chips = [button("", shortens=True) for _ in range(_AT_HAND)]
        for at, chip in enumerate(self._chips):
            chip.setCheckable(True)
            chip.clicked.connect(lambda _=False, at=at: self._take(self._at_hand[at]))
        self._all = button(tr("All templates"), self._open_all, variant="quiet")
        self._tongue = button("", self._open_languages, variant="quiet", name=tr("Language"))
        self._none = label(tr("No templates fit; write freely."), role="muted")
        self.setLayout(row(*self._chips, self._all, self._none, 1, self._tongue, gap=6))
        self.show_choices(())
        theme.changed.connect(self._colour)
        self._theme = theme
        self._colour()

    def show_choices(self, offered: tuple[Choice, ...], *, theirs: str = "") -> None:
        """Offer these; nothing is taken until somebody takes it.

        `theirs` is the customer's language: where some have it, only those are at hand, and the
        others say in the menu which language they are in.
        """
        self._choices, self._theirs = offered, theirs
        fitting = tuple(one for one in offered if theirs in one.languages)
        self._at_hand = fitting or offered
        wanted, self._wanted = self._wanted, -1
        self._none.setVisible(not offered)
        self._dress()
        if offered and wanted >= 0:
            self.take(wanted)

    def take(self, place: int) -> None:
        """Take the one that stands there, from 0; before any is offered, as soon as it is."""
        if not self._at_hand:
            self._wanted = place
        elif place < len(self._at_hand):
            self._take(self._at_hand[place])

    def open_all(self) -> None:
        """Every template in a menu, the first of them under the keyboard."""
        self._open_all()
        first = next((one for one in self._menu.actions() if one.isEnabled()), None)
        if first is not None:
            self._menu.setActiveAction(first)

    def show_current(self, template: str, language: str = "") -> None:
        """Mark the template that the text began with."""
        self._current, self._language = template, language
        self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as many at hand as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _take(self, choice: Choice, language: str = "") -> None:
        self._dress()  # a click must not mark what is not filled in yet
        language = language or self._kept_language(choice)
        self.chosen.emit(choice.id, language)

    def _kept_language(self, choice: Choice) -> str:
        return self._language if self._language in choice.languages else choice.languages[0]

    def _dress(self) -> None:
        for at, chip in enumerate(self._chips):
            choice = self._at_hand[at] if at < len(self._at_hand) else None
            if choice is None:
                continue
            most = 30 if len(self._at_hand) > 1 else 60
            title = choice.title if len(choice.title) <= most else choice.title[: most - 1] + "…"
            chip.setText(menu_text(title))
            chip.setAccessibleName(tr("Template: {title}", title=choice.title))
            chip.setAccessibleDescription(choice.because)
            told = (self._marked(choice), choice.because, f"Alt+{at + 1}")
            chip.setToolTip(tooltip("\n".join(part for part in told if part)))
            chip.setChecked(choice.id == self._current)
        current = next((one for one in self._choices if one.id == self._current), None)
        tongues = current.languages if current else ()
        self._tongue.setVisible(bool(tongues))
        self._tongue.setText(language_word(self._language or (tongues[0] if tongues else "")))
        self._tongue.setEnabled(len(tongues) > 1)
        self._fit()

    def _colour(self) -> None:
        """The template in use stands out, and stays quieter than Send."""
        ground, ink = (self._theme.color(name).name() for name in ("accent_soft", "accent"))
        self.setStyleSheet(
            f"QPushButton:checked {{ background: {ground}; color: {ink}; border-color: {ink}; }}"
        )

    def _fit(self) -> None:
        room = self.width() - self._all.sizeHint().width() - 90
        for at, chip in enumerate(self._chips):
            room -= chip.sizeHint().width() + 6
            chip.setVisible(at < len(self._at_hand) and (room > 0 or at == 0))

    def _open_all(self) -> None:
        self._menu.clear()
        kind = None
        for choice in self._choices:
            if choice.kind != kind:
                kind = choice.kind
                name = kind_word(Kind(kind)) if kind in set(Kind) else line(kind)
                heading = self._menu.addAction(menu_text(name))
                heading.setEnabled(False)
            words = f"{self._marked(choice)} – {choice.because}" if choice.because else ""
            action = self._menu.addAction(menu_text(words or self._marked(choice)))
            action.setCheckable(True)
            action.setChecked(choice.id == self._current)
            action.triggered.connect(lambda _=False, choice=choice: self._take(choice))
        self._menu.addSeparator()
        edit = self._menu.addAction(tr("Edit templates …"))
        edit.triggered.connect(lambda _=False: self._edit())
        self._pop_up(self._all)

    def _edit(self) -> None:
        current = next((one for one in self._choices if one.id == self._current), None)
        language = self._kept_language(current) if current else self._theirs
        self.edit_asked.emit(self._current, language)

    def _marked(self, choice: Choice) -> str:
        """The title, with whose it is and the language where it is not the customer's."""
        foreign = self._theirs and self._theirs not in choice.languages
        marks = [tr("yours")] if choice.own else []
        marks += [language_word(choice.languages[0])] if foreign else []
        return f"{choice.title} ({', '.join(marks)})" if marks else choice.title

    def _open_languages(self) -> None:
        current = next((one for one in self._choices if one.id == self._current), None)
        if current is None:
            return
        self._menu.clear()
        for language in current.languages:
            action = self._menu.addAction(menu_text(language_word(language)))
            action.triggered.connect(
                lambda _=False, language=language: self._take(current, language)
            )
        self._pop_up(self._tongue)

    def _pop_up(self, at: QPushButton) -> None:
        height = self._menu.sizeHint().height()
        self._menu.popup(at.mapToGlobal(QPoint(0, -height - 4)))
