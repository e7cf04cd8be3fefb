"""At which of a mail's addresses somebody is reached."""

from __future__ import annotations

import pytest

from app.domain.correspondent import customer_of, writer_of
from app.domain.message import Address

BEN = "ben@customer.example"
OWN = frozenset(("hello@shop.example",))


@pytest.mark.parametrize(
    ("reply_to", "from_", "answered"),
    [
        ((), BEN, BEN),
        (("ann@work.example",), BEN, "ann@work.example"),
        (("undisclosed",), BEN, BEN),
        (("",), BEN, BEN),
        (("noreply@customer.example",), BEN, BEN),
        (("undisclosed", "ann@work.example"), BEN, "ann@work.example"),
        (("hello@shop.example",), BEN, BEN),
        (("hello+news@shop.example", "ann@work.example"), BEN, "ann@work.example"),
        # Where nobody is reached it stays as it was written, and the guard says what is wrong.
        (("undisclosed",), "noreply@customer.example", "undisclosed"),
        (("undisclosed",), "hello@shop.example", "undisclosed"),
        (("no-reply@a.example",), "noreply@b.example", "no-reply@a.example"),
        ((), "noreply@b.example", "noreply@b.example"),
        ((), "hello@shop.example", "hello@shop.example"),
    ],
)
def test_reply_to_comes_before_from_where_somebody_is_reached_there(reply_to, from_, answered):
    """A contact form writes in its own name; a program may write what is no address."""
    every = tuple(Address(email=one) for one in reply_to)
    found = writer_of(Address(email=from_), every, own=OWN)
    assert found is not None
    assert found.email == answered


def test_a_mail_from_nobody_is_answered_to_nobody():
    """It has neither."""
    assert writer_of(None, ()) is None


@pytest.mark.parametrize(
    ("reply_to", "from_", "customer"),
    [
        ((), BEN, BEN),
        (("ann@work.example",), BEN, "ann@work.example"),
        (("undisclosed",), BEN, BEN),
        (("noreply@customer.example",), BEN, BEN),
        (("undisclosed",), "noreply@customer.example", "undisclosed"),
        # A form of the shop: whoever mistyped an address there is not every other visitor, too.
        (("ann at work",), "wordpress@shop.example", "ann at work"),
        (("ann at work",), "hello@shop.example", "ann at work"),
        (("ann at work", "ann@work.example"), "hello@shop.example", "ann@work.example"),
        (("ann@work.example",), "wordpress@shop.example", "ann@work.example"),
        ((), "anna@shop.example", "anna@shop.example"),
        ((), None, ""),
    ],
)
def test_the_customer_of_a_mail_is_who_is_reached_and_never_a_form(reply_to, from_, customer):
    """Of all that a mail is compared by, this is the first: told without our addresses."""
    every = tuple(Address(email=one) for one in reply_to)
    sender = Address(email=from_) if from_ else None
    found = customer_of(sender, every, to=(Address(email="hello@shop.example"),))
    assert found.email == customer
