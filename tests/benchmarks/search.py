"""Search: from each letter typed to the rows of the first page, over 200,000 messages.

    python -m tests.benchmarks.search

What is timed is what the window does for one letter: the question, and the rows it shows of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from time import perf_counter

from app.engine.queries import Queries
from tests.benchmarks import prose
from tests.benchmarks.figures import Budget, report
from tests.benchmarks.large_profile import YEARS, profile

_NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_PAGE = 16  # what the list reads at once (app/ui/inbox/model.py)
_PHRASES = (
    "broken mug", "wrong colour", "where is my order", "refund", "charged twice", "chargeback",
    "anna keller", "hugo", "order 59990", "label return", "voucher", "lawyer", "delivered carrier",
    "teapot dishwasher", "from:greta", "is:open broken", "kind:damaged handle", "nothing like this",
    "due:<2h", "amount:>100 is:open", "has:attachment teapot", "after:30d mug",
    "severity:high is:unread",
)  # fmt: skip


def main() -> int:
    """Type every phrase letter by letter, twice; the first time is to warm the machine."""
    queries = Queries(profile(YEARS).database)
    phrases = [*_PHRASES, *prose.Writer(seed=3).words(40).replace(".\n", " ").split()]
    typed = [text for phrase in phrases for text in _typed(phrase)]
    for text in typed[::7]:
        _answered(queries, text)
    times = {text: _answered(queries, text) for text in typed}
    slowest = sorted(times, key=lambda text: -times[text])[:5]
    report(
        "search",
        "a letter typed to the rows that it finds, 200,000 messages",
        "ms",
        list(times.values()),
        Budget(statistic="p95", at_most=20),
        slowest={text: round(times[text], 1) for text in slowest},
    )
    queries.close()
    return 0


def _typed(phrase: str) -> Iterator[str]:
    """What stands in the field after each letter."""
    return (phrase[:end].strip() for end in range(1, len(phrase) + 1))


def _answered(queries: Queries, text: str) -> float:
    """Milliseconds from the question to the rows."""
    began = perf_counter()
    queries.rows(queries.search(text, now=_NOW)[:_PAGE])
    return (perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
