"""Quoting: which lines of a mail are new, which repeat an older one or sign it. Used by reading.

Mail programs announce what they quote with a line in their user's language ("Am 3. Mai schrieb
Anna:"), with a block of header lines, or with a rule of dashes. The scanner looks at each line a
bounded number of times; its patterns are bounded or anchored, so that no text makes it slow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.header_labels import header_of
from app.mail.quoting_words import (
    BEGINNINGS,
    DAYS,
    FORWARDED,
    GREETED,
    HELLO,
    MOBILE,
    NO_NAMES,
    ORIGINAL,
    TOLD,
    WROTE,
)

MAX_LINES = 5_000  # what somebody wrote anew is in the first of them
_LINE = 400  # nothing that announces a quote is longer
_WRAPPED = 4  # lines over which an announcement may be wrapped


def _any(words: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(words)})"


_VERB = re.compile(rf"(?<!\w){_any(WROTE)}(?!\w)|>\s?wrote", re.IGNORECASE)
_START = re.compile(
    rf"[\s*_]{{0,5}}(?:{_any(BEGINNINGS)}(?=[\s.,])|\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}|\d{{4}}年|"
    rf"\d{{1,2}}\.? {_any(DAYS)}(?!\w)|"
    r"[\"']?[\w.+ -]{1,60}[\"']? ?<[^<>\s]{3,200}>)",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}\s?[:.h]\s?\d{2}|\b\d{1,2} ?(?:Uhr|[ap]\.?m\.?)\b|年", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")
_DAY = re.compile(rf"(?<!\w){_any(DAYS)}(?!\w)", re.IGNORECASE)
_WRITER = re.compile(
    rf"(?:{_any(WROTE)}(?:\(a\))? (?P<after>[^,:;]{{2,80}})"
    rf"|(?P<before>[^,:;]{{2,80}}?) {_any(WROTE)}(?:\(a\))?) ?[:：]\Z",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s<>@\"(\[]{1,64}@[^\s<>@\")\]]{1,255}")

_IN_ROUND_BRACKETS = re.compile(r"\([^\s<>@()]{1,64}@[^\s<>@()]{1,255}\)")
_GREETING = re.compile(rf"\s{{0,8}}{_any(HELLO)}(?!\w)(.{{0,80}})", re.IGNORECASE)

_RULE = re.compile(r"[\s>]{0,4}[-_*=\u2014\u2500]{5,200}\s{0,5}")
_ORIGINAL = re.compile(rf"[-_*\s]{{2,40}}{_any(ORIGINAL)}[-_*:\s]{{0,40}}", re.IGNORECASE)
_FORWARDED = re.compile(rf"{_any(FORWARDED)}\s?:", re.IGNORECASE)
_MOBILE = re.compile(rf"{_any(MOBILE)}[.!]?", re.IGNORECASE)
_DASHES = re.compile(r"[\s]{0,3}(?:--|—|–)\s{0,3}")
_LIST_FOOTER = re.compile(r"_{20,200}\s{0,5}")
_MAY_SIGN = re.compile(r"^[^\S\n]{0,3}(?:--|[—–_])", re.MULTILINE)
_DASH_NAME = re.compile(r"-[^\W\d_]\w{0,30}(?: [^\W\d_][\w.]{0,30}){0,3}\s{0,3}")


@dataclass(frozen=True, slots=True)
class Span:
    """Lines `first` up to but not `last` announce a quote; `rest`: all below is quoted.

    `worded`: in a sentence, which a person may have written too.
    """

    first: int
    last: int
    rest: bool
    worded: bool = False


def fresh(text: str) -> str:
    """The text without quoted mail and without signature; all of it if nothing else would remain,
    unless that is only what a telephone writes below a photo.

    Answers written between quoted lines are kept, and those below them.
    """
    lines = text.replace("\ufeff", "").split("\n", MAX_LINES)[:MAX_LINES]
    suspects = _suspects(lines)
    kept = _unquoted(lines, suspects) if suspects or ">" in text else _without_rule(lines)
    if kept and (_MAY_SIGN.search(text) or _is_last_word(kept[-1])):
        kept = _signed_off(kept)
    new = "\n".join(kept).strip("\n").rstrip()
    return new if new or _is_a_telephones(lines) else text.strip()


def _unquoted(lines: list[str], suspects: set[int]) -> list[str]:
    kept: list[str] = []
    place = 0
    while place < len(lines):
        span = _announcement(lines, place) if place in suspects else None
        if span is None:
            line = lines[place]
            if ">" not in line or not _is_quoted(line):
                kept.append(line)
            place += 1
        elif span.worded and span.rest and _only_greets(kept):
            # Nobody answers with a greeting alone: what follows is the letter.
            kept += lines[place : span.last]
            place = span.last
        elif span.rest and _says_something(kept):
            break
        else:
            # A quote with nothing above it: the answer stands below, or this is a forwarded mail.
            place = span.last
    return _without_rule(kept)


def _suspects(lines: list[str]) -> set[int]:
    """The lines at which something could be announced: most can be told at a glance to be none."""
    found: set[int] = set()
    for at, line in enumerate(lines):
        if ":" in line or "：" in line:
            ends = line.rstrip()[-1] in ":："
            found.update(range(at - _WRAPPED + 1, at + 1) if ends else (at,))
        elif line[:1] in ("-", "_", "*", " ") and line.lstrip()[:1] in ("-", "_", "*"):
            found.add(at)
    return found


def _announcement(lines: list[str], place: int) -> Span | None:
    line = lines[place].strip()
    if not line or len(line) > _LINE or line[0] == ">":
        return None
    if _ORIGINAL.fullmatch(line) or _FORWARDED.match(line):
        return Span(place, place + 1, rest=True)
    return header_block(lines, place) or _attribution(lines, place)


def _is_quoted(line: str) -> bool:
    return line.lstrip(" \t\u00a0")[:1] == ">"


def _says_something(lines: list[str]) -> bool:
    return any(line.strip() and not _RULE.fullmatch(line[:_LINE]) for line in lines)


def _only_greets(lines: list[str]) -> bool:
    """Whether these lines, and there are some, say "Dear Mrs Costa," and no more."""
    said = [line for line in lines if line.strip()]
    return 0 < len(said) <= 2 and all(map(_is_greeting, said))


def _is_greeting(line: str) -> bool:
    found = _GREETING.fullmatch(line.rstrip(" ,.!:"))
    return found is not None and all(
        word[0].isupper() or word in GREETED for word in found[1].strip(" ,").split()
    )


def header_block(lines: list[str], place: int) -> Span | None:
    """Three or more of From, Sent, To, Subject in a row: what Outlook puts above a quote."""
    if not header_of(lines[place]):
        return None
    seen: set[str] = set()
    last = place
    for at in range(place, min(place + 14, len(lines))):
        named = header_of(lines[at])
        if named:
            seen.add(named)
            last = at + 1
        elif not _continues(lines[at], at - last):
            break
    enough = len(seen) >= 3 and "from" in seen and ("subject" in seen or "sent" in seen)
    return Span(place, last, rest=True) if enough else None


def _continues(line: str, distance: int) -> bool:
    """A long list of recipients goes on over the next lines; one blank line may lie between."""
    if not line.strip():
        return distance < 1
    return distance <= 3 and (line[:1] in " \t" or "@" in line or ";" in line)


def _attribution(lines: list[str], place: int) -> Span | None:
    """A line like "On 3 May 2024 at 10:00, Anna <anna@example.org> wrote:", wrapped or not."""
    if not _START.match(lines[place][:_LINE]):
        return _unfamiliar(lines, place)
    joined = ""
    for at in range(place, min(place + _WRAPPED, len(lines))):
        line = lines[at].strip()
        if not line or len(joined) + len(line) > 2 * _LINE or (at > place and line[0] == ">"):
            return None
        joined = f"{joined} {line}" if joined else line
        if line[-1] in ":：":
            return _judged(lines, place, at + 1, joined)
    return None


def _unfamiliar(lines: list[str], place: int) -> Span | None:
    """A line in a language that we do not know: with address, day and time, above a quote."""
    line = lines[place].strip()
    if line[-1] not in ":：" or "@" not in line or not _TIME.search(line):
        return None
    span = _judged(lines, place, place + 1, line)
    return span if span and not span.rest else None


def _judged(lines: list[str], first: int, last: int, joined: str) -> Span | None:
    verb, email = bool(_VERB.search(joined)), "@" in joined and bool(_EMAIL.search(joined))
    time, year = bool(_TIME.search(joined)), bool(_YEAR.search(joined))
    day = verb and not (time or year) and bool(_DAY.search(joined))
    if not (verb or email) or not (time or year or email or day):
        return None
    following = next((at for at in range(last, min(last + 6, len(lines))) if lines[at].strip()), -1)
    if following < 0 or _is_quoted(lines[following]):
        return Span(first, last, rest=False)
    if _tells(joined):
        return None
    # What follows is not marked as a quote: only a full announcement may cut it off.
    sure = verb and email and (time or year)
    if day and not sure:
        sure = first > 0 and not lines[first - 1].strip() and _names_who_wrote(joined)
    return Span(first, last, rest=True, worded=True) if sure else None


def _tells(joined: str) -> bool:
    """Whether a person tells who wrote: "wrote to me", or with the address in round brackets."""
    words = (word.strip(".,:;()") for word in joined.split())
    return bool(_IN_ROUND_BRACKETS.search(joined)) or any(word in TOLD for word in words)


def _names_who_wrote(joined: str) -> bool:
    """Whether the line ends in "NAME wrote:" or "schrieb NAME:", and the name looks like one."""
    found = _WRITER.search(joined)
    if found is None:
        return False
    name = found["after"] or _DAY.split(found["before"])[-1]
    words = [word for word in name.split() if word[0].isalpha()]
    return (
        0 < len(words) <= 6
        and words[0].lower() not in NO_NAMES
        and all(word[0].isupper() for word in words)
    )


def _without_rule(lines: list[str]) -> list[str]:
    """A rule of dashes that stood above the quote goes with it."""
    while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1][:_LINE])):
        lines.pop()
    return lines


def _signed_off(lines: list[str]) -> list[str]:
    said = False
    for at, line in enumerate(lines):
        if said and _is_sign_off(line):
            lines = lines[:at]
            break
        said = said or _says_something([line])
    lines = _without_rule(lines)
    while lines and _is_last_word(lines[-1]):
        lines = _without_rule(lines[:-1])
    return lines


def _is_last_word(line: str) -> bool:
    """What a telephone adds, or "-Ann"."""
    if _DASH_NAME.fullmatch(line):
        return line[1].isupper()
    return bool(_MOBILE.fullmatch(line.strip()[:_LINE]))


def _is_a_telephones(lines: list[str]) -> bool:
    """Whether no person wrote any of this."""
    return all(_MOBILE.fullmatch(line.strip()[:_LINE]) for line in lines if line.strip())


def _is_sign_off(line: str) -> bool:
    if line.lstrip()[:1] not in ("-", "—", "–", "_"):
        return False
    return bool(_DASHES.fullmatch(line) or _LIST_FOOTER.fullmatch(line))
