"""What a server tells of a folder that stays open, line by line."""

from __future__ import annotations

import pytest

from app.domain.mailbox import FolderCursor, FolderSnapshot, MailFlag
from app.mail.staying import LONGEST, Stay

FOLDER = FolderSnapshot(name="INBOX", uid_validity=7, uid_next=21, exists=10, modseq=5)
CURSOR = FolderCursor(uid_validity=7, uid_next=21, modseq=5)


def heard(*lines: bytes) -> Stay:
    stay = Stay(FOLDER, since=100.0)
    for line in lines:
        stay.hear(line + b"\r\n")
    return stay


def test_silence_and_words_about_nothing_leave_the_folder_as_it_is():
    stay = heard(b"* OK Still here", b"* 2 RECENT", b"FB3 OK NOOP completed", b"* 10 EXISTS")
    assert stay.is_same
    assert stay.glanced() == {"INBOX": FOLDER}
    assert stay.goes_on("INBOX", CURSOR)


def test_what_came_went_and_changed_is_what_opening_it_anew_would_tell():
    stay = heard(
        b"* VANISHED 3,8:9",
        b"* 9 EXISTS",
        b"* 4 FETCH (UID 5 MODSEQ (9) FLAGS (\\Seen))",
        b"* 9 FETCH (UID 24)",
    )
    assert stay.glanced() == {}
    opened = stay.taken()
    assert (opened.folder.exists, opened.folder.uid_next, opened.folder.modseq) == (9, 25, 5)
    assert opened.vanished == ((3, 3), (8, 9))
    assert opened.flags == {5: frozenset({MailFlag.SEEN})}


def test_mails_that_vanish_are_no_longer_counted_though_no_new_count_is_told():
    """RFC 7162 3.2.10: the server need not say EXISTS after VANISHED."""
    assert heard(b"* VANISHED 3,8:9").exists == 7


def test_what_was_taken_is_told_once_and_the_next_goes_on_from_there():
    stay = heard(b"* VANISHED 3", b"* 10 FETCH (UID 21)", b"* 10 EXISTS")
    after = stay.taken().folder
    assert stay.is_same
    assert stay.goes_on("INBOX", FolderCursor(uid_validity=7, uid_next=22, modseq=5))
    assert not stay.goes_on("INBOX", CURSOR)
    assert stay.taken().folder == after


def test_a_change_of_flags_is_no_news_that_ends_a_waiting():
    stay = heard(b"* 4 FETCH (UID 5 MODSEQ (9) FLAGS (\\Seen))")
    assert not stay.has_news
    assert not stay.is_same


def test_one_that_came_while_another_went_is_news_though_the_count_is_the_same():
    assert heard(b"* VANISHED 3", b"* 10 EXISTS").has_news


@pytest.mark.parametrize(
    "line",
    [
        b"* 3 EXPUNGE",
        b"* OK [UIDVALIDITY 8] counts anew",
        b"* OK [CLOSED] gone",
        b"* BYE mailbox was deleted",
        b"* 4 FETCH (FLAGS (\\Seen))",
        b"* VANISHED 1:4294967295",
        b"* VANISHED (EARLIER) 3",
    ],
)
def test_what_does_not_fit_makes_the_folder_be_opened_anew(line):
    assert heard().is_good(101.0)
    assert not heard(line).is_good(101.0)


def test_a_mail_that_was_asked_for_is_no_change_whatever_stands_before_it():
    stay = heard(b"* 4 FETCH (BODY[] {12}", b"* 4 FETCH (UID 5 FLAGS (\\Seen) BODY[] {12}")
    assert stay.is_same
    assert stay.is_good(101.0)


def test_a_server_is_believed_for_ten_minutes_and_then_the_folder_is_opened():
    assert heard().is_good(100.0 + LONGEST - 1)
    assert not heard().is_good(100.0 + LONGEST)


def test_a_folder_without_mod_sequences_does_not_stay():
    stay = Stay(FolderSnapshot(name="INBOX", uid_validity=7, uid_next=2, exists=1), since=0.0)
    assert not stay.is_good(1.0)


def test_another_folder_or_another_cursor_does_not_go_on_from_here():
    stay = heard()
    assert not stay.goes_on("Sent", CURSOR)
    assert not stay.goes_on("INBOX", None)
    assert not stay.goes_on("INBOX", FolderCursor(uid_validity=7, uid_next=21, modseq=4))
