"""Disputes: how much one presses at a moment, and why, in words; what it costs to let a warning be.

Pure: the case and the instant come in, nothing is remembered. The provider's own date is all that
counts; where it names none, the words say "verify", and the case is pressing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.domain.assessment import Severity
from app.domain.dispute import Dispute, DisputeKind, DisputeReason, DisputeState, FailedPayment
from app.domain.dispute_views import DisputeRow
from app.domain.money import Money
from app.domain.platform_names import platform_word
from app.domain.translation import to_translate, tr, trn
from app.escalation.dispute_rules import Burst, DisputeRules

KIND_WORDS = {
    DisputeKind.ALERT: to_translate("Early fraud warning"),
    DisputeKind.INQUIRY: to_translate("Inquiry"),
    DisputeKind.CLAIM: to_translate("Claim"),
    DisputeKind.APPEAL: to_translate("Appeal"),
    DisputeKind.CHARGEBACK: to_translate("Chargeback"),
    DisputeKind.PRE_ARBITRATION: to_translate("Second chargeback"),
    DisputeKind.ARBITRATION: to_translate("Arbitration"),
}
_KIND_OF = {
    DisputeKind.ALERT: to_translate("early fraud warning of {amount}"),
    DisputeKind.INQUIRY: to_translate("inquiry of {amount}"),
    DisputeKind.CLAIM: to_translate("claim of {amount}"),
    DisputeKind.APPEAL: to_translate("appeal of {amount}"),
    DisputeKind.CHARGEBACK: to_translate("chargeback of {amount}"),
    DisputeKind.PRE_ARBITRATION: to_translate("second chargeback of {amount}"),
    DisputeKind.ARBITRATION: to_translate("arbitration of {amount}"),
}
REASON_WORDS = {
    DisputeReason.FRAUD: to_translate("the buyer says that it was not them who paid"),
    DisputeReason.NOT_RECEIVED: to_translate("the buyer says that nothing arrived"),
    DisputeReason.NOT_AS_DESCRIBED: to_translate(
        "the buyer says that it is not what was described"
    ),
    DisputeReason.REFUND: to_translate("the buyer says that a refund is missing"),
    DisputeReason.DUPLICATE: to_translate("the buyer says that they were charged twice"),
    DisputeReason.SUBSCRIPTION: to_translate("the buyer says that the subscription was cancelled"),
    DisputeReason.BILLING: to_translate(
        "the buyer says that the amount or the way of payment is wrong"
    ),
    DisputeReason.GENERAL: to_translate("no particular reason is given"),
}
_DAY = timedelta(days=1)
_WEEK = 7 * _DAY
_SOON = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressing:
    """How bad a case is now, the sentence why, and its named findings for the score."""

    severity: Severity
    because: str
    factors: Mapping[str, str] = field(default_factory=dict)


def pressing(case: DisputeRow, now: datetime, *, rules: DisputeRules) -> Pressing:
    """How much a case presses at `now`."""
    dispute = case.dispute
    if not case.is_ours:
        return _others_turn(dispute)
    if dispute.kind is DisputeKind.ALERT:
        return Pressing(
            severity=Severity.HIGH,
            because=tr("before it becomes a dispute"),
            factors={"early_warning": warning_arithmetic(dispute, rules=rules)},
        )
    left = case.left(now)
    where = platform_word(dispute.platform)
    if left is None:
        said = tr("it needs you, and {where} names no date: verify it there", where=where)
        return Pressing(severity=Severity.HIGH, because=said, factors={"dispute_unknown": said})
    if left <= timedelta():
        said = tr(
            "{where}'s last date for an answer has passed: look whether it still takes one",
            where=where,
        )
        return Pressing(severity=Severity.HIGH, because=said, factors={"dispute_deadline": said})
    said = tr("{where} takes an answer for {left} more", where=where, left=said_left(left))
    near = left <= rules.critical_within
    what = tr(_KIND_OF[dispute.kind], amount=dispute.amount.said)
    return Pressing(
        severity=Severity.CRITICAL if near else Severity.HIGH,
        because=what if left <= _WEEK else f"{what}; {said}",  # else the finding below says it
        factors={_factor(left, near=near): said},
    )


def subject_of(dispute: Dispute) -> str:
    """What an issue that begins with it is called: "Chargeback: 184.00 USD at Stripe"."""
    test = tr("Test: ") if dispute.is_test else ""
    said = tr(
        "{kind}: {amount} at {where}",
        kind=tr(KIND_WORDS[dispute.kind]),
        amount=dispute.amount.said,
        where=platform_word(dispute.platform),
    )
    return f"{test}{said}"


def preview_of(dispute: Dispute) -> str:
    """The beginning of such an issue: what the buyer says; in the provider's words where ours say
    nothing."""
    is_plain = dispute.reason is not DisputeReason.GENERAL or not dispute.reason_word
    own = "" if is_plain else f" ({dispute.reason_word})"
    said = f"{tr(REASON_WORDS[dispute.reason])}{own}"
    if dispute.fee:
        said = tr("{reason}; it took a fee of {fee}", reason=said, fee=dispute.fee.said)
    return said[:1].upper() + said[1:]


def said_left(left: timedelta) -> str:
    """A length that is left, as people say it: "6 days", "31 hours", "50 minutes"; rounded down."""
    minutes = max(int(left.total_seconds() // 60), 0)
    if left >= _SOON:
        return trn("{n} day", "{n} days", left // _DAY)
    if minutes >= 60:
        return trn("{n} hour", "{n} hours", minutes // 60)
    return trn("{n} minute", "{n} minutes", minutes)


def warning_arithmetic(dispute: Dispute, *, rules: DisputeRules) -> str:
    """Why a refund now is cheaper than to wait: the sum that a warning stands for, in words."""
    chance = rules.warning.becomes_dispute
    fee = rules.fee_of(dispute)
    if dispute.refundable is False:
        return tr(
            "a bank warns of fraud; this payment cannot be refunded any more, prepare an answer"
        )
    expected = _times(dispute.amount, chance)
    if fee is None or fee.currency != dispute.amount.currency:
        cost = tr("{amount} on average and a fee", amount=expected.said)
    else:
        expected = _times(Money(dispute.amount.minor + fee.minor, fee.currency), chance)
        cost = tr(
            "{amount} on average, its fee of {fee} included", amount=expected.said, fee=fee.said
        )
    return tr(
        "a bank warns of fraud: a full refund of {amount} now ends it; to wait costs {cost}, since"
        " {share}% of such warnings become disputes, and they count against the shop",
        amount=dispute.amount.said,
        cost=cost,
        share=f"{chance * 100:.0f}",
    )


def is_burst(
    lately: Sequence[FailedPayment], *, before: int, length: timedelta, rules: Burst
) -> bool:
    """Whether the failed payments of the last `rules.within` are an outage.

    `before` is how many there were in the `length` before that, which says what is usual.
    """
    buyers = {one.buyer for one in lately}
    usual = before * (rules.within / length) if length > timedelta() else 0.0
    return (
        len(lately) >= rules.at_least
        and len(buyers) >= rules.buyers
        and len(lately) >= usual * rules.times_usual
    )


def exact(at: datetime) -> str:
    """An instant for an explanation, which is stored: in UTC, and it says so."""
    there = at.astimezone(UTC)
    return tr(
        "{year}-{month}-{day} {clock} UTC",
        year=f"{there:%Y}",
        month=f"{there:%m}",
        day=f"{there:%d}",
        clock=f"{there:%H:%M}",
    )


def _others_turn(dispute: Dispute) -> Pressing:
    where = platform_word(dispute.platform)
    if dispute.deleted_at is not None:
        return Pressing(
            severity=Severity.LOW, because=tr("{where} does not have it any more", where=where)
        )
    if dispute.state is DisputeState.UNDER_REVIEW:
        return Pressing(
            severity=Severity.NORMAL, because=tr("{where} or the bank decides now", where=where)
        )
    words = {
        DisputeState.WON: tr("it was decided for you"),
        DisputeState.LOST: tr("it was decided for the buyer"),
    }
    said = words.get(dispute.state, tr("it is closed"))
    return Pressing(severity=Severity.LOW, because=said, factors={"settled": said})


def _factor(left: timedelta, *, near: bool) -> str:
    if left <= _DAY:
        return "dispute_today"
    if near:
        return "dispute_deadline"
    return "dispute_week" if left <= _WEEK else "dispute_open"


def _times(amount: Money, chance: float) -> Money:
    return Money(round(amount.minor * chance), amount.currency)
