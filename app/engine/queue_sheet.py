"""Queue sheet: `simulate --queue` without a profile: what the model assumes, and its figures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from app.domain.errors import Refused
from app.engine.queueing import compare_orders
from app.escalation.rules import SlaRules
from app.triage.rules import Rules

_MOST_SEEDS = 100
_NAMES = {"arrival": "in order of arrival", "ours": "in our order"}


def queue_sheet(*, rules: Rules, sla: SlaRules, seeds: int, as_json: bool, out: TextIO) -> int:
    """Print the assumptions first, then the figures of every shop and order.

    Raises Refused for a number of runs that is none.
    """
    if not 1 <= seeds <= _MOST_SEEDS:
        raise Refused(f"{seeds} runs are not possible", hint=f"Take 1 to {_MOST_SEEDS}")
    found = compare_orders(rules=rules, sla=sla, seeds=seeds)
    lines = _objects(found) if as_json else _words(found)
    out.writelines(f"{line}\n" for line in lines)
    return 0


def _objects(found: Mapping[str, Any]) -> Iterator[str]:
    yield json.dumps({"assumed": found["assumed"], "runs": found["seeds"]}, ensure_ascii=False)
    for one in found["orders"]:
        yield json.dumps(one, ensure_ascii=False)


def _words(found: Mapping[str, Any]) -> Iterator[str]:
    yield "What this assumes:"
    yield from (f"  {line}" for line in found["assumed"])
    yield _runs_said(found["seeds"])
    shop = ""
    for one in found["orders"]:
        if one["shop"] != shop:
            shop = one["shop"]
            yield f"\n{shop.capitalize()}:"
        judged = f", judged {one['judging']}" if one["judging"] else ""
        yield f"  {_NAMES[one['order']]}{judged}"
        yield from (f"    {line}" for line in _figures(one))


def _runs_said(runs: int) -> str:
    if runs == 1:
        return "Each figure is of one run, so its least and its most are the same."
    return f"Each figure: the median of {runs} runs (least to most of any)."


def _figures(one: Mapping[str, Any]) -> Iterator[str]:
    first = "first answer, working time"
    yield f"urgent, {first}: {_both(one, 'urgent_first_working_minutes', 'min')}"
    yield f"urgent, first answer, by the clock: {_both(one, 'urgent_first_clock_hours', 'h')}"
    yield f"others, {first}: {_both(one, 'others_first_working_hours', 'h')}"
    kept = ("urgent", "urgent_kept"), ("first answers", "first_kept"), ("all answers", "all_kept")
    yield f"in time: {'; '.join(f'{name} {_share(one[key])}' for name, key in kept)}"
    yield f"done, by the clock, all issues: {_both(one, 'resolved_clock_hours', 'h')}"
    hours, answers = one["worked_hours"]["median"], one["answers"]["median"]
    yield f"worked: {hours:.0f} h for {answers:,.0f} answers"


def _both(one: Mapping[str, Any], name: str, unit: str) -> str:
    middle, ninth = one[f"{name}_median"], one[f"{name}_p90"]
    return f"median {_length(middle, unit)}, p90 {_length(ninth, unit)}"


def _length(figure: Mapping[str, float], unit: str) -> str:
    middle, least, most = (_number(figure[name]) for name in ("median", "least", "most"))
    return f"{middle} {unit} ({least} to {most})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _share(figure: Mapping[str, float]) -> str:
    return "{median:.1%} ({least:.1%} to {most:.1%})".format(**figure)
