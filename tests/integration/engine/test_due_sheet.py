"""`due` as a command: a line in, a line out, and a sentence for what cannot be answered."""

from __future__ import annotations

import io
import json
import time
from typing import Any

import pytest

from app.engine.due_sheet import due_sheet

HOURS = {str(day): [["09:00", "17:00"]] for day in range(5)}


def asked(*cases: dict[str, Any], passed: bool = False) -> tuple[int, list[dict[str, Any]], str]:
    out, err = io.StringIO(), io.StringIO()
    lines = [json.dumps({"calendar": {"tz": "Europe/Berlin", "hours": HOURS}} | c) for c in cases]
    status = due_sheet(lines, passed=passed, out=out, err=err)
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def test_each_case_has_its_instant_and_its_explanation() -> None:
    status, (answer,), _ = asked({"id": 7, "start": "2026-11-23T16:30:00+01:00", "minutes": 60})
    assert (status, answer["id"], answer["due_at"]) == (0, 7, "2026-11-24T08:30:00Z")
    assert answer["explanation"][-1] == "So it is due Tue 24 Nov 2026 09:30."


def test_elapsed_minutes_leave_out_nights_and_pauses() -> None:
    case = {
        "start": "2026-11-23T16:30:00+01:00",
        "end": "2026-11-24T09:30:00+01:00",
        "pauses": [["2026-11-23T16:45:00+01:00", "2026-11-23T16:45:30+01:00"]],
    }
    _, (answer,), _ = asked(case, passed=True)
    assert answer["minutes"] == 59.5


def test_a_line_that_cannot_be_answered_says_why_and_the_others_are_answered() -> None:
    good = {"start": "2026-11-23T08:00:00Z", "minutes": 1}
    never = {"calendar": {"tz": "UTC", "hours": {}}}
    status, answers, said = asked(good, good | never, good | {"start": "2026-11-23T08:00:00"}, good)
    assert status == 1
    assert [bool(one["due_at"]) for one in answers] == [True, False, False, True]
    assert "never opens" in answers[1]["error"]
    assert "zone" in said


def test_a_case_that_leads_out_of_the_calendar_is_a_line_like_any_other() -> None:
    """A length that no date can hold, a start at either edge: said, and the others are answered."""
    good = {"start": "2026-11-23T08:00:00Z", "minutes": 1}
    edges = (
        good | {"minutes": 1e18},
        good | {"minutes": 1e300},
        good | {"start": "9999-12-31T23:59:59Z"},
        good | {"start": "0001-01-01T00:00:00+05:00"},
    )
    status, answers, said = asked(*edges, good)
    assert status == 1
    assert [bool(one["due_at"]) for one in answers] == [False, False, False, False, True]
    assert all("calendar" in one["error"] for one in answers[:4])
    assert said.count("\n") == 4
    over = {"start": "0001-01-01T00:00:00+05:00", "end": "2026-11-23T08:00:00Z"}
    (answer,) = asked(over, passed=True)[1]
    assert answer["minutes"] is None


def test_what_is_no_case_is_answered_by_its_name_all_the_same() -> None:
    """So that whoever asked for thousands knows which one it was."""
    good = {"start": "2026-11-23T08:00:00Z"}
    status, answers, _ = asked(good | {"id": "a-17", "minutes": "sixty"}, {"id": 18}, {"id": None})
    assert status == 1
    assert [one["id"] for one in answers] == ["a-17", 18, None]
    assert all(one["due_at"] is None for one in answers)


@pytest.mark.parametrize("name", [None, 1.5, True, ["a", 1], {"a": 1}, 123456789012345678901234])
def test_an_id_comes_back_as_it_was_given(name: object) -> None:
    """Whatever it is: it is the asking program's, not ours."""
    status, (answer,), _ = asked({"id": name, "start": "2026-11-23T08:00:00Z", "minutes": 1})
    assert (status, answer["id"]) == (0, name)


def test_what_is_null_is_not_there() -> None:
    """As most programs write what they do not have."""
    calendar = {"tz": "UTC", "hours": {"0": [["09:00", "17:00"]], "1": None}, "holidays": None}
    case = {"calendar": calendar, "start": "2026-11-23T09:00:00Z", "minutes": 60}
    status, (answer,), said = asked(case | {"pauses": None, "end": None})
    assert (status, answer["due_at"]) == (0, "2026-11-23T10:00:00Z"), said


@pytest.mark.parametrize("start", ["2026-11-23", "2026-11-23T09:00:00", "2026-11-23 09:00"])
def test_the_advice_about_a_zone_can_be_followed(start: str) -> None:
    """What it says to write is answered, day or instant."""
    _, _, said = asked({"start": start, "minutes": 1})
    advised = said.rpartition("write for example ")[2].strip().rstrip(".")
    status, (answer,), _ = asked({"start": advised, "minutes": 1})
    assert (status, answer["due_at"] is None) == (0, False), advised


def test_an_instant_may_be_written_with_small_letters() -> None:
    """RFC 3339 5.6: T and Z may be t and z."""
    status, (answer,), _ = asked({"start": "2026-11-23t09:00:00z", "minutes": 1})
    assert (status, answer["due_at"]) == (0, "2026-11-23T09:01:00Z")


def test_what_is_no_instant_is_answered_with_one_that_is() -> None:
    _, (answer,), _ = asked({"start": "soon", "minutes": 1})
    assert answer["error"] == "'soon' is no instant; write for example 2026-11-23T09:00:00Z."


def test_a_slip_by_some_digits_is_answered_at_once() -> None:
    """It takes a minute to find out that the years end before so much working time has passed."""
    begun = time.process_time()
    status, (answer,), _ = asked({"start": "2026-11-23T09:00:00Z", "minutes": 1e9})
    assert (status, answer["due_at"]) == (1, None)
    assert answer["error"].startswith("That is too long. Two hundred years of this calendar")
    assert time.process_time() - begun < 10
