"""Rule text: the few words of a condition, read piece by piece; and simple rows as such words.

    customer_domain = "bigshop.example" and (total > 500 or subject contains "invoice")

Pure, and known to both sides: the engine checks the pieces and has them evaluated, a form shows
those conditions as rows that are nothing but comparisons joined by one word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import normalize

from app.domain.errors import Refused
from app.domain.rule_fields import BY_NAME, Sort
from app.domain.search_values import figure
from app.domain.translation import to_translate, tr

LONGEST = 1000
JOINS = ("and", "or")
_WORDS = ("and", "or", "not", "in", "contains", "true", "false")
_PIECE = re.compile(
    r"""\s*(?:
    (?P<words>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|“[^”\n]*”)
    |(?P<number>\d+(?:\.\d+)?(?![\w.]))
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>=~|!~|==|!=|>=|<=|[=<>()\[\],-])
    )""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A word, number, name or sign of a condition; `at` is its place, counted from 1.

    `sort` is "words", "number", "name" (of a field) or "sign" (also and, or, not ...).
    """

    sort: str
    text: str
    at: int

    @property
    def sign(self) -> str:
        """The sign that it is, or nothing: words may be spelt like one."""
        return self.text if self.sort == "sign" else ""


def pieces(text: str) -> tuple[Piece, ...]:
    """The pieces of a condition. Raises Refused with the place of what cannot be read."""
    if len(text) > LONGEST:
        raise Refused(
            tr("The condition is too long"), tr("It may have {longest} characters", longest=LONGEST)
        )
    found: list[Piece] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _PIECE.match(text, place)
        if match is None:
            raise _unreadable(text, place)
        found.append(_piece(match))
        place = match.end()
    return tuple(found)


def quoted(words: str) -> str:
    """Words as they stand in a condition."""
    inside = " ".join(words.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'


def compared(words: str) -> str:
    """Words as they are compared: on one line, in small letters, each accent with its letter (a Mac
    writes them in two pieces)."""
    return " ".join(normalize("NFC", words).split()).casefold()


def _piece(match: re.Match[str]) -> Piece:
    sort = match.lastgroup or ""
    text, at = match[sort], match.start(sort) + 1
    if sort == "words":
        inside = text[1:-1]
        text = inside if match[sort][0] == "“" else _ESCAPED.sub(_kept, inside)
    elif sort == "name" and text.lower() in _WORDS:
        sort, text = "sign", text.lower()
    return Piece(sort=sort, text="=" if text == "==" and sort == "sign" else text, at=at)


def _kept(match: re.Match[str]) -> str:
    """A backslash keeps a quotation mark or itself; before anything else it is meant as it is."""
    return match[1] if match[1] in "\"'\\" else match[0]


def _unreadable(text: str, place: int) -> Refused:
    at = place + len(text[place:]) - len(text[place:].lstrip()) + 1
    what = text[at - 1]
    if what in "\"'“":
        return Refused(
            tr("The words that begin at character {at} have no end", at=at),
            "",
            tr("Close with {what}", what=what),
        )
    return Refused(tr("“{what}” at character {at} cannot stand in a condition", what=what, at=at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison of a form: a field, how it is compared, and with what."""

    field: str
    how: str
    value: str = ""


# How each sort of field may be compared: the word in a row, and how it stands in a condition.
HOWS: dict[Sort, tuple[str, ...]] = {
    Sort.WORDS: (
        to_translate("contains"),
        to_translate("does not contain"),
        to_translate("is"),
        to_translate("is not"),
    ),
    Sort.CHOICE: ("is", "is not"),
    Sort.NUMBER: (to_translate("is more than"), to_translate("is less than"), "is"),
    Sort.SEVERAL: ("contains", "does not contain"),
    Sort.YES_NO: (to_translate("is so"), to_translate("is not so")),
}
_SIGNS = {
    "contains": "contains",
    "is": "=",
    "is not": "!=",
    "is more than": ">",
    "is less than": "<",
}
_HOW_OF = {sign: how for how, sign in _SIGNS.items()}


def condition_of(rows: Sequence[Row], join: str = "and") -> str:
    """The condition that these rows say. Raises Refused for a value that cannot be used."""
    return f" {join} ".join(_said(one) for one in rows)


def _said(one: Row) -> str:
    field = BY_NAME[one.field]
    if field.sort is Sort.YES_NO:
        return field.name if one.how == "is so" else f"not {field.name}"
    value = one.value.strip()
    if not value:
        raise Refused(
            tr("Nothing is said about: {field}", field=tr(field.label)),
            "",
            tr("Fill the field, or take the row out"),
        )
    value = _number(value, tr(field.label)) if field.sort is Sort.NUMBER else quoted(value)
    if one.how == "does not contain":
        return f"not {field.name} contains {value}"
    return f"{field.name} {_SIGNS[one.how]} {value}"


def _reads_alike(number: str) -> bool:
    """Whether a number of a condition is the same number in a row: there 1.125 is a thousand."""
    try:
        return figure(number) == Decimal(number)
    except (ValueError, ArithmeticError):
        return False


def _number(value: str, label: str) -> str:
    try:
        return str(figure("'".join(value.split())))  # 2 500: a blank is one more mark of thousands
    except ValueError:
        raise Refused(
            tr("“{value}” is no number", value=value),
            tr("{field} is a number, like 250", field=f"{label[:1].upper()}{label[1:]}"),
        ) from None


def rows_of(condition: str) -> tuple[tuple[Row, ...], str] | None:
    """The rows that say this condition, and the word that joins them; None where rows cannot."""
    try:
        every = pieces(condition)
    except Refused:
        return None
    joins = {one.sign for one in every if one.sign in JOINS}
    if len(joins) > 1:
        return None
    join = next(iter(joins), "and")
    rows = [_row(part) for part in _parts(every)]
    found = tuple(one for one in rows if one is not None)
    return (found, join) if len(found) == len(rows) else None


def _parts(every: Sequence[Piece]) -> list[list[Piece]]:
    parts: list[list[Piece]] = [[]]
    for one in every:
        if one.sign in JOINS:
            parts.append([])
        else:
            parts[-1].append(one)
    return parts


def _row(part: Sequence[Piece]) -> Row | None:
    """The row that one comparison is, if a form has such a row."""
    denied = bool(part) and part[0].sign == "not"
    bare = part[1:] if denied else part
    field = BY_NAME.get(bare[0].text) if bare and bare[0].sort == "name" else None
    if field is None:
        return None
    if field.sort is Sort.YES_NO:
        how = "is not so" if denied else "is so"
        return Row(field=field.name, how=how) if len(bare) == 1 else None
    if len(bare) != 3:
        return None
    how = _HOW_OF.get(bare[1].sign, "")
    if denied:
        how = "does not contain" if how == "contains" else ""
    wanted = "number" if field.sort is Sort.NUMBER else "words"
    fits = how in HOWS[field.sort] and bare[2].sort == wanted
    if wanted == "number" and not _reads_alike(bare[2].text):
        return None
    return Row(field=field.name, how=how, value=bare[2].text) if fits else None
