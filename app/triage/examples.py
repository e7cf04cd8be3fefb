"""Examples: mails written for learning from, read with what their writer meant by them.

Stands beside the walk: `build_scripts/train.py` learns from these files, the engine never opens
them. They are plain text on purpose, so that a person can read one, doubt it and add another; the
format stands in resources/examples/README.md. A line that cannot be meant so is an error that names
its file and its number, never a mail left out in silence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

from app.domain.assessment import Kind, Severity
from app.domain.errors import KnownError
from app.domain.message import Address, Message

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
_FLAGS = frozenset(("alert", "automatic", "phishing", "hunted"))
_NOON = time(12, tzinfo=UTC)
_SUPPOSED = date(2026, 10, 14)  # a mail whose day does not matter still needs one
_KINDS = frozenset(kind.value for kind in Kind)
_SEVERITIES = frozenset(severity.value for severity in Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A mail with its judgement; `second_kind` is what else it is about, or may be taken for.

    `hunted`: written around what was misread, so there are more of its sort than in a mailbox.
    """

    language: str
    kind: Kind
    second_kind: Kind | None
    severity: Severity
    alert: bool
    automatic: bool
    phishing: bool
    subject: str
    sender: Address
    reply_to: Address | None
    sent_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    hunted: bool = False

    def message(self, new_text: str | None = None) -> Message:
        """The mail as the walk takes it; `new_text` where quotes and signature were cut off."""
        text = self.text if new_text is None else new_text
        digest = hashlib.sha256(f"{self.subject}\n{self.text}".encode()).hexdigest()
        return Message(
            message_id=f"{digest[:32]}@example.invalid",
            subject=self.subject,
            text=self.text,
            new_text=text,
            raw_sha256=digest,
            raw_size=len(self.text),
            from_=self.sender,
            reply_to=(self.reply_to,) if self.reply_to else (),
            sent_at=self.sent_at,
            headers={name.lower(): (value,) for name, value in self.headers.items()},
        )


class BrokenExample(KnownError):
    """An example that cannot be read; says where and why."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(
            "An example mail cannot be read",
            f"{path.name} ({path.parent.name}), line {line}: {why}",
            "Its form is described in resources/examples/README.md",
        )


def read_examples(folder: Path) -> tuple[Example, ...]:
    """Every example below a folder, in an order that depends on nothing but the files' names.

    Raises BrokenExample.
    """
    found: list[Example] = []
    for path in sorted(folder.glob("*/*.txt")):
        found += _read_file(path)
    return tuple(found)


def digest_of(folder: Path) -> str:
    """A fingerprint of all examples, by which weights say what they were learnt from."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*/*.txt")):
        total.update(f"{path.parent.name}/{path.name}\n".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _read_file(path: Path) -> Iterator[Example]:
    if path.parent.name not in LANGUAGES:
        raise BrokenExample(path, 1, f'"{path.parent.name}" is none of our languages')
    if path.stem not in _KINDS:
        raise BrokenExample(path, 1, f'"{path.stem}" is no kind')
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenExample(path, 1, str(error)) from error
    for start, block in _blocks(lines, path):
        yield _example(block, start, path)


def _blocks(lines: list[str], path: Path) -> Iterator[tuple[int, list[str]]]:
    """The blocks of a file, each with the number of its first line."""
    starts = [number for number, line in enumerate(lines) if line.startswith("@ ")]
    stray = next((n for n, line in enumerate(lines[: starts[0] if starts else None]) if line), None)
    if stray is not None:
        raise BrokenExample(path, stray + 1, "something stands before the first line with @")
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield start + 1, lines[start:stop]


def _example(block: list[str], start: int, path: Path) -> Example:
    kind, second, severity, flags = _label(block[0], start, path)
    headers, body_at = _headers(block, start, path)
    sender = _address(headers.pop("From", ""))
    if sender is None:
        raise BrokenExample(path, start, "it has no From: with an address")
    text = "\n".join(block[body_at:]).strip("\n")
    subject = headers.pop("Subject", "")
    if not text.strip() and not subject:
        raise BrokenExample(path, start, "it has neither subject nor body")
    return Example(
        language=path.parent.name,
        kind=kind,
        second_kind=second,
        severity=severity,
        alert="alert" in flags,
        automatic="automatic" in flags,
        phishing="phishing" in flags,
        hunted="hunted" in flags,
        subject=subject,
        sender=sender,
        reply_to=_address(headers.pop("Reply-To", "")),
        sent_at=_day(headers.pop("Date", ""), start, path),
        headers=headers,
        text=text,
    )


def _label(line: str, at: int, path: Path) -> tuple[Kind, Kind | None, Severity, set[str]]:
    named, *said = line.split()[1:] or [""]
    kind, _, second = named.partition("+")
    if kind != path.stem:
        raise BrokenExample(path, at, f'"{kind}" does not belong into this file')
    if second and second not in _KINDS:
        raise BrokenExample(path, at, f'"{second}" is no kind')
    severities = [word for word in said if word in _SEVERITIES]
    if len(severities) != 1:
        raise BrokenExample(path, at, "one severity must stand there: critical, high, normal, low")
    flags = {word for word in said if word not in _SEVERITIES}
    if unknown := flags - _FLAGS:
        raise BrokenExample(path, at, f'"{min(unknown)}" is none of {", ".join(sorted(_FLAGS))}')
    if "phishing" in flags and kind != Kind.NOT_AN_ISSUE:
        raise BrokenExample(path, at, "an imitation of a notice is not_an_issue")
    return Kind(kind), Kind(second) if second else None, Severity(severities[0]), flags


def _headers(block: list[str], start: int, path: Path) -> tuple[dict[str, str], int]:
    """The header lines, and where in the block the body begins."""
    headers: dict[str, str] = {}
    for place, line in enumerate(block[1:], start=1):
        if not line.strip():
            return headers, place + 1
        name, colon, value = line.partition(":")
        if not colon or not name or " " in name:
            raise BrokenExample(path, start + place, "a header was expected, or a blank line")
        if name in headers:
            raise BrokenExample(path, start + place, f"{name} stands there twice")
        headers[name] = value.strip()
    return headers, len(block)


def _address(text: str) -> Address | None:
    name, bracket, rest = text.rpartition("<")
    email = rest.strip().removesuffix(">").strip()
    if "@" not in email or " " in email:
        return None
    return Address(email=email, name=name.strip().strip('"') if bracket else "")


def _day(text: str, at: int, path: Path) -> datetime:
    if not text:
        return datetime.combine(_SUPPOSED, _NOON)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BrokenExample(path, at, f'"{text}" is no day like 2026-10-14') from None
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    clock = moment.time() if "T" in text or " " in text else time(12)
    return datetime.combine(moment.date(), clock, UTC)
