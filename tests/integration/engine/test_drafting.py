"""A reply's words are a draft or in the outbox, at every moment in one of the two."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import Refused, SignInRefused
from app.domain.reply import OutboxState
from app.mail.smtp_failures import SendDelayed, SendRefused, SendUnknown
from app.storage import drafts, outbox
from app.storage.database import open_writer
from app.storage.migrations import migrate_to
from app.storage.version import KNOWN
from app.storage.writer import Writer
from tests.support.engine import NOON, Engine, a_letter, an_engine
from tests.support.storage import an_issue

WORDS = "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with an_engine(tmp_path / "profile") as made:
        made.receive(a_letter())
        yield made


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    (tmp_path / "profile").mkdir()


@pytest.fixture
def key(engine: Engine) -> str:
    return engine.only_key()


def draft(engine: Engine, key: str) -> str | None:
    found = engine.issue(key).draft
    return found.body if found else None


def fails(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def stuck(engine: Engine, key: str, error: Exception) -> int:
    """A reply that did not leave when its undo window was over."""
    engine.connections.post.before = fails(error)
    reply: int = engine.writing.send_reply(key, WORDS)["reply"]
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    engine.connections.post.before = None
    return reply


@pytest.mark.parametrize("error", [SignInRefused("No"), SendDelayed("Not now")])
def test_words_that_wait_for_a_server_are_no_draft(
    engine: Engine, key: str, error: Exception
) -> None:
    """Who comes back to the issue finds an empty editor, and the reply in the strip above it."""
    engine.writing.save_draft(key, WORDS)
    stuck(engine, key, error)
    view = engine.issue(key)
    assert view.draft is None
    assert [one.body for one in view.replies] == [WORDS]


def test_the_same_words_again_are_asked_about_while_the_first_wait(
    engine: Engine, key: str
) -> None:
    """Another click, from another window: a person may insist, and otherwise one leaves."""
    stuck(engine, key, SignInRefused("No"))
    with pytest.raises(Refused, match="on its way already") as refused:
        engine.writing.send_reply(key, f"{WORDS}\n", request="second")
    assert refused.value.asks
    assert engine.writing.send_reply(key, "Something else")["reply"]
    assert engine.writing.send_reply(key, WORDS, insist=True)["reply"]


def test_the_same_words_are_asked_about_while_nobody_knows_whether_they_arrived(
    engine: Engine, key: str
) -> None:
    engine.connections.post.after = fails(SendUnknown("The line broke"))
    engine.writing.send_reply(key, WORDS)
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    with pytest.raises(Refused, match="may have arrived already"):
        engine.writing.send_reply(key, WORDS)


def test_the_same_words_with_another_file_are_another_reply(
    engine: Engine, key: str, tmp_path: Path
) -> None:
    label = tmp_path / "label.pdf"
    label.write_bytes(b"%PDF-1.4")
    engine.writing.send_reply(key, WORDS)
    assert engine.writing.send_reply(key, WORDS, files=[str(label)])["reply"]


def test_what_was_refused_for_good_can_be_sent_anew(engine: Engine, key: str) -> None:
    """It is not on its way: nobody is asked."""
    stuck(engine, key, SendRefused("No such user"))
    assert engine.writing.send_reply(key, WORDS)["reply"]


@pytest.mark.parametrize("late", [WORDS, f"{WORDS}\n", f" {WORDS} "])
def test_an_autosave_that_comes_late_leaves_no_draft_of_what_was_sent(
    engine: Engine, key: str, late: str
) -> None:
    """A blank more or less is no other text."""
    engine.writing.save_draft(key, late)
    engine.writing.send_reply(key, WORDS)
    engine.writing.save_draft(key, late)
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    assert len(engine.connections.post.sent) == 1
    assert draft(engine, key) is None


@pytest.mark.parametrize("before", [True, False], ids=["before it is sent", "while it is sent"])
def test_a_file_that_did_not_go_along_stays_a_draft(
    engine: Engine, key: str, tmp_path: Path, *, before: bool
) -> None:
    """The same words with a label that another desk attached: only the words have left."""
    label = str(tmp_path / "label.pdf")
    if before:
        engine.writing.save_draft(key, WORDS, files=[label])
    engine.writing.send_reply(key, WORDS)
    if not before:
        engine.writing.save_draft(key, WORDS, files=[label])
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    assert len(engine.connections.post.sent) == 1
    left = engine.issue(key).draft
    assert left is not None
    assert (left.body, left.files) == (WORDS, (label,))


def test_words_whose_files_went_along_are_no_draft(
    engine: Engine, key: str, tmp_path: Path
) -> None:
    """An autosave from before the label was attached has nothing that has not left."""
    label = tmp_path / "label.pdf"
    label.write_bytes(b"%PDF-1.4")
    engine.writing.save_draft(key, WORDS)
    engine.writing.send_reply(key, WORDS, files=[str(label)])
    assert draft(engine, key) is None
    engine.writing.save_draft(key, f"{WORDS}\n")
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    assert draft(engine, key) is None


def test_other_words_that_were_begun_elsewhere_stay(engine: Engine, key: str) -> None:
    """The command line sends a file while the window has a half-written answer."""
    engine.writing.save_draft(key, "Half an answer")
    engine.writing.send_reply(key, WORDS)
    assert draft(engine, key) == "Half an answer"


@pytest.mark.parametrize(
    "error", [SendRefused("No such user"), SignInRefused("No")], ids=["failed", "blocked"]
)
def test_giving_a_reply_up_keeps_what_was_begun_since(
    engine: Engine, key: str, error: Exception
) -> None:
    reply = stuck(engine, key, error)
    engine.writing.save_draft(key, "A long and careful second text")
    engine.on_its_way.discard_reply(reply)
    assert draft(engine, key) == f"{WORDS}\n\nA long and careful second text"


def test_taking_back_brings_the_same_words_once(engine: Engine, key: str) -> None:
    reply = engine.writing.send_reply(key, WORDS)["reply"]
    engine.writer.do(lambda db: drafts.drop(db, key))
    engine.on_its_way.undo_send(reply)
    assert draft(engine, key) == WORDS


def photographs(engine: Engine, folder: Path, act: Callable[[], object]) -> list[Path]:
    """The profile's files as a kill would leave them, before each statement of an act."""
    made: list[Path] = []

    def take(_statement: str) -> None:
        into = folder / str(len(made))
        into.mkdir(parents=True)
        for name in ("frontburner.db", "frontburner.db-wal"):
            shutil.copy(engine.database.with_name(name), into / name)
        made.append(into / "frontburner.db")

    engine.writer.do(lambda db: db.set_trace_callback(take))
    act()
    engine.writer.do(lambda db: db.set_trace_callback(None))
    return made


def where(path: Path) -> set[str]:
    """In which of the two places the words are."""
    with closing(sqlite3.connect(path)) as db:
        found = db.execute(
            "SELECT 'draft' FROM draft WHERE body = ?"
            " UNION ALL SELECT 'reply' FROM reply WHERE body = ? AND state = 'queued'",
            (WORDS, WORDS),
        )
        return {place for (place,) in found}


def test_a_kill_at_any_moment_of_queueing_loses_no_words_and_doubles_none(
    engine: Engine, key: str, tmp_path: Path
) -> None:
    engine.writing.save_draft(key, WORDS)
    taken = photographs(
        engine, tmp_path / "sent", lambda: engine.writing.send_reply(key, WORDS, request="click")
    )
    places = [where(path) for path in taken]
    assert all(len(place) == 1 for place in places)
    assert (places[0], places[-1]) == ({"draft"}, {"reply"})


def test_a_kill_at_any_moment_of_taking_back_loses_no_words_and_doubles_none(
    engine: Engine, key: str, tmp_path: Path
) -> None:
    reply = engine.writing.send_reply(key, WORDS)["reply"]
    taken = photographs(engine, tmp_path / "undone", lambda: engine.on_its_way.undo_send(reply))
    places = [where(path) for path in taken]
    assert all(len(place) == 1 for place in places)
    assert (places[0], places[-1]) == ({"reply"}, {"draft"})


def test_what_an_older_version_kept_twice_is_kept_once(tmp_path: Path) -> None:
    """Its queued reply was a draft beside it; what is only a draft stays one."""
    old, before = tmp_path / "old.db", KNOWN[: KNOWN.index("replies_in_doubt")]
    with closing(
        open_writer(old, now=NOON, known=before, migrate=lambda db: migrate_to(db, before))
    ) as db:
        for said, kept in ((WORDS, f"{WORDS}\n"), ("Sent", "Begun")):
            issue = an_issue(db, f"{said[:4]}@x")
            db.execute(_A_REPLY, (issue, f"{issue}@x", said))
            db.execute(_A_DRAFT, (issue, kept))
    writer = Writer(old, now=NOON)
    writer.start()
    try:
        left = writer.do(lambda db: db.execute("SELECT body FROM draft").fetchall())
        (first, _) = writer.do(lambda db: outbox.in_state(db, OutboxState.QUEUED))
    finally:
        writer.stop()
    assert left == [("Begun",)]
    assert (first.body, first.in_doubt, first.tried_since) == (WORDS, False, None)


def test_a_planned_reply_takes_its_draft_along_too(engine: Engine, key: str) -> None:
    engine.writing.save_draft(key, WORDS)
    at = NOON + timedelta(hours=20)
    engine.writing.send_reply(key, WORDS, at=at.isoformat(), insist=True)
    assert draft(engine, key) is None


_A_REPLY = """
INSERT INTO reply (id, issue_id, account_id, message_id, state, created_at, not_before, attempt,
    sender, recipients, error, smtp_reply, template, rendered, body, mime)
VALUES (?1, ?1, 1, ?2, 'queued', 0, 0, 0, 's@x', '[]', '', '', '', '', ?3, x'00')
"""
_A_DRAFT = """
INSERT INTO draft (issue_id, subject, to_, cc, template, rendered, body, updated_at)
VALUES (?, '', '[]', '[]', '', '', ?, 0)
"""
