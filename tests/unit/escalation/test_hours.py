"""rules/calendar.toml and the owner's own beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.config.paths import rules
from app.domain.clock import instant
from app.domain.errors import KnownError
from app.escalation.calendar import NeverOpen, due
from app.escalation.hours import Calendars
from app.escalation.terms import Terms

WEEK = """
[calendar.shop.hours]
monday = [["09:00", "17:00"]]
tuesday = [["09:00", "17:00"]]
wednesday = [["09:00", "17:00"]]
thursday = [["09:00", "17:00"]]
friday = [["09:00", "17:00"]]
"""


def own(folder: Path, text: str) -> Calendars:
    (folder / "calendar.toml").write_text(text)
    return Calendars.load(rules(), folder, home="Europe/Berlin")


def test_until_the_owner_says_when_they_work_every_hour_counts() -> None:
    shop = Calendars.load(rules(), home="Asia/Tokyo").shop
    assert shop.is_round_the_clock
    assert shop.zone.key == "Asia/Tokyo"


def test_an_open_end_is_no_endless_loop() -> None:
    """Who never closes has no end of a working time that could be waited for."""
    shop = Calendars.load(rules()).shop
    found = due(shop, datetime(2026, 11, 22, 2, tzinfo=UTC), 60_000)
    assert found.at == instant("2027-01-02T18:00:00Z")
    assert len(found.timeline) == 3


def test_public_holidays_of_a_region_are_free_and_named(tmp_path: Path) -> None:
    shop = own(tmp_path, '[calendar.shop]\ncountry = "DE"\nregion = "BY"\n' + WEEK).shop
    found = due(shop, instant("2027-01-05T16:00:00+01:00"), 120)
    assert found.at == instant("2027-01-07T10:00:00+01:00")
    assert "closed (Epiphany)" in "\n".join(found.timeline)


def test_a_holiday_can_be_worked_on_by_name_or_by_day(tmp_path: Path) -> None:
    text = '[calendar.shop]\ncountry = "DE"\nworks_on = ["new year\'s day", "2026-12-25"]\n' + WEEK
    shop = own(tmp_path, text).shop
    assert shop.hours_of(date(2027, 1, 1))
    assert shop.hours_of(date(2026, 12, 25))
    assert not shop.hours_of(date(2025, 12, 25))


def test_a_closure_is_told_by_its_reason_and_a_day_of_its_own_hours_is_open(tmp_path: Path) -> None:
    shop = own(
        tmp_path,
        "[calendar.shop]\n"
        'closures = [{ first = 2026-12-21, last = 2026-12-31, because = "winter break" }]\n'
        + WEEK
        + '[calendar.shop.exceptions]\n"2026-12-23" = [["10:00", "11:00"]]\n',
    ).shop
    found = due(shop, instant("2026-12-18T16:30:00+01:00"), 120)
    assert found.at == instant("2027-01-01T09:30:00+01:00")
    assert "closed (winter break)" in "\n".join(found.timeline)


def test_a_closure_of_one_day_without_a_reason_is_a_day_off(tmp_path: Path) -> None:
    one_day = "closures = [{ first = 2026-11-24, last = 2026-11-24 }]\n"
    shop = own(tmp_path, f"[calendar.shop]\n{one_day}{WEEK}").shop
    found = due(shop, instant("2026-11-23T16:30:00+01:00"), 60)
    assert found.at == instant("2026-11-25T09:30:00+01:00")
    assert "closed (a day off)" in "\n".join(found.timeline)


@pytest.mark.parametrize(
    "text",
    [
        "closures = [{ first = 2026-11-24, last = 2026-11-24 }]\n",
        'exceptions = { "2026-11-24" = [] }\n',
        'hours = { monday = [["00:00", "24:00"]], tuesday = [["09:00", "17:00"]] }\n',
    ],
    ids=["a closure", "a day of its own hours", "hours on two days"],
)
def test_a_shop_that_closes_at_all_does_not_count_every_hour(tmp_path: Path, text: str) -> None:
    assert not own(tmp_path, f"[calendar.shop]\n{text}").shop.is_round_the_clock


def test_the_owners_lines_go_over_ours_and_the_rest_stays(tmp_path: Path) -> None:
    found = own(tmp_path, '[calendar.shop]\ncountry = "FR"\n')
    assert found.given.country == "FR"
    assert found.given.hours["monday"] == [("00:00", "24:00")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[calendar.shop]\ncountry = "XX"\n', "holidays of XX are not known"),
        ('[calendar.shop]\ncountry = "DE"\nregion = "QQ"\n', "QQ in DE"),
        ('[calendar.shop]\ncuontry = "DE"\n', "cuontry"),
        ('[calendar.shop]\ntz = "Mars/Base"\n', "time zone"),
        (
            "[calendar.shop]\nclosures = [{ first = 2026-12-31, last = 2026-12-01 }]\n",
            "no days",
        ),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(KnownError, match=said):
        own(tmp_path, text)


def test_hours_that_leave_no_hour_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(NeverOpen):
        own(tmp_path, "[calendar.shop]\nhours = {}\n")


def test_a_policy_with_a_calendar_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "sla.toml").write_text(
        '[[policy]]\nname = "VIP"\ncalendar = "night"\nfirst_response = "1 h"\n'
    )
    with pytest.raises(KnownError, match="calendar night"):
        Terms.load(rules(), tmp_path)
