"""Spans: pieces of time between two instants, and how they are joined, cut and taken away.

What `calendar` reckons with. Pure; instants are aware, an end is not part of its span.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one instant up to another; `FOREVER` where no end is known."""

    begin: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.begin


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time in order, with no overlap and no two spans that touch."""
    result: list[Span] = []
    for span in sorted(spans):
        if span.begin >= span.end:
            continue
        if result and span.begin <= result[-1].end:
            result[-1] = Span(result[-1].begin, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def without(span: Span, taken: Sequence[Span]) -> Iterator[Span]:
    """What is left of a span when others are taken out; `taken` is joined."""
    begin = span.begin
    for one in taken:
        if one.end <= begin:
            continue
        if one.begin >= span.end:
            break
        if one.begin > begin:
            yield Span(begin, one.begin)
        begin = one.end
    if begin < span.end:
        yield Span(begin, span.end)
