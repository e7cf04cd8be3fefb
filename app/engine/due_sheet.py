"""Due sheet: `due` without a profile: cases as JSON lines in, instants or minutes out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TextIO

import msgspec

from app.domain.clock import instant, rfc3339
from app.domain.errors import KnownError
from app.engine.json_lines import numbered, the_object
from app.escalation.calendar import due, elapsed
from app.escalation.given import GivenCalendar, calendar_of
from app.escalation.spans import FOREVER, Span


class _Case(msgspec.Struct, frozen=True):
    """One line: what is promised from when, or what has passed from when until when."""

    calendar: GivenCalendar
    start: str
    minutes: float | None = None
    end: str | None = None
    pauses: list[tuple[str, str | None]] = []


def due_sheet(lines: Iterable[str], *, passed: bool, out: TextIO, err: TextIO) -> int:
    """Answer each case with {id, due_at, explanation}, or with {id, minutes} where `passed`.

    1 if a line could not be answered; that line has `due_at` (or `minutes`) null and `error`.
    """
    status = 0
    for number, line in numbered(lines):
        id_: Any = ""
        try:
            given = the_object(line)
            id_ = given.get("id", "")
            case = msgspec.convert(_without_nulls(given), _Case)
            answer = _elapsed(case) if passed else _due(case)
        except (msgspec.ValidationError, ValueError, OverflowError, KnownError) as error:
            said = _said(error)
            err.write(f"Line {number}: {said}\n")
            status = 1
            answer = {"minutes": None} if passed else {"due_at": None, "explanation": []}
            answer["error"] = said
        out.write(json.dumps({"id": id_, **answer}, ensure_ascii=False) + "\n")
        out.flush()
    return status


def _without_nulls(given: Any) -> Any:
    """What is null is not there; but the end of a pause, that has none."""
    if not isinstance(given, dict):
        return given
    return {name: _without_nulls(one) for name, one in given.items() if one is not None}


def _said(error: Exception) -> str:
    if isinstance(error, OverflowError):  # of Python's dates
        return "it leads out of the calendar, which has the years 1 to 9999."
    return error.sentence if isinstance(error, KnownError) else f"{error}."


def _due(case: _Case) -> dict[str, Any]:
    if case.minutes is None:
        raise ValueError("the case has no minutes")
    found = due(calendar_of(case.calendar), _at(case.start), case.minutes, _pauses(case))
    return {
        "due_at": rfc3339(found.at) if found.at else None,
        "explanation": list(found.timeline),
    }


def _elapsed(case: _Case) -> dict[str, Any]:
    if case.end is None:
        raise ValueError("the case has no end")
    worked = elapsed(calendar_of(case.calendar), _at(case.start), _at(case.end), _pauses(case))
    minutes = worked.total_seconds() / 60
    return {"minutes": int(minutes) if minutes.is_integer() else round(minutes, 4)}


def _pauses(case: _Case) -> list[Span]:
    return [Span(_at(begin), _at(end) if end else FOREVER) for begin, end in case.pauses]


def _at(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.upper())
    except ValueError:
        raise ValueError(
            f"{text[:40]!r} is no instant; write for example 2026-11-23T09:00:00Z"
        ) from None
    if at.tzinfo is None:
        raise ValueError(f"{text} has no zone; write for example {at.isoformat()}Z")
    return instant(text)
