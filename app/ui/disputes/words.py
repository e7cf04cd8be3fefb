"""The disputes' own phrases: what it is, whose turn it is, until when, and the arithmetic. Pure.

"Saved" never sounds like "submitted", and a chance is only ever the shop's own past with its n.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.domain.dispute import Dispute, DisputeKind, DisputeReason, DisputeState
from app.domain.dispute_views import DisputeMonth, DisputeRow, DisputeStep
from app.domain.money import Money
from app.domain.reckoning import Reckoning
from app.ui.issue.foreign_text import line
from app.ui.words import Standing, count, counted, day, exact, moment, money, span

KIND_WORDS = {
    DisputeKind.ALERT: "Early fraud warning",
    DisputeKind.INQUIRY: "Inquiry",
    DisputeKind.CHARGEBACK: "Chargeback",
    DisputeKind.PRE_ARBITRATION: "Second chargeback",
    DisputeKind.ARBITRATION: "Arbitration",
}
REASON_WORDS = {
    DisputeReason.FRAUD: "says it was not them who paid",
    DisputeReason.NOT_RECEIVED: "says nothing arrived",
    DisputeReason.NOT_AS_DESCRIBED: "says it is not as described",
    DisputeReason.REFUND: "says a refund is missing",
    DisputeReason.DUPLICATE: "says they were charged twice",
    DisputeReason.SUBSCRIPTION: "says they had cancelled",
    DisputeReason.BILLING: "says the sum is wrong",
    DisputeReason.GENERAL: "no particular reason is given",
}
PLATFORM_WORDS = {
    "stripe": "Stripe", "paypal": "PayPal", "shopify": "Shopify", "woocommerce": "WooCommerce",
}  # fmt: skip
STATE_WORDS = {
    DisputeState.NEEDS_RESPONSE: "Needs your answer",
    DisputeState.NEEDS_DECISION: "Needs your decision",
    DisputeState.UNDER_REVIEW: "The bank decides",
    DisputeState.WON: "Won",
    DisputeState.LOST: "Lost",
    DisputeState.CLOSED: "Closed",
    DisputeState.UNKNOWN: "Needs a look",
}
STATE_TONES = {
    DisputeState.NEEDS_RESPONSE: "critical",
    DisputeState.NEEDS_DECISION: "critical",
    DisputeState.UNKNOWN: "high",
    DisputeState.UNDER_REVIEW: "normal",
    DisputeState.WON: "good",
    DisputeState.LOST: "low",
    DisputeState.CLOSED: "low",
}
_SOON = timedelta(hours=72)
_FEW_ORDERS = 200  # below it one dispute alone is beyond every line that a network draws


def platform_word(platform: str) -> str:
    """The name of a provider."""
    return PLATFORM_WORDS.get(platform, line(platform).capitalize())


def title(dispute: Dispute) -> str:
    """What it is: "Chargeback, €184.00 at Stripe"."""
    test = "Test: " if dispute.is_test else ""
    where = platform_word(dispute.platform)
    return f"{test}{KIND_WORDS[dispute.kind]}, {money(dispute.amount)} at {where}"


def reason(dispute: Dispute) -> str:
    """What the buyer says, in plain words, and the provider's own behind it."""
    said = REASON_WORDS[dispute.reason]
    if dispute.reason is not DisputeReason.GENERAL:
        said = f"the buyer {said}"
    own = [line(dispute.reason_word).replace("_", " ").lower(), line(dispute.network_code)]
    known = ", ".join(word for word in own if word)
    return f"{said} ({known})" if known else said


def state(row: DisputeRow) -> str:
    """Whose turn it is, in two or three words."""
    if row.is_ours and row.dispute.kind is DisputeKind.ALERT:
        return "Refund, or wait"
    if row.dispute.deleted_at is not None:
        return "Gone at the provider"
    return STATE_WORDS[row.state]


def state_tone(row: DisputeRow) -> str:
    """The colour that goes with the state."""
    return "low" if row.dispute.deleted_at is not None else STATE_TONES[row.state]


def turn(row: DisputeRow, now: datetime) -> str:
    """What was done about it and what was not: a draft that is saved is not submitted."""
    dispute, where = row.dispute, platform_word(row.dispute.platform)
    if dispute.submitted_at is not None:
        return f"Your answer went in {moment(dispute.submitted_at, now)}."
    if dispute.evidence_saved and row.is_ours:
        return f"A draft is saved at {where}. Nothing has been submitted yet."
    if row.is_ours and dispute.kind is DisputeKind.ALERT:
        return "Not a dispute yet: a full refund now can prevent it."
    if row.is_ours:
        return "Nothing has been submitted yet."
    if dispute.outcome_word:
        return f"Decided: {line(dispute.outcome_word).replace('_', ' ').lower()}."
    return ""


def left(row: DisputeRow, now: datetime) -> Standing:
    """How long is left, large at the left of a row: "6 days", "31 h", "ask there"."""
    if not row.is_ours:
        over = row.dispute.closed_at or row.dispute.updated_at
        return Standing(day(over, now) if over else "", "text_muted")
    remaining = row.left(now)
    if remaining is None or row.due_at is None:
        tone = "high" if row.dispute.kind is not DisputeKind.ALERT else "text_muted"
        words = "now" if row.dispute.kind is DisputeKind.ALERT else "ask when"
        return Standing(words, tone, "The provider names no date: look there")
    due = f"Answer by {exact(row.due_at)}"
    if remaining <= timedelta():
        return Standing(f"late {span(-remaining)}", "critical", due)
    return Standing(span(remaining), "critical" if remaining <= _SOON else "text", due)


def deadline(row: DisputeRow, now: datetime) -> str:
    """The deadline with its explanation, as a sentence; ours before it."""
    where = platform_word(row.dispute.platform)
    if not row.is_ours or row.dispute.kind is DisputeKind.ALERT:
        return ""
    if row.due_at is None or row.internal_due_at is None:
        return f"{where} names no last date. Look there and verify it."
    return (
        f"{where} takes an answer until {exact(row.due_at)}. Yours should be out by "
        f"{moment(row.internal_due_at, now)}, six hours before."
    )


def life(row: DisputeRow, now: datetime) -> tuple[str, ...]:
    """What became of it so far, oldest first."""
    steps = [(step, one.dispute.platform) for one in row.sources for step in one.life]
    steps.sort(key=lambda one: one[0].at)
    several = len(row.sources) > 1
    return tuple(
        f"{moment(step.at, now)}  ·  {_step(step)}" + (f" ({platform_word(at)})" if several else "")
        for step, at in steps
    )


def arithmetic(one: Reckoning, now: datetime) -> tuple[tuple[str, str, str], ...]:
    """The lines of the sum: (what, how much, a small remark)."""
    lines = [("At stake", money(one.amount), "")]
    if one.fee is None:
        lines.append(("Fee", "not known", "The provider did not say it"))
    else:
        told = "Usual there, by the rules" if one.fee_is_usual else "The provider says so"
        when = "a refund now avoids it" if one.fee_avoidable else "due either way"
        lines.append(("Fee", money(one.fee), f"{told}; {when}"))
    if one.goods is not None:
        lines.append(("Goods that were sent", money(one.goods), "At the price of the order"))
    if one.is_warning:
        lines.append(("A refund now costs", money(one.amount), "and no dispute can follow it"))
        return tuple(lines)
    given = " and ".join(money(each) for each in one.given_up)
    lines.append(
        ("Giving in costs", given, "and the goods, unless they come back" if one.goods else "")
    )
    lines.append(_chance(one))
    if one.expected is not None:
        lines.append(
            ("Fighting brings back", f"about {money(one.expected)}", "On average, by that past")
        )
    return tuple(lines)


def sums(rows: Sequence[DisputeRow], risk: Iterable[Money], now: datetime) -> str:
    """The line above the list: how many are open, what is at risk, when the next is due."""
    ours = [one for one in rows if one.is_ours and not one.dispute.is_test]
    amounts = "  +  ".join(money(each) for each in risk)
    if not amounts:
        return "No money is at risk."
    dues = [one.due_at for one in ours if one.due_at is not None]
    parts = [f"{amounts} at risk", f"{counted(len(ours), 'answer')} to give"]
    if dues:
        parts.append(f"the next {moment(min(dues), now)}")
    return "  ·  ".join(parts)


def ratio(months: Sequence[DisputeMonth], thresholds: Sequence[Mapping[str, Any]]) -> str:
    """The shop's own share of disputes beside the nearest line that matters; empty if unknown."""
    month = next((one for one in months if one.ratio is not None), None)
    if month is None or month.ratio is None:
        return ""
    said = (
        f"{month.month}: {counted(month.disputes, 'dispute')} on {count(month.orders)} orders, "
        f"{month.ratio * 100:.2f} %"
    )
    if month.orders < _FEW_ORDERS:
        return f"{said}. With so few orders a single dispute moves it much"
    reached = [one for one in thresholds if _reached(month, one)]
    ahead = [one for one in thresholds if one["ratio"] > month.ratio]
    if reached:
        last = max(reached, key=lambda one: one["ratio"])
        return f"{said}. That is above {last['ratio'] * 100:.2f} %, {last['name']}"
    if ahead:
        first = min(ahead, key=lambda one: one["ratio"])
        return f"{said}. Calm below {first['ratio'] * 100:.2f} %, {first['name']}"
    return said


def spoken(row: DisputeRow, now: datetime) -> str:
    """A row as a screen reader says it, the most pressing first."""
    waits = left(row, now)
    parts = (
        waits.exact or waits.text,
        state(row),
        title(row.dispute),
        reason(row.dispute),
        line(row.customer),
        f"order {line(row.order_number)}" if row.order_number else "",
    )
    return ", ".join(part for part in parts if part)


def _chance(one: Reckoning) -> tuple[str, str, str]:
    quota = one.quota
    if quota.share is None:
        return ("Your chance", "not known", "None of your disputes was decided yet")
    kind = "of this kind " if quota is one.same_reason else ""
    few = "; few, do not rely on it" if one.is_few else ""
    said = f"{quota.won} of {counted(quota.decided, 'decided dispute')} {kind}won{few}"
    return ("Your past", f"{round(quota.share * 100)} %", said)


def _step(step: DisputeStep) -> str:
    said = f"{KIND_WORDS[step.kind]}: {STATE_WORDS[step.state].lower()}"
    word = line(step.word).replace("_", " ").lower()
    return f"{said} ({word})" if word else said


def _reached(month: DisputeMonth, threshold: Mapping[str, Any]) -> bool:
    ratio, least = float(threshold["ratio"]), int(threshold["from"])
    return (month.ratio or 0.0) >= ratio and month.disputes >= least
