"""Invitation: what a calendar part says, as lines that a person reads. Used by `enclosed`.

RFC 5545: lines folded, names with parameters, instants in UTC, in a named zone or of a whole day.
Nothing is answered and nothing is put into a calendar.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(
    r"([A-Za-z-]{1,40})((?:;[^:\"]{0,200}(?:\"[^\"]{0,200}\"[^:\"]{0,200})?){0,9}):(.*)"
)
_INSTANT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_ZONE = re.compile(r"TZID=\"?([^\";:]{1,80})", re.IGNORECASE)
_NAME = re.compile(r"CN=(?:\"([^\"]{1,200})\"|([^;:]{1,200}))", re.IGNORECASE)
_METHODS = {
    "REQUEST": "Invitation",
    "CANCEL": "Cancelled",
    "REPLY": "Answer to an invitation",
    "COUNTER": "Another time is proposed",
}
_ANSWERS = {"ACCEPTED": "accepts", "DECLINED": "declines", "TENTATIVE": "accepts perhaps"}
_LONGEST, _MOST_LINES = 300, 5_000


def in_words(text: str) -> str:
    """The event in the part: what, when, where, who; empty where it holds none."""
    method, event = _event(text)
    if not event:
        return ""
    lines = [
        f"{_METHODS.get(method, 'Calendar entry')}: {_value(event, 'SUMMARY') or 'without a name'}"
    ]
    if when := _when(event):
        lines.append(f"When: {when}")
    if where := _value(event, "LOCATION"):
        lines.append(f"Where: {where}")
    if who := _person(event.get("ORGANIZER")):
        lines.append(f"Who: {who}")
    if method == "REPLY" and (answer := _answer(event)):
        lines.append(answer)
    return "\n".join(lines)


def _event(text: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """The method, and the properties of the first event by name: parameters and value."""
    method, inside, found = "", False, dict[str, tuple[str, str]]()
    for line in _FOLD.sub("", text).splitlines()[:_MOST_LINES]:
        match = _LINE.fullmatch(line.rstrip())
        if not match:
            continue
        name, value = match[1].upper(), match[3]
        if name == "METHOD":
            method = value.strip().upper()
        elif name in ("BEGIN", "END") and value.strip().upper() == "VEVENT":
            if name == "END":
                break
            inside = True
        elif inside:
            found.setdefault(name, (match[2], value))
    return method, found


def _value(event: Mapping[str, tuple[str, str]], name: str) -> str:
    value = event.get(name, ("", ""))[1].replace("\\n", " ").replace("\\N", " ")
    return " ".join(re.sub(r"\\(.)", r"\1", value).split())[:_LONGEST]


def _when(event: Mapping[str, tuple[str, str]]) -> str:
    begins, ends = _instant(event.get("DTSTART")), _instant(event.get("DTEND"))
    if begins is None:
        return ""
    day, hour, zone = begins
    if ends is None or not hour:
        return " ".join(part for part in (day, hour, zone) if part)
    until = ends[1] if ends[0] == day else f"{ends[0]} {ends[1]}"
    return " ".join(part for part in (day, f"{hour} to {until}", zone) if part)


def _instant(given: tuple[str, str] | None) -> tuple[str, str, str] | None:
    """Day, hour and zone as they are written; the hour is empty for a whole day."""
    match = _INSTANT.match(given[1].strip()) if given else None
    if given is None or match is None:
        return None
    year, month, day, hour, minute, utc = match.groups()
    zone = _ZONE.search(given[0])
    named = "UTC" if utc else f"({zone[1]})" if zone and hour else ""
    return f"{year}-{month}-{day}", f"{hour}:{minute}" if hour else "", named


def _person(given: tuple[str, str] | None) -> str:
    if given is None:
        return ""
    name = _NAME.search(given[0])
    email = re.sub(r"(?i)^mailto:", "", given[1].strip())
    shown = (name[1] or name[2]).strip() if name else ""
    return (
        f"{shown} <{email}>"[:_LONGEST] if shown and "@" in email else (shown or email)[:_LONGEST]
    )


def _answer(event: Mapping[str, tuple[str, str]]) -> str:
    given = event.get("ATTENDEE")
    said = re.search(r"PARTSTAT=([A-Z-]{1,20})", given[0], re.IGNORECASE) if given else None
    verb = _ANSWERS.get(said[1].upper(), "") if said else ""
    return f"{_person(given)} {verb}" if verb else ""
