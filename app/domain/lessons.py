"""Lessons: what people said of single mails, folded from the journal; the learner starts from it.

An override of kind or severity and a verdict about ringing are about the mail that spoke for the
issue when they were made. The same entries give the same words on any laptop, and an entry that was
undone, or forgotten as a lesson, has said nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.assessment import Kind, Severity
from app.domain.journal import Entry, EntryType, undone_in

TEACHING = (EntryType.OVERRIDE, EntryType.VERDICT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What stands about one mail by the word of people; None where nobody said anything.

    `mail` is its Message-ID, `entries` the journal entries that said it, the last of them at `at`.
    """

    mail: str
    at: datetime
    entries: tuple[str, ...]
    kind: Kind | None = None
    severity: Severity | None = None
    alert: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A mail as the learner keeps it, and the name of the shipped weights that scored it."""

    weights: str
    mail: bytes


def words_of(entries: Iterable[tuple[Entry, str]]) -> tuple[Word, ...]:
    """What stands of each mail, oldest first; each entry comes with the mail that it is about.

    The last word counts, for kind, severity and ringing each by itself. What is no issue rings for
    nobody; what is critical rings, what is low does not, nor what rang and is to be done in its
    turn, unless a verdict says otherwise.
    """
    told = sorted(entries, key=lambda pair: (pair[0].at, pair[0].counter))
    undone = undone_in(entry for entry, _ in told)
    words: dict[str, Word] = {}
    rung: dict[str, bool] = {}
    rang: set[str] = set()  # by the machine's word, whenever a person looked
    for entry, mail in told:
        if entry.type not in TEACHING or entry.id in undone or not mail:
            continue
        word = words.get(mail) or Word(mail=mail, at=entry.at, entries=())
        words[mail] = replace(_heard(word, entry), entries=(*word.entries, entry.id), at=entry.at)
        rang |= {mail} if entry.data.get("rang") else set()
        if (said := _rung(entry)) is not None:
            rung[mail] = said
        elif entry.data.get("kind") == Kind.NOT_AN_ISSUE:
            rung.pop(mail, None)  # whoever puts it aside takes back that it should have rung
    finished = (_finished(word, rung.get(mail), rang=mail in rang) for mail, word in words.items())
    return tuple(sorted(finished, key=lambda word: (word.at, word.mail)))


def forgotten_in(entries: Iterable[Entry]) -> frozenset[str]:
    """The entries whose lessons somebody took back, though what they decided still stands."""
    log = tuple(entries)
    undone = undone_in(log)
    return frozenset(
        str(name)
        for entry in log
        if entry.type is EntryType.FORGET and entry.id not in undone
        for name in entry.data.get("entries", ())
    )


def _heard(word: Word, entry: Entry) -> Word:
    kind, severity = entry.data.get("kind"), entry.data.get("severity")
    if entry.type is not EntryType.OVERRIDE:
        return word
    return replace(
        word,
        kind=Kind(kind) if kind in set(Kind) else word.kind,
        severity=Severity(severity) if severity in set(Severity) else word.severity,
    )


def _rung(entry: Entry) -> bool | None:
    """Whether it should ring, by a verdict; "right" confirms what the machine had done."""
    said = entry.data.get("verdict") if entry.type is EntryType.VERDICT else None
    if said == "right":
        return bool(entry.data["rang"]) if "rang" in entry.data else None
    return {"false_alarm": False, "missed": True}.get(str(said))


def _finished(word: Word, rung: bool | None, *, rang: bool) -> Word:
    if rung is None and word.kind is Kind.NOT_AN_ISSUE:
        rung = False
    if rung is None and word.severity is not None:
        calm = {Severity.NORMAL: False} if rang else {}
        rung = {Severity.CRITICAL: True, Severity.LOW: False, **calm}.get(word.severity)
    return replace(word, alert=rung)
