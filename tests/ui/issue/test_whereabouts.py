"""What the server says about a mail, in the words that stand under it."""

from __future__ import annotations

from dataclasses import replace

from app.domain.mailbox import MailFlag
from app.domain.views import Whereabouts
from app.ui.issue.whereabouts import whereabouts_words
from tests.support import ui_issue_fakes as fakes

MAIL = fakes.message(1, fakes.NOW, "A cup broke.")


def test_a_mail_where_one_expects_it_says_nothing():
    lies = Whereabouts(folders=("INBOX",), flags=frozenset((MailFlag.SEEN,)))
    assert whereabouts_words(replace(MAIL, on_server=lies)) == ()


def test_a_mail_from_junk_says_why_it_was_brought_in():
    (said,) = whereabouts_words(replace(MAIL, rescued="it answers a mail of ours"))
    assert said == "Was in Junk; brought in because it answers a mail of ours."


def test_a_mail_that_is_gone_is_said_to_be_kept():
    (said,) = whereabouts_words(replace(MAIL, on_server=Whereabouts(gone=True)))
    assert said == "No longer on the server; this copy is kept."


def test_a_mark_without_an_answer_is_a_hint():
    (said,) = whereabouts_words(replace(MAIL, answered_unseen=True))
    assert "no answer was found in Sent" in said


def test_a_flag_of_another_program_is_told():
    lies = Whereabouts(flags=frozenset((MailFlag.FLAGGED,)))
    assert whereabouts_words(replace(MAIL, on_server=lies)) == ("Flagged in another mail program.",)
