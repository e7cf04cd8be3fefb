"""What speaks against the text as it stands, told while somebody writes: each reason, its place.

After a pause in writing the engine looks the draft over; nothing here judges. A click on a reason
selects the words that it is about. Holes are not repeated: they are marked at once (hole_list).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.objection import Objection, Weight
from app.domain.translation import tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.reply.draft_keeper import Words
from app.ui.reply.holes import holes

PAUSE_MS = 300
_AT_MOST = 3
_TONES = {Weight.STOPS: "critical", Weight.ASKS: "high", Weight.HINTS: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is looked over: equal ones are asked once."""

    key: str
    words: Words
    to_sender: bool


class LookedOver(QWidget):
    """Lists the reasons; hidden where there is none. `chosen` carries the place in the text that
    somebody wants to see, `found` every reason, for the marks."""

    chosen = Signal(int, int)
    found = Signal(tuple)

    def __init__(self, *, bridge: Asks) -> None:
        super().__init__()
        self._bridge = bridge
        self._wanted: _Question | None = None
        self._shown: tuple[Objection, ...] = ()
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(2)
        self.hide()

    def look(self, key: str, words: Words, *, to_sender: bool = False) -> None:
        """These are the words now; they are looked over when nobody has written for a moment."""
        self._wanted = _Question(key=key, words=words, to_sender=to_sender)
        if words.body.strip() and key:
            self._timer.start()
        else:
            self.forget()

    def forget(self) -> None:
        """Another issue, or the words went out: no question about them is asked or answered."""
        self._wanted = None
        self._timer.stop()
        self._show(())

    @property
    def sentences(self) -> frozenset[str]:
        """What is told now."""
        return frozenset(one.because for one in self._shown[:_AT_MOST])

    def _ask(self) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        self._bridge.run(
            "check_reply",
            key=wanted.key,
            body=wanted.words.body,
            files=list(wanted.words.files),
            sender=wanted.words.sender,
            to_sender=wanted.to_sender,
            heard=wanted.words.heard,
            cc=list(wanted.words.cc),
            then=lambda answer: self._answered(wanted, answer),
        )

    def _answered(self, asked: _Question, answer: Answer) -> None:
        """An answer about words that are not there any more says nothing."""
        if asked == self._wanted:
            told = _objections(answer.get("objections", ()))
            self._show(_beside_holes(told, asked.words.body))

    def _show(self, objections: tuple[Objection, ...]) -> None:
        if objections == self._shown:
            return
        self._shown = objections
        clear(self._rows)
        for one in objections[:_AT_MOST]:
            self._rows.addWidget(self._row(one))
        if len(objections) > _AT_MOST:
            more = len(objections) - _AT_MOST
            self._rows.addWidget(label(tr("and {more} more", more=more), role="meta"))
        self.setVisible(bool(objections))
        self.found.emit(objections)

    def _row(self, one: Objection) -> QWidget:
        because = line(one.because)
        said = label(because, role="meta", tone=_TONES[one.weight], wrap=True)
        made = QWidget()
        inside = row(said, gap=6)
        inside.setStretch(0, 1)
        if one.end > one.start:
            show = link_button(tr("Show"), name=tr("Show the place: {because}", because=because))
            show.clicked.connect(lambda _=False: self.chosen.emit(one.start, one.end))
            inside.addWidget(show, alignment=Qt.AlignmentFlag.AlignTop)
        made.setLayout(inside)
        return made


def _objections(listed: Sequence[Mapping[str, Any]]) -> tuple[Objection, ...]:
    return tuple(
        Objection(
            weight=Weight(str(one["weight"])),
            because=str(one["because"]),
            start=int(one["start"]),
            end=int(one["end"]),
        )
        for one in listed
    )


def _beside_holes(told: tuple[Objection, ...], body: str) -> tuple[Objection, ...]:
    places = [(hole.start, hole.start + hole.length) for hole in holes(body)]
    return tuple(
        one for one in told if not any(start < one.end and one.start < end for start, end in places)
    )
