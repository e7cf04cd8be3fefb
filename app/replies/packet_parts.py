"""Packet parts: what stands on each page of a packet, in facts that a clerk reads quickly.

Each part writes itself on a Paper and answers its page, or None where there is nothing to say.
Nothing is claimed that the shop, the carrier or a mail did not say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from app.domain.dispute import Dispute, DisputeKind, DisputeReason
from app.domain.evidence import Case, Letter, OwnFile
from app.domain.message import Direction
from app.domain.money import Money, exponent
from app.domain.order import Fulfilment, Order, ParcelState
from app.domain.platform_names import platform_word
from app.replies.enclosures import words
from app.replies.evidence import alive, delivered_at, parcels, refunded, same_purchase, undisputed
from app.replies.evidence import day as _day
from app.replies.paper import Paper

_MOST_EARLIER = 12
_BLOCK = 42.0  # millimetres of a letter's or a parcel's facts, which stay with what they tell of
_BLANK = re.compile(r"\n(?:[^\S\n]*\n){2,}")  # what mail programs leave of pictures and tables
_HEAD_LINE = 400
REASONS = {
    DisputeReason.FRAUD: "The cardholder says that they did not make this purchase",
    DisputeReason.NOT_RECEIVED: "The buyer says that the goods did not arrive",
    DisputeReason.NOT_AS_DESCRIBED: "The buyer says that the goods are not as described",
    DisputeReason.REFUND: "The buyer says that a refund is owed",
    DisputeReason.DUPLICATE: "The buyer says that they were charged twice",
    DisputeReason.SUBSCRIPTION: "The buyer says that they had cancelled",
    DisputeReason.BILLING: "The buyer says that the sum is wrong",
    DisputeReason.GENERAL: "No reason that we know was given",
}
KINDS = {
    DisputeKind.ALERT: "Early fraud warning",
    DisputeKind.INQUIRY: "Inquiry",
    DisputeKind.CLAIM: "Claim",
    DisputeKind.APPEAL: "Appeal",
    DisputeKind.CHARGEBACK: "Chargeback",
    DisputeKind.PRE_ARBITRATION: "Pre-arbitration",
    DisputeKind.ARBITRATION: "Arbitration",
}
STATES = {
    ParcelState.PREPARING: "being prepared",
    ParcelState.SENT: "sent",
    ParcelState.IN_TRANSIT: "in transit",
    ParcelState.OUT_FOR_DELIVERY: "out for delivery",
    ParcelState.ATTEMPTED: "delivery attempted",
    ParcelState.DELAYED: "delayed",
    ParcelState.NOT_DELIVERED: "not delivered",
    ParcelState.RETURNED: "returned to the sender",
    ParcelState.DELIVERED: "delivered",
    ParcelState.CANCELLED: "cancelled",
}


def cover(paper: Paper, case: Case, contents: Sequence[tuple[str, int]]) -> None:
    """Facts of the case, a summary in sentences, and what stands where."""
    paper.title(title(case.dispute))
    paper.facts(_facts(case))
    paper.heading("Summary")
    for sentence in summary(case):
        paper.text(sentence)
        paper.gap(1)
    paper.heading("Contents")
    for name, page in contents:
        paper.facts([(f"Page {page}", name)])


def title(dispute: Dispute) -> str:
    """What the packet is; to a bank's warning nobody responds."""
    what = {
        DisputeKind.ALERT: "Records for early fraud warning",
        DisputeKind.INQUIRY: "Response to inquiry",
    }.get(dispute.kind, "Response to dispute")
    return f"{what} {dispute.platform_id}"


def summary(case: Case) -> list[str]:
    """What happened, in the order in which it did; each sentence from a record."""
    order, dispute = case.order, case.dispute
    said = [f"{REASONS[dispute.reason]}. The disputed amount is {_sum(dispute.amount)}."]
    if order is not None:
        said.append(_bought(order))
        said += _all_sent(order)
        back = refunded(order)
        if back is not None:
            said.append(
                f"{_sum(back)} of {_sum(order.total)} went back to the customer before this "
                "response."
            )
    said += _wrote(case)
    before = undisputed(case)
    if dispute.reason is DisputeReason.FRAUD and before:
        said.append(
            f"The same customer had placed {_orders(len(before))} before, first on "
            f"{_day(min(one.placed_at for one in before))}: paid, delivered and never disputed."
        )
    return said


def order_part(paper: Paper, case: Case) -> int | None:
    """Lines, sums, who bought."""
    order = case.order
    if order is None:
        return None
    paper.new_page()
    page = paper.heading(f"Order {order.number}")
    paper.facts(
        [
            ("Placed", _moment(order.placed_at)),
            ("Customer", order.customer_name),
            ("E-mail", order.customer_email),
            ("Country", order.country),
            ("Payment", _said(order.financial_status)),
            ("Cancelled", _moment(order.cancelled_at) if order.cancelled_at else ""),
        ]
    )
    paper.gap(3)
    rows = [("Item", "Quantity", "Each", "Sum")]
    for item in order.items:
        sum_ = Money(item.price.minor * item.quantity, item.price.currency)
        name = f"{item.title}\n({item.sku})" if item.sku else item.title
        taken = f" ({item.removed} removed)" if item.removed else ""
        rows.append(
            (name.replace("\n", " "), f"{item.quantity}{taken}", _sum(item.price), _sum(sum_))
        )
    rows.append(("Total, as the shop has it", "", "", _sum(order.total)))
    if order.charged is not None:
        rows.append(("Total, as the customer paid it", "", "", _sum(order.charged)))
    paper.table((62, 24, -40, -44), rows)
    for other in same_purchase(case) if case.dispute.reason is DisputeReason.DUPLICATE else ():
        paper.gap(2)
        paper.text(f"Another order of the same sum: {other.number}, {_moment(other.placed_at)}.")
        for said in _all_sent(other):
            paper.text(said)
    return page


def shipment_part(paper: Paper, case: Case) -> int | None:
    """Each parcel with what the carrier said of it."""
    order = case.order
    there = alive(order) if order else ()
    if not there:
        return None
    page = paper.heading("Shipment and delivery")
    for number, one in enumerate(there, start=1):
        paper.keep_together(_BLOCK)
        if len(there) > 1:
            paper.text(f"Parcel {number} of {len(there)}", bold=True)
        paper.facts(_parcel_facts(one))
        paper.gap(2)
    paper.small("Dates and states as the carrier reported them to the shop system. Times are UTC.")
    return page


def refunds_part(paper: Paper, case: Case) -> int | None:
    """What went back, and what was sent back."""
    order = case.order
    if order is None or not (order.refunds or order.returns or refunded(order)):
        return None
    page = paper.heading("Refunds and returns")
    if order.refunds:
        rows = [("Refunded", "Amount", "Reason")]
        rows += [(_moment(one.at), _sum(one.amount), _said(one.reason)) for one in order.refunds]
        paper.table((70, 40, 60), rows)
    elif (back := refunded(order)) is not None:
        paper.text(f"Refunded in all: {_sum(back)} of {_sum(order.total)}.")
    for one in order.returns:
        when = _moment(one.requested_at) if one.requested_at else ""
        paper.gap(2)
        paper.facts(
            [("Return", _said(one.word)), ("Asked for", when), ("Reason", _said(one.reason)),
             ("Customer's note", one.note)]
        )  # fmt: skip
    return page


def earlier_part(paper: Paper, case: Case) -> int | None:
    """What the customer bought before, where that speaks: against a claim of fraud."""
    before = undisputed(case) if case.dispute.reason is DisputeReason.FRAUD else ()
    if not before:
        return None
    page = paper.heading("Earlier orders of this customer")
    rows = [("Order", "Placed", "Delivered", "Total")]
    for one in before[:_MOST_EARLIER]:
        at = delivered_at(one)
        rows.append((one.number, _day(one.placed_at), _day(at) if at else "", _sum(one.total)))
    paper.table((40, 46, 46, -38), rows)
    if len(before) > _MOST_EARLIER:
        paper.small(f"The latest {_MOST_EARLIER} of {len(before)}.")
    return page


def letters_part(paper: Paper, case: Case) -> int | None:
    """The mails between the shop and this customer, oldest first."""
    if not case.letters:
        return None
    paper.new_page()
    page = paper.heading("Correspondence with the customer")
    whole = not any(one.before for one in case.letters)
    which = "Every mail" if whole else "Mails"
    paper.small(
        f"{which} between the shop and this customer about this order. Quoted earlier mails are "
        "folded away; they stand above as mails of their own."
    )
    for letter in case.letters:
        paper.gap(4)
        _letter(paper, letter)
    return page


SECTIONS: tuple[tuple[str, Callable[[Paper, Case], int | None]], ...] = (
    ("The order", order_part),
    ("Shipment and delivery", shipment_part),
    ("Refunds and returns", refunds_part),
    ("Earlier orders of this customer", earlier_part),
    ("Correspondence with the customer", letters_part),
)


def text_part(paper: Paper, file: OwnFile) -> int:
    """A text of the owner, such as a policy."""
    paper.new_page()
    page = paper.heading(caption(file))
    paper.text(words(file))
    return page


def caption(file: OwnFile) -> str:
    """What a file is, for the contents and above its picture."""
    return file.caption or file.name


def _facts(case: Case) -> list[tuple[str, str]]:
    dispute, order = case.dispute, case.order
    return [
        ("Merchant", " ".join(part for part in (case.shop, case.address) if part)),
        ("Provider", platform_word(dispute.platform)),
        ("Kind", KINDS[dispute.kind]),
        ("Reason", _reason(dispute)),
        ("Amount", _sum(dispute.amount)),
        ("Opened", _moment(dispute.opened_at)),
        ("Answer due", _moment(dispute.due_at) if dispute.due_at else "no date was given"),
        ("Order", order.number if order else dispute.order_number),
        ("Customer", order.customer_name if order else ""),
        ("E-mail", order.customer_email if order else dispute.customer_email),
        ("Payment", ", ".join(dispute.payment_references)),
        ("Prepared", _moment(case.now)),
    ]


def _reason(dispute: Dispute) -> str:
    beside = [dispute.reason_word.replace("_", " ").lower(), dispute.network, dispute.network_code]
    known = ", ".join(part for part in beside if part)
    return f"{REASONS[dispute.reason]} ({known})" if known else REASONS[dispute.reason]


def _wrote(case: Case) -> list[str]:
    """How often who wrote. That nobody answered stands in the letters; it needs no sentence."""
    theirs = [one for one in case.letters if one.direction is Direction.IN]
    if not theirs:
        return []
    first = "on" if len(theirs) == 1 else "first on"
    said = f"The customer wrote {_times(len(theirs))}, {first} {_day(theirs[0].at)}"
    answers = len(case.letters) - len(theirs)
    answered = f"; the shop answered {_times(answers)}" if answers else ""
    return [f"{said}{answered}. See the correspondence below."]


def _bought(order: Order) -> str:
    things = sum(item.quantity for item in order.items)
    what = f"{things} item{'s' if things != 1 else ''} for " if things else ""
    known = order.financial_status.lower() not in ("", "disputed")
    paid = f", payment: {_said(order.financial_status)}" if known else ""
    bought = f"order {order.number} was placed: {what}{_sum(order.their_total)}{paid}."
    return f"On {_day(order.placed_at)} {bought}"


def _all_sent(order: Order) -> list[str]:
    """A sentence for each parcel that left the shop: a label alone is none."""
    there = parcels(order)
    return [_sent(one) for one in there if one.state.has_left or one.delivered_at is not None]


def _sent(parcel: Fulfilment) -> str:
    numbers = ", ".join(parcel.tracking_numbers)
    by = f" with {parcel.carrier}" if parcel.carrier else ""
    under = f", tracking number {numbers}" if numbers else ""
    began = f"sent on {_day(parcel.sent_at)}" if parcel.sent_at else "handed over"
    said = f"A parcel was {began}{by}{under}."
    if parcel.delivered_at is not None:
        return f"{said} The carrier reported its delivery on {_day(parcel.delivered_at)}."
    return said


def _parcel_facts(one: Fulfilment) -> list[tuple[str, str]]:
    dates = (
        ("Sent", one.sent_at),
        ("Last movement", one.moved_at),
        ("Expected", one.expected_at),
        ("Delivered", one.delivered_at),
    )
    return [
        ("Carrier", one.carrier),
        ("Tracking number", ", ".join(one.tracking_numbers)),
        ("State", STATES.get(one.state, _said(one.word))),
        *((name, _moment(at)) for name, at in dates if at is not None),
    ]


def _letter(paper: Paper, letter: Letter) -> None:
    ours = letter.direction is Direction.OUT
    if letter.before:
        paper.small(
            f"({_letters(letter.before)} between these are left out here, for their length)"
        )
        paper.gap(4)
    paper.keep_together(_BLOCK)
    paper.text("The shop wrote" if ours else "The customer wrote", bold=True)
    others = f" and {letter.others} more" if letter.others else ""
    paper.facts(
        [
            ("Date", _moment(letter.at)),
            ("From", _brief(letter.sender)),
            ("To", f"{_brief(letter.recipient)}{others}"),
            ("Subject", _brief(letter.subject)),
            ("Attached", _brief(", ".join(letter.files))),
        ]
    )
    paper.gap(1)
    paper.text(_BLANK.sub("\n\n", letter.text).strip() or "(no words of its own)")
    if letter.cut:
        paper.small(f"(shortened here: {letter.cut:,} more characters)")
    if letter.quoted:
        paper.small("(earlier mail quoted below this text is left out)")


def _brief(text: str) -> str:
    """A line of a letter's head; nobody reads a subject of pages."""
    return text if len(text) <= _HEAD_LINE else f"{text[:_HEAD_LINE]}…"


def _moment(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{_day(at)}, {at:%H:%M} UTC"


def _said(status: str) -> str:
    """A provider's code as words; what a person wrote stays as it was written."""
    if re.search(r"[a-z]", status) and not status.islower():
        return status
    return status.replace("_", " ").lower()


def _sum(amount: Money) -> str:
    """An amount as a bank writes it: 1,234.50 USD."""
    return f"{amount.value:,.{exponent(amount.currency)}f} {amount.currency}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _letters(number: int) -> str:
    return "1 letter" if number == 1 else f"{number} letters"


def _orders(number: int) -> str:
    return "one order" if number == 1 else f"{number} orders"
