"""Whatever somebody types finds what says it, newest first, and is never an error."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.assessment import Kind, Priority, Severity
from app.domain.journal import Decisions, State
from app.domain.message import Address, Attachment
from app.domain.money import Money
from app.storage import issues, labels, messages
from app.storage import search as index
from app.storage.connection import Connection
from app.storage.search_values import known
from tests.support.storage import NOW, a_judgement, a_message, an_issue, said


def search(db: Connection, text: str, *, limit: int = 50, me: str = "") -> list[int]:
    """What a text finds at NOW."""
    return index.search(db, text, now=NOW, me=me, limit=limit)


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


def test_who_wants_all_is_given_all(db: Connection) -> None:
    """A command and the count of a saved view ask for more than a list of the newest has."""
    every = [a_conversation(db, f"m{n}@x", "Ceramic mug", minutes=n) for n in range(320)]
    assert len(search(db, "ceramic", limit=300)) == 300
    assert set(search(db, "ceramic", limit=999)) == set(every)


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
    """Case 86: words, signs and the index's own language."""
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


@pytest.fixture
def rich(db: Connection, mug: int) -> int:
    """A second issue, of which everything is known that can be asked for."""
    issue_id = a_conversation(db, "rich@x", "The lamp flickers", name="Mia Evans", minutes=10)
    decisions = Decisions(assignee="Mia", tags=("VIP",), notes=("call her",))
    judgement = a_judgement(kind=Kind.LATE, severity=Severity.CRITICAL, priority=Priority.P1)
    issues.update(
        db,
        issue_id,
        judgement=judgement,
        decisions=decisions,
        order_number="5005",
        order_total=Money(18450, "EUR"),
        deadline_at=NOW + timedelta(hours=1),
        unseen=True,
    )
    issues.update(db, mug, unseen=False, judgement=a_judgement(priority=Priority.P3))
    file = Attachment(filename="lamp.jpg", content_type="image/jpeg", size=9, part=2)
    message = a_message("rich2@x", text="A photo of it", attachments=(file,))
    labels.note(db, said(db, issue_id, message, received_at=NOW), ["Work/Shop"])
    messages.index(db)
    return issue_id


@pytest.mark.parametrize(
    "query",
    [
        *("due:<2h", "due:>30m", "due:today", "amount:>100", "amount:184", "amount:184.50"),
        *("amount:150-200eur", "tag:vip", "label:work/shop", "severity:critical", "severity:crit"),
        *("assigned:me", "assigned:mi", "is:mine", "is:urgent", "is:unread", "has:attachment"),
        *("has:order", "has:note", "after:2026-11-21 lamp", "order:5005", "order:5005 is:open"),
        *("order:5005 lamp", "lamp has:attachment due:<2h", "is:open is:urgent kind:late"),
    ],
)
def test_every_operator_finds_what_it_means(db: Connection, rich: int, query: str) -> None:
    assert search(db, query, me="Mia") == [rich]


@pytest.mark.parametrize(
    "query",
    [
        *("due:overdue", "due:<30m", "due:tomorrow", "amount:<100", "amount:>184.50"),
        *("amount:>100usd", "tag:v", "label:work", "severity:low", "assigned:anna"),
        *("assigned:nobody lamp", "has:draft", "before:2026-11-20 lamp", "after:2026-11-22 lamp"),
        *("order:5005 is:done", "order:5005 teapot", "is:overdue", "is:snoozed", "due:soon lamp"),
    ],
)
def test_no_operator_finds_what_it_does_not_mean(db: Connection, rich: int, query: str) -> None:
    assert rich not in search(db, query, me="Mia")


def test_an_amount_is_compared_in_the_units_of_its_currency(db: Connection, rich: int) -> None:
    """5,000 yen are 5,000 of the smallest unit, and 0.500 dinars are 500."""
    issues.update(db, rich, order_total=Money(5000, "JPY"))
    assert search(db, "amount:5000") == [rich]
    issues.update(db, rich, order_total=Money(500, "BHD"))
    assert search(db, "amount:<1") == [rich]


@pytest.mark.parametrize(
    ("minor", "currency", "found", "not_found"),
    [
        (100, "JPY", ("<=100", ">=100", "100", "100.00", "<101"), (">100", "<100", "101")),
        (10000, "EUR", ("<=100", ">=100", "100", "100.00", ">99.99"), (">100", "<100", "100.01")),
        (100_000, "KWD", ("<=100", "100", "100.00", "<100.001"), (">100", "<100", "101")),
        (29, "EUR", ("0.29", "<=0.29", ">=0.29"), (">0.29", "<0.29")),
        (2000, "USD", (">1", "<1,000", "<1.000"), (">1,000", ">1.000", ">1'000")),
    ],
)
def test_an_amount_is_equal_or_greater_or_less_in_every_currency(
    db: Connection,
    rich: int,
    minor: int,
    currency: str,
    found: tuple[str, ...],
    not_found: tuple[str, ...],
) -> None:
    issues.update(db, rich, order_total=Money(minor, currency))
    assert [one for one in found if search(db, f"amount:{one}") != [rich]] == []
    assert [one for one in not_found if search(db, f"amount:{one}") == [rich]] == []


def test_words_about_an_order_are_found_behind_hundreds_of_newer_ones(db: Connection) -> None:
    """No mail names the number: the issue was linked with it. What else was asked for is asked of
    its own mails, however many newer ones of others have the same word or label."""
    old = a_conversation(db, "old@x", "The mug is broken", minutes=-60)
    issues.update(db, old, order_number="3011")
    (mail,) = messages.of_issue(db, old)
    labels.note(db, mail.id, ["Shop"])
    for n in range(310):
        newer = said(db, an_issue(db, f"{n}@x"), a_message(f"{n}@x", text="broken"))
        labels.note(db, newer, ["Shop"])
    messages.index(db)
    for query in ("order:3011 broken", "order:3011 brok", "broken order:3011", "order:3011 mug"):
        assert search(db, query) == [old], query
    assert search(db, "order:3011 label:shop") == [old]
    assert search(db, "order:3011 teapot") == []
    assert search(db, "order:3011 broken after:2026-11-22") == []


@pytest.mark.parametrize("query", ["tag:ärger", "tag:ÄRGER", "tag:arger", "assigned:änne"])
def test_tags_and_people_are_found_in_capitals_of_any_letter(
    db: Connection, rich: int, query: str
) -> None:
    issues.update(db, rich, decisions=Decisions(assignee="Änne", tags=("ÄRGER", "b2b")))
    assert search(db, query) == [rich]
    assert search(db, "tag:ärge") == search(db, "assigned:ännchen") == []
    assert known(db, "tag", "är") == ["ÄRGER"]
    assert known(db, "assigned", "än") == ["Änne"]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Große Straße 5", ("strasse 5", "Straße 5", "STRASSE", "grosse strasse", "stra")),
        ("GROSSE STRASSE 5", ("straße 5", "große", "große str")),
        ("Mieszkam w Łodzi", ("lodzi w", "łodzi", "Łodzi", "lodz")),
        ("Wrocław i Włocławek", ("wroclaw i", "wloclawek", "wloclaw")),
        ("Ørsted, Smørrebrød", ("orsted smorrebrod", "ørsted", "smor", '"orsted smorrebrod"')),
        ("Orsted", ("ørsted", "ørs")),
        ("Hors d'Œuvre, Æble", ("oeuvre aeble", "œuvre", "aeb")),
        ("Đorđe", ("dorde", "đorđe")),
    ],
)
def test_letters_without_an_accent_meet_their_plain_fellows(
    db: Connection, written: str, typed: tuple[str, ...]
) -> None:
    found = a_conversation(db, "letter@x", written)
    assert [one for one in typed if search(db, one) != [found]] == []
    assert search(db, "from:orsted") == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("你好,我的商品破损了请退款谢谢", ("破损", "商品", "你好", "退款 破损", "破损 from:anna")),
        ("注文した商品が破損していました。MM-10227", ("破損", "破損 MM-10227", "mm-10227 商品")),
        ("ฉันได้รับสินค้าชำรุดแล้ว", ("ชำรุด",)),
        ("상품이 파손됐어요", ("파손",)),
    ],
)
def test_words_are_found_within_text_that_has_no_blanks(
    db: Connection, written: str, typed: tuple[str, ...]
) -> None:
    found = a_conversation(db, "blank@x", written)
    issues.update(db, found, order_number="3011")
    assert [one for one in typed if search(db, one) != [found]] == []
    assert search(db, f"order:3011 {typed[0]}") == [found]
    for query in ("破谢", f"{typed[0]} teapot", f"{typed[0]} from:zoe", f"{typed[0]} is:done"):
        assert search(db, query) == [], query


def test_an_old_mail_is_found_by_its_day_behind_thousands_of_newer_ones(db: Connection) -> None:
    old = a_conversation(db, "old@x", "mug", minutes=-60 * 24 * 30)
    for n in range(310):
        said(db, an_issue(db, f"{n}@x"), a_message(f"{n}@x"), received_at=NOW)
    messages.index(db)
    assert search(db, "mug before:2026-11-01") == [old]


def test_the_values_of_the_profile_are_offered_by_how_they_begin(db: Connection, rich: int) -> None:
    assert known(db, "tag", "v") == ["VIP"]
    assert known(db, "label", "wo") == ["Work/Shop"]
    assert known(db, "assigned", "m") == ["Mia"]
    assert known(db, "from", "ann") == ["Anna Weiß"]
    assert known(db, "from", "%") == known(db, "kind", "d") == []


def test_an_index_in_many_pieces_becomes_few_and_finds_the_same(db: Connection) -> None:
    for number in range(40):
        a_conversation(db, f"{number}@x", f"The mug word{number:02d} is broken", minutes=number)
        messages.index(db)
    before, found = _pieces(db), search(db, "mug broken")
    steps = 0
    while messages.merge_words(db):
        steps += 1
    assert steps < 40
    assert _pieces(db) < before
    assert search(db, "mug broken") == found
    assert len(search(db, "word07")) == 1


@pytest.mark.parametrize("query", ["kind:damaged", "severity:high is:unread"])
def test_what_is_over_is_told_by_the_index_alone(db: Connection, mug: int, query: str) -> None:
    """Of years of mail only what is shown is read: 60,000 rows would cost a tenth of a second."""
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    search(db, query)
    db.set_trace_callback(None)
    walks = [row[3] for sql in asked for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    for index_name in ("issue_done", "issue_noise"):
        assert f"SCAN i USING COVERING INDEX {index_name}" in walks, walks


def _pieces(db: Connection) -> int:
    (count,) = db.execute("SELECT count(DISTINCT segid) FROM words_idx").fetchone()
    return int(count)
