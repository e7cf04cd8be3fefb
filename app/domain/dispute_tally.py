"""Dispute tally: how many disputes wait for an answer, how many are only a bank's warning, and for
how much. Window, cards and tray count alike because all of them count here. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.domain.dispute import DisputeKind
from app.domain.dispute_views import DisputeRow
from app.domain.money import Money
from app.domain.translation import trn


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeTally:
    """The amounts of what is open: to be answered, warned of by a bank, and decided by a bank now.

    A warning is no dispute yet: it can be met by a refund, and nobody waits for an answer.
    """

    to_answer: tuple[Money, ...] = ()
    warnings: tuple[Money, ...] = ()
    with_bank: tuple[Money, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is open."""
        return bool(self.to_answer or self.warnings or self.with_bank)


NO_DISPUTES = DisputeTally()


def tally(rows: Iterable[DisputeRow], *, tests: bool = False) -> DisputeTally:
    """Count these; what is over and what is gone at the provider counts nowhere. Of real ones and
    those of a provider's test mode only the one sort is counted."""
    to_answer, warnings, with_bank = [], [], []
    for one in rows:
        dispute = one.dispute
        if dispute.is_test is not tests or dispute.deleted_at is not None or not one.state.is_open:
            continue
        if not one.is_ours:
            with_bank.append(dispute.amount)
        elif dispute.kind is DisputeKind.ALERT:
            warnings.append(dispute.amount)
        else:
            to_answer.append(dispute.amount)
    return DisputeTally(
        to_answer=tuple(to_answer), warnings=tuple(warnings), with_bank=tuple(with_bank)
    )


def tally_words(counted: DisputeTally, write: Callable[[Money], str] = lambda one: one.said) -> str:
    """In a line: "2 disputes to answer, €394.00; 1 bank warning, €417.00"; empty without any."""
    answer, warned, bank = (counted.to_answer, counted.warnings, counted.with_bank)
    parts = (
        trn("{n} dispute to answer", "{n} disputes to answer", len(answer)) if answer else "",
        trn("{n} bank warning", "{n} bank warnings", len(warned)) if warned else "",
        trn("{n} with the bank", "{n} with the bank", len(bank)) if bank else "",
    )
    amounts = (_sums(each, write) for each in (answer, warned, bank))
    return "; ".join(f"{part}, {sums}" for part, sums in zip(parts, amounts, strict=True) if part)


def totals(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """The sum of each currency, the largest number first; currencies are never added up."""
    sums: dict[str, int] = {}
    for one in amounts:
        sums[one.currency] = sums.get(one.currency, 0) + one.minor
    made = (Money(minor, currency) for currency, minor in sums.items())
    return tuple(sorted(made, key=lambda one: (-one.value, one.currency)))


def _sums(amounts: Sequence[Money], write: Callable[[Money], str]) -> str:
    return " + ".join(map(write, totals(amounts)))
