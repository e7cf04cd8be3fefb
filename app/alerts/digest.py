"""Digest: alerts that waited, on as few cards as can name what has to be named. Pure.

What tells of a date that somebody else set counts as told only where its own line can be read: so
such lines come first, each whole, and where they do not fit on one card, there is another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.alerts.text import BODY_UNITS, and_more, one_line
from app.domain.alert import BUNDLE, DIGEST, Alert
from app.domain.translation import trn

_NAMED = 3  # of those that need no name
_MOST_LINE, _MOST_SUBJECT = 120, 50
_BREAK = 3  # what a line break becomes where a pop-up has one line: " - "
_AND_MORE = 20  # kept free for how many more there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Stands for these alerts; `unnamed` are the issues that it only counts."""

    alerts: tuple[Alert, ...]
    title: str
    body: str
    unnamed: tuple[str, ...] = ()

    @property
    def by_name(self) -> bool:
        """Whether it names what has to be named."""
        return any(one.by_name for one in self.alerts)

    @property
    def issue_keys(self) -> tuple[str, ...]:
        """Every issue on it."""
        return tuple(dict.fromkeys(key for one in self.alerts for key in one.issue_keys))


def is_whole(alert: Alert) -> bool:
    """Whether it is a card already: as a line of another one it would lose its names."""
    return alert.dedupe.startswith(DIGEST) or (alert.by_name and len(alert.issue_keys) > 1)


def cards(some: Iterable[Alert], title_of: Callable[[int], str]) -> tuple[Card, ...]:
    """The cards for these alerts; the first one tells by `title_of` how many issues that are: one
    that rang by itself and then on the card of a storm is one."""
    every = tuple(some)
    named = [one for one in every if one.by_name]
    pages = list(_pages(named)) or [()]
    counted = [one for one in every if not one.by_name]
    first = _first(pages[0], counted, title_of(_how_many(every)))
    return (first, *(_more(page) for page in pages[1:]))


def _first(page: Sequence[Alert], counted: Sequence[Alert], title: str) -> Card:
    told = _told(counted, most=max(0, _NAMED - len(page)))
    lines = [*map(_line, page), *(one.line for one in told)]
    left = _how_many(counted) - sum(max(1, len(one.keys)) for one in told)
    return Card(
        alerts=(*page, *counted),
        title=title,
        body="\n".join([*lines, *([and_more(left)] if left > 0 else [])]),
        unnamed=_only_counted(page, counted),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """A line, and the issues that it stands for; of a silent mailbox there are none."""

    line: str
    keys: tuple[str, ...]


def _told(counted: Sequence[Alert], *, most: int) -> list[_Told]:
    """The first lines of these, each issue once."""
    found: list[_Told] = []
    said: set[str] = set()
    for one in (each for alert in counted for each in _lines_of(alert)):
        new = tuple(key for key in one.keys if key not in said)
        if len(found) < most and (new or not one.keys):
            found.append(_Told(one.line, new))
            said.update(new)
    return found


def _lines_of(alert: Alert) -> Iterable[_Told]:
    """A storm's card has a line for each issue that it names; of anything else the title is it."""
    if not alert.dedupe.startswith(BUNDLE):
        yield _Told(alert.title, alert.issue_keys)
        return
    named = alert.body.split("\n")
    left = len(alert.issue_keys) - len(named) + 1
    if len(named) > 1 and named[-1] == and_more(left):
        named = named[:-1]
    for line, key in zip(named, alert.issue_keys, strict=False):
        yield _Told(line, (key,))


def _how_many(some: Iterable[Alert]) -> int:
    every = tuple(some)
    keys = {key for one in every for key in one.issue_keys}
    return len(keys) + sum(not one.issue_keys for one in every)


def _more(page: Sequence[Alert]) -> Card:
    title = trn("{n} more deadline", "{n} more deadlines", len(page))
    return Card(alerts=tuple(page), title=title, body="\n".join(map(_line, page)))


def _only_counted(page: Sequence[Alert], counted: Sequence[Alert]) -> tuple[str, ...]:
    named = {key for one in page for key in one.issue_keys}
    keys = dict.fromkeys(key for one in counted for key in one.issue_keys)
    return tuple(key for key in keys if key not in named)


def _pages(named: Sequence[Alert]) -> Iterable[tuple[Alert, ...]]:
    """As many on each as have room for their whole lines."""
    page: list[Alert] = []
    room = BODY_UNITS - _AND_MORE
    for one in named:
        needs = len(_line(one).encode("utf-16-le")) // 2 + _BREAK
        if page and needs > room:
            yield tuple(page)
            page, room = [], BODY_UNITS - _AND_MORE
        page.append(one)
        room -= needs
    if page:
        yield tuple(page)


def _line(alert: Alert) -> str:
    """What it is, by when, and whose; where no order's number tells them apart, the next line of
    the body as well: a marketplace's notices all come from the same sender."""
    whose, _, more = alert.body.partition("\n")
    subject = "" if "#" in whose else one_line(more.split("\n", 1)[0], most=_MOST_SUBJECT)
    parts = (alert.title, whose, subject)
    return one_line(", ".join(part for part in parts if part), most=_MOST_LINE)
