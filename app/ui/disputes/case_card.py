"""The dispute's own part of an issue: until when, whose turn, and below it all that answers it.

Folded it is three lines; unfolded it has the sum, the checklist, its life so far and the packet.
The checklist comes from the engine, and is asked for when somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.domain.dispute import DisputeKind
from app.domain.dispute_views import DisputeRow
from app.domain.reckoning import reckon
from app.domain.translation import tr
from app.domain.views import IssueView
from app.ui.disputes import words
from app.ui.disputes.checklist import AskFiles, Checklist
from app.ui.disputes.packet_maker import PacketMaker
from app.ui.disputes.sum_lines import SumLines
from app.ui.errors import reason
from app.ui.issue.attachment_row import AskPath
from app.ui.issue.foreign_text import tooltip
from app.ui.issue.formatted import open_outside
from app.ui.issue.links import read_link
from app.ui.issue.parts import OneLine, card, label, link_button, row
from app.ui.issue.ports import Asks
from app.ui.theme import Theme, set_property
from app.ui.widgets.choice import Choice

ReadDisputes = Callable[[], tuple[DisputeRow, ...]]


class CaseCard(QWidget):
    """Shows a dispute of an issue, of several the most pressing one until another is chosen;
    hidden where there is none.

    `unfolded`: somebody answers it now, or has done so; what stands beside may make room.
    """

    unfolded = Signal(bool)

    def __init__(
        self, *, bridge: Asks, theme: Theme, read: ReadDisputes | None = None,
        ask_path: AskPath | None = None, ask_files: AskFiles | None = None,
        open_link: Callable[[str], object] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._bridge, self._theme = bridge, theme
        self._read = read or tuple
        self._open_link = open_link or open_outside
        self._key = self._chosen = ""
        self._row: DisputeRow | None = None
        self._view: IssueView | None = None
        self._now: datetime | None = None
        self._figures: Mapping[str, Any] = {}
        self._low = self._leads_out = False
        self._refused: list[str] = []
        self._mark = QLabel()
        self.which = Choice(tr("Which dispute"))
        self._title = OneLine(role="strong", name=tr("Dispute"))
        self._left = label(role="strong")
        self._reason = OneLine(role="muted")
        self._turn = label(wrap=True)
        self.toggle = link_button(tr("Answer it"), self._toggle)
        self.elsewhere = link_button("", self._go, name=tr("Open at the provider"))
        self.checklist = Checklist(theme=theme, ask_files=ask_files)
        self.packet = PacketMaker(bridge=bridge, ask_path=ask_path)
        self.sum, self._sum_title = SumLines(), label(tr("What it comes to"), role="strong")
        self._advice, self._limits = label(role="strong", wrap=True), label(role="meta", wrap=True)
        self._deadline, self._life = label(wrap=True), label(role="meta", wrap=True)
        self._trouble = label(tone="critical", wrap=True)
        self._inside = self._unfolding()
        self._lay_out()
        self.which.activated.connect(lambda _: self.choose(self.which.value))
        self.checklist.added.connect(self._add)
        self.checklist.removed.connect(self._remove)
        theme.changed.connect(self._dress)
        self.hide()

    def show_view(self, view: IssueView, now: datetime) -> None:
        """Show the dispute of this issue as it stands at `now`."""
        self._view, self._now = view, now
        self.setVisible(bool(view.disputes))
        if not view.disputes:
            self._row, self._key = None, ""
            self._inside.hide()
            return
        if view.row.key != self._key:
            self._inside.hide()
        self._write(self._take_up(view, now), now)
        if self._inside.isVisible():
            self._count()
            self._ask()
        self._dress()

    def choose(self, dispute: str) -> None:
        """Show the dispute that its provider calls so, now or as soon as its issue is shown."""
        self._chosen = dispute
        if self._view is not None and self._now is not None:
            self.show_view(self._view, self._now)

    def _take_up(self, view: IssueView, now: datetime) -> DisputeRow:
        """The chosen case, else the first; what was shown of another one goes."""
        cases, before = view.disputes, self._place
        self._key = view.row.key
        self._row = next((one for one in cases if one.is_called(self._chosen)), cases[0])
        if self._place != before:
            self._forget_refusals()
            self.checklist.show_answer({})
            self.packet.show_case(*self._place, mail_files=0)
        self.which.offer(words.choice(cases, now), self._row.dispute.platform_id)
        self.which.setVisible(len(cases) > 1)
        self._title.setVisible(len(cases) == 1)
        return self._row

    @property
    def _place(self) -> tuple[str, str]:
        """The issue and the dispute that are shown."""
        return self._key, self._row.dispute.platform_id if self._row is not None else ""

    def set_low(self, low: bool) -> None:
        """Where there is little room, one line: what it is, the time left, and the way in."""
        if low == self._low:
            return
        self._low = low
        before, after = (self._below, self._top) if low else (self._top, self._below)
        before.removeWidget(self.toggle)
        after.addWidget(self.toggle)
        self._show_lines()

    def _show_lines(self) -> None:
        whole = not self._low or self.is_unfolded
        self._reason.setVisible(whole)
        self._turn.setVisible(whole and bool(self._turn.text()))
        self.elsewhere.setVisible(whole and self._leads_out)

    @property
    def is_unfolded(self) -> bool:
        """Whether the checklist is shown."""
        return not self._inside.isHidden()

    def _write(self, case: DisputeRow, now: datetime) -> None:
        dispute = case.dispute
        waits = words.left(case, now)
        self._title.say(words.title(dispute))
        self._left.setText(words.time_left(case, now))
        self._left.setToolTip(waits.exact)
        set_property(self._left, "tone", waits.tone if waits.tone in ("critical", "high") else "")
        said = f"{words.state(case)}: {words.reason(dispute)}"
        self._reason.say(said)
        self._reason.setToolTip(tooltip(f"{said}\n{words.provider_words(dispute)}".strip()))
        self._turn.setText(words.turn(case, now))
        self._deadline.setText(words.deadline(case, now))
        self._deadline.setVisible(bool(self._deadline.text()))
        self._life.setText("\n".join(words.life(case, now)))
        self.packet.setHidden(dispute.kind is DisputeKind.ALERT)  # a bank takes no answer to one
        self.toggle.setText(self._toggle_words())
        link = read_link(dispute.url) if dispute.url else None
        self._leads_out = bool(link and link.target)
        where = tr("Open at {platform}", platform=words.platform_word(dispute.platform))
        self.elsewhere.setText(where)
        self.elsewhere.setAccessibleName(where)
        self._show_lines()
        self.setAccessibleName(words.spoken(case, now))

    def _toggle_words(self) -> str:
        if self.is_unfolded:
            return tr("Fold")
        if self._row is None or not self._row.is_ours:
            return tr("What there is")
        is_warning = self._row.dispute.kind is DisputeKind.ALERT
        return tr("Decide") if is_warning else tr("Answer it")

    def _toggle(self) -> None:
        self._inside.setVisible(not self.is_unfolded)
        self.toggle.setText(self._toggle_words())
        self._show_lines()
        self.unfolded.emit(self.is_unfolded)
        if self.is_unfolded:
            self._bridge.run("dispute_figures", then=self._hear_figures, failed=lambda _: None)
            self._count()
            self._ask()

    def _ask(self) -> None:
        self._run("evidence", failed=self._fail)

    def _run(
        self, verb: str, *, failed: Callable[[tuple[str, str], Exception], None], **more: str
    ) -> None:
        """Ask about the dispute that is shown; an answer that comes when it is not any more is
        nobody's."""
        at = key, dispute = self._place
        self._bridge.run(
            verb, key=key, dispute=dispute,
            then=partial(self._hear, at), failed=partial(failed, at), **more,
        )  # fmt: skip

    def _hear(self, at: tuple[str, str], answer: Mapping[str, Any]) -> None:
        if at != self._place or "items" not in answer:
            return
        self._trouble.setHidden(not self._refused)
        self._advice.setText(answer["advice"])
        self._limits.setText(answer["limits"]["said"])
        self._limits.setToolTip(answer["limits"]["source"])
        self.checklist.show_answer(answer)
        self.packet.show_case(*at, mail_files=len(answer["enclosed"]))

    def _hear_figures(self, answer: Mapping[str, Any]) -> None:
        self._figures = answer
        self._count()

    def _count(self) -> None:
        if self._row is None or self._view is None or self._now is None:
            return
        self._sum_title.setHidden(self._row.is_over)  # there is nothing to weigh any more
        self.sum.setHidden(self._row.is_over)
        if self._row.is_over:
            return
        found = reckon(self._row, self._read(), order=self._view.order, figures=self._figures)
        self.sum.show_lines(words.arithmetic(found, self._now))

    def _fail(self, at: tuple[str, str], error: Exception) -> None:
        if at == self._place:
            self._trouble.setText(reason(error))
            self._trouble.show()

    def _add(self, item: str, paths: Sequence[str]) -> None:
        self._forget_refusals()
        for path in paths:
            self._run("add_evidence", failed=self._refuse, item=item, path=path)

    def _remove(self, item: str, name: str) -> None:
        self._forget_refusals()
        self._run("remove_evidence", failed=self._refuse, item=item, name=name)

    def _refuse(self, at: tuple[str, str], error: Exception) -> None:
        """Of several files each that cannot be added is told, and stays so beside the others."""
        if at == self._place:
            self._refused.append(reason(error))
            self._trouble.setText("\n".join(self._refused))
            self._trouble.show()

    def _forget_refusals(self) -> None:
        self._refused.clear()
        self._trouble.hide()

    def _go(self) -> None:
        if self._row is not None and (link := read_link(self._row.dispute.url)).target:
            self._open_link(link.target)

    def _unfolding(self) -> QWidget:
        """As high as what stands in it: the page around it is what is scrolled."""
        inside = QWidget()
        inside.setProperty("ground", "raised")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 8, 4)
        column.setSpacing(8)
        for part in (
            self._deadline, self._advice, self.checklist, self._limits, self.packet,
            self._sum_title, self.sum,
            label(tr("So far"), role="strong"), self._life,
        ):  # fmt: skip
            column.addWidget(part)
        inside.setAccessibleName(tr("What answers the dispute"))
        inside.hide()
        return inside

    def _lay_out(self) -> None:
        frame, column = card(margin=10, gap=2)
        self._top = row(self._mark, self._title, self.which, self._left, gap=8)
        self._top.setStretch(1, 1)
        self._top.setStretch(2, 1)
        column.addLayout(self._top)
        column.addWidget(self._reason)
        self._below = row(self._turn, self.elsewhere, self.toggle, gap=6)
        self._below.setStretch(0, 1)
        self._below.insertStretch(1, 0)  # where nothing is said of the turn, the way in stays small
        column.addLayout(self._below)
        column.addWidget(self._trouble)
        column.addWidget(self._inside)
        self._trouble.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def _dress(self) -> None:
        tone = words.state_tone(self._row) if self._row is not None else "text_muted"
        self._mark.setPixmap(self._theme.pixmap("shield", tone, 18, self))
