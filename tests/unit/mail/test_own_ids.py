"""Our signed Message-IDs: found wherever they were left, and nobody can make one up."""

from __future__ import annotations

from functools import partial

import pytest

from app.mail import own_ids, parse
from tests.support.engine import a_letter

KEY = bytes(range(32))
ISSUE = "i1_abcdefghij234567klmn"


def key() -> bytes:
    return KEY


def unasked() -> bytes:
    raise AssertionError("the key is not needed here")


def an_id(domain: str = "shop.example", *, key: bytes = KEY) -> str:
    return own_ids.new(ISSUE, domain, key=key)


def answering(references: str) -> tuple[str, ...]:
    mail = a_letter("Yes.", message_id="<b@customer.example>", answers=references)
    return own_ids.answered(parse.read(mail), key=key)


def quoting(text: str) -> tuple[str, ...]:
    return own_ids.quoted(parse.read(a_letter(text)), key=key)


def test_new_ids_differ_carry_the_issue_and_need_no_domain():
    first, second = an_id("müller.example"), an_id("müller.example")
    assert first != second
    assert first.startswith(f"fb.{ISSUE}.")
    assert first.endswith("@xn--mller-kva.example")
    assert an_id("").endswith("@frontburner.invalid")


def test_an_answer_to_our_mail_names_its_issue():
    assert answering(f"<{an_id()}>") == (ISSUE,)


def test_a_relay_that_changes_the_domain_or_the_letters_loses_nothing():
    ours = an_id()
    assert answering(f"<{ours.partition('@')[0]}@eu-1.relay.example>") == (ISSUE,)
    assert answering(f"<{ours.upper()}>") == (ISSUE,)


def test_a_relay_that_wraps_the_id_in_its_own_loses_nothing():
    wrapped = an_id().replace("@", "=")
    assert answering(f"<bounce+{wrapped}@relay.example>") == (ISSUE,)


def test_an_id_in_quoted_headers_is_found():
    assert quoting(f"Yes, please.\n\n> Message-ID: <{an_id()}>\n> Hello Ben") == (ISSUE,)


@pytest.mark.parametrize("place", [3, 30, 60])
def test_a_changed_letter_is_a_forgery(place):
    """Another issue, another number or another signature: none of them is ours."""
    ours = an_id()
    other = "2" if ours[place] != "2" else "3"
    assert answering(f"<{ours[:place]}{other}{ours[place + 1 :]}>") == ()


def test_the_key_of_another_profile_signs_nothing_here():
    assert answering(f"<{an_id(key=bytes(32))}>") == ()


def test_an_id_without_a_signature_is_not_ours():
    """As an earlier shape of the id was, and as anybody could write one."""
    assert answering(f"<fb.{ISSUE}.{'0' * 32}@shop.example>") == ()


def test_the_key_is_not_asked_for_where_nothing_looks_like_ours():
    mail = parse.read(a_letter("fb is a nice place", answers="<x@y.example>"))
    assert own_ids.answered(mail, key=unasked) == ()
    assert own_ids.quoted(mail, key=unasked) == ()


def test_several_of_ours_name_each_issue_once():
    other = own_ids.new("i1_zzzzzzzzzz234567klmn", "shop.example", key=KEY)
    text = f"{an_id()} {other} {an_id()}"
    found = own_ids.quoted(parse.read(a_letter(text)), key=partial(bytes, KEY))
    assert found == (ISSUE, "i1_zzzzzzzzzz234567klmn")


def sent_to(address: str, **more: str) -> tuple[str, ...]:
    return own_ids.returned_to(parse.read(a_letter("Yes.", to=address, **more)), key=key)


def test_a_return_address_names_the_issue_wherever_the_mail_was_delivered():
    """In To, in Cc, or only in what the server wrote; in capitals too."""
    back = own_ids.return_address("Support@shop.example", ISSUE, key=KEY)
    assert back.startswith("Support+fb.abcdefghij234567klmn.")
    assert sent_to(back) == (ISSUE,)
    assert sent_to(f'"Shop" <{back.upper()}>') == (ISSUE,)
    assert sent_to("x@shop.example", cc=back) == (ISSUE,)
    assert sent_to("x@shop.example", delivered_to=back) == (ISSUE,)


def test_a_return_address_is_no_id_and_an_id_no_return_address():
    """Each signs other words: what stands in one cannot be put into the other."""
    back = own_ids.return_address("s@shop.example", ISSUE, key=KEY)
    signature = back.partition("@")[0].rpartition(".")[2]
    random = "0" * 32
    assert answering(f"<fb.{ISSUE}.{random}.{signature}@shop.example>") == ()
    theirs = an_id().partition("@")[0].rpartition(".")[2]
    assert sent_to(f"s+fb.{ISSUE.removeprefix('i1_')}.{theirs}@shop.example") == ()


def test_a_return_address_signed_with_another_key_names_nothing():
    assert sent_to(own_ids.return_address("s@shop.example", ISSUE, key=bytes(32))) == ()


def test_mail_without_our_mark_does_not_ask_for_the_key():
    mail = parse.read(a_letter(to="shop+sale@shop.example"))
    assert own_ids.returned_to(mail, key=unasked) == ()


@pytest.mark.parametrize("email", ["a" * 24 + "@shop.example", "nobody", ""])
def test_an_address_that_would_be_too_long_has_no_return_address(email: str):
    """64 letters before the @ are all that mail allows (RFC 5321 4.5.3.1.1)."""
    assert own_ids.return_address(email, ISSUE, key=KEY) == ""


def test_a_plus_that_is_there_already_gives_way():
    back = own_ids.return_address("shop+web@shop.example", ISSUE, key=KEY)
    assert back.startswith("shop+fb.")
    assert sent_to(back) == (ISSUE,)
