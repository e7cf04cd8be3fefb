"""The list of templates by kind, each in its languages, with how it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.assessment import Kind
from app.domain.translation import tr, trn
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import row
from app.ui.reply.template_picker import language_word
from app.ui.words import kind_word

_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One template in one language, as the list shows it."""

    id: str
    kind: str
    language: str
    title: str
    own: bool
    used: int
    changed_words: str

    @property
    def use_words(self) -> str:
        """How often it was taken and how much of it people change."""
        if not self.used:
            return tr("Not used yet.")
        return trn(
            "Used once, {changed}.",
            "Used {n} times, {changed}.",
            self.used,
            changed=self.changed_words,
        )


def listed(answer: Sequence[Mapping[str, Any]]) -> tuple[Listed, ...]:
    """The engine's list."""
    return tuple(
        Listed(
            id=str(one["id"]),
            kind=str(one["kind"]),
            language=str(one["language"]),
            title=line(str(one["title"])),
            own=bool(one["own"]),
            used=int(one.get("used", 0)),
            changed_words=str(one.get("changed_words", "")),
        )
        for one in answer
    )


class TemplateList(QWidget):
    """`chosen` carries the Listed that somebody went to, by mouse or keyboard. It begins with those
    in `language`, or with all."""

    chosen = Signal(object)

    def __init__(self, *, language: str = "") -> None:
        super().__init__()
        self.every: tuple[Listed, ...] = ()
        self._begin_in = language
        self._quiet = False
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find a template"))
        self.search.setAccessibleName(tr("Find a template"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._draw)
        self.language = QComboBox()
        self.language.setAccessibleName(tr("In which language"))
        self.language.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.language.currentIndexChanged.connect(self._draw)
        self.tree = QTreeWidget()
        self.tree.setStyleSheet("QTreeWidget::item { padding: 3px 0; }")
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(True)
        self.tree.setAccessibleName(tr("Templates by kind"))
        self.tree.currentItemChanged.connect(lambda now, _: self._go(now))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row(self.search, self.language, gap=8))
        column.addWidget(self.tree, 1)

    def show_all(self, every: tuple[Listed, ...]) -> None:
        """List these; what was chosen stays chosen."""
        self.every = every
        self._offer_languages()
        self._draw()

    def go_to_first(self) -> None:
        """Choose the first one that is shown."""
        head = self.tree.topLevelItem(0)
        first = head.child(0) if head is not None else None
        if first is not None:
            self.tree.setCurrentItem(first)

    def _offer_languages(self) -> None:
        was = str(self.language.currentData() if self.language.count() else self._begin_in)
        self.language.blockSignals(True)
        self.language.clear()
        self.language.addItem(tr("All languages"), "")
        for code in sorted({one.language for one in self.every}):
            self.language.addItem(language_word(code), code)
        self.language.setCurrentIndex(max(self.language.findData(was), 0))
        self.language.blockSignals(False)

    def current(self) -> Listed | None:
        """The one that is chosen."""
        item = self.tree.currentItem()
        found = item.data(0, _ROLE) if item is not None else None
        return found if isinstance(found, Listed) else None

    def go_to(self, id_: str, language: str) -> bool:
        """Choose this one, also where it was not shown; False where it is not there."""
        if self._select(id_, language):
            return True
        if any((one.id, one.language) == (id_, language) for one in self.every):
            self.search.clear()
            if self.language.currentData() != language:
                self.language.setCurrentIndex(0)
        return self._select(id_, language)

    def stay_at(self, id_: str, language: str) -> None:
        """Mark this one as chosen without telling anybody."""
        self._quiet = True
        self.go_to(id_, language)
        self._quiet = False

    def _select(self, id_: str, language: str) -> bool:
        item = self._item(id_, language)
        if item is None:
            return False
        self.tree.scrollToItem(item)
        self.tree.setCurrentItem(item)
        return True

    def _item(self, id_: str, language: str) -> QTreeWidgetItem | None:
        for place in range(self.tree.topLevelItemCount()):
            kind = self.tree.topLevelItem(place)
            for at in range(kind.childCount() if kind else 0):
                item = kind.child(at) if kind else None
                one = item.data(0, _ROLE) if item else None
                if isinstance(one, Listed) and (one.id, one.language) == (id_, language):
                    return item
        return None

    def _go(self, item: QTreeWidgetItem | None) -> None:
        found = item.data(0, _ROLE) if item is not None else None
        if isinstance(found, Listed) and not self._quiet:
            self.chosen.emit(found)

    def _draw(self) -> None:
        was, wanted = self.current(), self.search.text().casefold()
        language = self.language.currentData() or ""
        self._quiet = True
        self.tree.clear()
        heads: dict[str, QTreeWidgetItem] = {}
        for one in self.every:
            found = wanted in f"{one.title} {one.id}".casefold()
            if not found or language not in ("", one.language):
                continue
            head = heads.get(one.kind)
            if head is None:
                head = heads[one.kind] = QTreeWidgetItem([kind_words(one.kind)])
                self.tree.addTopLevelItem(head)
            head.addChild(_item(one))
        self.tree.expandAll()
        if was is not None:
            self._select(was.id, was.language)
        self._quiet = False


def kind_words(kind: str) -> str:
    """The name of a kind; one that is unknown as it is written."""
    return kind_word(Kind(kind)) if kind in set(Kind) else kind


def _item(one: Listed) -> QTreeWidgetItem:
    language = language_word(one.language)
    where = tr("{language}, yours", language=language) if one.own else language
    item = QTreeWidgetItem([f"{one.title}  ({where})"])
    item.setData(0, _ROLE, one)
    item.setToolTip(0, one.use_words)
    return item
