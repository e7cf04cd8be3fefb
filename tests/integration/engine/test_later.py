"""A large delivery: stored and found at once, judged afterwards, then as if it came just now."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.account import Account
from app.domain.assessment import Kind, MessageContext
from app.domain.journal import State
from app.domain.mailbox import Batch, FetchedMail, FolderMemory, FolderSnapshot
from app.domain.message import Message
from app.engine.assessing import Assessor
from app.engine.history import Historian
from app.engine.later import AT_ONCE
from app.engine.poller import Worker
from app.engine.ports import MessageSource
from app.storage import alerts, awaiting, folders, messages
from app.triage.looking import Looked
from app.triage.triage import Judged
from tests.support.engine import (
    NOON,
    RULES,
    SHOP,
    Engine,
    FakeConnections,
    a_letter,
    an_engine,
)
from tests.support.processes import wait_until

MANY = AT_ONCE + 10
PAGE = 20
_INJURED = "My daughter was cut by the chipped bowl and is in hospital. Our lawyer will sue you."


def letters(count: int = MANY) -> list[bytes]:
    """Broken mugs of as many customers; word`number` is only in one of them."""
    return [
        a_letter(
            f"Two of the four mugs arrived broken. Order MM-{10_000 + number}. word{number:03d}",
            sender=f"Ben {number} <ben{number}@customer.example>",
            message_id=f"<{number}@customer.example>",
        )
        for number in range(count)
    ]


def behind(engine: Engine) -> int:
    return engine.writer.do(awaiting.count)


def test_many_mails_are_found_before_they_are_judged_and_then_all_are(engine: Engine) -> None:
    engine.store(*letters())
    assert behind(engine) == MANY
    assert engine.queries.overview(now=engine.clock.now()).awaiting == MANY  # the window says so
    assert engine.rows("open") == []
    (found,) = engine.queries.rows(engine.queries.search("word007", now=engine.clock.now()))
    assert found.kind is Kind.OTHER
    assert engine.historian.step() == AT_ONCE
    assert engine.historian.step() == MANY - AT_ONCE
    assert behind(engine) == 0
    assert {row.kind for row in engine.rows("open")} == {Kind.DAMAGED}
    assert len(engine.rows("open")) == len(engine.rows("all")) == MANY


def test_few_mails_are_judged_as_they_are_stored(engine: Engine) -> None:
    engine.store(*letters(AT_ONCE))
    assert behind(engine) == 0
    assert len(engine.rows("open")) == AT_ONCE


def test_while_a_mailbox_is_still_brought_its_newest_mails_are_judged(engine: Engine) -> None:
    """Case 125: the list of what is open is not empty until the end; the others wait."""
    historian = Historian(
        writer=engine.writer,
        assessor=engine.assessor,
        standing=engine.standing,
        pipeline=engine.pipeline,
        clock=engine.clock,
        publish=lambda changes: None,
        busy=lambda: True,
    )
    engine.store(*letters())
    historian.start()
    try:
        wait_until(lambda: behind(engine) <= MANY - PAGE, what="the first judgements")
        historian.wake()
        time.sleep(1.5)
        assert behind(engine) == MANY - PAGE
        assert len(engine.rows("open")) == PAGE
    finally:
        historian.stop()


def test_what_judging_needs_is_loaded_before_the_writer_is_asked(engine: Engine) -> None:
    """It takes a second, and who writes meanwhile, a click too, would wait for it."""
    seen: list[int] = []
    historian = Historian(
        writer=engine.writer,
        assessor=engine.assessor,
        standing=engine.standing,
        pipeline=engine.pipeline,
        clock=engine.clock,
        publish=lambda changes: None,
        warm=lambda: seen.append(engine.writer.do(awaiting.count)),
    )
    historian.step()
    assert not seen
    engine.store(*letters())
    historian.step()
    assert seen == [MANY]


def test_judged_later_a_mail_comes_to_the_same_as_judged_at_once(tmp_path: Path) -> None:
    """The same issues with the same keys, kinds, scores and reasons."""
    outcomes = []
    for name, size in (("few", AT_ONCE), ("many", MANY)):
        (tmp_path / name).mkdir()
        with an_engine(tmp_path / name) as engine:
            mails = letters()
            for start in range(0, MANY, size):
                engine.receive(*mails[start : start + size])
            views = [engine.issue(row.key) for row in engine.rows()]
            outcomes.append(
                sorted((one.row.key, one.row.kind, one.row.score, one.reasons) for one in views)
            )
    assert outcomes[0] == outcomes[1]


def test_an_urgent_one_among_many_rings_once_and_when_it_is_judged(engine: Engine) -> None:
    urgent = a_letter(_INJURED, sender="Eve <eve@else.example>", message_id="<e@else.example>")
    engine.store(*letters(), urgent)
    assert engine.writer.do(alerts.queued) == ()
    while engine.historian.step():
        pass
    assert len(engine.writer.do(alerts.queued)) == 1


def test_who_is_killed_half_way_goes_on_where_it_was(engine: Engine) -> None:
    """Another engine's parts, over the same file, judge what is left and nothing twice."""
    urgent = a_letter(_INJURED, sender="Eve <eve@else.example>", message_id="<e@else.example>")
    engine.store(*letters(), urgent)
    engine.historian.step()
    heir = Historian(
        writer=engine.writer,
        assessor=engine.assessor,
        standing=engine.standing,
        pipeline=engine.a_pipeline(),
        clock=engine.clock,
        publish=engine.moved.append,
    )
    assert heir.step() == MANY + 1 - AT_ONCE
    assert heir.step() == 0
    assert len(engine.rows("open")) == MANY + 1
    assert len(engine.writer.do(alerts.queued)) == 1


def test_an_answer_that_is_filed_first_and_the_mail_that_waits_become_one(engine: Engine) -> None:
    engine.store(*letters())
    engine.store(
        a_letter(
            "And the third one has a crack.",
            sender="Ben 7 <ben7@customer.example>",
            message_id="<again@customer.example>",
            answers="<7@customer.example>",
        )
    )
    assert len(engine.rows("open")) == 1
    while engine.historian.step():
        pass
    (both,) = [row for row in engine.rows("open") if row.message_count == 2]
    assert {one.message_id for one in engine.issue(both.key).messages} == {
        "7@customer.example",
        "again@customer.example",
    }


def test_our_answer_from_elsewhere_is_known_when_the_mail_is_judged(engine: Engine) -> None:
    engine.store(*letters())
    engine.store(
        a_letter(
            "New ones are on their way.",
            sender=SHOP,
            to="ben7@customer.example",
            message_id="<ours@shop.example>",
            answers="<7@customer.example>",
        ),
        at=NOON + timedelta(minutes=1),
    )
    while engine.historian.step():
        pass
    (row,) = engine.rows("waiting")
    assert row.customer.email == "ben7@customer.example"


def test_what_a_person_decided_about_a_mail_that_waits_stands(engine: Engine) -> None:
    engine.store(*letters())
    (row,) = engine.queries.rows(engine.queries.search("word007", now=engine.clock.now()))
    engine.desk.override(row.key, kind="late")
    while engine.historian.step():
        pass
    judged = engine.issue(row.key)
    assert judged.row.kind is Kind.LATE
    assert judged.row.state is State.NEW
    assert len(engine.rows("all")) == MANY


def test_the_key_under_which_a_mail_waited_leads_to_its_issue(engine: Engine) -> None:
    engine.store(*letters())
    (before,) = engine.queries.rows(engine.queries.search("word007", now=engine.clock.now()))
    while engine.historian.step():
        pass
    (after,) = engine.queries.rows(engine.queries.search("word007", now=engine.clock.now()))
    assert after.key != before.key
    assert engine.issue(before.key).row.key == after.key


def test_what_grew_old_while_it_waited_is_filed_as_old_mail(engine: Engine) -> None:
    engine.store(*letters())
    engine.clock.forward(days=100)
    while engine.historian.step():
        pass
    assert engine.rows("open") == []
    assert {row.state for row in engine.rows("all")} == {State.CLOSED}
    assert {row.kind for row in engine.rows("all")} == {Kind.DAMAGED}
    assert engine.writer.do(alerts.queued) == ()


class _Stumbles(Assessor):
    """Falls over one mail, as a bug would."""

    def judge(self, db, message: Message, **about) -> Judged:
        if "word007" in message.text:
            raise ZeroDivisionError
        return super().judge(db, message, **about)


def test_a_mail_that_cannot_be_judged_is_shown_and_holds_up_no_other(tmp_path: Path) -> None:
    with an_engine(tmp_path, assessor=_Stumbles(rules=RULES)) as engine:
        engine.receive(*letters())
        assert len(engine.rows("open")) == MANY
        kinds = {row.kind for row in engine.rows("open")}
        assert kinds == {Kind.DAMAGED, Kind.OTHER}
        assert engine.historian.step() == 0


def test_what_a_person_does_comes_between_the_judgements_and_waits_for_a_few_only(
    engine: Engine,
) -> None:
    engine.store(*letters())
    judging = threading.Thread(target=engine.historian.step_recent)
    seen = [behind(engine)]
    judging.start()
    while judging.is_alive():
        seen.append(behind(engine))  # asked of the writer, as every verb is
    judging.join()
    assert behind(engine) == MANY - AT_ONCE
    steps = [before - after for before, after in itertools.pairwise(seen)]
    assert sum(step > 0 for step in steps) > 3


class OneRound:
    """A mailbox that brings all its mails in one batch, which also moves the cursor."""

    def __init__(self, raws: list[bytes]) -> None:
        self.raws = raws

    def round(
        self, _memory: FolderMemory, deliver: Callable[[Batch], None], _stop: threading.Event
    ) -> None:
        count = len(self.raws)
        mails = tuple(
            FetchedMail(uid=uid, raw=raw, received_at=NOON - timedelta(hours=uid), size=len(raw))
            for uid, raw in enumerate(self.raws, start=1)
        )
        folder = FolderSnapshot(name="INBOX", uid_validity=1, uid_next=count + 1, exists=count)
        deliver(Batch(folder=folder, mails=mails, complete=True))

    def wait_for_news(self, *, pause: float, safety: float) -> None: ...
    def interrupt(self) -> None: ...
    def drop(self) -> None: ...
    def close(self) -> None: ...
    def check(self) -> str:
        return ""


class AtOneRound(FakeConnections):
    """Every account has that mailbox."""

    def __init__(self, raws: list[bytes]) -> None:
        super().__init__()
        self._raws = raws

    def source(self, account: Account) -> MessageSource:
        return OneRound(self._raws)


def a_worker(engine: Engine, mails: list[bytes]) -> Worker:
    return Worker(
        engine.account,
        database=engine.database,
        writer=engine.writer,
        pipeline=engine.pipeline,
        connections=AtOneRound(mails),
        clock=engine.clock,
        publish=lambda _event: None,
        pause=lambda: timedelta(hours=1),
    )


class _Noting:
    """A classifier without an opinion, that notes in which thread it is asked for what."""

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []
        self.judged: list[tuple[str, str]] = []

    def read_ahead(self, messages: Sequence[Message]) -> None:
        name = threading.current_thread().name
        self.read += [(message.message_id, name) for message in messages]

    def opinion(self, message: Message, _looked: Looked, _context: MessageContext) -> None:
        assert any(name == message.message_id for name, _ in self.read)
        self.judged.append((message.message_id, threading.current_thread().name))


@pytest.mark.parametrize("count", [3, MANY])
def test_the_words_of_a_mail_are_read_before_the_writers_turn(tmp_path: Path, count: int) -> None:
    """Of a few mails by whoever delivers them, of many by whoever judges them later: each once, and
    never in the thread in which a click waits."""
    noting = _Noting()
    assessor = Assessor(rules=RULES, classifier=noting)
    with an_engine(tmp_path, assessor=assessor) as engine:
        worker = a_worker(engine, letters(count))
        worker.start()
        try:
            worker.ask().result()
        finally:
            worker.stop()
        while engine.historian.step_recent():
            pass
        writing = engine.writer.do(lambda _db: threading.current_thread().name)
    assert len(noting.read) == len(noting.judged) == count
    assert {thread for _, thread in noting.judged} == {writing}
    assert writing not in {thread for _, thread in noting.read}


def test_of_a_few_mails_too_one_that_cannot_be_judged_holds_up_no_other(tmp_path: Path) -> None:
    """Neither those that came with it nor those of the next round; each is stored and shown."""
    with an_engine(tmp_path, assessor=_Stumbles(rules=RULES)) as engine:
        mails = letters(9)
        worker = a_worker(engine, mails)
        worker.start()
        try:
            worker.ask().result()
            assert engine.writer.do(messages.count) == len(mails)
            mails += letters(12)[9:]
            worker.ask().result()
        finally:
            worker.stop()
        while engine.historian.step():
            pass
        kinds = [row.kind for row in engine.rows("open")]
        assert sorted(kinds) == sorted([Kind.DAMAGED] * 11 + [Kind.OTHER])
        cursor = engine.writer.do(lambda db: folders.cursor(db, engine.account.id, "INBOX"))
        assert cursor is not None
        assert cursor.uid_next == len(mails) + 1


def test_of_a_few_mails_that_are_judged_as_they_come_a_click_waits_for_four_at_most(
    engine: Engine,
) -> None:
    worker = a_worker(engine, letters(AT_ONCE))
    worker.start()
    try:
        done, seen = worker.ask(), [0]
        while not done.done():
            seen.append(engine.writer.do(messages.count))  # asked of the writer, as every verb is
        done.result()
    finally:
        worker.stop()
    seen.append(engine.writer.do(messages.count))
    steps = [after - before for before, after in itertools.pairwise(seen)]
    assert (seen[-1], len(engine.rows("open")), behind(engine)) == (AT_ONCE, AT_ONCE, 0)
    assert sum(step > 0 for step in steps) > 3
    cursor = engine.writer.do(lambda db: folders.cursor(db, engine.account.id, "INBOX"))
    assert cursor is not None
    assert cursor.uid_next == AT_ONCE + 1
