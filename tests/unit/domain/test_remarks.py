"""What was odd about a mail is kept in English and said in the language of whoever looks."""

from __future__ import annotations

import pytest

from app.domain.remarks import said
from app.mail.addresses import addresses
from app.mail.headers import split


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("kept", "spoken"),
    [
        ("only the first 2,000 headers were read", "2.000"),
        ("only the first 500 parts were read", "500"),
        ("only the first 1,000,000 letters of the text are shown", "1.000.000"),
        ("parts nested more than 30 deep were not opened", "30"),
        ("the charset x-unknown is not known", "x-unknown"),
        ("from: shows the address a@bank.example but comes from b@evil.example", "b@evil.example"),
        ("reply-to: an address has several angle brackets", "Klammern"),
        ("no blank line ends the headers", "Leerzeile"),
    ],
)
def test_a_remark_and_its_figures_are_said_in_german(kept: str, spoken: str):
    told = said(kept)
    assert spoken in told
    assert not {"the", "first", "address", "from"} & set(told.split())


def test_in_english_each_is_as_it_was_kept():
    for kept in ("only the first 2,000 headers were read", "the charset x is not known"):
        assert said(kept) == kept


@pytest.mark.usefixtures("german")
def test_what_mails_are_really_told_of_is_known():
    """The parts that read mails use the same words, so no remark of theirs stays English."""
    odd = addresses('"a@bank.example" <b@evil.example>')[1]
    odd += addresses("Ann <x><ann@shop.example>")[1]
    odd += split(b"X-A: 1\n" * 100_000 + b"stray\n\n").warnings
    assert len(odd) == 3
    assert [one for one in odd if said(f"from: {one}") == f"from: {one}"] == []


@pytest.mark.usefixtures("german")
def test_what_nobody_knows_stays_as_it_is():
    assert said("something else: {n} of it") == "something else: {n} of it"
