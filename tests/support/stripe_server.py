"""A Stripe played over a socket: disputes, early fraud warnings and charges, newest first.

What matters of it is as documented: no filter by status or change, paging after an id, expanded
objects only where the key may read them, 403 where it may not, and a version in every question.
What it answers is judged by Stripe's OpenAPI where that is at hand.
"""

from __future__ import annotations

import copy
import re
from datetime import datetime
from typing import Any

from tests.support.certificates import Leaf
from tests.support.openapi import judge
from tests.support.platform_server import Asked, PlatformServer, Told

KEY = "rk_test_0123456789"
CONTRACT = "stripe.com.json"
EVERYTHING = frozenset({"disputes", "charges", "payment_intents", "early_fraud_warnings"})
# Later than the published document: it would call them wrong.
NEWER = frozenset({"appeal_needs_response", "appeal_under_review", "prevented"})


class StripeServer(PlatformServer):
    """Records by their id; a test changes them as it likes, also between two requests."""

    def __init__(self, leaf: Leaf | None = None) -> None:
        super().__init__(leaf)
        self.may = set(EVERYTHING)
        self.disputes: dict[str, dict[str, Any]] = {}
        self.warnings: dict[str, dict[str, Any]] = {}
        self.charges: dict[str, dict[str, Any]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        self.page = 100
        self.strict = True
        self._next = 1000

    @property
    def settings(self) -> dict[str, str]:
        """The account settings that lead here; add ca_file where it speaks TLS."""
        return {"base_url": self.url}

    def charge(self, at: datetime, **told: Any) -> dict[str, Any]:
        """A payment that went through, with its intent, unless it is told to have failed."""
        number = self._number()
        created = int(at.timestamp())
        intent = {
            "id": f"pi_{number}",
            "object": "payment_intent",
            "amount": 18_400,
            "currency": "usd",
            "created": created,
            "livemode": True,
            "status": "succeeded",
            "capture_method": "automatic",
            "confirmation_method": "automatic",
            "payment_method_types": ["card"],
            "metadata": {"order_id": str(number)},
            "receipt_email": None,
        }
        charge = {
            "id": f"ch_{number}",
            "object": "charge",
            "amount": 18_400,
            "amount_captured": 18_400,
            "amount_refunded": 0,
            "billing_details": {
                "address": None,
                "email": f"buyer{number}@customer.example",
                "name": None,
                "phone": None,
            },
            "captured": True,
            "created": created,
            "currency": "usd",
            "disputed": False,
            "livemode": True,
            "metadata": {},
            "paid": True,
            "payment_intent": intent["id"],
            "refunded": False,
            "status": "succeeded",
            **told,
        }
        with self.lock:
            self.intents[str(intent["id"])] = intent
            self.charges[str(charge["id"])] = charge
        return charge

    def dispute(self, at: datetime, **told: Any) -> dict[str, Any]:
        """A dispute about a payment of its own."""
        charge = self.charge(at)
        charge["disputed"] = True
        number = str(charge["id"]).removeprefix("ch_")
        row = {
            "id": f"dp_{number}",
            "object": "dispute",
            "amount": 18_400,
            "balance_transactions": [],
            "charge": charge["id"],
            "created": int(at.timestamp()),
            "currency": "usd",
            "evidence": dict.fromkeys(_EVIDENCE),
            "evidence_details": {
                "due_by": int(at.timestamp()) + 7 * 86_400,
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
            "is_charge_refundable": False,
            "livemode": True,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "payment_method_details": {
                "card": {
                    "brand": "visa",
                    "case_type": "chargeback",
                    "network_reason_code": "13.1",
                },
                "type": "card",
            },
            "reason": "product_not_received",
            "status": "needs_response",
            **told,
        }
        with self.lock:
            self.disputes[str(row["id"])] = row
        return row

    def warning(self, at: datetime, **told: Any) -> dict[str, Any]:
        """A bank's early fraud warning about a payment of its own."""
        charge = self.charge(at)
        number = str(charge["id"]).removeprefix("ch_")
        row = {
            "id": f"issfr_{number}",
            "object": "radar.early_fraud_warning",
            "actionable": True,
            "charge": charge["id"],
            "created": int(at.timestamp()),
            "fraud_type": "unauthorized_use_of_card",
            "livemode": True,
            "payment_intent": charge["payment_intent"],
            **told,
        }
        with self.lock:
            self.warnings[str(row["id"])] = row
        return row

    def answer(self, asked: Asked) -> Told:
        """What Stripe says."""
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return _refusal(401, "Invalid API Key provided: rk_****")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d\.[a-z]+", asked.headers.get("stripe-version", "")):
            return _refusal(400, "There is no version in this question")
        if asked.path == "/v1/account":
            return _refusal(403, "The provided key does not have access to account")
        for path, name, rows, schema in self._lists():
            if asked.path == path:
                return self._list(asked, name, rows, schema)
            if asked.path.startswith(path + "/"):
                return self._one(asked, name, rows, schema)
        return _refusal(404, "Unrecognized request URL")

    def _lists(self) -> tuple[tuple[str, str, dict[str, dict[str, Any]], str], ...]:
        return (
            ("/v1/disputes", "disputes", self.disputes, "dispute"),
            ("/v1/charges", "charges", self.charges, "charge"),
            ("/v1/payment_intents", "payment_intents", self.intents, "payment_intent"),
            (
                "/v1/radar/early_fraud_warnings",
                "early_fraud_warnings",
                self.warnings,
                "radar.early_fraud_warning",
            ),
        )

    def _list(self, asked: Asked, name: str, rows: dict[str, dict[str, Any]], schema: str) -> Told:
        if refusal := self._refusal(asked, name):
            return refusal
        since = int(asked.query.get("created[gte]", "0"))
        ordered = sorted(rows.values(), key=_newest_first)
        if after := asked.query.get("starting_after"):
            if after not in rows:
                return _refusal(400, f"No such {schema}: '{after}'")
            mark = _newest_first(rows[after])
            ordered = [one for one in ordered if _newest_first(one) > mark]
        fit = [one for one in ordered if one["created"] >= since]
        size = min(int(asked.query.get("limit", "10")), self.page)
        data = [self._expanded(one, asked, "data.", schema) for one in fit[:size]]
        return Told(
            data={
                "object": "list",
                "url": asked.path,
                "has_more": len(fit) > size,
                "data": data,
            }
        )

    def _one(self, asked: Asked, name: str, rows: dict[str, dict[str, Any]], schema: str) -> Told:
        if refusal := self._refusal(asked, name):
            return refusal
        found = rows.get(asked.path.rpartition("/")[2])
        if found is None:
            return _refusal(404, f"No such {schema}")
        return Told(data=self._expanded(found, asked, "", schema))

    def _refusal(self, asked: Asked, name: str) -> Told | None:
        wanted = {name, *(_READS[one.rpartition(".")[2]] for one in _expands(asked))}
        lacking = sorted(wanted - self.may)
        if not lacking:
            return None
        return _refusal(403, f"The provided key does not have access to {', '.join(lacking)}")

    def _expanded(
        self, row: dict[str, Any], asked: Asked, prefix: str, schema: str
    ) -> dict[str, Any]:
        made = copy.deepcopy(row)
        for one in _expands(asked):
            name = one.removeprefix(prefix)
            inside = self.charges if name == "charge" else self.intents
            if made.get(name) in inside:
                made[name] = copy.deepcopy(inside[made[name]])
        judge(CONTRACT, schema, made, strict=self.strict and row.get("status") not in NEWER)
        return made

    def _number(self) -> int:
        with self.lock:
            self._next += 1
            return self._next


def _expands(asked: Asked) -> list[str]:
    return [value for name, value in asked.query.items() if name.startswith("expand[")]


def _newest_first(row: dict[str, Any]) -> tuple[int, str]:
    return (-row["created"], row["id"])


def _refusal(status: int, message: str) -> Told:
    error = {"type": "invalid_request_error", "message": message}
    return Told(status=status, data={"error": error}, headers={"Request-Id": "req_played"})


_READS = {"charge": "charges", "payment_intent": "payment_intents"}
_EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy",
    "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_communication",
    "customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature",
    "duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id",
    "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address",
    "shipping_carrier", "shipping_date", "shipping_documentation", "shipping_tracking_number",
    "uncategorized_file", "uncategorized_text",
)  # fmt: skip
