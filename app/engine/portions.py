"""Portions: a delivery in parts, each for a transaction of its own; between poller and pipeline.

Judging takes fifteen milliseconds a mail. Forty mails judged in one transaction would keep whoever
writes meanwhile, a person's key press too, waiting for more than half a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.mailbox import Batch, FolderRole
from app.engine import later
from app.engine.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """A part of a delivery that can be written by itself.

    `stores_first`: what of it is recent is judged later.
    """

    batch: Batch
    readings: tuple[Reading, ...]
    stores_first: bool = False


def portions(
    batch: Batch,
    readings: Sequence[Reading],
    *,
    cutoff: datetime,
    stores_first: bool = False,
    only_stores: bool = False,
) -> tuple[Portion, ...]:
    """The delivery in the order of arrival: first what is old, then the recent a few at a time.

    What the batch says beside its mails, the cursor too, goes with the last part. What is judged
    `later` stays in one. `stores_first`: so did batches before it; what a large one has of recent
    mails is then judged after them, and not before the rest of the mailbox is there. `only_stores`:
    all is judged later, however little it is.
    """
    recent = [one for one in readings if one.mail.received_at >= cutoff]
    goes_on = stores_first and bool(recent) and len(readings) > later.AT_ONCE
    is_later = (
        len(recent) > later.AT_ONCE or goes_on or only_stores
    ) and batch.folder.role is not FolderRole.JUNK
    if is_later or len(recent) <= later.BETWEEN_CLICKS:
        return (Portion(batch=batch, readings=tuple(readings), stores_first=is_later),)
    recent.sort(key=lambda one: one.mail.received_at)
    old = [one for one in readings if one.mail.received_at < cutoff]
    some = [
        recent[start : start + later.BETWEEN_CLICKS]
        for start in range(0, len(recent), later.BETWEEN_CLICKS)
    ]
    *before, last = [old, *some] if old else some
    end = replace(batch, mails=tuple(one.mail for one in last))
    return (*(_part(batch, one) for one in before), Portion(batch=end, readings=tuple(last)))


def _part(batch: Batch, readings: Sequence[Reading]) -> Portion:
    mails = tuple(one.mail for one in readings)
    return Portion(batch=Batch(folder=batch.folder, mails=mails), readings=tuple(readings))
