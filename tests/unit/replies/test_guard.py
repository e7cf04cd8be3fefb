"""The guard: what must not go out, and what must not be held back."""

from __future__ import annotations

import pytest

from app.domain.message import Address
from app.domain.reply import Draft
from app.replies.guard import check

OWN = ("shop@example.com",)
GOOD = "Hi Ben,\n\na new mug goes out today.\n\nBest wishes\nAda"


def reasons(
    body: str = GOOD, *, to: tuple[str, ...] = ("ben@example.org",), **more: object
) -> tuple[str, ...]:
    addresses = tuple(Address(email=email) for email in to)
    draft = Draft(issue_key="i1_x", body=body, to=addresses, subject=str(more.get("subject", "")))
    found = check(draft, own_addresses=OWN, values=more.get("values"))  # type: ignore[arg-type]
    return tuple(one.because for one in found)


def test_a_good_reply_may_go() -> None:
    assert reasons() == ()


def test_each_hole_is_named_once_with_what_belongs_there() -> None:
    found = reasons("Hi Ben, {{ reply.date }} or {{ reply.date }} and {{ tracking.number | }}{{x}}")
    assert found == (
        "Fill in {{ reply.date }} (the day that you promise or name) or take it out.",
        "Fill in {{ tracking.number | }} (the parcel's number) or take it out.",
        "Fill in {{x}} or take it out.",
    )


@pytest.mark.parametrize("body", ["Hi {{ there", "so }} far", "{{ a\nb }}"])
def test_half_a_hole_is_a_hole(body: str) -> None:
    assert reasons(body) == ("There are double braces left in the text; take them out.",)


@pytest.mark.parametrize(
    "placeholder",
    [
        *("[name]", "[Name]", "[order number]", "[DATE]", "[Ihr Name]", "[prénom]"),
        *("<name>", "<order number>", "<Datum>"),
        *("XXX", "XXXX", "___", "______"),
        *("{name}", "{first_name}", "${name}", "{%customer.firstName%}", "%first_name%", "#{name}"),
    ],
)
def test_a_placeholder_is_shown_as_it_stands(placeholder: str) -> None:
    (only,) = reasons(f"Hi Ben,\n\nyour parcel {placeholder} is here.")
    assert placeholder.strip("#") in only
    assert "placeholder" in only


@pytest.mark.parametrize(
    "text",
    [
        "see <https://example.com/a> or <ben@example.org>",
        "size XXL or XXXL",
        "[1] and [2] as in the note",
        "the link [here](https://example.com)",
        "a <3 from us",
        "__init__ or snake_case___name",
        "____________________",
        "[x] done",
        "50 % of it, 100%",
        "love, Ben xxx",
        "[…]",
    ],
)
def test_ordinary_text_is_not_held_back(text: str) -> None:
    assert reasons(f"Hi Ben,\n\n{text}\n") == ()


@pytest.mark.parametrize("body", ["", " \n\t\n"])
def test_an_empty_reply_does_not_go(body: str) -> None:
    assert reasons(body) == ("There is no text yet; write one.",)


@pytest.mark.parametrize(
    "greeting",
    [
        *("Hi ,", "Hello  ,", "Dear ,", "Dear,", "dear :", "Hi, ,"),
        *("Hallo ,", "Guten Tag ,", "Liebe ,", "Lieber,", "Sehr geehrte Frau ,", "Sehr geehrter,"),
        *("Sehr geehrter Herr,", "Hallo Herr ,", "Bonjour ,", "Chère,", "Hola ,", "Estimado :"),
    ],
)
def test_a_greeting_without_a_name_does_not_go(greeting: str) -> None:
    (only,) = reasons(f"{greeting}\n\nyour mug is here.")
    assert "has no name" in only


@pytest.mark.parametrize(
    "greeting",
    [
        *("Hi Ben,", "Hi there,", "Hello,", "Hello!", "Good morning,", "Dear Ben,", "Dear all:"),
        *("Hallo,", "Hallo und guten Tag,", "Guten Tag,", "Liebe Frau Costa,", "Guten Tag Ben,"),
        *("Sehr geehrte Damen und Herren,", "Bonjour,", "Bonjour !", "Cher Monsieur,"),
        *("Hola, buenos días:", "Hola:", "Dearest Ben,", "Mr Costa,", "Hi-fi, as you asked,"),
    ],
)
def test_a_greeting_that_stands_alone_may_go(greeting: str) -> None:
    assert reasons(f"{greeting}\n\nyour mug is here.") == ()


def test_words_like_a_greeting_further_down_may_go() -> None:
    assert reasons("Hi Ben,\n\na\n\nb\n\nc\n\nDear, that was long.") == ()


@pytest.mark.parametrize("to", [(), ("",), (" ",)])
def test_somebody_has_to_receive_it(to: tuple[str, ...]) -> None:
    assert reasons(to=to) == ("Nobody is to receive this; enter an address.",)


@pytest.mark.parametrize(
    "email",
    [
        *("noreply@example.org", "no-reply@example.org", "No_Reply@example.org"),
        *("do-not-reply@example.org", "donotreply@example.org", "service-noreply@example.org"),
        *("noreply+1234@example.org", "notifications.no-reply@example.org", "no.reply@example.org"),
        *("mailer-daemon@example.org", "postmaster@example.org", "bounce@example.org"),
        *("bounces+12@example.org", "nicht-antworten@example.org", "ne-pas-repondre@example.org"),
        *("no-responder@example.org", "keine-antwort@example.org"),
        *("ben@noreply.example.org", "123@users.noreply.example.org"),
    ],
)
def test_an_address_that_nobody_reads_is_refused(email: str) -> None:
    (only,) = reasons(to=(email,))
    assert only.startswith("Nobody reads mail to")
    assert email in only


@pytest.mark.parametrize("email", ["norely@example.org", "ben.noreplay@example.org", "reply@x.org"])
def test_an_address_that_only_looks_like_it_may_receive(email: str) -> None:
    assert reasons(to=(email,)) == ()


def test_the_shops_own_address_is_refused_however_it_is_written() -> None:
    (only,) = reasons(to=("Shop@Example.com ",))
    assert "your own address" in only


@pytest.mark.parametrize("email", ["ben", "ben@", "a@b@c", "a b@example.org", "a@x.org, b@x.org"])
def test_what_is_no_address_is_refused(email: str) -> None:
    (only,) = reasons(to=(email,))
    assert "not a mail address" in only


def test_a_line_break_in_an_address_or_a_name_is_refused() -> None:
    """Case 82: with a sentence that has no line break itself."""
    for address in (
        Address(email="ben@example.org\r\nBcc: x@example.net"),
        Address(email="ben@example.org", name="Ben\nBcc: x@example.net"),
    ):
        (only,) = check(Draft(issue_key="i", body=GOOD, to=(address,)), own_addresses=OWN)
        assert "more than one line" in only.because
        assert "\n" not in only.because


def test_a_line_break_or_a_hole_in_the_subject_is_refused() -> None:
    assert reasons(subject="Re: mugs\r\nBcc: x@example.net") == (
        "The subject has more than one line; write it on one.",
    )
    assert reasons(subject="Re: {{ order.number }}") == (
        "Fill in {{ order.number }} in the subject or take it out.",
    )
    assert reasons(subject="Re: [Blue Kiln] your <order>") == ()


def test_a_reply_of_more_than_64_kib_is_refused() -> None:
    assert reasons("ä" * 33_000) == ("The text is longer than 64 KiB; make it shorter.",)


def test_copies_are_looked_at_like_the_recipients() -> None:
    draft = Draft(
        issue_key="i",
        body=GOOD,
        to=(Address(email="ben@example.org"),),
        cc=(Address(email="noreply@example.org"), Address(email="shop@example.com")),
    )
    assert len(check(draft, own_addresses=OWN)) == 2


def test_every_reason_is_told_at_once() -> None:
    assert len(reasons("Dear ,\n\n[date] {{ reply.date }}", to=("noreply@x.org",))) == 4


def test_a_value_with_braces_or_brackets_is_the_customers_own_word() -> None:
    values = {"customer.name": "{{ x }}", "order.items": "1 × Mug [blue]"}
    body = "Hi {{ x }},\n\n1 × Mug [blue] is on its way."
    assert reasons(body, values=values) == ()
    assert len(reasons(body)) == 2


def test_a_short_value_hides_no_placeholder() -> None:
    assert (
        len(reasons("Hi Ben, size XXX and ___", values={"order.items": "X", "shop.name": "_"})) == 2
    )


def test_a_customer_called_like_a_variable_does_not_hide_a_true_hole() -> None:
    (only,) = reasons("Hi you, on {{ reply.date }}", values={"customer.name": "{{ reply.date }}"})
    assert "{{ reply.date }}" in only
