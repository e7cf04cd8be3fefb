"""Why something is due then, in half a sentence; which days are not as usual."""

from __future__ import annotations

from datetime import date

from app.domain.clock import instant
from app.escalation.because import because, unusual
from app.escalation.given import GivenCalendar, calendar_of
from app.escalation.hours import round_the_clock

OFFICE = calendar_of(
    GivenCalendar(
        tz="Europe/Berlin",
        hours={str(day): [("09:00", "17:00")] for day in range(5)},
        holidays=["2026-12-25", "2026-12-26"],
        exceptions={"2026-12-05": [("10:00", "14:00")]},
    )
)


def test_the_days_that_are_used_and_those_that_are_closed_are_said() -> None:
    friday = instant("2026-11-20T15:00:00+01:00")
    assert because(OFFICE, friday, 240) == (
        "it takes 4 h of your working hours: 2 h today and 2 h on Monday;"
        " closed on Saturday and on Sunday"
    )


def test_what_is_done_today_needs_no_list_of_days() -> None:
    monday = instant("2026-11-23T10:00:00+01:00")
    assert because(OFFICE, monday, 60) == "it takes 1 h of your working hours"


def test_a_holiday_is_named_and_many_days_are_put_together() -> None:
    monday = instant("2026-12-21T09:00:00+01:00")
    said = because(OFFICE, monday, 48 * 60)
    assert "32 h on the 4 days after" in said
    assert "Fri 25 Dec (holiday)" in said


def test_a_shop_that_never_closes_says_only_that() -> None:
    always = round_the_clock(OFFICE.zone)
    start = instant("2026-11-20T15:00:00+01:00")
    assert because(always, start, 60) == "1 h are promised and all hours count"


def test_closed_days_in_a_row_are_one_entry_and_other_hours_are_told_apart() -> None:
    found = unusual(OFFICE, date(2026, 12, 1), 31)
    assert [(one.first.day, one.last.day, one.because) for one in found] == [
        (5, 5, ""),
        (25, 26, "holiday"),
    ]
    assert found[0].hours is not None
    assert found[1].hours is None
