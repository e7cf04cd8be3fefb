"""`due` as a command: a line in, a line out, and a sentence for what cannot be answered."""

from __future__ import annotations

import io
import json
from typing import Any

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
    assert answer["explanation"][-1] == "So it is due Tue 2026-11-24 09:30."


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
    status, answers, _ = asked(
        good | {"id": "a-17", "minutes": "sixty"}, {"id": 18}, good | {"id": 1.5, "minutes": 1}
    )
    assert status == 1
    assert [one["id"] for one in answers] == ["a-17", 18, ""]
    assert all(one["due_at"] is None for one in answers)
