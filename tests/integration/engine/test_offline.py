"""Judging and reading without a profile."""

from __future__ import annotations

import io
import json
from typing import Any

from app.engine import offline
from tests.support.engine import RULES, a_letter


def judged(*mails: dict[str, Any]) -> list[dict[str, Any]]:
    out, err = io.StringIO(), io.StringIO()
    lines = [json.dumps(mail) for mail in mails]
    assert offline.triage(lines, rules=RULES, out=out, err=err) == 0, err.getvalue()
    return [json.loads(line) for line in out.getvalue().splitlines()]


BROKEN: dict[str, Any] = {
    "id": "a",
    "from": "ben@customer.example",
    "from_name": "Ben Costa",
    "subject": "Broken mugs",
    "date": "2026-11-20T10:00:00Z",
    "headers": {"Message-ID": "<first@customer.example>"},
    "text": "Two of the four mugs arrived broken, they cost 24.00 EUR. Order MM-10227.",
}


def test_one_result_a_line_with_every_field():
    """The form that the design promises; the points sum to the score."""
    (result,) = judged(BROKEN)
    assert set(result) == {
        "id", "issue", "incident", "kind", "second_kind", "confidence", "unsure", "alternatives",
        "severity", "priority", "score", "alert", "reasons", "entities", "language", "automatic",
        "suspicious",
    }  # fmt: skip
    assert result["kind"] == "damaged"
    assert sum(reason["points"] for reason in result["reasons"]) == result["score"]
    assert result["entities"]["order_numbers"] == ["MM-10227"]
    assert result["entities"]["amounts"] == [{"value": "24.00", "currency": "EUR"}]


def test_mails_that_belong_together_have_one_issue():
    """An answer joins by its headers, a stranger does not."""
    answer = {
        **BROKEN,
        "id": "b",
        "subject": "Re: Broken mugs",
        "text": "Any news?",
        "headers": {"In-Reply-To": "<first@customer.example>"},
    }
    other = {**BROKEN, "id": "c", "from": "ida@other.example", "headers": {}}
    first, second, third = judged(BROKEN, answer, other)
    assert first["issue"] == second["issue"]
    assert third["issue"] != first["issue"]


def test_a_line_may_lack_everything():
    """Nothing but an id is still a mail."""
    (result,) = judged({"id": 1})
    assert result["id"] == 1


def test_parse_tells_the_three_decisions(tmp_path):
    """The reading of a file, and what the gate says of it."""
    mail = tmp_path / "a.eml"
    mail.write_bytes(a_letter())
    out, err = io.StringIO(), io.StringIO()
    assert offline.parse([str(mail)], rules=RULES, out=out, err=err) == 0
    read = json.loads(out.getvalue())
    assert read["from"] == "ben@customer.example"
    assert (read["automatic"], read["may_acknowledge"]) == (False, True)
    assert read["counts_as_customer_reply"]
