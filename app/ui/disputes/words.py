"""The disputes' own phrases: what it is, whose turn it is, until when, and the arithmetic. Pure.

"Saved" never sounds like "submitted", and a chance is only ever the shop's own past with its n.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from app.domain.day_text import said_month
from app.domain.dispute import Dispute, DisputeKind, DisputeReason, DisputeState
from app.domain.dispute_tally import tally, tally_words
from app.domain.dispute_views import DisputeMonth, DisputeRow, DisputeStep
from app.domain.platform_names import platform_word as name_of
from app.domain.reckoning import Reckoning
from app.domain.translation import grouped, joined, pointed, to_translate, tr, trn
from app.ui.issue.foreign_text import line
from app.ui.words import Standing, day, exact, moment, money, sentences, span

KIND_WORDS = {
    DisputeKind.ALERT: to_translate("Early fraud warning"),
    DisputeKind.INQUIRY: to_translate("Inquiry"),
    DisputeKind.CLAIM: to_translate("Claim"),
    DisputeKind.APPEAL: to_translate("Appeal"),
    DisputeKind.CHARGEBACK: to_translate("Chargeback"),
    DisputeKind.PRE_ARBITRATION: to_translate("Second chargeback"),
    DisputeKind.ARBITRATION: to_translate("Arbitration"),
}
REASON_WORDS = {
    DisputeReason.FRAUD: to_translate("the buyer says it was not them who paid"),
    DisputeReason.NOT_RECEIVED: to_translate("the buyer says nothing arrived"),
    DisputeReason.NOT_AS_DESCRIBED: to_translate("the buyer says it is not as described"),
    DisputeReason.REFUND: to_translate("the buyer says a refund is missing"),
    DisputeReason.DUPLICATE: to_translate("the buyer says they were charged twice"),
    DisputeReason.SUBSCRIPTION: to_translate("the buyer says they had cancelled"),
    DisputeReason.BILLING: to_translate("the buyer says the sum is wrong"),
    DisputeReason.GENERAL: to_translate("no particular reason is given"),
}
STATE_WORDS = {
    DisputeState.NEEDS_RESPONSE: to_translate("Needs your answer"),
    DisputeState.NEEDS_DECISION: to_translate("Needs your decision"),
    DisputeState.UNDER_REVIEW: to_translate("The bank decides"),
    DisputeState.WON: to_translate("Won"),
    DisputeState.LOST: to_translate("Lost"),
    DisputeState.CLOSED: to_translate("Closed"),
    DisputeState.UNKNOWN: to_translate("Needs a look"),
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
    return name_of(line(platform))


def title(dispute: Dispute) -> str:
    """What it is: "Chargeback, €184.00 at Stripe"."""
    said = tr(
        "{kind}, {amount} at {where}",
        kind=tr(KIND_WORDS[dispute.kind]),
        amount=money(dispute.amount),
        where=platform_word(dispute.platform),
    )
    return tr("Test: {what}", what=said) if dispute.is_test else said


def kind_at(dispute: Dispute) -> str:
    """What it is without the amount: "Chargeback at Stripe"."""
    where = platform_word(dispute.platform)
    said = tr("{kind} at {where}", kind=tr(KIND_WORDS[dispute.kind]), where=where)
    return tr("Test: {what}", what=said) if dispute.is_test else said


def reason(dispute: Dispute) -> str:
    """What the buyer says, in plain words; the provider's own only where they say more."""
    said = tr(REASON_WORDS[dispute.reason])
    known = provider_words(dispute) if dispute.reason is DisputeReason.GENERAL else ""
    return f"{said} ({known})" if known else said


def provider_words(dispute: Dispute) -> str:
    """What the provider calls the reason, in its own words, and the card network's number."""
    own = (line(dispute.reason_word).replace("_", " ").lower(), line(dispute.network_code))
    return ", ".join(word for word in own if word)


def state(row: DisputeRow) -> str:
    """Whose turn it is, in two or three words."""
    if row.is_ours and row.dispute.kind is DisputeKind.ALERT:
        return tr("Refund, or wait")
    if row.dispute.deleted_at is not None:
        return tr("Gone at the provider")
    return _stands(row.state, row.dispute.platform)


def _stands(state: DisputeState, platform: str) -> str:
    """PayPal decides by itself, or waits for the buyer."""
    if state is DisputeState.UNDER_REVIEW and platform == "paypal":
        return tr("With {where}", where=platform_word(platform))
    return tr(STATE_WORDS[state])


def state_tone(row: DisputeRow) -> str:
    """The colour that goes with the state."""
    return "low" if row.dispute.deleted_at is not None else STATE_TONES[row.state]


def turn(row: DisputeRow, now: datetime) -> str:
    """What was done about it and what was not: a draft that is saved is not submitted."""
    dispute = row.dispute
    if row.is_ours:
        return _our_turn(row, now)
    if dispute.submitted_at is not None:
        return tr("Your answer went in {when}.", when=moment(dispute.submitted_at, now))
    if dispute.outcome_word:
        return tr("Decided: {how}.", how=line(dispute.outcome_word).replace("_", " ").lower())
    return ""


def _our_turn(row: DisputeRow, now: datetime) -> str:
    """What an earlier answer did not settle waits again, and must not look answered."""
    dispute, where = row.dispute, platform_word(row.dispute.platform)
    if dispute.kind is DisputeKind.ALERT:
        return tr("Not a dispute yet: a full refund now can prevent it.")
    if dispute.evidence_saved:
        return tr("A draft is saved at {where}. Nothing has been submitted yet.", where=where)
    if dispute.submitted_at is not None:
        when = moment(dispute.submitted_at, now)
        return tr(
            "An answer went in {when}, and {where} waits for another one.", when=when, where=where
        )
    if row.was_decided:
        return tr("It was decided before, and is open again.")
    if row.was_with_others:
        return tr("It was with others before, and waits for you again.")
    return tr("Nothing has been submitted yet.")


def left(row: DisputeRow, now: datetime) -> Standing:
    """How long is left, large at the left of a row: "6 days", "31 h", "ask there"."""
    if not row.is_ours:
        return Standing(day(row.moved_at, now) if row.moved_at else "", "text_muted")
    remaining = row.left(now)
    if remaining is None or row.due_at is None:
        if row.dispute.kind is DisputeKind.ALERT:  # each hour that passes it may become a dispute
            return Standing(tr("now"), "critical", lambda: tr("The bank names no date"))
        return Standing(
            tr("ask when"), "high", lambda: tr("The provider names no date: look there")
        )
    due = partial(_due, row.due_at)
    if remaining <= timedelta():
        return Standing(tr("late {length}", length=span(-remaining)), "critical", due)
    return Standing(span(remaining), "critical" if remaining <= _SOON else "text", due)


def time_left(row: DisputeRow, now: datetime) -> str:
    """The same as it stands in a line: "31 h left"."""
    waits = left(row, now).text
    remaining = row.left(now) if row.is_ours else None
    runs = remaining is not None and remaining > timedelta()
    return tr("{length} left", length=waits) if runs else waits


def choice(rows: Sequence[DisputeRow], now: datetime) -> tuple[tuple[str, str], ...]:
    """The disputes of one issue to choose from: words, and the provider's id."""
    return tuple(
        (
            tr(
                "{n} of {count}: {title}  ·  {standing}",
                n=number,
                count=len(rows),
                title=title(one.dispute),
                standing=time_left(one, now) if one.is_ours else state(one),
            ),
            one.dispute.platform_id,
        )
        for number, one in enumerate(rows, start=1)
    )


def _due(at: datetime) -> str:
    return tr("Answer by {when}", when=exact(at))


def deadline(row: DisputeRow, now: datetime) -> str:
    """The deadline with its explanation, as a sentence; ours before it."""
    where = platform_word(row.dispute.platform)
    if not row.is_ours or row.dispute.kind is DisputeKind.ALERT:
        return ""
    if row.due_at is None or row.internal_due_at is None:
        return tr("{where} names no last date. Look there and verify it.", where=where)
    if row.due_at <= now:
        return tr(
            "{where} took an answer until {last}. Look there whether it still takes one.",
            where=where,
            last=exact(row.due_at),
        )
    return tr(
        "{where} takes an answer until {last}. Yours should be out by {ours}, six hours before.",
        where=where,
        last=exact(row.due_at),
        ours=moment(row.internal_due_at, now),
    )


def life(row: DisputeRow, now: datetime) -> tuple[str, ...]:
    """What became of it so far, oldest first."""
    steps = [(step, one.dispute.platform) for one in row.sources for step in one.life]
    steps.sort(key=lambda one: one[0].at)
    several = len(row.sources) > 1
    return tuple(
        f"{moment(step.at, now)}  ·  {_step(step, at)}"
        + (f" ({platform_word(at)})" if several else "")
        for step, at in steps
    )


def arithmetic(one: Reckoning, now: datetime) -> tuple[tuple[str, str, str], ...]:
    """The lines of the sum: (what, how much, a small remark)."""
    lines = [(tr("At stake"), money(one.amount), "")]
    if one.fee is None:
        lines.append((tr("Fee"), tr("not known"), tr("The provider did not say it")))
    else:
        told = tr("Usual there, by the rules") if one.fee_is_usual else tr("The provider says so")
        when = tr("a refund now avoids it") if one.fee_avoidable else tr("due either way")
        lines.append((tr("Fee"), money(one.fee), f"{told}; {when}"))
    if one.goods is not None:
        lines.append(
            (tr("Goods that were sent"), money(one.goods), tr("At the price of the order"))
        )
    if one.is_warning:
        lines.append(
            (tr("A refund now costs"), money(one.amount), tr("and no dispute can follow it"))
        )
        return tuple(lines)
    given = joined([money(each) for each in one.given_up])
    lines.append(
        (
            tr("Giving in costs"),
            given,
            tr("and the goods, unless they come back") if one.goods else "",
        )
    )
    if one.answer_fee is not None:
        back = tr("Usual there, by the rules; it comes back if you win")
        lines.append((tr("Answering costs"), money(one.answer_fee), back))
    lines.append(_chance(one))
    if one.expected is not None:
        lines.append(
            (
                tr("Fighting brings back"),
                tr("about {amount}", amount=money(one.expected)),
                tr("On average, by that past")
                if one.answer_fee is None
                else tr("On average, by that past, what answering costs taken off"),
            )
        )
    return tuple(lines)


def sums(rows: Sequence[DisputeRow], now: datetime) -> str:
    """The line above the list: what is open and for how much, and when the next answer is due."""
    counted = tally(rows)
    if not counted:
        return tr("No money is at risk.")
    dues = [one.due_at for one in rows if one.due_at is not None and not one.dispute.is_test]
    ahead = [due for due in dues if due >= now]
    parts = [tally_words(counted, money)]
    if ahead:
        parts.append(tr("the next {when}", when=moment(min(ahead), now)))
    if late := len(dues) - len(ahead):
        parts.append(trn("{n} late", "{n} late", late))
    return "  ·  ".join(parts)


def ratio(months: Sequence[DisputeMonth], thresholds: Sequence[Mapping[str, Any]]) -> str:
    """The shop's own share of chargebacks beside the nearest line that matters; empty if unknown.
    Inquiries and warnings are none.

    Of the newest month with orders enough to say anything: the first day of a month says nothing.
    Where that one is calm and the one before it was not, both are told, for networks count months.
    """
    known = [one for one in months if one.ratio is not None]
    enough = [one for one in known if one.orders >= _FEW_ORDERS]
    if not enough:
        return _of_few(known[0]) if known else ""
    newest, *before = enough
    told = _beside_its_line(newest, thresholds)
    if before and _lines_reached(before[0], thresholds) and not _lines_reached(newest, thresholds):
        return sentences(told, _beside_its_line(before[0], thresholds))
    return told


def _of_few(month: DisputeMonth) -> str:
    return tr("{said}. With so few orders a single one moves it much", said=_counted(month))


def _counted(month: DisputeMonth) -> str:
    return trn(
        "{month}: {n} chargeback on {orders} orders, {share}%",
        "{month}: {n} chargebacks on {orders} orders, {share}%",
        month.disputes,
        month=said_month(date.fromisoformat(f"{month.month}-01")),
        orders=grouped(month.orders),
        share=_percent(month.ratio or 0.0),
    )


def _beside_its_line(month: DisputeMonth, thresholds: Sequence[Mapping[str, Any]]) -> str:
    told = _counted(month)
    if reached := _lines_reached(month, thresholds):
        last = max(reached, key=lambda one: one["ratio"])
        return tr(
            "{said}. That is above {share}%, {name}",
            said=told,
            share=_percent(last["ratio"]),
            name=tr(last["name"]),
        )
    ahead = [one for one in thresholds if one["ratio"] > (month.ratio or 0.0)]
    if ahead:
        first = min(ahead, key=lambda one: one["ratio"])
        return tr(
            "{said}. Calm below {share}%, {name}",
            said=told,
            share=_percent(first["ratio"]),
            name=tr(first["name"]),
        )
    return told


def _lines_reached(
    month: DisputeMonth, thresholds: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    return [one for one in thresholds if _reached(month, one)]


def _percent(share: float) -> str:
    return pointed(f"{share * 100:.2f}")


def spoken(row: DisputeRow, now: datetime) -> str:
    """A row as a screen reader says it, the most pressing first."""
    waits = left(row, now)
    parts = (
        waits.exact or waits.text,
        state(row),
        title(row.dispute),
        reason(row.dispute),
        line(row.customer),
        tr("order {number}", number=line(row.order_number)) if row.order_number else "",
    )
    return ", ".join(part for part in parts if part)


def _chance(one: Reckoning) -> tuple[str, str, str]:
    quota = one.quota
    if quota.share is None:
        return (tr("Your chance"), tr("not known"), tr("None of your disputes was decided yet"))
    if quota is one.same_reason:
        said = trn(
            "{won} of {n} decided dispute of this kind won",
            "{won} of {n} decided disputes of this kind won",
            quota.decided,
            won=quota.won,
        )
    else:
        said = trn(
            "{won} of {n} decided dispute won",
            "{won} of {n} decided disputes won",
            quota.decided,
            won=quota.won,
        )
    if one.is_few:
        said = tr("{said}; few, do not rely on it", said=said)
    return (tr("Your past"), tr("{number}%", number=round(quota.share * 100)), said)


def _step(step: DisputeStep, platform: str) -> str:
    said = f"{tr(KIND_WORDS[step.kind])}: {_stands(step.state, platform)}"
    word = line(step.word).replace("_", " ").lower()
    return f"{said} ({word})" if word else said


def _reached(month: DisputeMonth, threshold: Mapping[str, Any]) -> bool:
    ratio, least = float(threshold["ratio"]), int(threshold["from"])
    return (month.ratio or 0.0) >= ratio and month.disputes >= least
