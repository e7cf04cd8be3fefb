"""Due sheet: `due` without a profile: cases as JSON lines in, instants or minutes out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TextIO

import msgspec

from app.domain.clock import instant, rfc3339
from app.domain.errors import KnownError
from app.escalation.calendar import Calendar, due, elapsed
from app.escalation.given import GivenCalendar, calendar_of
from app.escalation.spans import FOREVER, Span


class _Case(msgspec.Struct, frozen=True):
    """One line: what is promised from when, or what has passed from when until when."""

    calendar: GivenCalendar
    start: str
    id: str | int = ""
    minutes: float | None = None
    end: str | None = None
    pauses: list[tuple[str, str | None]] = []


class _Named(msgspec.Struct, frozen=True):
    """What is read of a line that is no case: which one it is."""

    id: str | int = ""


def due_sheet(lines: Iterable[str], *, passed: bool, out: TextIO, err: TextIO) -> int:
    """Answer each case with {id, due_at, explanation}, or with {id, minutes} where `passed`.

    1 if a line could not be answered; that line has `due_at` (or `minutes`) null and `error`.
    """
    status = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        id_ = _id_of(line)
        try:
            case = msgspec.json.decode(line, type=_Case)
            answer = _elapsed(case) if passed else _due(case)
        except (msgspec.DecodeError, ValueError, OverflowError, KnownError) as error:
            said = _said(error)
            err.write(f"Line {number}: {said}\n")
            status = 1
            answer = {"minutes": None} if passed else {"due_at": None, "explanation": []}
            answer["error"] = said
        out.write(json.dumps({"id": id_, **answer}, ensure_ascii=False) + "\n")
        out.flush()
    return status


def _id_of(line: str) -> str | int:
    """The name that its answer goes by; empty where it cannot be read either."""
    try:
        return msgspec.json.decode(line, type=_Named).id
    except (msgspec.DecodeError, ValueError):
        return ""


def _said(error: Exception) -> str:
    if isinstance(error, OverflowError):  # of Python's dates
        return "it leads out of the calendar, which has the years 1 to 9999."
    return error.sentence if isinstance(error, KnownError) else f"{error}."


def _due(case: _Case) -> dict[str, Any]:
    if case.minutes is None:
        raise ValueError("the case has no minutes")
    found = due(_calendar(case), _at(case.start), case.minutes, _pauses(case))
    return {
        "due_at": rfc3339(found.at) if found.at else None,
        "explanation": list(found.timeline),
    }


def _elapsed(case: _Case) -> dict[str, Any]:
    if case.end is None:
        raise ValueError("the case has no end")
    worked = elapsed(_calendar(case), _at(case.start), _at(case.end), _pauses(case))
    minutes = worked.total_seconds() / 60
    return {"minutes": int(minutes) if minutes.is_integer() else round(minutes, 4)}


def _calendar(case: _Case) -> Calendar:
    return calendar_of(case.calendar)


def _pauses(case: _Case) -> list[Span]:
    return [Span(_at(begin), _at(end) if end else FOREVER) for begin, end in case.pauses]


def _at(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text} has no zone; write for example {text}Z")
    return instant(text)
