"""Report: the figures as lines, each beside how it was before."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.cli.run import Desk

_HOUR, _DAY = 60, 1440


def run(desk: Desk, args: argparse.Namespace) -> None:
    """Print every figure, first of the time asked for, then of the time before."""
    answer = desk.client.call("report", since=args.since, until=args.until)
    before = answer.get("before")
    _say(desk, f"{answer['issues']:,} issues from {answer['from']} to {answer['to']}")
    _tell(desk, answer["figures"], period="asked")
    if before is not None:
        _say(
            desk,
            f"\nBefore it was connected: {before['issues']:,} issues from {before['from']} to"
            f" {before['to']}",
        )
        _tell(desk, before["figures"], period="before")
        _say(desk, "\nNot compared:")
        for words in before["not_compared"]:
            _say(desk, f"  {words}.")


def _say(desk: Desk, words: str) -> None:
    """A line for people between the figures; none of it is an answer."""
    if not desk.json:
        desk.say(words)


def _tell(desk: Desk, figures: Iterable[dict[str, Any]], *, period: str) -> None:
    for figure in figures:
        desk.tell({"period": period, **figure}, _line(figure))


def _line(figure: dict[str, Any]) -> str:
    open_ = f", {figure['open']:,} open" if figure["open"] else ""
    return f"  {figure['title']:<34} {_found(figure):<40} n {figure['n']:,}{open_}"


def _found(figure: dict[str, Any]) -> str:
    if figure["clock"] is None:
        share = figure["share"]
        return "nothing to go by" if share is None else f"{share:.0%}{_because(figure['by'])}"
    if figure["median_minutes"] is None:
        return "too few are over"
    return (
        f"median {_length(figure['median_minutes'])}, 90 % within {_length(figure['p90_minutes'])}"
        f" ({figure['clock']})"
    )


def _because(by: dict[str, int]) -> str:
    parts = [f"{words} {count}" for words, count in list(by.items())[:3]]
    return f" ({', '.join(parts)})" if parts else ""


def _length(minutes: float | None) -> str:
    if minutes is None:
        return "?"
    if minutes < _HOUR:
        return f"{minutes:.0f} min"
    return f"{minutes / _HOUR:.1f} h" if minutes < 2 * _DAY else f"{minutes / _DAY:.1f} days"
