"""Judging and reading without a profile."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
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


def test_mails_with_one_cause_have_one_incident_from_the_first_on():
    """The first is told before anybody can know of the second; a mail that complains of nothing
    has none, until its issue has one."""

    def wrote(name: str, text: str) -> dict[str, Any]:
        text = f"{text} Article MUG-BLUE-1."
        headers = {"Message-ID": f"<{name}@x.example>"}
        return BROKEN | {"id": name, "from": f"{name}@x.example", "headers": headers, "text": text}

    chipped = "The mug arrived chipped at the rim."
    ann, dora, bea, thanks = judged(
        wrote("ann", chipped),
        BROKEN | {"from": "dora@x.example", "headers": {}, "subject": "Question", "text": "Mugs?"},
        wrote("bea", chipped),
        wrote("ann", "Thanks.") | {"headers": {"In-Reply-To": "<ann@x.example>"}},
    )
    assert ann["issue"] == thanks["issue"] != bea["issue"]
    assert ann["incident"] == bea["incident"] == thanks["incident"] == "incident-1"
    assert dora["incident"] is None


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


def test_every_field_of_a_mail_may_be_null():
    """As most programs write what they do not have; it is judged as if it were not there."""
    nothing = dict.fromkeys(
        ("from", "from_name", "reply_to", "to", "subject", "date", "headers", "text")
    )
    (result,) = judged({"id": 1, **nothing})
    assert result == judged({"id": 1})[0]


@pytest.mark.parametrize("name", [None, 1.5, True, ["a", 1]])
def test_an_id_comes_back_as_it_was_given(name):
    (result,) = judged(BROKEN | {"id": name})
    assert result["id"] == name


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": ["auto-replied"], "Received": ["from a", "from b"], "X-Spam": None},
        {"auto-submitted": "auto-replied", "X-Count": 3},
        [["Received", "from a"], ["Received", "from b"], ["Auto-Submitted", "auto-replied"]],
    ],
)
def test_headers_may_have_several_values_or_be_a_list(headers):
    """A mail has several Received; programs write headers as an object, of lists, or as pairs."""
    (result,) = judged(BROKEN | {"headers": headers})
    assert result["automatic"]


def test_a_field_that_cannot_be_used_is_named_and_the_mail_is_judged_by_the_rest():
    """One result line each: none is lost for a text that is an object."""
    out, err = io.StringIO(), io.StringIO()
    odd = {**BROKEN, "headers": 7, "to": {"shop": True}}
    assert offline.triage([json.dumps(odd)], rules=RULES, out=out, err=err) == 1
    assert json.loads(out.getvalue())["kind"] == "damaged"
    assert err.getvalue() == "Line 1: headers, to could not be used.\n"


def test_a_line_with_broken_letters_is_judged():
    """A byte that is no UTF-8 (as it comes from standard input), and half a letter in JSON."""
    out, err = io.StringIO(), io.StringIO()
    lines = [json.dumps(BROKEN, ensure_ascii=False).replace("Two", "T\udcffo"), json.dumps(BROKEN)]
    lines.append('{"id": "half", "text": "A \\ud83d broken mug"}')
    assert offline.triage(lines, rules=RULES, out=out, err=err) == 0, err.getvalue()
    assert [json.loads(one)["id"] for one in out.getvalue().splitlines()] == ["a", "a", "half"]


@pytest.mark.parametrize("number", ["9" * 5000, "1e999", "NaN"])
def test_a_number_that_is_none_is_said_in_our_words(number):
    """It named a function of Python's that would allow it."""
    out, err = io.StringIO(), io.StringIO()
    assert offline.triage([f'{{"id": {number}}}'], rules=RULES, out=out, err=err) == 1
    assert err.getvalue() == f"Line 1 is no mail: it is no JSON ({number[:40]} is no number).\n"


def test_a_sender_may_be_written_as_in_a_mail():
    """The same customer, with and without the name before the address."""
    later = {**BROKEN, "id": "b", "headers": {}, "from": "Ben Costa <ben@customer.example>"}
    first, second = judged(BROKEN, later)
    assert first["issue"] == second["issue"]


def test_mails_that_name_no_sender_are_not_one_customers():
    """Who they are from is unknown, so nothing puts them together."""
    one, other = judged(*({"id": n, "text": f"My mug {n} is broken"} for n in "ab"))
    assert one["issue"] != other["issue"]


def test_a_date_without_a_zone_is_in_utc(monkeypatch):
    """So that the answer does not depend on where it is asked; a mail's own form is a date too."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        dates = ("2026-11-20T10:00:00", "2026-11-20T10:00:00Z", "Fri, 20 Nov 2026 11:00:00 +0100")
        first, *others = (judged(HURT, LETTER | {"date": date})[1] for date in dates)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert others == [first, first]


def test_ten_times_the_mails_take_about_ten_times_as_long():
    """Each by another customer: nobody's mails are looked through for somebody else's."""

    def took(count: int) -> float:
        mails = [
            {"id": n, "from": f"c{n}@x.example", "subject": "?", "text": "?"} for n in range(count)
        ]
        begun = time.process_time()
        judged(*mails)
        return time.process_time() - begun

    took(100)
    assert took(3000) < 40 * took(300)


def parsed(*files: Path) -> list[dict[str, Any]]:
    out, err = io.StringIO(), io.StringIO()
    assert offline.parse([str(one) for one in files], rules=RULES, out=out, err=err) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_parse_names_the_file_that_each_object_is_of(tmp_path):
    """So that nobody counts lines where one could not be read."""
    first, second = tmp_path / "a.eml", tmp_path / "b.eml"
    for mail in (first, second):
        mail.write_bytes(a_letter())
    assert [one["file"] for one in parsed(first, second)] == [str(first), str(second)]


def test_a_byte_order_mark_hides_no_header(tmp_path):
    """As some editors put one before what they save."""
    plain, marked = tmp_path / "a.eml", tmp_path / "b.eml"
    plain.write_bytes(a_letter())
    marked.write_bytes(b"\xef\xbb\xbf" + a_letter())
    one, other = parsed(plain, marked)
    assert one | {"file": ""} == other | {"file": ""}
    assert other["warnings"] == []


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_each_mail_of_a_mailbox_file_is_read(tmp_path, newline):
    """An mbox, as other mail programs save a folder; "From" in a text begins no mail."""
    text = b"From then on\nnothing: it broke.\n\nFrom: where?\n"
    mails = [
        b"From ben@x Mon Nov 23 10:00:00 2026\nSubject: %d\n\n%s\n" % (n, text) for n in (1, 2, 3)
    ]
    mailbox = tmp_path / "folder.mbox"
    mailbox.write_bytes(b"".join(mails).replace(b"\n", newline))
    read = parsed(mailbox)
    assert [one["subject"] for one in read] == ["1", "2", "3"]
    assert {one["text"] for one in read} == {text.decode().strip()}


FORM: dict[str, Any] = {
    "from": "no-reply@forms.example",
    "to": "hello@mill-moss.example",
    "subject": "New message from your contact form",
    "date": "2026-11-20T10:00:00Z",
}


@pytest.mark.parametrize(
    "form",
    [
        FORM,
        FORM | {"from": "info@mill-moss.example"},
        FORM | {"from": "wordpress@mill-moss.example", "reply_to": "undefined"},
        FORM | {"from": "wordpress@mill-moss.example", "reply_to": "info@mill-moss.example"},
    ],
)
def test_who_filled_a_contact_form_in_wrote_the_mail(form: dict[str, Any]):
    """As where mail is fetched: no machine did, and nobody else who fills it in is meant."""

    def filled_in(name: str, words: str) -> dict[str, Any]:
        email = f"{name.lower()}@mail.example"
        return form | {"id": name, "text": f"Name: {name}\nEmail: {email}\nMessage: {words}"}

    broken = "the mug of order MM-10227 arrived broken, the handle is off."
    ann, bea = judged(filled_in("Ann", broken), filled_in("Bea", broken))
    assert (ann["automatic"], ann["kind"]) == (False, "damaged")
    assert (ann["issue"], ann["incident"]) != (bea["issue"], bea["incident"])
    again = {**BROKEN, "id": "c", "from": "ann@mail.example", "text": "Any news?", "headers": {}}
    assert judged(filled_in("Ann", broken), again)[1]["issue"] == "issue-1"


def test_what_stands_in_the_headers_alone_is_read_there():
    """From, subject and date of a mail whose lines were copied as they are."""
    headers = {
        "From": "Ben Costa <ben@customer.example>",
        "Subject": BROKEN["subject"],
        "Date": "Fri, 20 Nov 2026 10:00:00 +0000",
        **BROKEN["headers"],
    }
    bare = {"id": "a", "headers": headers, "text": BROKEN["text"]}
    again = {**BROKEN, "id": "b", "text": "Any news?", "headers": {}}
    assert judged(bare, again) == judged(BROKEN, again)


def test_a_form_of_the_shops_own_joins_what_its_customer_wrote(tmp_path):
    """From the shop's own no-reply address, with the customer in Reply-To: no machine wrote it."""
    form = FORM | {"from": "no-reply@mill-moss.example", "reply_to": "ben@customer.example"}
    form |= {"id": "form", "text": "Name: Ben\nMessage: still no answer about order MM-10227"}
    first, second = judged({**BROKEN, "to": FORM["to"]}, form)
    assert second["automatic"] is False
    assert second["issue"] == first["issue"]
    mail = tmp_path / "form.eml"
    addresses = "".join(
        f"{name}: {form[field]}\r\n"
        for name, field in (("From", "from"), ("To", "to"), ("Reply-To", "reply_to"))
    )
    mail.write_bytes(f"{addresses}\r\n{form['text']}".encode())
    (read,) = parsed(mail)
    assert (read["automatic"], read["counts_as_customer_reply"]) == (False, True)
