"""One setting: its words at the left, what it is set to at the right, and what went wrong under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from app.ui.issue.parts import label, row

_WIDE = 200


class SettingRow(QWidget):
    """Shows and changes one setting; `changed` carries its name and the new value."""

    changed = Signal(str, object)

    def __init__(self, setting: Mapping[str, Any]) -> None:
        super().__init__()
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
        line = row(words, self.control, gap=16)
        line.setStretch(0, 1)
        line.setAlignment(self.control, Qt.AlignmentFlag.AlignTop)
        line.setContentsMargins(0, 8, 0, 8)
        self.setLayout(line)

    def keep(self, value: object) -> None:
        """This value is kept now."""
        self._value = value
        self._said.hide()

    def refuse(self, why: str) -> None:
        """The value may not stand: say why, and show what stands."""
        self._said.setText(why)
        self._said.show()
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
        box = QCheckBox()
        box.setChecked(bool(self._value))
        box.toggled.connect(self._set)
        return box

    def _whole(self, setting: Mapping[str, Any]) -> QWidget:
        box = _CalmSpinBox()
        box.setRange(int(setting.get("lowest", 0)), int(setting.get("highest", 0)) or 1_000_000)
        unit = str(setting.get("unit", ""))
        box.setSuffix(f" {unit}" if unit else "")
        box.setValue(int(str(self._value or 0)))
        box.setKeyboardTracking(False)
        box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        box.setFixedWidth(_WIDE)
        box.valueChanged.connect(self._set)
        return box

    def _choice(self, setting: Mapping[str, Any]) -> QWidget:
        box = _CalmComboBox()
        for choice in setting.get("choices", ()):
            box.addItem(_CHOICES.get(str(choice), str(choice).capitalize()), choice)
        box.setCurrentIndex(max(0, box.findData(self._value)))
        box.setFixedWidth(_WIDE)
        box.currentIndexChanged.connect(lambda _: self._set(box.currentData()))
        return box

    def _text(self) -> QWidget:
        field = QLineEdit(str(self._value or ""))
        field.setFixedWidth(_WIDE)
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
        elif isinstance(control, QSpinBox):
            control.setValue(int(str(value or 0)))
        elif isinstance(control, QComboBox):
            control.setCurrentIndex(max(0, control.findData(value)))
        elif isinstance(control, QLineEdit):
            control.setText(str(value or ""))
        control.blockSignals(False)


_CHOICES = {"en": "English", "de": "Deutsch", "system": "As the desktop has it"}


class _CalmSpinBox(QSpinBox):
    """A number that the wheel does not change while a page is scrolled."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """The page scrolls."""
        event.ignore()


class _CalmComboBox(QComboBox):
    """A choice that the wheel does not change while a page is scrolled."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """The page scrolls."""
        event.ignore()
