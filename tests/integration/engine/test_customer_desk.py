"""Forgetting a customer on a real profile: no word of theirs is left, and nobody else's goes."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

import pytest

from app.config.paths import Profile
from app.domain.dispute import DisputeState
from app.domain.errors import NotFound, Refused
from app.domain.journal import EntryType
from app.domain.message import Address
from app.domain.money import Money
from app.domain.reply import Draft
from app.engine.customer_desk import CustomerDesk
from app.storage import alerts, belongings, disputes, drafts, issues, journal, orders
from app.storage.connection import Connection
from tests.support.disputes import a_dispute
from tests.support.engine import NOON, Engine, a_letter
from tests.support.storage import an_order

ZORA = "Zora Zorblax <zora@zorblax.example>"
KEY = "zora@zorblax.example"
THEIRS = re.compile(rb"zorblax|quimbyx|floopdraft", re.IGNORECASE)


def desk(engine: Engine) -> CustomerDesk:
    return CustomerDesk(
        profile=Profile(engine.database.parent),
        writer=engine.writer,
        standing=engine.standing,
        clock=engine.clock,
        publish=lambda _: None,
        unlearn=lambda: None,
    )


def receive(engine: Engine, text: str, **given: Any) -> None:
    engine.clock.forward(minutes=5)
    engine.receive(a_letter(text, **given))


def from_ben(engine: Engine, text: str = "Where is our parcel?", **given: Any) -> str:
    """Ben writes; the key of his issue."""
    plain = {"subject": "Parcel", "sender": "Ben <ben@b.example>", "message_id": "<b1@b>"}
    receive(engine, text, **{**plain, **given})
    return next(row.key for row in engine.rows() if row.customer.email == "ben@b.example")


def from_zora(engine: Engine, text: str = "A quimbyx broke.", **given: Any) -> None:
    plain = {"subject": "Zorblax story", "sender": ZORA, "message_id": "<z1@z>"}
    receive(engine, text, **{**plain, **given})


def her_key(engine: Engine) -> str:
    return next(row.key for row in engine.rows() if row.customer.email == KEY)


def draft(engine: Engine, key: str, body: str, *to: Address) -> None:
    written = Draft(issue_key=key, body=body, to=to)
    engine.writer.do(lambda db: drafts.save(db, written, engine.clock.now()))


def left(engine: Engine) -> list[str]:
    """Where a word of hers still lies, in the file or beside it, while the engine runs."""
    folder = engine.database.parent
    return [
        file.name
        for file in folder.rglob("*")
        if file.is_file() and THEIRS.search(file.read_bytes())
    ]


@pytest.mark.parametrize("hers_goes", [True, False], ids=["into his", "his into hers"])
def test_a_merge_that_was_taken_apart_keeps_no_word_of_hers(engine, hers_goes):
    """Neither her subject nor what was begun for her stays in the other issue's journal, and what
    was decided there stays decided."""
    ben = from_ben(engine)
    from_zora(engine)
    draft(engine, her_key(engine), "Dear Zora, floopdraft")
    source, into = (her_key(engine), ben) if hers_goes else (ben, her_key(engine))
    made = engine.desk.merge(source, into=into)
    engine.desk.undo(made["entry"])
    desk(engine).delete(KEY)
    assert left(engine) == []
    entries = engine.writer.do(lambda db: journal.of_issue(db, issues.by_key(db, ben)))
    assert [one.type for one in entries] == (["merge", "undo"] if hers_goes else [])


def test_a_machines_merge_keeps_no_subject_of_hers(engine):
    """It names no customer: it is known by the mails that it moved."""
    ben = from_ben(engine)
    from_zora(engine)
    draft(engine, her_key(engine), "Dear Zora, floopdraft")
    hers = her_key(engine)

    def merge(db: Connection) -> None:
        source, into = issues.by_key(db, hers), issues.by_key(db, ben)
        had = belongings.of_issue(db, source)
        subject = issues.get(db, source).subject
        issues.merge(db, source=source, into=into)
        data = {"from": hers, "subject": subject, "because": "one conversation", "had": had}
        journal.append(db, issue_id=into, type=EntryType.MERGE, at=NOON, data=data)
        engine.standing.refresh(db, into, now=engine.clock.now())

    engine.writer.do(merge)
    desk(engine).delete(KEY)
    assert left(engine) == []


def test_a_split_keeps_no_address_of_hers(engine):
    """Her mail was taken out of Ben's issue: his journal says that, and not whose it was."""
    ben = from_ben(engine)
    from_zora(engine, subject="Re: Parcel", answers="<b1@b>")
    (mail,) = (one.id for one in engine.issue(ben).messages if one.from_.email == KEY)
    engine.desk.split(ben, [mail])
    desk(engine).delete(KEY)
    assert left(engine) == []
    assert engine.only_key() == ben


def test_a_reply_to_her_in_anothers_issue_goes(engine):
    """Its words and its bytes, in the outbox too; the reply to Ben stays."""
    ben = from_ben(engine)
    say(engine, ben, "Hello Ben, it is on its way. Regards, Jo")
    from_zora(engine, subject="Re: Parcel", answers="<b1@b>")
    say(engine, ben, "Dear Zora Zorblax, we are sorry for the quimbyx. Regards, Jo")
    desk(engine).delete(KEY)
    assert left(engine) == []
    kept = engine.writer.do(lambda db: db.execute("SELECT recipients FROM reply").fetchall())
    assert kept == [('["ben@b.example"]',)]


def test_a_reply_to_her_on_its_way_in_anothers_issue_is_waited_for(engine):
    """Nobody would know whether it left."""
    ben = from_ben(engine)
    from_zora(engine, subject="Re: Parcel", answers="<b1@b>")
    say(engine, ben, "Dear Zora, it is on its way. Regards, Jo", step=False)
    with pytest.raises(Refused, match="on its way"):
        desk(engine).delete(KEY)


def test_what_was_begun_for_her_in_a_shared_issue_goes_with_what_rang_about_her(engine):
    """The draft that answers her and the alerts that name her; what rang does not ring again."""
    from_zora(engine, "I cut my hand on the broken mug and I am bleeding.")
    key = her_key(engine)
    receive(
        engine,
        "I am her brother, she is in hospital.",
        subject="Re: Mug",
        sender="Ben <ben@b.example>",
        message_id="<b1@b>",
        answers="<z1@z>",
    )
    draft(engine, key, "Dear Zora, floopdraft")
    rang = [one.dedupe for one in every_alert(engine)]
    assert rang
    desk(engine).delete(KEY)
    assert left(engine) == []
    assert [one.dedupe for one in every_alert(engine)] == rang
    assert {one.body for one in every_alert(engine)} == {"Re: Mug"}


def test_what_was_begun_for_another_in_a_shared_issue_stays(engine):
    """Ben wrote last, and no word of it is about her; nor is one that is addressed to him."""
    from_zora(engine)
    key = her_key(engine)
    receive(
        engine,
        "Mine too.",
        subject="Re: Mug",
        sender="Ben <ben@b.example>",
        message_id="<b1@b>",
        answers="<z1@z>",
    )
    draft(engine, key, "Hello Ben, yours is on its way")
    desk(engine).delete(KEY)
    kept = engine.writer.do(lambda db: drafts.get(db, key))
    assert kept is not None
    assert kept.body == "Hello Ben, yours is on its way"


def test_the_order_that_was_picked_for_her_mails_is_not_remembered_by_her_address(engine):
    """Neither in her issue nor in another that she wrote into."""
    ben = from_ben(engine)
    from_zora(engine, subject="Re: Parcel", answers="<b1@b>")
    engine.desk.link_order(ben, "MM-10227")
    desk(engine).delete(KEY)
    assert left(engine) == []


def test_where_all_has_to_stay_it_does_not_say_deleted(engine):
    """An open dispute needs all that there is of her: it is refused, and says why."""
    from_zora(engine)
    key = her_key(engine)
    case = a_dispute(customer_email=KEY, state=DisputeState.NEEDS_RESPONSE)

    def dispute(db: Connection) -> None:
        disputes.keep(db, case, account_id=None, now=NOON)
        issues.add_atoms(db, issues.by_key(db, key), [case.atom])

    engine.writer.do(dispute)
    assert not desk(engine).customer(KEY)["can_go"]
    with pytest.raises(Refused, match=r"Nothing of .* can be deleted"):
        desk(engine).delete(KEY)
    assert engine.issue(her_key(engine)).messages


def test_nothing_is_known_of_her_afterwards(engine):
    """Through the form and directly, in her issue and in Ben's."""
    from_ben(engine)
    from_zora(engine, subject="Re: Parcel", answers="<b1@b>")
    from_zora(engine, message_id="<z2@z>", sender="Form <f@forms.example>", Reply_To=ZORA)
    gone = desk(engine).delete(KEY)
    assert gone["mails"] == 2
    assert left(engine) == []
    with pytest.raises(NotFound):
        desk(engine).customer(KEY)


def test_what_she_is_given_tells_her_sums_as_she_paid_them(engine, tmp_path):
    """In whole units of each currency, not in hundredths that only programs know."""
    from_zora(engine)
    for number, total in (("#1", Money(1990, "EUR")), ("#2", Money(15000, "JPY"))):
        order = an_order(number, customer_email=KEY, total=total)
        engine.writer.do(partial(orders.upsert, order=order))
    desk(engine).export(KEY, str(tmp_path / "hers"))
    told = json.loads((tmp_path / "hers" / "orders.json").read_text())
    assert {one["total"]["value"]: one["total"]["currency"] for one in told} == {
        "19.90": "EUR", "15000": "JPY"
    }  # fmt: skip
    assert told[0]["items"][0]["price"] == {"value": "19.90", "currency": "EUR"}
    assert "minor" not in (tmp_path / "hers" / "orders.json").read_text()


def test_a_reader_in_the_midst_of_it_is_told_of(engine):
    """The log cannot be cut while somebody reads in it: that stands among what stays."""
    from_zora(engine)
    engine.writer.do(lambda db: db.execute("PRAGMA busy_timeout = 50") and None)
    reading = engine.queries._db.execute("SELECT id FROM message UNION ALL SELECT id FROM message")
    assert reading.fetchone()
    stays = desk(engine).delete(KEY)["stays"]
    reading.close()
    assert any("log" in one["what"] for one in stays)


def say(engine: Engine, key: str, body: str, *, step: bool = True) -> None:
    engine.writing.send_reply(key=key, body=body, insist=True)
    engine.clock.forward(minutes=2)
    if step:
        engine.outbox().step()


def every_alert(engine: Engine) -> tuple[Any, ...]:
    return engine.writer.do(lambda db: alerts.recent(db, NOON))
