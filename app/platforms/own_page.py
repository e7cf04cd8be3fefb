"""Own page: what a platform says of one record, which holds up no other where it has no answer.

A platform that is down as a whole still ends the run: the failure is the record's alone only where
another question is answered right after it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.domain.errors import Busy, KnownError
from app.domain.feed import LeftOut
from app.domain.translation import tr
from app.platforms.answer import Answer

T = TypeVar("T")
TRIES = 2  # a page that never comes must leave time for the others


def asked_alone(
    ask: Callable[[], Answer],
    *,
    judge: Callable[[Answer], T],
    prove: Callable[[], object],
) -> T | KnownError | None:
    """What the answer says, None where there is no such record, or why this page alone has none.

    `judge` reads an answer and raises for one that is of no use, `prove` where nothing else is
    answered either. Raises what `prove` raises, and Busy.
    """
    try:
        answer = ask()
        return None if answer.status == 404 else judge(answer)
    except Busy:
        raise
    except KnownError as error:
        prove()
        return error


def without_page(record: str, error: KnownError) -> LeftOut:
    """The word to the owner that a record's own page is not to be had."""
    return LeftOut(record, tr("its own page is not to be had: {why}", why=error.title))
