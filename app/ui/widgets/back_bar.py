"""BackBar: over an issue that stands in the place of its list: the way back, and its neighbours."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.domain.translation import tr
from app.ui.issue.parts import button
from app.ui.theme import Theme
from app.ui.tokens import Gap


class BackBar(QFrame):
    """`left` asks for the list, `stepped` for the issue so many further on in it."""

    left = Signal()
    stepped = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("ground", "sunken")
        self.setAccessibleName(tr("One issue; Escape leads back to the list"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._buttons = {
            "chevron_left": button(tr("Back to the list"), self.left.emit, variant="quiet"),
            "chevron_up": button(
                "", lambda: self.stepped.emit(-1), variant="quiet", name=tr("Previous issue")
            ),
            "chevron_down": button(
                "", lambda: self.stepped.emit(1), variant="quiet", name=tr("Next issue")
            ),
        }
        back, previous, following = self._buttons.values()
        back.setToolTip(tr("Back to the list (Esc)"))
        previous.setToolTip(tr("Previous issue (K)"))
        following.setToolTip(tr("Next issue (J)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(Gap.SMALL, Gap.TINY, Gap.SMALL, Gap.TINY)
        row.setSpacing(Gap.TINY)
        row.addWidget(back)
        row.addStretch(1)
        row.addWidget(previous)
        row.addWidget(following)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def _dress(self) -> None:
        for icon, each in self._buttons.items():
            each.setIcon(self._theme.icon(icon, "accent"))
