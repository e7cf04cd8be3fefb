"""A PayPal played over a socket: sign-in, the list of disputes and each one's own page.

What matters of it is as documented: newest created first, a token to the next page that means no
more than a place in the list as it is then, 180 days and no more, details only on a dispute's own
page, a debug_id in every refusal. What it answers is judged by PayPal's OpenAPI where that is at
hand.
"""

from __future__ import annotations

import base64
import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from app.platforms.paypal import SCOPE
from tests.support.certificates import Leaf
from tests.support.openapi import judge
from tests.support.platform_server import Asked, PlatformServer, Told

CLIENT_ID, SECRET = "AeA1played", "EF0123456789"
CONTRACT = "paypal_disputes_v1.json"
_LIST = "/v1/customer/disputes"
_LISTED = (
    "dispute_id", "create_time", "update_time", "reason", "status", "dispute_state",
    "dispute_amount", "dispute_life_cycle_stage", "dispute_channel", "seller_response_due_date",
    "links",
)  # fmt: skip
_LONGEST = timedelta(days=180)


class PayPalServer(PlatformServer):
    """Disputes by their id; `change` moves one, and its time of change with it."""

    def __init__(self, leaf: Leaf | None = None) -> None:
        super().__init__(leaf)
        self.disputes: dict[str, dict[str, Any]] = {}
        self.scopes = {SCOPE}
        self.lasts = 32_400  # seconds that a token lives
        self.tokens: set[str] = set()
        self.page = 50
        self.strict = True
        self._next = 1000

    @property
    def settings(self) -> dict[str, str]:
        """The account settings that lead here; add ca_file where it speaks TLS."""
        return {"base_url": self.url, "client_id": CLIENT_ID}

    def dispute(self, at: datetime, **told: Any) -> dict[str, Any]:
        """A claim about a payment, opened and changed at this instant."""
        with self.lock:
            self._next += 1
            name = f"PP-R-PLY-{self._next}"
            row = {
                "dispute_id": name,
                "create_time": _written(at),
                "update_time": _written(at),
                "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
                "status": "WAITING_FOR_SELLER_RESPONSE",
                "dispute_state": "REQUIRED_ACTION",
                "dispute_amount": {"currency_code": "EUR", "value": "96.00"},
                "dispute_life_cycle_stage": "CHARGEBACK",
                "dispute_channel": "INTERNAL",
                "seller_response_due_date": _written(at + timedelta(days=10)),
                "disputed_transactions": [
                    {
                        "seller_transaction_id": f"{self._next}AB",
                        "buyer_transaction_id": f"{self._next}CD",
                        "invoice_number": f"WC-{self._next}",
                        "gross_amount": {"currency_code": "EUR", "value": "96.00"},
                        "transaction_status": "COMPLETED",
                        "buyer": {"name": "Vera Ito"},
                    }
                ],
                "links": [_link("self", f"{self.url}{_LIST}/{name}")],
                **told,
            }
            self.disputes[str(row["dispute_id"])] = row
            return row

    def change(self, row: dict[str, Any], **told: Any) -> None:
        """Change a dispute, now."""
        with self.lock:
            row.update(told, update_time=_written(self.now()))

    def answer(self, asked: Asked) -> Told:
        """What PayPal says."""
        if asked.path == "/v1/oauth2/token":
            return self._sign_in(asked)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _refusal(401, "AUTHENTICATION_FAILURE", "Authentication failed")
        if SCOPE not in self.scopes:
            return _refusal(403, "NOT_AUTHORIZED", "Authorization failed: insufficient permissions")
        if asked.path == _LIST:
            return self._list(asked)
        found = self.disputes.get(asked.path.removeprefix(f"{_LIST}/"))
        if found is None:
            return _refusal(404, "RESOURCE_NOT_FOUND", "The specified resource does not exist")
        judge(CONTRACT, "dispute", found, strict=self.strict)
        return Told(data=copy.deepcopy(found))

    def _sign_in(self, asked: Asked) -> Told:
        pair = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {pair}":
            refused = {
                "error": "invalid_client",
                "error_description": "Client Authentication failed",
            }
            return Told(status=401, data=refused)
        if asked.form != {"grant_type": "client_credentials"}:
            return Told(status=400, data={"error": "unsupported_grant_type"})
        token = f"A21AA{len(self.tokens)}"
        self.tokens.add(token)
        scope = " ".join(["https://uri.paypal.com/services/invoicing", *sorted(self.scopes)])
        data: dict[str, Any] = {
            "scope": scope,
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self.lasts,
        }
        return Told(data=data)

    def _list(self, asked: Asked) -> Told:
        after = asked.query.get("update_time_after", "")
        since = datetime.fromisoformat(after.replace("Z", "+00:00")) if after else None
        if since is not None and since < self.now() - _LONGEST:
            return _refusal(400, "INVALID_REQUEST", "Not well-formed", issue="INVALID_DATE_RANGE")
        oldest = since or self.now() - _LONGEST
        rows = sorted(
            self.disputes.values(), key=lambda one: (one["create_time"], one["dispute_id"])
        )
        fit = [one for one in reversed(rows) if one["update_time"] >= _written(oldest)]
        size = min(int(asked.query.get("page_size", "10")), self.page)
        start = int(base64.b64decode(asked.query.get("next_page_token", "MA==")))
        items = [
            {name: one[name] for name in _LISTED if name in one}
            for one in fit[start : start + size]
        ]
        data: dict[str, Any] = {"links": [_link("first", f"{self.url}{_LIST}")]}
        if items:
            data["items"] = items
        if len(fit) > start + size:
            token = base64.b64encode(str(start + size).encode()).decode()
            href = f"{self.url}{_LIST}?next_page_token={token.replace('=', '%3D')}"
            data["links"].append(_link("next", href))
        judge(CONTRACT, "dispute_search", data, strict=self.strict)
        return Told(data=data)


def _link(rel: str, href: str) -> dict[str, str]:
    return {"rel": rel, "href": href, "method": "GET"}


def _written(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _refusal(status: int, name: str, message: str, *, issue: str = "") -> Told:
    data: dict[str, Any] = {"name": name, "message": message, "debug_id": "b1d1f06c7246c"}
    if issue:
        data["details"] = [{"field": "update_time_after", "issue": issue}]
    judge(CONTRACT, "error", data)
    return Told(status=status, data=data, headers={"Paypal-Debug-Id": "b1d1f06c7246c"})
