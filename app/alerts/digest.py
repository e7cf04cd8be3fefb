"""Digest: alerts that waited, on as few cards as can name what has to be named. Pure.

What tells of a date that somebody else set counts as told only where its own line can be read: so
such lines come first, each whole, and where they do not fit on one card, there is another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.alerts.text import BODY_UNITS, one_line
from app.domain.alert import Alert
from app.domain.translation import trn

DIGEST = "digest/"

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
    """The cards for these alerts; the first one tells by `title_of` how many there are."""
    every = tuple(some)
    named = [one for one in every if one.by_name]
    pages = list(_pages(named)) or [()]
    counted = [one for one in every if not one.by_name]
    first = _first(pages[0], counted, title_of(len(every)))
    return (first, *(_more(page) for page in pages[1:]))


def _first(page: Sequence[Alert], counted: Sequence[Alert], title: str) -> Card:
    told = counted[: max(0, _NAMED - len(page))]
    lines = [*map(_line, page), *(one.title for one in told)]
    left = len(counted) - len(told)
    return Card(
        alerts=(*page, *counted),
        title=title,
        body="\n".join([*lines, *([trn("and {n} more", "and {n} more", left)] if left else [])]),
        unnamed=_only_counted(page, counted),
    )


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
