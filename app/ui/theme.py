"""Theme: the palette that is in force, as Qt wants it: QPalette, style sheet, fonts, icons.

Every widget asks here by name. The style sheet (resources/qss/window.qss) is filled from the same
tokens, so there is one place where a colour is decided (tokens.py). What a widget is, it says by a
property that the style sheet knows:

    QLabel       role="meta" | "muted" | "title" | "page"        tone="critical" | "high" | ...
    QPushButton  variant="primary" | "quiet" | "danger"          (plain without one)
    QFrame       card="true" (raised, rounded)   ground="sunken" | "surface" | "raised"
"""

from __future__ import annotations

from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.icons import Icons
from app.ui.tokens import (
    DARK,
    LIGHT,
    RADIUS_CARD,
    RADIUS_CONTROL,
    ROW_HEIGHT,
    Appearance,
    Gap,
    Size,
    Tokens,
    token_names,
)

_ROLES = (
    (QPalette.ColorRole.Window, "surface"),
    (QPalette.ColorRole.WindowText, "text"),
    (QPalette.ColorRole.Base, "raised"),
    (QPalette.ColorRole.AlternateBase, "surface"),
    (QPalette.ColorRole.ToolTipBase, "raised"),
    (QPalette.ColorRole.ToolTipText, "text"),
    (QPalette.ColorRole.PlaceholderText, "text_muted"),
    (QPalette.ColorRole.Text, "text"),
    (QPalette.ColorRole.Button, "raised"),
    (QPalette.ColorRole.ButtonText, "text"),
    (QPalette.ColorRole.BrightText, "on_accent"),
    (QPalette.ColorRole.Link, "accent"),
    (QPalette.ColorRole.LinkVisited, "accent"),
    (QPalette.ColorRole.Highlight, "accent"),
    (QPalette.ColorRole.HighlightedText, "on_accent"),
    (QPalette.ColorRole.Accent, "accent"),
    (QPalette.ColorRole.Mid, "line"),
    (QPalette.ColorRole.Dark, "line_strong"),
)
# How high the words of a button are at least; Qt takes it for how low it may be made.
_LINE, _SLIM = 18, 16


class Theme(QObject):
    """What is in force now; `changed` says that every drawn thing should be drawn anew."""

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        resources: Path,
        *,
        appearance: Appearance = Appearance.SYSTEM,
        dressed: bool = True,
    ) -> None:
        """Not `dressed`: the style sheet waits for `dress`, which a tree of widgets that is being
        built thanks us for; Qt would style it anew with every widget that joins."""
        super().__init__(app)
        self._dressed = dressed
        self._app = app
        self._sheet = Template((resources / "qss" / "window.qss").read_text(encoding="utf-8"))
        self._icons = Icons(resources / "icons", scale=app.devicePixelRatio())
        self._resources = resources
        self._appearance = appearance
        self._scale = max(1.0, QFontInfo(app.font()).pixelSize() / Size.TEXT)
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[int, bool], QFont] = {}
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    def dress(self) -> None:
        """Put the style sheet on, once what it is for has been built."""
        if not self._dressed:
            self._dressed = True
            self._app.setStyleSheet(self._sheet.substitute(self._words()))

    @property
    def appearance(self) -> Appearance:
        """What the owner chose."""
        return self._appearance

    @property
    def is_dark(self) -> bool:
        """Whether the dark palette is in force."""
        if self._appearance is Appearance.SYSTEM:
            return self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return self._appearance is Appearance.DARK

    @property
    def tokens(self) -> Tokens:
        """The palette in force."""
        return DARK if self.is_dark else LIGHT

    def set_appearance(self, appearance: Appearance | str) -> None:
        """Follow the system, or stay light or dark."""
        chosen = Appearance(appearance)
        if chosen is not self._appearance:
            self._appearance = chosen
            self._apply()

    def color(self, token: str) -> QColor:
        """The colour of that name."""
        if token not in self._colours:
            self._colours[token] = QColor(getattr(self.tokens, token))
        return self._colours[token]

    def font(self, size: Size = Size.TEXT, *, bold: bool = False) -> QFont:
        """The system's letters in one of the four sizes, with figures of equal width."""
        if (size, bold) not in self._fonts:
            font = QFont(self._app.font())
            font.setPixelSize(self.px(size))
            font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
            font.setFeature(QFont.Tag("tnum"), 1)
            self._fonts[size, bold] = font
        return self._fonts[size, bold]

    def px(self, length: float) -> int:
        """A length of the design at the size of letters that the system asks for."""
        return round(length * self._scale)

    @property
    def row_height(self) -> int:
        """How high a row of the list is."""
        return self.px(ROW_HEIGHT)

    def icon(self, name: str, token: str = "text_muted") -> QIcon:  # noqa: S107 - a colour
        """One of the program's drawings in the colour of a token."""
        return self._icons.icon(name, self.color(token))

    def pixmap(self, name: str, token: str, size: int, widget: QWidget | None = None) -> QPixmap:
        """The same as a picture, sharp on the screen that the widget is on."""
        scale = widget.devicePixelRatioF() if widget else self._app.devicePixelRatio()
        return self._icons.pixmap(name, self.color(token), size=self.px(size), scale=scale)

    @property
    def app_icon(self) -> QIcon:
        """The program's own mark, in its own colours."""
        return QIcon(str(self._resources / "icons" / "frontburner.svg"))

    def _system_changed(self) -> None:
        if self._appearance is Appearance.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        self._colours.clear()
        self._fonts.clear()
        font = QFont(self._app.font())
        font.setPixelSize(self.px(Size.TEXT))
        font.setFeature(QFont.Tag("tnum"), 1)
        self._app.setFont(font)
        self._app.setPalette(self._palette())
        if self._dressed:
            self._app.setStyleSheet(self._sheet.substitute(self._words()))
        self.changed.emit()

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, token in _ROLES:
            palette.setColor(role, self.color(token))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("line_strong"))
        return palette

    def _words(self) -> dict[str, str]:
        words = {name: self.color(name).name() for name in token_names()}
        words |= {f"px_{size.name.lower()}": f"{self.px(size)}px" for size in Size}
        words |= {f"gap_{gap.name.lower()}": f"{self.px(gap)}px" for gap in Gap}
        words |= {"px_line": f"{self.px(_LINE)}px", "px_slim": f"{self.px(_SLIM)}px"}
        words["radius"] = f"{self.px(RADIUS_CONTROL)}px"
        words["radius_card"] = f"{self.px(RADIUS_CARD)}px"
        words["arrow"] = (self._resources / "icons" / self._arrow()).as_posix()
        return words

    def _arrow(self) -> str:
        return "arrow_dark.svg" if self.is_dark else "arrow_light.svg"


def set_property(widget: QWidget, name: str, value: str) -> None:
    """Change a property that the style sheet knows, and have the widget look it."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
