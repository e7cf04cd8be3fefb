"""One setting: its words at the left, what it is set to at the right, and what went wrong under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.translation import to_translate, tr
from app.ui.issue.parts import label, row
from app.ui.reply.template_picker import LANGUAGES
from app.ui.settings.switch import Switch
from app.ui.theme import Theme
from app.ui.widgets.choice import Choice
from app.ui.words import RING_FOR_WORDS

SETTLED_MS = 150  # the cards above have read what they show, and have their heights
_WIDE = 210
_NARROW = 96


class SettingRow(QWidget):
    """Shows and changes one setting; `changed` carries its name and the new value."""

    changed = Signal(str, object)

    def __init__(self, setting: Mapping[str, Any], *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._unit = label(role="muted")
        self.name = str(setting.get("name", ""))
        self._value = setting.get("value")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(label(str(setting.get("label", self.name)), wrap=True))
        if setting.get("help"):
            words.addWidget(label(str(setting["help"]), role="meta", wrap=True))
        self._said = label(role="meta", tone="critical", wrap=True)
        self._said.hide()
        words.addWidget(self._said)
        self.control = self._make(setting)
        self.control.setAccessibleName(str(setting.get("label", self.name)))
        side = row(self.control, self._unit, 1, gap=8)
        holder = QWidget()
        holder.setLayout(side)
        holder.setFixedWidth(theme.px(_WIDE))
        line = row(words, holder, gap=16)
        line.setStretch(0, 1)
        line.setAlignment(holder, Qt.AlignmentFlag.AlignTop)
        line.setContentsMargins(0, 8, 0, 8)
        self.setLayout(line)

    def point_out(self) -> None:
        """Come into view, with the keyboard on the value."""
        around: QWidget | None = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(self)
        self.control.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keep(self, value: object) -> None:
        """This value is kept now."""
        self._value = value
        self._said.hide()

    def refuse(self, why: str) -> None:
        """The value may not stand: say why, and show what stands."""
        self._said.setText(why)
        self._said.show()
        self._show(self._value)

    def show_kept(self) -> None:
        """Show the value that is kept."""
        self._show(self._value)

    def _make(self, setting: Mapping[str, Any]) -> QWidget:
        match setting.get("type"):
            case "yes_no":
                return self._yes_no()
            case "whole":
                return self._whole(setting)
            case "choice":
                return self._choice(setting)
            case _:
                return self._text()

    def _yes_no(self) -> QWidget:
        box = Switch(theme=self._theme)
        box.setChecked(bool(self._value))
        box.toggled.connect(self._set)
        return box

    def _whole(self, setting: Mapping[str, Any]) -> QWidget:
        field = QLineEdit(str(self._value))
        field.setValidator(QIntValidator(field))
        field.setFixedWidth(self._theme.px(_NARROW))
        field.editingFinished.connect(lambda: self._set(int(field.text() or 0)))
        unit = str(setting.get("unit", ""))
        if unit:
            words = tr(_UNITS.get(unit, "")) or unit
            field.setAccessibleDescription(tr("in {unit}", unit=words))
            self._unit.setText(words)
        return field

    def _choice(self, setting: Mapping[str, Any]) -> QWidget:
        box = Choice(str(setting.get("label", self.name)))
        for choice in setting.get("choices", ()):
            box.addItem(tr(_CHOICES.get(str(choice), "")) or _own_name(str(choice)), choice)
        box.setCurrentIndex(max(0, box.findData(self._value)))
        box.setFixedWidth(self._theme.px(_WIDE))
        box.currentIndexChanged.connect(lambda _: self._set(box.currentData()))
        return box

    def _text(self) -> QWidget:
        field = QLineEdit(str(self._value or ""))
        field.setFixedWidth(self._theme.px(_WIDE))
        field.editingFinished.connect(lambda: self._set(field.text().strip()))
        return field

    def _set(self, value: object) -> None:
        if value != self._value:
            self.changed.emit(self.name, value)

    def _show(self, value: object) -> None:
        control = self.control
        control.blockSignals(True)
        if isinstance(control, QCheckBox):
            control.setChecked(bool(value))
        elif isinstance(control, QComboBox):
            control.setCurrentIndex(max(0, control.findData(value)))
        elif isinstance(control, QLineEdit):
            control.setText("" if value is None else str(value))
        control.blockSignals(False)


def _own_name(value: str) -> str:
    """A language by the name that its speakers give it; any other value as it is."""
    if value in LANGUAGES:  # Qt says American English and español de España
        return LANGUAGES[value]
    language = QLocale(value)
    known = len(value) == 2 and language.language() is not QLocale.Language.C
    name = language.nativeLanguageName() if known else value
    return name[:1].upper() + name[1:]


_UNITS = {"s": to_translate("seconds")}
_CHOICES = {
    "system": to_translate("As the desktop has it"),
    "light": to_translate("Light"),
    "dark": to_translate("Dark"),
    **RING_FOR_WORDS,
}
