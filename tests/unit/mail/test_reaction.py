"""A reaction in Gmail is no letter, and no letter is taken for one."""

from __future__ import annotations

import pytest

from app.mail import fallback, parse

LINK = "https://www.google.com/gmail/about/?utm_source=gmail-in-product#app"
SIGN = '{"emoji":"👍","version":1}'
READERS = pytest.mark.parametrize("reader", [None, fallback.body], ids=["fast", "fallback"])


def a_reaction(
    words: str = f"👍\n\nBen Costa reacted via Gmail <{LINK}>\n", sign: str = SIGN
) -> bytes:
    return (
        "From: Ben Costa <ben@customer.example>\nIn-Reply-To: <ours@shop.example>\n"
        "Content-Type: multipart/alternative; boundary=b\n\n"
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{words}\n"
        f"--b\nContent-Type: text/vnd.google.email-reaction+json; charset=utf-8\n\n{sign}\n"
        f"--b\nContent-Type: text/html; charset=utf-8\n\n<p>{words}</p>\n--b--\n"
    ).encode()


@READERS
def test_a_reaction_is_known_by_its_sign_and_has_no_file(reader):
    message = parse.read(a_reaction(), reader=reader)
    assert message.reaction == "👍"
    assert message.attachments == ()
    assert message.text.startswith("👍")


@pytest.mark.parametrize(
    "words",
    [
        "👍\n\nBen Costa hat über Gmail reagiert",
        "❤️\n\nBen Costa a réagi via Gmail\n\nOn 4 May 2026, Shop <s@x.example> wrote:\n> old",
    ],
)
def test_a_reaction_is_one_in_every_language_and_above_a_quote(words):
    sign = words.partition("\n")[0]
    assert parse.read(a_reaction(words, SIGN.replace("👍", sign))).reaction == sign


@pytest.mark.parametrize(
    "words",
    [
        "👍 but the second candle exploded and burned my daughter's hand. We are at the hospital.",
        f"👍\n\nBen Costa reacted via Gmail <{LINK}>\n\n" + "My daughter's hand is burned. " * 4,
    ],
)
def test_a_letter_that_carries_a_sign_is_a_letter(words):
    message = parse.read(a_reaction(words))
    assert message.reaction == ""
    assert len(message.attachments) == 1


@pytest.mark.parametrize(
    "sign", ["", "👍", "[]", "{}", '{"emoji":1}', '{"emoji":"I will sue you"}', "[" * 2000]
)
def test_a_sign_that_is_none_makes_no_reaction(sign):
    assert parse.read(a_reaction(sign=sign)).reaction == ""
