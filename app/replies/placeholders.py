"""Placeholders: places in a text that somebody, or some program, meant to fill and did not.

Asked by the guard. What people write by hand ([name], ___, XX.XX.2026) is told from what they mean
by the same marks ([sic], [Order 1042], a link in <>, «un mot»); the marks of other programs
(*|FNAME|*, %NAME%, {0}) mean nothing else. False alarms are as bad as holes: where a mark may be
meant, it is not `sure`, and a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.replies.placeholder_words import ASIDES, FIELDS, FILL_IN, LABELS, PRESS, REMARK
from app.replies.sentences import own_words

_USUAL = 42  # letters of a placeholder; who writes more in brackets may be saying something
_BEFORE = 30
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_BLANKS = re.compile(r"\s+")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_PLAIN = re.compile(r"[\w .,'’/-]+")
_FEW = 3  # words: of more, with other signs between them, a remark is made
_BEGINS = re.compile(r"[^\W\d]|[€$£#*&_]")
_NUMBER = re.compile(r"\d\d")
_WORD = re.compile(r"[^\W\d_]+")
_NO_PLACEHOLDER = re.compile(  # an address, a link, a pasted picture, a remark
    r"@|://|^www\.|^(?:cid|image|img|bild|imagen?|immagine|afbeelding|imagem|obraz|tel|mailto)\s*:"
    r"|^(?:attachment|anlage|anhang|pièce jointe|adjunto|allegato|bijlage|anexo|załącznik)\s*:"
    r"|^(?:edit|update|note|n\.?b\.?|p\.?s\.?|nachtrag|hinweis|anm(?:erkung)?\.?|remarque|nota"
    r"|opmerking|let op|observação|uwaga)\s*:"
    r"|\w\.(?:com|org|net|eu|de|at|ch|fr|es|it|nl|be|pt|pl|uk|co|io|shop|store|example)(?:/|$)",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"EN|DE|FR|ES|IT|NL|PT|PL")  # "[DE] Deutsch weiter unten"

_SQUARE = re.compile(r"\[([^\[\]]{1,120})\](?!\(|\[\d)")  # not [link](...), not [link][1]
_ANGLE = re.compile(r"<([ \t]*)([^\W\d_][\w .,'’/&:#?!-]{0,118}?)([ \t]*)>")
_GUILLEMETS = re.compile(r"«([^\W\d_][\w./-]{1,40})»")  # a quotation in French has blanks inside
_RULE = re.compile(r"(?m)^[ \t]*_{3,}[ \t\r]*$")  # a line drawn across the page is no placeholder

_SURE = (
    re.compile(r"[$#%]?\{[%$!]?\s*[^\W\d][\w .,=|/&#'’?-]{0,60}%?\}"),  # {name} ${name} {%name%}
    re.compile(r"<[%?]=?[^<>\n]{1,80}[%?]>"),  # <%= name %>
    re.compile(r"(?<![\w\])}\\])\{\d{1,2}(?::[^{}\n]{1,20})?\}"),  # {0}, not \d{2}
    re.compile(
        r"(?<![\w%])%{1,2}(?!(?:appdata|localappdata|temp|userprofile|programfiles)%)"
        r"[A-Za-z][A-Za-z_.]{1,40}%{1,2}(?![\w%])",
        re.IGNORECASE,
    ),  # %first_name%
    re.compile(r"\*\|[\w:. =-]{1,60}\|\*"),  # *|FNAME|*
    re.compile(r"(?<![\w$])\${1,2}[A-Za-z][A-Za-z_]{1,40}\${1,2}(?![\w$])"),  # $FIRSTNAME$
    re.compile(r"(?<![\w$])\$[a-z]+_[a-z_]{1,40}\b"),  # $first_name, not $20
    re.compile(r"@@[A-Za-z][\w.]{1,40}@@"),
    re.compile(r"(?<![\w#])(?:##\w{2,40}##|#[A-Za-z]+_[A-Za-z_]+#)(?![\w#])"),
    re.compile(r"(?<!\d[ -])\bX{3,}\b(?!(?:[ -]?(?:X{4}|\d{4}))*[ -]?\d{4}\b)|#x{3,}\b"),
    re.compile(r"(?<![\w./-])(?:X{2}|\d{1,2})([./])X{2}(?:\1(?:\d{4}|\d\d|[XY]{2,4})?)?(?!\w)"),
    re.compile(r"(?<![\w./-])xx([./])xx\1(?:\d{4}|\d\d|xx(?:xx)?)?(?!\w)"),
    re.compile(
        r"(?:\bXX(?:[.,]XX)?|\?{2,}|(?<!\w)\.{3}|(?<!\w)…)\s?(?:€|£|zł|EUR|GBP|USD|CHF|PLN)"
        r"|(?:€|£|\$|EUR|USD)\s?(?:XX\b|\?{2,})"
    ),
    re.compile(r"(?<![\w./-])_{3,}(?![\w/-]|\.\w)"),
    re.compile(r"(?<=[^\S\n])__(?=[\s.,;:!?]|$)"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """One of them, and where; not `sure` where it may be meant as it stands."""

    text: str
    start: int
    end: int
    sure: bool = True


def placeholders(text: str) -> Iterator[Placeholder]:
    """Every placeholder in what was not quoted, each once, the sure ones first.

    Of those that lie in each other the sure one counts, else the longest.
    """
    body = _RULE.sub(lambda line: " " * len(line[0]), own_words(text))
    every = [*_of_programs(body), *_in_square(body), *_in_angle(body), *_in_guillemets(body)]
    kept: list[Placeholder] = []
    taken = bytearray(len(body))
    for one in sorted(every, key=lambda one: (not one.sure, one.start - one.end)):
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"x" * (one.end - one.start)
            kept.append(one)
    first: dict[str, Placeholder] = {}
    for one in sorted(kept, key=lambda one: (not one.sure, one.start)):
        first.setdefault(one.text, one)
    yield from first.values()


def _of_programs(body: str) -> Iterator[Placeholder]:
    for pattern in _SURE:
        yield from (_found(match) for match in pattern.finditer(body))


def _in_square(body: str) -> Iterator[Placeholder]:
    for match in _SQUARE.finditer(body):
        inner = _BLANKS.sub(" ", match[1]).strip()
        if not _BEGINS.match(inner) or not _is_open(inner) or _is_part_of_a_word(match, body):
            continue
        if _PARAGRAPH.search(match[1]):
            continue
        if _stands_behind(PRESS, match, body) and not _names_fields(inner):
            continue  # "click [Continue]"
        is_usual = _is_usual(inner) and not REMARK.match(inner)
        yield _found(match, sure=is_usual or FILL_IN.search(inner) is not None)


def _in_angle(body: str) -> Iterator[Placeholder]:
    for match in _ANGLE.finditer(body):
        inner = match[2].strip()
        if inner.lower().rstrip(" /") == "br" or not _is_open(inner):
            continue
        is_meant = match[1] or match[3] or _stands_behind(PRESS, match, body)
        if is_meant and not _names_fields(inner):
            continue  # "a < b and c > d", "press <Enter>"
        if len(inner) <= _USUAL or FILL_IN.search(inner):
            yield _found(match)


def _in_guillemets(body: str) -> Iterator[Placeholder]:
    """«Name» as a mail merge writes it; quoted, it is the label of something."""
    for match in _GUILLEMETS.finditer(body):
        if _names_fields(match[1]) and not _stands_behind(LABELS, match, body):
            yield _found(match, sure="_" in match[1])


def _is_open(inner: str) -> bool:
    """Whether what stands in the brackets is words to be replaced, and not something said."""
    if not _LETTERS.search(inner) or inner.lower().strip(" .!?") in ASIDES:
        return False
    if _LANGUAGE.fullmatch(inner):
        return False
    return FILL_IN.search(inner) is not None or not (
        _NO_PLACEHOLDER.search(inner) or _is_a_number(inner)
    )


def _is_a_number(inner: str) -> bool:
    """[Order MM-10227] or [20 Nov 2026], and not what a program calls field 360012."""
    return _NUMBER.search(inner) is not None and len(_WORD.findall(inner)) < _FEW


def _is_usual(inner: str) -> bool:
    is_plain = _PLAIN.fullmatch(inner) is not None
    return len(inner) <= _USUAL and (is_plain or len(inner.split()) <= _FEW)


def _is_part_of_a_word(match: re.Match[str], body: str) -> bool:
    """As in Kund[inn]en, order[s], list[i]."""
    before = body[max(0, match.start() - 1) : match.start()].isalnum()
    after = body[match.end() : match.end() + 1].isalnum()
    return (before and after) or ((before or after) and len(match[1]) <= 3)


def _stands_behind(words: re.Pattern[str], match: re.Match[str], body: str) -> bool:
    line = body[max(0, match.start() - _BEFORE) : match.start()].rpartition("\n")[2]
    return words.search(line) is not None


def names_a_field(text: str) -> bool:
    """Whether what stands there, brackets and all, can only be meant to be filled in."""
    inner = text.strip("[]{}<>«»%$#*|@ ")
    return FILL_IN.search(inner) is not None or _names_fields(inner)


def _names_fields(inner: str) -> bool:
    return all(word in FIELDS for word in re.split(r"[\W_]+", inner.lower()) if word)


def _found(match: re.Match[str], *, sure: bool = True) -> Placeholder:
    return Placeholder(text=match[0], start=match.start(), end=match.end(), sure=sure)
