"""Our addresses as a setting: two forms that are read, one that is written."""

from __future__ import annotations

import pytest

from app.domain import identity
from app.domain.errors import Refused
from app.domain.message import Address


def test_the_short_form_is_a_list_of_addresses() -> None:
    """Names may stand before them; semicolons or lines between."""
    found = identity.read(
        "Mill & Moss <hello@mill.example>; returns@mill.example\nJo <jo@x.example>"
    )
    assert [(one.name, one.email) for one in found] == [
        ("Mill & Moss", "hello@mill.example"),
        ("", "returns@mill.example"),
        ("Jo", "jo@x.example"),
    ]


def test_what_is_written_is_read_again() -> None:
    """Signatures of several lines included."""
    one = identity.Identity(
        email="a@x.example", name="Ä", signature="One\nTwo", signatures={"de": "Eins\nZwei"}
    )
    assert identity.read(identity.written([one])) == (one,)
    assert identity.written([]) == ""
    assert identity.read(" ") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nobody", "no mail address"),
        ("a@x.example; A@X.example", "twice"),
        ("[1]", "object"),
        ("[", "not JSON"),
        ('[{"address": "a@x.example", "colour": "red"}]', "object of"),
        ('[{"address": "a@x.example", "signature": 7}]', "are texts"),
        ('[{"address": "a@x.example", "name": "A\\nB"}]', "more than one line"),
        ('[{"address": "a b@x.example"}]', "no mail address"),
        ('[{"address": "a@x.example", "signature": "' + "x" * 3000 + '"}]', "longer than"),
        ("; ".join(f"a{n}@x.example" for n in range(51)), "50 at most"),
    ],
)
def test_what_no_mail_can_leave_from_is_refused(text: str, said: str) -> None:
    """With the reason, and how it is written."""
    with pytest.raises(Refused, match=said):
        identity.read(text)


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("Hello+fb.x@Mill.example", "hello@mill.example"),
        ("hello@mill.example", "hello@mill.example"),
        ("+49@mill.example", "+49@mill.example"),
        ("", ""),
    ],
)
def test_what_follows_a_plus_is_the_same_mailbox(email: str, mailbox: str) -> None:
    """Unless nothing stands before it."""
    assert Address(email=email).mailbox == mailbox
