"""Everything of one address, gathered and taken out; what must stay, stays."""

from __future__ import annotations

from app.domain.dispute import DisputeState
from app.domain.message import Address, Direction
from app.storage import (
    codec,
    customers,
    disputes,
    forgetting,
    forgotten,
    issues,
    messages,
    orders,
    profile,
)
from app.storage.connection import Connection
from tests.support.disputes import TODAY, a_dispute
from tests.support.storage import a_message, an_issue, an_order, said

ANN = Address(email="Ann@Example.org", name="Ann Gold")
BEN = Address(email="ben@example.net", name="Ben Silver")
KEY = "ann@example.org"


def of_ann(db: Connection, root: str = "a@x", **given: object) -> int:
    issue = an_issue(db, root, customer=ANN, **given)
    said(db, issue, a_message(root, from_=ANN), direction=Direction.IN)
    return issue


def whole(db: Connection) -> str:
    """Every row of every table, as text."""
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return "\n".join(str(row) for name in names for row in db.execute(f'SELECT * FROM "{name}"'))


def test_an_issue_of_theirs_alone_goes_whole(db: Connection):
    """No row of any table names them, and every reference holds."""
    of_ann(db)
    forgetting.forget(db, customers.holdings(db, KEY), now=TODAY)
    assert customers.holdings(db, KEY).is_empty
    assert "example.org" not in whole(db).lower()
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_of_an_issue_with_others_only_their_mails_go(db: Connection):
    """Ben's mail stays, and the issue is called by it; it has to be worked out anew."""
    issue = of_ann(db, "a@x", subject="Broken mug of Ann")
    kept = said(db, issue, a_message("b@x", from_=BEN, subject="Mine too"), direction=Direction.IN)
    held = customers.holdings(db, KEY)
    assert (held.shared, len(held.mails)) == ((issue,), 1)
    assert forgetting.forget(db, held, now=TODAY) == {issue}
    assert [one.id for one in messages.of_issue(db, issue)] == [kept]
    assert issues.get(db, issue).subject == "Mine too"


FORM = Address(email="mailer@forms.example", name="Shop form")


def by_form(db: Connection, root: str, writer: Address, issue: int | None = None) -> int:
    """A mail that somebody wrote through the contact form; its issue."""
    issue = an_issue(db, root, customer=writer) if issue is None else issue
    said(db, issue, a_message(root, from_=FORM, reply_to=(writer,)), direction=Direction.IN)
    return issue


def test_what_was_written_through_a_contact_form_goes(db: Connection):
    """The form writes in its own name, and its Reply-To says whose the words are, however the
    address is written there."""
    issue = by_form(db, "f@x", Address(email="ANN@Example.org", name="Ann"))
    held = customers.holdings(db, KEY)
    assert (held.whole, held.shared, len(held.mails)) == ((issue,), (), 1)
    forgetting.forget(db, held, now=TODAY)
    assert "example.org" not in whole(db).lower()


def test_an_issue_of_form_and_mail_by_one_person_is_theirs_alone(db: Connection):
    """Once by the form, once directly: nobody else's mail is in it."""
    issue = of_ann(db)
    by_form(db, "f@x", ANN, issue)
    assert customers.holdings(db, KEY).whole == (issue,)


def test_what_another_wrote_through_the_form_stays(db: Connection):
    """The sender is the same, the people are not."""
    issue = by_form(db, "f@x", ANN)
    by_form(db, "g@x", BEN, issue)
    held = customers.holdings(db, KEY)
    assert (held.shared, len(held.mails)) == ((issue,), 1)


def test_forgetting_the_address_of_a_form_takes_nobodys_words(db: Connection):
    """What several people wrote through it is theirs, not the form's."""
    by_form(db, "f@x", ANN)
    by_form(db, "g@x", BEN)
    assert customers.holdings(db, FORM.key).is_empty


def test_a_person_with_two_addresses_is_found_by_the_one_in_from(db: Connection):
    """Answers go to the other one, and the mail bears both."""
    an_issue(db, "a@x", customer=BEN)
    issue = an_issue(db, "b@x", customer=BEN)
    said(db, issue, a_message("b@x", from_=ANN, reply_to=(BEN,)), direction=Direction.IN)
    assert len(customers.holdings(db, KEY).mails) == 1
    assert customers.holdings(db, BEN.key).whole


def test_an_address_that_json_and_like_write_otherwise_is_found(db: Connection):
    """Quotation marks, wildcards, letters that are not ASCII."""
    for n, email in enumerate(('"o%_x"@Example.com', "ÄNNE@example.com")):
        issue = by_form(db, f"{n}@x", Address(email=email))
        assert customers.holdings(db, email.lower()).whole == (issue,)


def test_the_journal_is_append_only_again_afterwards(db: Connection):
    """The triggers that were opened for it are back."""
    query = "SELECT name, sql FROM sqlite_schema WHERE name LIKE 'journal!_st%' ESCAPE '!'"
    before = db.execute(query).fetchall()
    assert len(before) == 2
    of_ann(db)
    forgetting.forget(db, customers.holdings(db, KEY), now=TODAY)
    assert sorted(db.execute(query)) == sorted(before)


def test_an_order_loses_its_buyer_and_keeps_its_sums(db: Connection):
    """And the platform telling it again does not bring the buyer back."""
    order = an_order(customer_email=ANN.email, customer_name=ANN.name)
    orders.upsert(db, order)
    forgetting.forget(db, customers.holdings(db, KEY), now=TODAY)
    for _ in range(2):
        (kept,) = (
            codec.from_json(row, type(order))
            for (row,) in db.execute("SELECT order_ FROM purchase")
        )
        assert (kept.customer_email, kept.customer_name, kept.tracking_numbers) == ("", "", ())
        assert (kept.number, kept.total, kept.items) == (order.number, order.total, order.items)
        assert orders.of_customer(db, KEY) == ()
        orders.upsert(db, order)


def test_an_open_dispute_keeps_its_issue_whole(db: Connection):
    """It is needed to answer the claim: neither its mails nor its issue go."""
    issue = of_ann(db)
    case = a_dispute(customer_email=ANN.email)
    disputes.keep(db, case, account_id=None, now=TODAY)
    issues.add_atoms(db, issue, [case.atom])
    held = customers.holdings(db, KEY)
    assert (held.disputed, held.mails) == ((issue,), ())
    forgetting.forget(db, held, now=TODAY)
    assert len(messages.of_issue(db, issue)) == 1


def test_of_a_decided_dispute_the_case_stays_and_the_customer_goes(db: Connection):
    """The sum is in the books; no table names them any more."""
    issue = of_ann(db)
    case = a_dispute(customer_email=ANN.email, state=DisputeState.LOST)
    disputes.keep(db, case, account_id=None, now=TODAY)
    issues.add_atoms(db, issue, [case.atom])
    held = customers.holdings(db, KEY)
    assert held.decided == (issue,)
    assert forgetting.forget(db, held, now=TODAY) == {issue}
    (row,) = disputes.of_issue(db, issue)
    assert row.dispute.amount == case.amount
    assert "example.org" not in whole(db).lower()


def test_a_mark_tells_a_mail_and_nobody(db: Connection):
    """The same Message-ID of another sender, or of another date, is another mail."""
    of_ann(db)
    at = a_message("x").sent_at
    forgetting.forget(db, customers.holdings(db, KEY), now=TODAY)
    assert forgotten.is_forgotten(db, forgotten.mail_mark("a@x", KEY, at))
    assert not forgotten.is_forgotten(db, forgotten.mail_mark("a@x", BEN.key, at))
    assert not forgotten.is_forgotten(db, forgotten.mail_mark("a@x", KEY, TODAY))


def test_the_words_of_who_is_forgotten_leave_the_index_a_part_at_a_time(db: Connection):
    """Ten years of words at once kept every click waiting for twenty seconds."""
    for number in range(60):
        issue = an_issue(db, f"{number}@x", customer=BEN)
        words = " ".join(f"word{number}x{nth}" for nth in range(400))
        said(db, issue, a_message(f"{number}@x", from_=BEN, text=words), direction=Direction.IN)
        messages.index(db)
    said(db, of_ann(db), a_message("rare@x", from_=ANN, text="Samovar"), direction=Direction.IN)
    messages.index(db)
    profile.count_forgetting(db, now=TODAY)
    assert b"samovar" in words_of(db)
    forgetting.forget(db, customers.holdings(db, KEY), now=TODAY)
    steps = 0
    while forgetting.merge_words(db):
        steps += 1
    assert steps > 1
    assert b"samovar" not in words_of(db)
    assert pieces(db) == 1


def words_of(db: Connection) -> bytes:
    return b"".join(block for (block,) in db.execute("SELECT block FROM words_data"))


def pieces(db: Connection) -> int:
    (count,) = db.execute("SELECT count(DISTINCT segid) FROM words_idx").fetchone()
    return int(count)
