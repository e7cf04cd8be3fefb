"""Present: what a command prints: JSON objects, one a line, or short lines for people."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import PurePath
from typing import Any

from app.domain.clock import instant, rfc3339
from app.domain.contact import Call
from app.domain.deadline import Deadline
from app.domain.dispute_views import DisputeRow
from app.domain.incident import Incident
from app.domain.journal import Entry, EntryType
from app.domain.message import Address
from app.domain.money import Money
from app.domain.order import CustomerValue, Fulfilment, Order, OrderLink
from app.domain.reckoning import Reckoning
from app.domain.views import InboxRow, IssueView, MessageView, Pretender, ReplyView


def as_json(value: dict[str, Any]) -> str:
    """One object on one line; letters stay letters."""
    return json.dumps(value, ensure_ascii=False)


def row(one: InboxRow) -> dict[str, Any]:
    """An issue as `inbox --json` gives it."""
    return {
        "key": one.key,
        "kind": one.kind.value,
        "second_kind": one.second_kind.value if one.second_kind else None,
        "unsure": one.unsure,
        "severity": one.severity.value,
        "priority": one.priority.value,
        "score": one.score,
        "subject": one.subject,
        "customer": one.customer.email,
        "customer_name": one.customer.name,
        "order": one.order_number or None,
        "amount": money(one.order_total),
        "deadline_at": when(one.deadline_at),
        "deadline_for": one.deadline_for or None,
        "state": one.state.value,
        "snoozed_until": when(one.snoozed_until),
        "assignee": one.assignee or None,
        "waiting_since": when(one.waiting_since),
        "last_at": when(one.last_at),
        "message_count": one.message_count,
        "suspicious": one.suspicious,
        "preview": one.preview,
    }


def _pretender(found: Pretender | None) -> dict[str, Any] | None:
    return {"from": str(found.who), "because": list(found.because)} if found else None


def issue(view: IssueView) -> dict[str, Any]:
    """An issue as `show --json` gives it."""
    return {
        **row(view.row),
        "confidence": round(view.confidence, 3),
        "language": view.language,
        "suspicious_because": list(view.suspicious_because),
        "claims_to_be": view.unconfirmed or None,
        "pretender": _pretender(view.pretender),
        "alternatives": [
            {"kind": one.kind.value, "confidence": round(one.confidence, 3)}
            for one in view.alternatives
        ],
        "taught_by": sorted(
            {
                one.entry
                for some in (view.taught.kind, view.taught.severity, view.taught.alert)
                for one in some
            }
        ),
        "reasons": [
            {"factor": r.factor, "points": r.points, "because": r.because} for r in view.reasons
        ],
        "messages": [message(one) for one in view.messages],
        "order": order(view.order) if view.order else view.row.order_number or None,
        "order_link": order_link(view.order_link) if view.order_link else None,
        "dispute": dispute(view.disputes[0]) if view.disputes else None,
        "disputes": [dispute(one) for one in view.disputes],
        "earlier_issues": [row(one) for one in view.earlier],
        "deadlines": [deadline(one) for one in view.deadlines],
        "journal": [entry(one) for one in view.journal],
        "linked": [link(one) for one in view.journal if one.type is EntryType.LINK],
        "replies": [reply(one) for one in view.replies],
        "draft": view.draft.body if view.draft else None,
        "notes": list(view.notes),
        "tags": list(view.tags),
        "incident": incident(view.incident) if view.incident else None,
        "calls": [call(one) for one in view.calls],
    }


def incident(one: Incident) -> dict[str, Any]:
    """Many customers with one cause, as `incidents --json` gives it."""
    return {
        "id": one.id,
        "title": one.title,
        "sort": one.sort,
        "grave": one.grave,
        "customers": one.customers,
        "issues": one.issues,
        "open": one.open,
        "lately": one.lately,
        "first_at": when(one.first_at),
        "last_at": when(one.last_at),
    }


def order_link(one: OrderLink) -> dict[str, Any]:
    """Why an issue is about its order, and which other it may be about."""
    return {
        "number": one.number or None,
        "because": list(one.because),
        "picked": one.by_person,
        "runner_up": one.runner_up or None,
        "runner_up_because": list(one.runner_up_because),
    }


def message(one: MessageView) -> dict[str, Any]:
    """A message of an issue."""
    return {
        "id": one.id,
        "message_id": one.message_id,
        "direction": one.direction.value,
        "from": one.from_.email,
        "from_name": one.from_.name,
        "to": _emails(one.to),
        "cc": _emails(one.cc),
        "date": when(one.at),
        "subject": one.subject,
        "text": one.text,
        "new_text": one.new_text,
        "automatic": one.automatic,
        "joined_because": one.joined_because or None,
        "was_in_junk": one.rescued or None,
        "folders": list(one.on_server.folders),
        "flags": sorted(one.on_server.flags),
        "labels": list(one.on_server.labels),
        "no_longer_on_server": one.on_server.gone,
        "marked_answered_without_answer": one.answered_unseen,
        "attachments": [
            {
                "part": a.part,
                "filename": a.filename,
                "content_type": a.content_type,
                "size": a.size,
                "contains": list(a.contains),
                "downloaded": not a.section,
            }
            for a in one.attachments
        ],
        "warnings": list(one.warnings),
    }


def order(one: Order) -> dict[str, Any]:
    """An order beside an issue."""
    return {
        "number": one.number,
        "platform": one.platform,
        "placed_at": when(one.placed_at),
        "total": money(one.total),
        "items": [
            {
                "title": i.title,
                "quantity": i.quantity,
                "removed": i.removed,
                "price": money(i.price),
                "sku": i.sku,
            }
            for i in one.items
        ],
        "tracking_numbers": list(one.tracking_numbers),
        "carrier": one.carrier or None,
        "financial_status": one.financial_status or None,
        "fulfilment_status": one.fulfilment_status or None,
        "shipped_at": when(one.shipped_at),
        "delivered_at": when(one.delivered_at),
        "cancelled_at": when(one.cancelled_at),
        "refunded": money(one.refunded),
        "parcels": [parcel(each) for each in one.fulfilments],
        "returns": [
            {
                "state": each.word,
                "reason": each.reason or None,
                "note": each.note or None,
                "requested_at": when(each.requested_at),
            }
            for each in one.returns
        ],
        "refunds": [
            {"amount": money(each.amount), "at": when(each.at), "reason": each.reason or None}
            for each in one.refunds
        ],
        "customer": value(one.value) if one.value else None,
        "country": one.country or None,
        "note": one.note or None,
        "tags": list(one.tags),
        "url": one.url or None,
        "test": one.is_test,
        "deleted_at": when(one.deleted_at),
    }


def parcel(one: Fulfilment) -> dict[str, Any]:
    """A parcel of an order."""
    return {
        "state": one.state.value,
        "word": one.word or None,
        "carrier": one.carrier or None,
        "tracking_numbers": list(one.tracking_numbers),
        "sent_at": when(one.sent_at),
        "moved_at": when(one.moved_at),
        "expected_at": when(one.expected_at),
        "delivered_at": when(one.delivered_at),
    }


def value(one: CustomerValue) -> dict[str, Any]:
    """What a shop says of a customer."""
    return {
        "orders": one.orders,
        "spent": money(one.spent),
        "since": when(one.since),
        "tier": one.tier or None,
        "tags": list(one.tags),
    }


def dispute(one: DisputeRow) -> dict[str, Any]:
    """A dispute; `state` never says more than its provider did: saved is not submitted."""
    told = one.dispute
    return {
        "id": told.platform_id,
        "platform": told.platform,
        "sources": [each.dispute.platform for each in one.sources],
        "kind": told.kind.value,
        "state": told.state.value,
        "state_word": told.state_word or None,
        "reason": told.reason.value,
        "reason_word": told.reason_word or None,
        "network_code": told.network_code or None,
        "amount": money(told.amount),
        "fee": money(told.fee),
        "opened_at": when(told.opened_at),
        "due_at": when(one.due_at),
        "internal_due_at": when(one.internal_due_at),
        "must_verify": one.must_verify,
        "evidence_saved": told.evidence_saved,
        "submitted_at": when(told.submitted_at),
        "closed_at": when(told.closed_at),
        "order": one.order_number or None,
        "customer": one.customer or None,
        "issue": one.issue_key or None,
        "url": told.url or None,
        "test": told.is_test,
        "life": [
            {"at": when(step.at), "kind": step.kind.value, "state": step.state.value,
             "word": step.word or None, "due_at": when(step.due_at)}
            for each in one.sources for step in each.life
        ],
    }  # fmt: skip


def reckoning(one: Reckoning) -> dict[str, Any]:
    """What fighting or giving in comes to; `chance` is the shop's own past, null without one."""
    return {
        "fee": money(one.fee),
        "fee_is_usual": one.fee_is_usual,
        "fee_avoidable": one.fee_avoidable,
        "answer_fee": money(one.answer_fee),
        "goods": money(one.goods),
        "won": one.quota.won,
        "decided": one.quota.decided,
        "chance": None if one.quota.share is None else round(one.quota.share, 3),
        "expected": money(one.expected),
        "giving_in": [money(each) for each in one.given_up],
    }


def deadline(one: Deadline) -> dict[str, Any]:
    """A promise with its explanation."""
    return {
        "metric": one.metric.value,
        "name": one.name or None,
        "title": one.title,
        "started_at": when(one.started_at),
        "planned_at": when(one.planned_at),
        "met_at": when(one.met_at),
        "breached_at": when(one.breached_at),
        "paused_at": when(one.paused_at),
        "explanation": list(one.explanation),
        "policy": one.policy or None,
        "consequence": one.consequence or None,
        "source": one.source or None,
        "verify": one.verify,
    }


def call(one: Call) -> dict[str, Any]:
    """Somebody who was told, or should have been."""
    return {
        "at": when(one.at),
        "contact": one.contact or None,
        "kind": one.kind.value if one.kind else None,
        "label": one.label or None,
        "state": one.state.value,
        "detail": one.detail or None,
        "step": one.step + 1,
        "round": one.loop + 1,
        "forced": one.forced,
    }


def entry(one: Entry) -> dict[str, Any]:
    """A line of the journal."""
    return {
        "entry": one.id,
        "at": when(one.at),
        "type": one.type.value,
        "device": one.device,
        "counter": one.counter,
        "base": one.base or None,
        "data": {name: _in_utc(value) for name, value in one.data.items()},
    }


def _in_utc(value: Any) -> Any:
    """An instant in the one form of the command line; older entries have it in another."""
    if not (isinstance(value, str) and value.endswith("+00:00")):
        return value
    try:
        return rfc3339(instant(value))
    except ValueError:
        return value


def link(one: Entry) -> dict[str, Any]:
    """Another issue of the same conversation: `to` is the later one, `from` the earlier."""
    way = "to" if one.data.get("into") else "from"
    return {
        "key": one.data.get("into") or one.data.get("from"),
        "way": way,
        "because": one.data.get("because") or None,
    }


def reply(one: ReplyView) -> dict[str, Any]:
    """A reply on its way out."""
    return {
        "reply": one.id,
        "state": one.state.value,
        "from": one.sender,
        "to": list(one.recipients),
        "attachments": [PurePath(file).name for file in one.files],
        "scheduled": one.scheduled,
        "follow_up_days": one.follow_up_days or None,
        "message_id": one.message_id,
        "created_at": when(one.created_at),
        "not_before": when(one.not_before),
        "sent_at": when(one.sent_at),
        "error": one.error or None,
    }


def when(at: datetime | None) -> str | None:
    """An instant as RFC 3339 in UTC with Z."""
    return rfc3339(at) if at else None


def money(amount: Money | None) -> dict[str, str] | None:
    """An amount in whole units, as text so that no decimal is lost."""
    return {"value": str(amount.value), "currency": amount.currency} if amount else None


def _emails(addresses: tuple[Address, ...]) -> list[str]:
    return [one.email for one in addresses]


def counted(number: int, one: str) -> str:
    """ "1 mail", "1,204 mails": so many of what is called `one`."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def line(one: InboxRow, *, now: datetime) -> str:
    """An issue on one line for people, 100 characters wide or a little more."""
    unsure = "?" if one.unsure else ""
    until = left(one.deadline_at, now=now)
    order_number = f"#{one.order_number}" if one.order_number else ""
    who = one.customer.name or one.customer.email
    return (
        f"{one.score:>3} {one.priority.value} {one.kind.value + unsure:<17} {until:>10}  "
        f"{who[:22]:<22} {order_number:<9} {one.subject[:46]:<46} {one.key}"
    )


def left(at: datetime | None, *, now: datetime) -> str:
    """How long is left until an instant, in short; empty where there is none."""
    if at is None:
        return ""
    minutes = round((at - now).total_seconds() / 60)
    late = "late " if minutes < 0 else ""
    minutes = abs(minutes)
    if minutes < 60:
        return f"{late}{minutes} min"
    if minutes < 48 * 60:
        return f"{late}{minutes // 60} h {minutes % 60:02}"
    return f"{late}{minutes // (24 * 60)} days"
