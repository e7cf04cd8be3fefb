"""Banners: what must not be missed, in a line above the panes, until somebody has seen it.

An alert that rang, an engine that went away, a reply that did not leave. Each has a name, so that
the same thing said twice is one banner. The loudest is shown; the rest is counted, a click away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.translation import tr, trn
from app.ui.issue.parts import OneLine, button, label, row
from app.ui.theme import Theme
from app.ui.tokens import Gap

_ICON = {"critical": "flame", "high": "alert", "normal": "info"}
_AT_MOST = 6
_BEHIND_TEXT = 2  # picture and words stand before the buttons


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a banner says; `below` is a second line. `tone` is critical, high or normal; one with
    `close` can be put away; `is_first` stands before every tone: it says that nothing else can be
    trusted right now. `also` are the names of what it says beside its own."""

    name: str
    tone: str
    title: str
    body: str = ""
    below: str = ""
    icon: str = ""
    actions: Sequence[tuple[str, Callable[[], object]]] = ()
    close: Callable[[], object] | None = None
    is_first: bool = False
    also: tuple[str, ...] = ()


class Banner(QFrame):
    """One notice on one line, or on two."""

    def __init__(self, notice: Notice, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.more: QPushButton | None = None
        self.setObjectName("banner")
        self.setProperty("tone", notice.tone)
        self.setAccessibleName(" ".join(filter(None, (notice.title, notice.body, notice.below))))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Gap.MEDIUM, Gap.TINY, Gap.TINY, Gap.TINY)
        self._row.setSpacing(Gap.SMALL)
        picture = QLabel()
        picture.setPixmap(theme.pixmap(notice.icon or _ICON[notice.tone], notice.tone, 18, self))
        title = label(notice.title, role="strong")
        self._row.addWidget(picture)
        self._first = row(title, OneLine(notice.body, role="muted"))
        self._first.setStretch(1, 1)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addLayout(self._first)
        if notice.below:
            lines.addWidget(OneLine(notice.below, role="muted"))
        self._row.addLayout(lines, 1)
        for text, act in notice.actions:
            self._row.addWidget(button(text, act))
        if notice.close is not None:
            away = button(
                "", notice.close, variant="quiet", name=tr("Put away: {what}", what=notice.title)
            )
            away.setToolTip(tr("Put away"))
            away.setIcon(theme.icon("close", "text_muted"))
            self._row.addWidget(away)

    def add_more(self, text: str, act: Callable[[], object]) -> None:
        """A quiet button for what stands behind this banner."""
        self.more = button(text, act, variant="quiet")
        self._row.insertWidget(_BEHIND_TEXT, self.more)
        self.more.show()  # now, so that it can have the keyboard


class BannerArea(QWidget):
    """The notices that are up, the loudest first."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._notices: dict[str, Notice] = {}
        self._all = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Gap.MEDIUM, Gap.SMALL, Gap.MEDIUM, Gap.SMALL)
        self._column.setSpacing(Gap.TINY)
        theme.changed.connect(self._draw)
        self.hide()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what is up, also of what is said together with it."""
        return tuple(name for key, one in self._notices.items() for name in (key, *one.also))

    def put(self, notice: Notice) -> None:
        """Put a notice up, or say one anew."""
        before = self._notices.get(notice.name)
        self._notices[notice.name] = notice
        if before is None or _words(before) != _words(notice):
            self._draw()
            self._announce(notice)

    def put_all(self, prefix: str, notices: Sequence[Notice]) -> None:
        """Put these up in their order, and take down what else begins with `prefix`."""
        before = self._notices
        others = {name: one for name, one in before.items() if not name.startswith(prefix)}
        self._notices = {**others, **{one.name: one for one in notices}}
        known = {name: _words(one) for name, one in before.items()}
        if list(known.items()) != [(name, _words(one)) for name, one in self._notices.items()]:
            self._draw()
        for notice in notices:
            if known.get(notice.name) != _words(notice):
                self._announce(notice)

    def drop(self, name: str) -> None:
        """Take a notice down."""
        if self._notices.pop(name, None) is not None:
            self._draw()

    def _draw(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        order = sorted(self._notices.values(), key=_loudness)
        self._all = self._all and len(order) > 1
        for notice in order[: _AT_MOST if self._all else 1]:
            made = Banner(notice, self._theme, self)
            self._column.addWidget(made)
            made.show()  # now, so that Tab finds it
        if len(order) > 1:
            self._offer_more(len(order) - 1)
        self.setVisible(bool(order))

    def _announce(self, notice: Notice) -> None:
        said = QAccessibleAnnouncementEvent(self, " ".join(filter(None, _words(notice))))
        QAccessible.updateAccessibility(said)

    def _offer_more(self, others: int) -> None:
        banner = self._first_banner()
        if banner is not None:
            more = tr("Show one") if self._all else trn("{n} more", "{n} more", others)
            banner.add_more(more, self._toggle)

    def _first_banner(self) -> Banner | None:
        first = self._column.itemAt(0)
        banner = first.widget() if first is not None else None
        return banner if isinstance(banner, Banner) else None

    def _toggle(self) -> None:
        """The keyboard stays on the button that was pressed."""
        self._all = not self._all
        self._draw()
        banner = self._first_banner()
        if banner is not None and banner.more is not None:
            banner.more.setFocus()


def _words(notice: Notice) -> tuple[str, str]:
    return notice.title, notice.body


def _loudness(notice: Notice) -> tuple[bool, int]:
    return not notice.is_first, list(_ICON).index(notice.tone)
