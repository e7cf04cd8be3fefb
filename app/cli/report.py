"""Report: the figures as lines, each beside how it was before."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from app.cli.present import counted
from app.domain.clock import instant, rfc3339

if TYPE_CHECKING:
    from app.cli.run import Desk

_HOUR, _DAY = 60, 1440
_NAMED = 3


def run(desk: Desk, args: argparse.Namespace) -> None:
    """Print every figure, first of the time asked for, then of the time before."""
    answer = desk.client.call("report", since=args.since, until=args.until)
    before = answer.get("before")
    _say(desk, _basis(answer))
    _tell(desk, answer["figures"], period="asked")
    if before is not None:
        _say(desk, f"\nBefore it was connected: {_basis(before)}")
        _tell(desk, before["figures"], period="before")
        _say(desk, "\nNot compared:")
        for words in before["not_compared"]:
            _say(desk, f"  {words}.")


def _basis(answer: dict[str, Any]) -> str:
    """ "12 issues from 2026-08-25T17:58:41Z to 2026-11-23T17:58:41Z": in whole seconds."""
    begin, end = (rfc3339(instant(answer[at]).replace(microsecond=0)) for at in ("from", "to"))
    return f"{counted(answer['issues'], 'issue')} from {begin} to {end}"


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
        return "nothing to go by" if share is None else _percent(share) + _because(figure["by"])
    if figure["median_minutes"] is None:
        return "too few are over" if figure["n"] else "nothing to go by"
    return (
        f"median {_length(figure['median_minutes'])}, 90 % within {_length(figure['p90_minutes'])}"
        f" ({figure['clock']})"
    )


def _because(by: dict[str, int]) -> str:
    """What it divides into, the most first; what is not named is counted together."""
    told = list(by.items())
    named = told if len(told) <= _NAMED + 1 else told[:_NAMED]
    parts = [f"{words} {count:,}" for words, count in named]
    others = sum(count for _, count in told[len(named) :])
    parts += [f"all others {others:,}"] if others else []
    return f" ({', '.join(parts)})" if parts else ""


def _percent(share: float) -> str:
    """In whole ones; 100 and 0 only where it is all or none of them."""
    if round(share * 100) in (0, 100) and share not in (0, 1):
        return f"{min(max(share, 0.001), 0.999):.1%}"
    return f"{share:.0%}"


def _length(minutes: float | None) -> str:
    if minutes is None:
        return "?"
    if round(minutes) < _HOUR:
        return f"{minutes:.0f} min"
    return f"{minutes / _HOUR:.1f} h" if minutes < 2 * _DAY else f"{minutes / _DAY:.1f} days"
