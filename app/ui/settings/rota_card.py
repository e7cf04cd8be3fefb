"""RotaCard: who is on call when: turns, who stands in, and the coming weeks with their gaps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, clear, label, link_button, row
from app.ui.issue.ports import Asks
from app.ui.settings.cover_picture import CoverPicture
from app.ui.settings.day_adders import short_field
from app.ui.settings.kept_line import KeptLine
from app.ui.settings.replacements import Replacements
from app.ui.settings.rota_words import gap_words, on_call_words
from app.ui.theme import Theme
from app.ui.widgets.choice import Choice

_ALL_AT_ONCE = to_translate("Nobody takes turns: everybody is on call at once.")


class RotaCard(QFrame):
    """Shows and changes who takes turns."""

    def __init__(self, *, bridge: Asks, theme: Theme) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._bridge = bridge
        self._names: list[str] = []
        self.members: list[str] = []
        self.on_call = label(wrap=True)
        self.gaps = label(tone="high", wrap=True)
        self.picture = CoverPicture(theme=theme)
        self._members = QVBoxLayout()
        self._members.setSpacing(0)
        self.another = Choice(tr("Who takes turns, too"))
        self.days = short_field("7", tr("Days of a turn"), letters=2)
        self.handoff = short_field("09:00", tr("Time of the hand-over"), letters=5)
        self.keep_button = button(tr("Keep"), self.keep, name=tr("Keep the length of the turns"))
        self.replacements = Replacements(bridge=bridge)
        self.replacements.changed.connect(self._show)
        self.line = KeptLine()
        self._lay_out()

    def show_rota(self, rota: Mapping[str, Any], names: list[str]) -> None:
        """Show this rota; `names` are all contacts."""
        self._names = names
        self.setVisible(bool(names))
        self._show(dict(rota))

    def keep(self) -> None:
        """Have the engine keep who takes turns, in their order."""
        self._set(self.members)

    def _set(self, members: list[str], *, starts: str = "") -> None:
        """`starts` only to take something back: else whose turn it is keeps it."""
        days = self.days.text().strip()
        self._bridge.run(
            "set_rota",
            members=members,
            starts=starts,
            days=int(days) if days.isdecimal() else 7,
            handoff=self.handoff.text().strip() or "09:00",
            then=self._kept,
            failed=self.line.refuse,
        )

    def _kept(self, rota: dict[str, Any]) -> None:
        self.line.hide()
        self._show(rota)

    def _show(self, rota: dict[str, Any]) -> None:
        rotation = rota.get("rotation") or {}
        self.members = list(rotation.get("members", ()))
        self._starts = str(rotation.get("starts", ""))
        self.on_call.setText(on_call_words(rota))
        gaps = gap_words(rota)
        self.gaps.setText(gaps)
        self.gaps.setVisible(bool(gaps))
        self.picture.show_cover(rota)
        self.days.setText(str(rotation.get("days", 7)))
        self.handoff.setText(str(rotation.get("handoff", "09:00"))[:5])
        self._show_members()
        self.replacements.show_rota(rota, self._names)
        self.replacements.setVisible(bool(self.members))

    def _show_members(self) -> None:
        clear(self._members)
        for at, name in enumerate(self.members):
            said = line(name)
            shown = row(label(f"{at + 1}. {self._with_state(name)}"), 1, gap=4)
            if at:
                up = partial(self._move_up, at)
                shown.addWidget(
                    link_button(tr("Up"), up, name=tr("Up: {said} in the turns", said=said))
                )
            out = partial(self._take_out, at)
            shown.addWidget(
                link_button(tr("Take out"), out, name=tr("Take {said} out of the turns", said=said))
            )
            self._members.addLayout(shown)
        if not self.members:
            self._members.addWidget(label(tr(_ALL_AT_ONCE), role="muted", wrap=True))
        left = [one for one in self._names if one not in self.members]
        self.another.offer([(tr("Add somebody …"), ""), *((line(one), one) for one in left)], "")
        self.another.setVisible(bool(left))

    def _with_state(self, name: str) -> str:
        if name in self._names:
            return line(name)
        return tr("{name}, who is told no more", name=line(name))

    def _add(self) -> None:
        name = self.another.currentData()
        if name:
            self._set([*self.members, str(name)])

    def _move_up(self, at: int) -> None:
        fresh = list(self.members)
        fresh.insert(at - 1, fresh.pop(at))
        self._set(fresh)

    def _take_out(self, at: int) -> None:
        before = list(self.members)
        back = partial(self._set, before, starts=self._starts)
        self._set([*before[:at], *before[at + 1 :]])
        name = line(before[at])
        self.line.say(tr("{name} takes no turns any more.", name=name), undo=back)

    def _lay_out(self) -> None:
        self._starts = ""
        self.another.currentIndexChanged.connect(lambda _: self._add())
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self.on_call)
        column.addWidget(self.gaps)
        column.addWidget(self.picture)
        column.addWidget(label(tr("Who takes turns"), role="strong"))
        column.addLayout(self._members)
        column.addLayout(row(self.another, 1))
        turns = row(
            label(tr("A turn lasts")), self.days, label(tr("days; hand-over at")), self.handoff
        )
        turns.addWidget(self.keep_button)
        turns.addStretch(1)
        column.addLayout(turns)
        column.addWidget(self.line)
        column.addWidget(label(tr("Who stands in"), role="strong"))
        column.addWidget(self.replacements)
