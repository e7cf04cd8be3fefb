"""The delegate: a row is drawn once, and anew as soon as anything about it has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics, QImage, QPixmap
from pytestqt.qtbot import QtBot

from app.domain.assessment import Kind, Priority, Severity
from app.domain.journal import State
from app.domain.message import Address
from app.domain.views import InboxRow
from app.ui.inbox.delegate import RowDelegate
from app.ui.inbox.model import InboxModel
from app.ui.inbox.row_layout import SLOTS, lay_out, verbs_of
from app.ui.inbox.row_painter import Pose, RowPainter
from app.ui.inbox.view import InboxView
from app.ui.theme import Theme
from app.ui.tokens import Appearance, Size
from tests.support.drawn_texts import texts
from tests.support.ui_fakes import NOW, FakeClock, a_row


class Fixture:
    """A list of twenty rows that counts how often one is drawn."""

    def __init__(self, theme: Theme, clock: FakeClock, qtbot: QtBot) -> None:
        self.rows = {number: a_row(number) for number in range(1, 21)}
        self.drawn: list[int] = []
        self.delegate = RowDelegate(theme, clock.now)
        self.model = InboxModel(
            fetch=lambda ids: [self.rows[number] for number in ids], spoken=lambda row: row.subject
        )
        self.model.show(self.rows)
        draw = self.delegate._draw

        def counting(pixmap: QPixmap, row: InboxRow, rect: QRect, pose: Pose) -> None:
            self.drawn.append(row.id)
            draw(pixmap, row, rect, pose)

        self.delegate._draw = counting  # type: ignore[method-assign]
        self.view = InboxView(model=self.model, delegate=self.delegate, theme=theme)
        qtbot.addWidget(self.view)
        self.view.resize(460, 640)
        self.view.show()

    def paint(self) -> QImage:
        return self.view.viewport().grab().toImage()


@pytest.fixture
def shown(theme: Theme, clock: FakeClock, qtbot: QtBot) -> Fixture:
    made = Fixture(theme, clock, qtbot)
    made.paint()
    made.drawn.clear()
    return made


def test_what_has_not_changed_is_only_copied(shown: Fixture):
    shown.paint()
    assert shown.drawn == []


def test_scrolling_draws_only_what_comes_into_view(shown: Fixture):
    shown.view.verticalScrollBar().setValue(64 * 2)
    shown.paint()
    assert set(shown.drawn) <= {11, 12, 13}


def test_a_changed_row_is_drawn_anew_and_no_other(shown: Fixture):
    shown.rows[3] = replace(shown.rows[3], score=12)
    shown.model.refresh([3])
    shown.paint()
    assert shown.drawn == [3]


def test_time_passes_in_the_rows_too(shown: Fixture, clock: FakeClock):
    clock.at += timedelta(minutes=5)
    shown.paint()
    assert set(shown.drawn) >= {1, 2, 3}


def test_the_other_palette_draws_everything_anew(shown: Fixture, theme: Theme):
    """Read where no letter stands, whatever this machine's letters are."""
    light = shown.paint().pixelColor(4, 4).lightness()
    theme.set_appearance(Appearance.DARK)
    assert shown.paint().pixelColor(4, 4).lightness() < light


def test_the_mark_of_a_critical_issue_is_the_loud_one(shown: Fixture, theme: Theme):
    shown.rows[2] = replace(shown.rows[2], severity=Severity.CRITICAL, priority=Priority.P1)
    shown.model.refresh([2])
    image = shown.paint()
    assert image.pixelColor(30, 64 + 16).name() == theme.color("burning").name()
    assert image.pixelColor(30, 16).name() == theme.color("high_soft").name()


@pytest.mark.parametrize(
    ("fields", "verbs"),
    [
        ({}, ("acknowledge", "snooze", "resolve")),
        ({"state": State.ACKNOWLEDGED}, ("", "snooze", "resolve")),
        ({"state": State.RESOLVED}, ("", "", "reopen")),
        ({"snoozed_until": NOW}, ("", "reopen", "resolve")),
    ],
)
def test_only_what_makes_sense_can_be_done(fields, verbs):
    assert verbs_of(a_row(**fields)) == verbs


def test_the_parts_of_a_row_lie_inside_it_and_apart():
    row = QRect(0, 640, 468, 64)
    parts = lay_out(row, 1.0)
    assert all(row.contains(each) for each in (parts.mark, parts.first, parts.second, parts.time))
    assert all(row.contains(slot) for slot in parts.slots)
    assert not parts.mark.intersects(parts.first)
    assert not parts.first.intersects(parts.time)
    assert [parts.slot_at(s.center().x(), s.center().y()) for s in parts.slots] == [*range(SLOTS)]
    assert parts.slot_at(100, 660) == -1


def _drawn(theme: Theme, row: InboxRow, width: int) -> dict[str, float]:
    """The texts of a row and where each begins."""
    room = QRect(0, 0, width, 64)
    return texts(lambda painter: RowPainter(theme).draw(painter, room, row, Pose(), NOW))


def test_the_kind_stands_before_what_else_changes_what_to_do(theme: Theme):
    at = _drawn(theme, a_row(1, second_kind=Kind.DISPUTE), 460)
    assert at["Damaged"] < at["Dispute"]


_LATE = {
    "customer": Address(email="graham@thorne.example", name="Graham Thorne"),
    "subject": "Third time of asking about my refund for the mugs that never came",
    "preview": "This is the third time I write about the same order",
    "order_number": "OW-4079",
    "kind": Kind.REFUND_BILLING,
    "message_count": 3,
    "deadline_at": NOW - timedelta(days=4),
}


def test_who_wrote_stands_whole_before_what_about(theme: Theme):
    """In a narrow list the subject gives way, then goes; the customer is who one looks for."""
    assert "Graham Thorne" in _drawn(theme, a_row(1, **_LATE), 320)
    assert "Graham Thorne" in _drawn(theme, a_row(1, **_LATE, unseen=True), 320)


@pytest.mark.parametrize("width", range(280, 480, 10))
def test_an_order_number_is_whole_or_not_there(theme: Theme, width: int):
    """Half a number reads as another order: first the count of mails gives way, then the kind."""
    at = _drawn(theme, a_row(1, **_LATE, order_total=None), width)
    assert "#OW-4079" in at
    chips = [left for text, left in at.items() if text in ("3 mails", "Refund, billing")]
    width_of_number = QFontMetrics(theme.font(Size.TEXT)).horizontalAdvance("#OW-4079")
    assert all(left >= at["#OW-4079"] + width_of_number for left in chips)


def test_that_somebody_may_pretend_is_said_before_the_kind(theme: Theme):
    """Where there is room for one word only."""
    at = _drawn(theme, a_row(1, **_LATE, suspicious=True), 300)
    assert "Suspicious" in at
    assert "Refund, billing" not in at
