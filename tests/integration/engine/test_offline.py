"""Judging and reading without a profile."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from app.config.paths import resources
from app.engine import offline
from app.triage.classifier import LearnedClassifier
from tests.support.engine import RULES, a_letter


def judged(*mails: dict[str, Any], learnt: bool = False) -> list[dict[str, Any]]:
    out, err = io.StringIO(), io.StringIO()
    lines = [json.dumps(mail) for mail in mails]
    weights = resources() / "model" / "judgement.npz"
    classifier = LearnedClassifier(weights, rules=RULES) if learnt else None
    status = offline.triage(lines, rules=RULES, out=out, err=err, classifier=classifier)
    assert status == 0, err.getvalue()
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


@pytest.mark.parametrize(
    "date",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-02:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1066-10-14",
    ],
)
def test_a_date_out_of_the_calendar_is_no_date_and_the_next_lines_are_judged(date):
    """As in a mail's own Date field: it is judged as if it named none."""
    odd, after = judged(BROKEN | {"date": date}, BROKEN | {"id": "b", "headers": {}})
    (dateless,) = judged(BROKEN | {"date": None})
    assert odd == dateless
    assert after["id"] == "b"


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


LETTER: dict[str, Any] = {
    "id": "letter",
    "from": "office@lawyers.example",
    "subject": "Heater, order MM-10300",
    "date": "2026-11-18T10:00:00Z",
    "headers": {"Message-ID": "<letter@lawyers.example>"},
    "text": "We act for our client. Please return the signed undertaking by 26 November.",
}
HURT: dict[str, Any] = {
    **LETTER,
    "id": "hurt",
    "date": "2026-11-18T15:00:00Z",
    "headers": {"In-Reply-To": "<letter@lawyers.example>"},
    "text": "Today the heater burned her hand, she cut her arm on the glass as it burst.",
}


def test_a_letters_days_end_where_somebody_is_hurt():
    """The one rule with the window: days that one mail gives are none while another cannot wait."""
    letter, hurt = judged(LETTER, HURT)
    assert letter["issue"] == hurt["issue"]
    assert "days_left" in [one["factor"] for one in letter["reasons"]]
    assert "days_left" not in [one["factor"] for one in hurt["reasons"]]
    assert "begin today" not in hurt["reasons"][0]["because"]
    assert hurt["score"] > letter["score"]


def test_the_worst_of_an_issue_ranks_it_and_what_nobody_waits_for_does_not():
    """A question after a wound leaves the issue where it stands; a thank-you stands for itself."""
    asks = {**HURT, "id": "asks", "text": "Did you get my mail?"}
    thanks = {**HURT, "id": "thanks", "text": "No need to reply, all is settled now, thank you."}
    hurt, asked, thanked = judged({**HURT, "headers": LETTER["headers"]}, asks, thanks)
    assert hurt["issue"] == asked["issue"] == thanked["issue"]
    assert asked["priority"] == hurt["priority"] == "P1"
    assert asked["score"] >= hurt["score"]
    assert asked["severity"] == "normal"
    assert (thanked["kind"], thanked["priority"]) == ("not_an_issue", "P4")


def test_what_parse_writes_triage_takes(tmp_path):
    """Its addresses are lists, those to answer to among them."""
    mail = tmp_path / "a.eml"
    mail.write_bytes(b"Reply-To: ann@customer.example\r\n" + a_letter())
    out, err = io.StringIO(), io.StringIO()
    assert offline.parse([str(mail)], rules=RULES, out=out, err=err) == 0
    read = json.loads(out.getvalue())
    assert read["reply_to"] == ["ann@customer.example"]
    (result,) = judged(read)
    (same,) = judged({**read, "reply_to": "ann@customer.example", "to": read["to"][0]})
    assert result == same
    (bare,) = judged({**read, "reply_to": None, "to": None})
    assert bare["kind"] == result["kind"]


def test_the_sentence_that_speaks_is_quoted():
    """As the window quotes it, where the mail reads worse than its facts are."""
    text = (
        "Hello, could you change the address of my order? It goes out tonight and I moved to Leeds."
        " I like your shop and the little cards in every parcel very much."
    )
    (result,) = judged({**BROKEN, "subject": "My order", "text": text}, learnt=True)
    (reason,) = [one for one in result["reasons"] if one["factor"] == "reads_like"]
    assert "“" in reason["because"]
