"""A language that nobody speaks, and what a page shows that did not go through it.

Each text stands in ⟦ ⟧ there, without the values in its {places}; so what stands outside of them is
a value, a mark, or a text that was never translated.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from gettext import NullTranslations

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QTextEdit,
    QWidget,
)

_PLACE = re.compile(r"(\{\w+\})")
_SAID = re.compile(r"⟦[^⟦⟧]*(?:⟧|$)|^[^⟦⟧]*⟧")
_LONG = 20
_MARKS = re.compile(r"^[\W\d_]+|[\W_]+$")
_WORD = re.compile(r"[^\W\d_]{2,}")
# What is written alike in every language: names, units, keys of the keyboard, addresses, and what
# is in capitals (INBOX, EUR, PDF).
_ALIKE = re.compile(
    r"\b(Frontburner|Shopify|WooCommerce|Stripe|PayPal|eml|kB|Ctrl|Enter|Esc|Alt|Del|[A-Z]{2,5}"
    r"|[\w.]+@[\w.]+|[\w.]+\.example)\b"
)


class Nobodys(NullTranslations):
    """The language."""

    def gettext(self, message: str) -> str:
        """The text in brackets, its places between them."""
        return "".join(
            part if _PLACE.fullmatch(part) else f"⟦{part}⟧"
            for part in _PLACE.split(message)
            if part
        )

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form that English has."""
        return self.gettext(msgid1 if n == 1 else msgid2)


def leaks(page: QWidget, data: object, *, but: tuple[type[QWidget], ...] = ()) -> list[str]:
    """Each text on the page that is neither translated nor data, and where it stands.

    What lies in a widget of the sorts `but` is not asked.
    """
    known = sorted(_known(data), key=len, reverse=True)
    found = []
    for owner, name, text in _texts(page, but):
        if rest := _rest(text, known):
            found.append(f"{type(owner).__name__}.{name}: {rest!r} in {text[:160]!r}")
    return list(dict.fromkeys(found))


def _rest(text: str, known: Iterable[str]) -> str:
    """What is left of a text without what was translated and what is data."""
    plain = html.unescape(re.sub(r"<[^>]+>", " ", text)).replace("&&", "&")
    before = None
    while before != plain:  # from the inside outwards: one text may be the value of another
        before, plain = plain, _SAID.sub(" ", plain)
    plain = " ".join(_ALIKE.sub(" ", plain).split())
    for value in known:
        if value in plain:
            plain = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", " ", plain)
    plain = " ".join(plain.split())
    cut = _MARKS.sub("", plain.removesuffix("…"))  # data of which there is no room for the rest
    is_cut = any(value.startswith(cut) or (len(cut) > _LONG and cut in value) for value in known)
    if is_cut or not _WORD.search(plain):
        return ""
    return plain


def _known(data: object) -> set[str]:
    """Every text of the data, and each of its lines; an enum's own name is none of them."""
    if isinstance(data, Enum):
        return set()
    if isinstance(data, str):
        lines = {" ".join(part.split()) for part in (data, *data.splitlines())}
        return {part for part in lines if _WORD.search(part)}
    if isinstance(data, dict):
        parts: Iterable[object] = data.values()
    elif is_dataclass(data):
        parts = [getattr(data, one.name) for one in fields(data)]
    else:
        parts = data if isinstance(data, (list, tuple, set)) else ()
    return {text for part in parts for text in _known(part)}


def _texts(page: QWidget, but: tuple[type[QWidget], ...]) -> Iterator[tuple[object, str, str]]:
    for widget in (page, *page.findChildren(QWidget)):
        if _lies_in(widget, but):
            continue
        for name in ("accessibleName", "accessibleDescription", "toolTip", "windowTitle"):
            yield widget, name, getattr(widget, name)()
        if isinstance(widget, QLineEdit | QTextEdit):
            yield widget, "placeholderText", widget.placeholderText()
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget, "text", widget.text()
        if isinstance(widget, QGroupBox):
            yield widget, "title", widget.title()
        if isinstance(widget, QAbstractItemView):
            yield from _listed(widget, widget.model())
        if isinstance(widget, QComboBox):
            yield from _listed(widget, widget.model())
        for action in widget.actions():
            yield from _acted(widget, action)


def _listed(widget: QWidget, model: QAbstractItemModel | None) -> Iterator[tuple[object, str, str]]:
    """What a list draws is also what it says."""
    if model is None:
        return
    for row in range(model.rowCount()):
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            yield widget, f"row {row}", str(model.index(row, 0).data(role) or "")


def _acted(widget: QWidget, action: QAction) -> Iterator[tuple[object, str, str]]:
    yield widget, "action", action.text()
    if action.toolTip() != action.iconText():
        yield widget, "action", action.toolTip()


def _lies_in(widget: QWidget | None, sorts: tuple[type[QWidget], ...]) -> bool:
    while widget is not None and sorts:
        if isinstance(widget, sorts):
            return True
        widget = widget.parentWidget()
    return False
