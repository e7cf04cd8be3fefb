"""Whatever somebody types finds what says it, newest first, and is never an error."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.assessment import Kind
from app.domain.journal import State
from app.domain.message import Address
from app.storage import issues, messages
from app.storage.database import Connection
from app.storage.search import search
from tests.support.storage import NOW, a_judgement, a_message, an_issue, said


@pytest.fixture
def mug(db: Connection) -> int:
    """An open issue about the broken mug of order 1042, from Anna Weiß."""
    return a_conversation(db, "mug@x", "The blue mug of order #1042 arrived in pieces.")


@pytest.fixture
def café(db: Connection, mug: int) -> int:
    """A newer, put-away issue in French."""
    issue_id = a_conversation(
        db,
        "café@x",
        "Le café n'est pas arrivé, commande n° 2077",
        name="Zoé Dubois",
        minutes=5,
        kind=Kind.NOT_RECEIVED,
    )
    issues.update(db, issue_id, state=State.RESOLVED, order_number="2077")
    return issue_id


def a_conversation(
    db: Connection,
    root: str,
    text: str,
    *,
    name: str = "Anna Weiß",
    minutes: int = 0,
    kind: Kind = Kind.DAMAGED,
) -> int:
    issue_id = an_issue(db, root, judgement=a_judgement(kind=kind))
    sender = Address(email=f"{name.split()[0].lower()}@customer.example", name=name)
    message = a_message(root, text=text, from_=sender, subject="A question")
    said(db, issue_id, message, received_at=NOW + timedelta(minutes=minutes))
    messages.index(db)
    return issue_id


@pytest.mark.parametrize(
    "query",
    [
        *("mug", "MUG", "blue mug", "mug blue", "pie", "blue pi", "anna", "weiß", "question"),
        *("#1042", "order #1042", '"arrived in pieces"', '"arrived in', "mug p", "mug, (blue)"),
        *("from:anna", "from:anna mug", "order:1042", "kind:damaged mug", "kind:dam mug"),
        *("is:open mug", "is:open", "kind:damaged", "IS:open KIND:damaged", "from:anna is:open"),
    ],
)
def test_what_was_said_is_found(db: Connection, mug: int, query: str) -> None:
    assert search(db, query) == [mug]


@pytest.mark.parametrize(
    "query",
    [
        *("", "   ", "lamp", "mug lamp", '"pieces in arrived"', "from:mug", "is:done mug", "!!!"),
        *("is:waiting", "kind:late", "kind:nonsense", "is:nonsense", "order:9999", "i1_abcdefgh"),
    ],
)
def test_what_was_not_said_is_not_found(db: Connection, mug: int, query: str) -> None:
    assert mug not in search(db, query)


def test_accents_and_capitals_do_not_matter(db: Connection, café: int) -> None:
    for query in ("cafe", "CAFÉ", "zoe", "Zoé dub", "arrive n"):
        assert café in search(db, query), query


def test_an_order_is_found_by_its_number_even_where_no_mail_names_it(
    db: Connection, mug: int, café: int
) -> None:
    issues.update(db, mug, order_number="3011")
    assert search(db, "order:3011") == [mug]
    assert search(db, "order:#2077") == [café]


def test_what_is_open_comes_first_and_then_the_newest(db: Connection, mug: int, café: int) -> None:
    newer = a_conversation(db, "newer@x", "Another mug", minutes=9)
    assert search(db, "customer") == [newer, mug, café]
    assert search(db, "is:done customer") == [café]


def test_an_issue_with_many_hits_is_found_once(db: Connection, mug: int) -> None:
    for n in range(5):
        said(db, mug, a_message(f"{n}@x"))
    messages.index(db)
    assert search(db, "mug") == [mug]


def test_a_limit_limits(db: Connection, mug: int, café: int) -> None:
    assert search(db, "customer", limit=1) == [mug]
    assert search(db, "is:open", limit=0) == []


def test_an_issue_is_found_by_its_key_or_the_beginning_of_it(db: Connection, mug: int) -> None:
    key = issues.get(db, mug).key
    assert search(db, key) == search(db, key[:12].upper()) == [mug]


def test_the_newest_mails_are_found_however_late_they_were_read(db: Connection) -> None:
    """A first sync reads the newest mails first: what is stored last is what is oldest."""
    newest = a_conversation(db, "newest@x", "mug", minutes=1000)
    for n in range(310):
        issue_id = an_issue(db, f"{n}@x")
        said(db, issue_id, a_message(f"{n}@x"), received_at=NOW + timedelta(minutes=n))
    messages.index(db)
    assert search(db, "mug")[0] == newest


@given(st.text(max_size=40) | st.text(alphabet="\"*():^-+ANDORNEAR{}'; i_1:from", max_size=40))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=timedelta(seconds=2)
)
def test_nothing_that_can_be_typed_is_an_error(db: Connection, mug: int, query: str) -> None:
    assert set(search(db, query)) <= {mug}


@given(st.sampled_from(["order", "kind", "is", "from"]), st.text(max_size=10))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=timedelta(seconds=2)
)
def test_no_narrowing_word_is_an_error(db: Connection, mug: int, word: str, value: str) -> None:
    assert set(search(db, f"{word}:{value} mug")) <= {mug}


def test_the_index_holds_what_the_messages_say(db: Connection, mug: int, café: int) -> None:
    """FTS5's own check compares every word of the index with the table that it was made of."""
    db.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    assert db.execute("SELECT count(*) FROM unindexed").fetchone() == (0,)
