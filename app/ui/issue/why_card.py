"""Why an issue stands where it stands, in bars that add up, and the one way to disagree.

The words that the machine chose (what it is about, how bad it is) are the buttons that change
them; tr("False alarm") says that it needed nobody, "Should have rung" that it could not wait.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAction, QActionGroup, QIcon, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from app.domain.assessment import Kind, Severity
from app.domain.journal import Entry, EntryType, fold
from app.domain.translation import to_translate, tr
from app.domain.views import IssueView
from app.ui.issue.parts import OneLine, button, card, label, link_button, row
from app.ui.issue.reason_bars import AT_MOST, ReasonBar, bars, sentence, signed
from app.ui.issue.taught_line import TaughtLine
from app.ui.theme import Theme, set_property
from app.ui.tokens import SEVERITY_MARK, SEVERITY_TOKEN
from app.ui.words import kind_chip, kind_word, severity_word

_SEVERITY_SAYS = {
    Severity.CRITICAL: to_translate("Critical: within the hour"),
    Severity.HIGH: to_translate("High: today"),
    Severity.NORMAL: to_translate("Normal: in its turn"),
    Severity.LOW: to_translate("Low: whenever"),
}

_NARROW = 480


class WhyCard(QWidget):
    """Shows the reasons; the signals carry what a person decided instead."""

    kind_chosen = Signal(str)
    severity_chosen = Signal(str)
    false_alarm = Signal()
    missed = Signal()
    teacher_asked = Signal(str)
    toggled = Signal()

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._folded = self._narrow = False
        self._view: IssueView | None = None
        frame, column = card(margin=10, gap=4)
        column.setContentsMargins(8, 6, 10, 8)
        self._title = link_button(tr("Why"), self.toggle, name=tr("Fold the reasons"))
        self._title.setObjectName("why")
        self._brief = OneLine(role="muted")
        self._kind = _chip(self.open_kinds, tr("Change what it is about"))
        self._severity = _chip(self._open_severities, tr("Change how bad it is"))
        self._alarm = link_button(tr("False alarm"), self.say_ringing, shortens=True)
        top = row(self._title, self._brief, self._kind, self._severity, self._alarm, gap=6)
        top.setStretch(1, 1)
        self._bars = QVBoxLayout()
        self._bars.setSpacing(0)
        self._bars.setContentsMargins(5, 0, 0, 0)
        self._drawn = [ReasonBar(theme=theme) for _ in range(AT_MOST)]
        for drawn in self._drawn:
            self._bars.addWidget(drawn)
        self._menu = QMenu(self)
        self._taught = TaughtLine()
        self._taught.asked.connect(self.teacher_asked)
        self._rules = label(role="meta", wrap=True)
        self._rules.setIndent(8)
        self._rules.hide()
        column.addLayout(top)
        column.addWidget(self._taught)
        column.addLayout(self._bars)
        column.addWidget(self._rules)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        theme.changed.connect(self._dress)

    def show_view(self, view: IssueView) -> None:
        """Show why this issue has its score."""
        self._view = view
        shown = view.row
        decided = fold(view.journal)
        unsure = shown.unsure and decided.kind is None
        self._kind.setText(kind_chip(shown) if unsure else kind_word(shown.kind))
        self._severity.setText(severity_word(shown.severity))
        self._kind.setToolTip(_by_whom(decided.kind is not None, unsure=unsure))
        self._severity.setToolTip(_by_whom(decided.severity is not None, unsure=False))
        self._judge_ringing(view, decided.verdict)
        self._taught.show_view(view)
        ruled = [sentence(one.because) for one in view.reasons if one.factor == "rule"]
        self._rules.setText("\n".join(ruled))
        self._draw()
        self._dress()

    def _judge_ringing(self, view: IssueView, verdict: str) -> None:
        """What can be said about ringing, or what was said."""
        said = {
            "false_alarm": tr("Called a false alarm"),
            "missed": tr("Should have rung, you said"),
        }
        asks = (tr("False alarm"), tr("It needed nobody. Frontburner rings less for its like."))
        if not view.rang:
            asks = (
                tr("Should have rung"),
                tr("It could not wait. Frontburner rings for its like."),
            )
        self._alarm.setText(said.get(verdict, asks[0]))
        self._alarm.setAccessibleName(self._alarm.text())
        self._alarm.setToolTip(asks[1])
        self._alarm.setEnabled(verdict not in said)

    def say_ringing(self) -> None:
        """It rang for nothing, or should have rung; once."""
        rang = self._view is None or self._view.rang
        if self._alarm.isEnabled():
            (self.false_alarm if rang else self.missed).emit()

    def toggle(self) -> None:
        """Fold the bars into one line, or open them."""
        self.fold(not self._folded)
        self.toggled.emit()

    def fold(self, folded: bool) -> None:
        """Show one line instead of the bars."""
        if folded != self._folded:
            self._folded = folded
            self._draw()
            self._dress()

    @property
    def is_folded(self) -> bool:
        """Whether only one line is shown."""
        return self._folded

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where there is little room the words stay and their drawings go."""
        super().resizeEvent(event)
        narrow = event.size().width() < self._theme.px(_NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self._dress()

    def _draw(self) -> None:
        if self._view is None:
            return
        shown = self._view.row
        steps = bars(self._view.reasons)
        self._title.setText(tr("Why {score}?", score=shown.score))
        name = tr("Unfold the reasons") if self._folded else tr("Fold the reasons")
        self._title.setAccessibleName(name)
        brief = "  ·  ".join(f"{bar.words} {signed(bar.points)}" for bar in steps)
        self._brief.say(brief if self._folded else _gap(self._view))
        top = max((bar.start + max(bar.points, 0) for bar in steps), default=1)
        for drawn, bar in zip(self._drawn, steps, strict=False):
            drawn.show_bar(bar, top=top, token=SEVERITY_MARK[shown.severity])
        self._rules.setVisible(bool(self._rules.text()) and not self._folded)
        for at, drawn in enumerate(self._drawn):
            drawn.setVisible(at < len(steps) and not self._folded)

    def _dress(self) -> None:
        self._title.setIcon(self._theme.icon("chevron_right" if self._folded else "chevron_down"))
        for chip in (self._kind, self._severity):
            chip.setIcon(QIcon() if self._narrow else self._theme.icon("edit"))
        if self._view is not None:
            set_property(self._severity, "tone", SEVERITY_TOKEN[self._view.row.severity])

    def open_kinds(self) -> None:
        """Open the menu of all kinds."""
        if self._view is None:
            return
        row = self._view.row
        words = [(kind.value, kind_word(kind)) for kind in Kind]
        self._open(self._kind, words, row.kind.value, self.kind_chosen, certain=not row.unsure)

    def _open_severities(self) -> None:
        if self._view is None:
            return
        chosen = self._view.row.severity
        words = [(severity.value, tr(_SEVERITY_SAYS[severity])) for severity in Severity]
        self._open(self._severity, words, chosen.value, self.severity_chosen)

    def _open(
        self,
        below: QPushButton,
        words: list[tuple[str, str]],
        chosen: str,
        said: SignalInstance,
        *,
        certain: bool = True,
    ) -> None:
        """Offer these words; the one that stands already is asked for only if it is not certain."""
        stands = chosen if certain else ""
        self._menu.clear()
        group = QActionGroup(self._menu)
        for value, text in words:
            action = QAction(text, self._menu, checkable=True, checked=value == chosen)
            action.triggered.connect(lambda _=False, value=value: _say(said, value, stands))
            group.addAction(action)
            self._menu.addAction(action)
        # Opened by the keyboard, the menu must not swallow the key that is still down.
        at = below.mapToGlobal(QPoint(0, below.height() + 4))
        QTimer.singleShot(0, self._menu, lambda: self._menu.popup(at))


def _chip(on_click: Callable[[], object], name: str) -> QPushButton:
    """A word that can be changed."""
    made = button("", on_click, name=name, shortens=True)
    made.setStyleSheet("QPushButton { padding: 1px 8px; }")
    return made


def _say(said: SignalInstance, value: str, chosen: str) -> None:
    if value != chosen:
        said.emit(value)


def _by_whom(by_a_person: bool, *, unsure: bool) -> str:
    if by_a_person:
        return tr("You set this. Click to change it.")
    return tr("Only the best guess. Click to set it.") if unsure else tr("Click to change it.")


def _gap(view: IssueView) -> str:
    """What stands beside the title when the bars are open: nothing, or that a person decided."""
    own: list[Entry] = [entry for entry in view.journal if entry.type is EntryType.OVERRIDE]
    return "" if not own or fold(view.journal).kind is None else tr("you decided the kind")
