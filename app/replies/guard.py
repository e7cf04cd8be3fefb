"""Guard: what must not go out. Every reason at once, each a sentence with its place in the text.

On the walk: "Send reply" -> here -> refused with these sentences, or on to compose. What only looks
wrong is `doubts`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from app.domain.correspondent import is_address, is_nobody
from app.domain.message import Address
from app.domain.objection import Objection, Weight
from app.domain.reply import Draft
from app.domain.translation import tr
from app.replies.marks import TEXT_MAX, stray_brace
from app.replies.nameless import nameless
from app.replies.placeholders import Placeholder, names_a_field, placeholders
from app.replies.sentences import own_words
from app.replies.variables import ASKED, GIVEN

_SHOWN = 60
_MARK = re.compile(r"\{\{[^{}\n]{0,200}\}\}")
_MARK_NAME = re.compile(r"\{\{\s*([\w.]+)")

# What a value from the data may hold that looks like a placeholder.
_ODD = frozenset("{}[]<>_X%*$@#«»|")


def check(
    draft: Draft,
    *,
    own_addresses: Iterable[str],
    values: Mapping[str, str] | None = None,
    heard: str = "",
) -> tuple[Objection, ...]:
    """Every reason why this draft may not go out, and behind them what a person is asked about;
    none means that it may.

    `values` are what the template was filled with: braces or brackets in them are a customer's
    own words and no hole. Nor are those that stand so in what was `heard`, the customer's mails and
    the articles of the order ("Mug [blue]", the code of a page), unless they name a field.
    """
    own = frozenset(address.strip().lower() for address in own_addresses)
    body = _without_values(draft.body, values or {})
    found = (
        *_holes(body, heard),
        *_open(body, heard),
        *_text(draft.body),
        *(_stops(because) for because in _subject(draft.subject)),
        *(_stops(because) for because in _recipients(draft, own)),
    )
    return tuple(sorted(found, key=lambda one: one.weight is not Weight.STOPS))


def _stops(because: str, start: int = 0, end: int = 0) -> Objection:
    return Objection(weight=Weight.STOPS, because=because, start=start, end=end)


def _without_values(body: str, values: Mapping[str, str]) -> str:
    """The text without the values that look like placeholders but came from the data; what stays
    keeps its place."""
    odd = [v for v in values.values() if len(v) > 3 and not _ODD.isdisjoint(v)]
    for value in sorted(odd, key=len, reverse=True):
        named = _MARK_NAME.match(value)
        if not named or named[1] not in GIVEN | ASKED:  # a name cannot hide a true hole
            body = body.replace(value, "…" * len(value))
    return body


def _holes(body: str, heard: str) -> Iterator[Objection]:
    own = own_words(body)
    for found in _once(one for one in _MARK.finditer(body) if not _is_theirs(one, own, heard)):
        named = _MARK_NAME.match(found[0])
        meaning = tr((GIVEN | ASKED).get(named[1], "")) if named else ""
        wanted = f" ({meaning})" if meaning else ""
        yield _stops(
            tr("Fill in {found}{wanted} or take it out.", found=_shown(found[0]), wanted=wanted),
            *found.span(),
        )
    stray = stray_brace(_MARK.sub(_blank, own))
    if stray is not None:
        yield _stops(
            tr("There are double braces left in the text; take them out."), stray, stray + 2
        )


def _is_theirs(mark: re.Match[str], own: str, heard: str) -> bool:
    """Whether it is of a mail that is quoted, or code that the customer wrote about; never one of
    our own names."""
    named = _MARK_NAME.match(mark[0])
    if named and named[1] in GIVEN | ASKED:
        return False
    return own[slice(*mark.span())] != mark[0] or mark[0] in heard


def _open(body: str, heard: str) -> Iterator[Objection]:
    """What nobody filled in, and a greeting without a name; of the two in one place, one."""
    holes = [
        one
        for one in placeholders(_MARK.sub(_blank, body))
        if one.text not in heard or names_a_field(one.text)
    ]
    place = nameless(body) or (0, 0)
    if _MARK.search(body, *place) or any(one.sure and one.start < place[1] for one in holes):
        place = (0, 0)
    yield from _placeholders(one for one in holes if one.start >= place[1])
    if any(place):
        yield _nameless(body, place)


def _placeholders(found_open: Iterable[Placeholder]) -> Iterator[Objection]:
    for one in found_open:
        found = _shown(one.text)
        if one.sure:
            because = tr("{found} looks like a placeholder; write what belongs there.", found=found)
            yield _stops(because, one.start, one.end)
        else:
            because = tr("{found} may be a placeholder that nobody has filled in.", found=found)
            yield Objection(weight=Weight.ASKS, because=because, start=one.start, end=one.end)


def _once(found: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The first of those that read alike."""
    first: dict[str, re.Match[str]] = {}
    for one in found:
        first.setdefault(one[0], one)
    yield from first.values()


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _text(body: str) -> Iterator[Objection]:
    if not body.strip():
        yield _stops(tr("There is no text yet; write one."))
    if len(body.encode("utf-8", "replace")) > TEXT_MAX:
        yield _stops(tr("The text is longer than 64 KiB; make it shorter."))


def _nameless(body: str, place: tuple[int, int]) -> Objection:
    because = tr(
        "The greeting “{found}” has no name; write one or say hello without it.",
        found=body[slice(*place)],
    )
    return _stops(because, *place)


def _subject(subject: str) -> Iterator[str]:
    if _has_break(subject):
        yield tr("The subject has more than one line; write it on one.")
    yield from (
        tr("Fill in {mark} in the subject or take it out.", mark=_shown(mark))
        for mark in dict.fromkeys(_MARK.findall(subject))
    )


def _recipients(draft: Draft, own: frozenset[str]) -> Iterator[str]:
    everybody = (*draft.to, *draft.cc)
    if not any(address.email.strip() for address in draft.to):
        yield tr("Nobody is to receive this; enter an address.")
    for address in dict.fromkeys(one for one in everybody if one.email.strip()):
        yield from _recipient(address, own)


def _recipient(address: Address, own: frozenset[str]) -> Iterator[str]:
    shown = _shown(address.email)
    if _has_break(address.email) or _has_break(address.name):
        yield tr("The address {shown} has more than one line; write it on one.", shown=shown)
    elif not is_address(address):
        yield tr("{shown} is not a mail address; correct it.", shown=shown)
    elif address.is_one_of(own):
        yield tr("{shown} is your own address; enter the customer's.", shown=shown)
    elif is_nobody(address):
        yield tr("Nobody reads mail to {shown}; find the customer's own address.", shown=shown)


def _has_break(text: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text)


def _shown(text: str) -> str:
    clean = "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))
    return clean if len(clean) <= _SHOWN else clean[:_SHOWN] + "…"
