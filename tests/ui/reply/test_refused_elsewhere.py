"""A reply that is refused while its issue is not in view: said then, and again where it belongs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest

from app.domain.errors import EngineLost, KnownError, Refused
from tests.support import ui_issue_fakes as fakes

OTHER = fakes.issue(row=fakes.row(key="i1_other", subject="Another"))
HOLES = Refused("This reply cannot go out yet", holes=("[name] looks like a placeholder",))
WORDS = "Dear [name], all good"


@pytest.fixture
def told(box) -> list[tuple[str, str]]:
    """What was said beside the editor's own words."""
    said: list[tuple[str, str]] = []
    box.not_sent.connect(lambda key, words: said.append((key, words)))
    return said


def send_and_leave(box, asked, words: str = WORDS) -> None:
    asked.answers["send_reply"] = None
    QTest.keyClicks(box.editor, words)
    box.send()
    box.show_issue(OTHER)


def come_back(box, words: str = WORDS) -> None:
    box.show_issue(fakes.issue(draft=fakes.draft(words)))


def test_it_is_said_at_once_to_whom_nothing_went(box, asked, told):
    """Not beside the words of another issue."""
    send_and_leave(box, asked)
    asked.answer("send_reply", HOLES)
    assert told == [(fakes.KEY, "The reply to Ben Costa did not go out")]
    assert box.said.text() == ""


def test_why_stands_beside_the_words_when_one_comes_back(box, asked, told):
    """Every hole of it; the words are there to be mended."""
    send_and_leave(box, asked)
    asked.answer("send_reply", HOLES)
    come_back(box)
    assert box.editor.toPlainText() == WORDS
    assert "This reply cannot go out yet" in box.said.text()
    assert "[name] looks like a placeholder" in box.said.text()


def test_it_is_forgotten_when_the_words_change(box, asked, told):
    send_and_leave(box, asked)
    asked.answer("send_reply", HOLES)
    come_back(box)
    QTest.keyClicks(box.editor, "!")
    box.show_issue(OTHER)
    come_back(box)
    assert box.said.text() == ""


def test_a_doubt_is_asked_anew_when_one_comes_back(box, asked, told):
    """Who sends again is asked again, and can insist then; nothing goes by a half-read click."""
    doubt = Refused("Is this meant so?", holes=("Nothing is attached.",), asks=True)
    send_and_leave(box, asked, "The label is attached.")
    asked.answer("send_reply", doubt)
    come_back(box, "The label is attached.")
    assert "Nothing is attached." in box.said.text()
    assert box.insist.isHidden()
    asked.answers["send_reply"] = doubt
    box.send()
    assert not box.insist.isHidden()


def test_what_is_not_answered_yet_is_not_sent_twice_by_who_comes_back(box, asked):
    """The engine still reads the files: the editor waits with it."""
    send_and_leave(box, asked)
    come_back(box)
    assert box.editor.isReadOnly()
    box.send()
    assert asked.verbs().count("send_reply") == 1
    asked.answer("send_reply", {"changes": {}})
    assert not box.editor.isReadOnly()
    assert box.editor.toPlainText() == ""


@pytest.mark.parametrize(
    "error", [EngineLost("The engine went away"), KnownError("The disk is full")]
)
def test_the_same_words_asked_again_are_the_same_request(box, asked, told, error):
    """The engine may have heard it before it went away: then one reply goes, not two."""
    send_and_leave(box, asked)
    request = asked.args_of("send_reply")["request"]
    asked.answer("send_reply", error)
    come_back(box)
    box.send()
    assert asked.args_of("send_reply")["request"] == request


def test_of_a_lost_engine_nobody_claims_to_know(box, asked, told):
    send_and_leave(box, asked)
    asked.answer("send_reply", EngineLost("The engine went away"))
    assert told == [(fakes.KEY, "The reply to Ben Costa may not have gone out")]


def test_what_is_taken_back_elsewhere_overwrites_no_draft(box, asked):
    """The profile holds the words and what was begun since; the window has neither."""
    box.show_issue(OTHER)
    before = asked.verbs().count("save_draft")
    box.restore(fakes.KEY, {"body": "Words of a reply"})
    assert asked.verbs().count("save_draft") == before
    assert box.editor.toPlainText() == ""


def test_what_is_taken_back_elsewhere_keeps_what_only_the_window_has(box, asked):
    asked.answers["save_draft"] = None
    QTest.keyClicks(box.editor, "Begun since")
    newest = box._words.heard
    box.show_issue(replace(OTHER, messages=(fakes.message(99, fakes.NOW, "Another one's"),)))
    box.restore(fakes.KEY, {"body": "Words of a reply"})
    kept = box.drafts.newest(fakes.KEY)
    assert kept is not None
    assert kept.heard == newest  # and not the newest of the issue in view
    assert asked.args_of("save_draft")["key"] == fakes.KEY
    assert asked.args_of("save_draft")["body"] == "Words of a reply\n\nBegun since"
