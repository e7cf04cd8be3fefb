"""The banner over a mail that pretends: what it claims to be, and what gives it away."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.domain.translation import tr
from app.domain.views import IssueView
from app.ui.issue.foreign_text import line, paragraphs
from app.ui.issue.parts import label, row
from app.ui.theme import Theme
from app.ui.words import person

_AT_MOST = 4


def claim(view: IssueView) -> tuple[str, tuple[str, ...]]:
    """The headline and the reasons."""
    joined = view.pretender
    said = joined.because if joined else view.suspicious_because
    because = tuple(paragraphs(reason) for reason in said if reason.strip())
    who = line(person(joined.who if joined else view.row.customer))[:60]
    if joined:
        return tr("A mail in here claims to be {who}, but:", who=who), because
    return tr("Claims to be {who}, but:", who=who), because


class SuspicionBanner(QFrame):
    """Stands above the reasons of an issue that is not what it says; hidden otherwise."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("tone", "critical")
        self._theme = theme
        self._mark = QLabel()
        self._title = label(role="title", wrap=True)
        self._because = label(wrap=True)
        self._advice = label(
            tr(
                "Do not answer, pay or sign in from this mail."
                " Open the provider's own page instead."
            ),
            role="muted",
            wrap=True,
        )
        words = QVBoxLayout()
        words.setSpacing(2)
        for part in (self._title, self._because, self._advice):
            words.addWidget(part)
        line_ = row(self._mark, words, gap=12)
        line_.setStretch(1, 1)
        line_.setContentsMargins(12, 10, 12, 10)
        self.setLayout(line_)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_view(self, view: IssueView) -> None:
        """Show what is wrong with the issue's mail, or nothing."""
        suspicious = view.row.suspicious or view.pretender is not None
        self.setVisible(suspicious)
        if not suspicious:
            return
        title, because = claim(view)
        self._title.setText(title)
        self._because.setText("\n".join(f"–  {reason}" for reason in because[:_AT_MOST]))
        self._because.setVisible(bool(because))
        self.setAccessibleName(tr("Suspicious: {what}", what=title))

    def _dress(self) -> None:
        self._mark.setPixmap(self._theme.pixmap("shield", "critical", 24, self))
