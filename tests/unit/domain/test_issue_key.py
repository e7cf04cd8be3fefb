"""An issue's name comes from its atoms alone, the same on every laptop."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.domain.issue import issue_key, message_atom, root_of
from app.domain.journal import uuid7
from app.domain.message import Message

atoms = st.one_of(
    st.text(min_size=1, max_size=30).map(message_atom),
    st.text(alphabet="abc0123456789:", min_size=1, max_size=12).map(lambda name: f"o:{name}"),
    st.text(alphabet="abc0123456789:", min_size=1, max_size=12).map(lambda name: f"d:{name}"),
)


def a_mail(*, references: tuple[str, ...] = (), in_reply_to: tuple[str, ...] = ()) -> Message:
    return Message(
        message_id="this@x",
        subject="",
        text="",
        new_text="",
        raw_sha256="",
        raw_size=0,
        references=references,
        in_reply_to=in_reply_to,
    )


@given(st.sets(atoms, min_size=1, max_size=6), st.randoms())
def test_the_order_in_which_atoms_arrived_does_not_matter(own: set[str], random: Random) -> None:
    shuffled = list(own)
    random.shuffle(shuffled)
    assert issue_key(shuffled) == issue_key(sorted(own))


@given(st.sets(atoms, min_size=1, max_size=6))
def test_the_key_is_that_of_one_of_the_atoms(own: set[str]) -> None:
    assert issue_key(own) in {issue_key([atom]) for atom in own}


@given(atoms)
def test_a_key_can_be_typed(atom: str) -> None:
    assert re.fullmatch(r"i1_[a-z2-7]{20}", issue_key([atom]))


@given(atoms, atoms)
def test_different_atoms_have_different_keys(one: str, other: str) -> None:
    assert (issue_key([one]) == issue_key([other])) == (one == other)


def test_a_dispute_names_an_issue_before_an_order_and_an_order_before_a_mail() -> None:
    mail, order, dispute = message_atom("a@x"), "o:shopify:1", "d:stripe:9"
    assert issue_key([mail, order]) == issue_key([order])
    assert issue_key([mail, order, dispute]) == issue_key([dispute])


def test_the_key_of_a_known_mail_never_changes() -> None:
    """The scheme is shared by laptops and versions; the values are from sha256sum and base32."""
    assert message_atom("first@customer.example") == "m:a5ba1f6c8c06ed4e"
    assert issue_key([message_atom("first@customer.example")]) == "i1_eyquwc3tibbhj6pqo6ok"


def test_a_conversation_begins_with_the_first_reference_then_in_reply_to_then_the_mail() -> None:
    assert root_of(a_mail(references=("root@x", "mid@x"), in_reply_to=("mid@x",))) == "root@x"
    assert root_of(a_mail(in_reply_to=("mid@x",))) == "mid@x"
    assert root_of(a_mail()) == "this@x"


@given(st.integers(min_value=0, max_value=2**42))
def test_an_entry_id_is_a_version_7_uuid_of_its_millisecond(milliseconds: int) -> None:
    text = uuid7(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds))
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", text
    )
    assert abs(int(text.replace("-", "")[:12], 16) - milliseconds) <= 1
