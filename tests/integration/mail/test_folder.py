"""Mails from a Maildir and from a folder of .eml files."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import NotFound, Refused
from app.domain.mailbox import Batch, FolderSnapshot
from app.mail.folder import FolderSource, _batch
from tests.support.folder_memory import NoMemory
from tests.support.mails import A_MORNING, a_mail


class Memory(NoMemory):
    """What is stored already."""

    def __init__(self, *known: int) -> None:
        self.known = frozenset(known)

    def cursor(self, folder: str) -> None:
        return None

    def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
        return self.known


def source(path) -> FolderSource:
    settings = {"path": str(path)}
    return FolderSource(Account(id=1, name="Import", type=AccountType.FOLDER, settings=settings))


def a_round(path, *known: int) -> list[Batch]:
    batches: list[Batch] = []
    source(path).round(Memory(*known), batches.append, threading.Event())
    return batches


def mails(batches: list[Batch]):
    return [mail for batch in batches for mail in batch.mails]


def put(path, raw: bytes = b"Subject: x\r\n\r\nHi", *, at: float | None = None):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    if at is not None:
        os.utime(path, (at, at))
    return path


@pytest.fixture
def maildir(tmp_path):
    for name in ("cur", "new", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_eml_files_are_brought_newest_first_with_the_instant_of_the_file(tmp_path):
    put(tmp_path / "a.eml", a_mail("old"), at=A_MORNING.timestamp())
    put(tmp_path / "b.EML", a_mail("new"), at=A_MORNING.timestamp() + 60)
    put(tmp_path / "notes.txt")
    put(tmp_path / ".hidden.eml")
    batches = a_round(tmp_path)
    assert [mail.raw for mail in mails(batches)] == [a_mail("new"), a_mail("old")]
    assert mails(batches)[1].received_at == A_MORNING
    assert batches[-1].complete
    assert batches[-1].folder.exists == 2


def test_cur_and_new_of_a_maildir_are_read_and_tmp_is_not(maildir):
    put(maildir / "new" / "1.M1.host")
    put(maildir / "cur" / "2.M2.host:2,S")
    put(maildir / "tmp" / "3.M3.host")
    assert len(mails(a_round(maildir))) == 2


def test_a_mail_keeps_its_number_when_it_is_read_elsewhere(maildir):
    new = put(maildir / "new" / "1.M1.host")
    (first,) = mails(a_round(maildir))
    new.rename(maildir / "cur" / "1.M1.host:2,FS")
    batches = a_round(maildir, first.uid)
    assert mails(batches) == []
    assert batches[-1].gone == ()


def test_numbers_are_of_63_bits_and_differ(tmp_path):
    for number in range(500):
        put(tmp_path / f"{number}.eml")
    numbers = {mail.uid for mail in mails(a_round(tmp_path))}
    assert len(numbers) == 500
    assert all(0 < number < 2**63 for number in numbers)


def test_what_is_known_is_not_brought_and_what_is_gone_is_told(tmp_path):
    put(tmp_path / "a.eml")
    (known,) = mails(a_round(tmp_path))
    put(tmp_path / "b.eml")
    batches = a_round(tmp_path, known.uid, 12345)
    assert len(mails(batches)) == 1
    assert batches[-1].gone == (12345,)


def test_batches_are_bounded_and_a_stop_is_heard(tmp_path):
    for number in range(450):
        put(tmp_path / f"{number}.eml")
    assert [len(batch.mails) for batch in a_round(tmp_path)] == [20, 200, 200, 30, 0]
    stop = threading.Event()
    batches: list[Batch] = []
    stop.set()
    source(tmp_path).round(Memory(), batches.append, stop)
    assert batches == []


def test_of_a_file_of_thirty_megabytes_the_start_is_read(tmp_path):
    put(tmp_path / "big.eml", b"Subject: big\r\n\r\n" + bytes(30 * 1024 * 1024))
    (mail,) = mails(a_round(tmp_path))
    assert (len(mail.raw), mail.complete) == (1024 * 1024, False)
    assert mail.size > 30 * 1024 * 1024


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_skipped_with_the_reason(tmp_path):
    put(tmp_path / "a.eml")
    put(tmp_path / "b.eml").chmod(0)
    batches = a_round(tmp_path)
    assert len(mails(batches)) == 1
    (skipped,) = [one for batch in batches for one in batch.skipped]
    assert "b.eml cannot be read" in skipped.reason


def test_a_folder_named_like_a_mail_is_no_mail(tmp_path):
    (tmp_path / "folder.eml").mkdir()
    assert mails(a_round(tmp_path)) == []


def test_a_link_to_nothing_is_no_mail(tmp_path):
    (tmp_path / "link.eml").symlink_to(tmp_path / "nothing")
    assert a_round(tmp_path)[-1].complete


@pytest.mark.skipif(os.name == "nt", reason="names there are UTF-16, links need a right")
@pytest.mark.parametrize("name", [b"loop.eml", b"loop-\xff.eml"])
def test_a_link_that_leads_in_a_circle_costs_one_mail_and_not_all(tmp_path, name):
    """It was a fault of ours, and the folder could not be connected. Its name may be of an old
    machine, in letters that cannot be written down as they are."""
    put(tmp_path / "a.eml")
    link = tmp_path / os.fsdecode(name)
    link.symlink_to(link)
    batches = a_round(tmp_path)
    assert len(mails(batches)) == 1
    (skipped,) = [one for batch in batches for one in batch.skipped]
    assert "cannot be read" in skipped.reason
    assert skipped.reason.encode()


FIRST, SECOND, THIRD = (
    b"From ann@x Nov %d 10:00:00 2026\nSubject: %s\n\nFrom then on\nit broke.\n\n" % named
    for named in ((20, b"first"), (21, b"second"), (22, b"third"))
)
READ = FIRST.replace(b"Subject", b"Status: RO\nX-Mozilla-Status: 0001\nSubject")


@pytest.mark.parametrize("name", ["old.mbox", "folder.EML"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_each_mail_of_a_mailbox_file_is_brought_newest_first(tmp_path, name, newline):
    put(tmp_path / name, (FIRST + SECOND + THIRD).replace(b"\n", newline))
    batches = a_round(tmp_path)
    subjects = [mail.raw.partition(newline)[0].decode() for mail in mails(batches)]
    assert subjects == ["Subject: third", "Subject: second", "Subject: first"]
    assert all(mail.complete and len(mail.raw) == mail.size for mail in mails(batches))
    assert mails(batches)[-1].received_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert batches[-1].folder.exists == 3
    assert source(tmp_path).check() == f"{tmp_path} holds 3 mails."


def test_a_mailbox_file_that_grows_is_marked_or_shrinks_brings_each_mail_once(tmp_path):
    file = put(tmp_path / "live.mbox", (FIRST + SECOND).rstrip())
    numbers = [mail.uid for mail in mails(a_round(tmp_path))]
    put(file, READ + SECOND + THIRD)
    grown = a_round(tmp_path, *numbers)
    assert [mail.raw.partition(b"\n")[0] for mail in mails(grown)] == [b"Subject: third"]
    assert grown[-1].gone == ()
    put(file, SECOND + THIRD)
    later = a_round(tmp_path, *numbers, *(mail.uid for mail in mails(grown)))
    assert mails(later) == []
    assert later[-1].gone == (numbers[1],)
    assert later[-1].folder.exists == 2


def test_of_two_mails_alike_in_a_mailbox_file_each_is_counted(tmp_path):
    put(tmp_path / "twice.mbox", FIRST + FIRST + SECOND)
    batches = a_round(tmp_path)
    assert len({mail.uid for mail in mails(batches)}) == batches[-1].folder.exists == 3


def test_a_mailbox_file_that_did_not_change_is_not_read_again(tmp_path):
    file = put(tmp_path / "old.mbox", FIRST + SECOND, at=A_MORNING.timestamp())
    read = source(tmp_path)
    first, second = list[Batch](), list[Batch]()
    read.round(Memory(), first.append, threading.Event())
    put(file, b"X" * len(FIRST + SECOND), at=A_MORNING.timestamp())
    known = [mail.uid for mail in mails(first)]
    read.round(Memory(*known), second.append, threading.Event())
    assert second[-1].gone == ()


def test_what_another_program_wrote_anew_between_looking_and_reading_waits_for_the_next_round(
    tmp_path,
):
    """The place where a mail was has another one by then."""
    file = put(tmp_path / "live.mbox", FIRST + SECOND)
    found = source(tmp_path)
    looked = list(found._files())
    put(file, SECOND + THIRD)
    snapshot = FolderSnapshot(name="x", uid_validity=1, uid_next=9, exists=2)
    batch = _batch(snapshot, looked)
    assert (batch.mails, batch.skipped) == ((), ())


def test_of_a_large_mail_in_a_mailbox_file_the_start_is_read(tmp_path):
    big = FIRST.rstrip() + b"\n" + bytes(30 * 1024 * 1024) + b"\n\n"
    put(tmp_path / "big.mbox", big + SECOND)
    second, first = mails(a_round(tmp_path))
    assert (second.complete, first.complete) == (True, False)
    assert first.size > 30 * 1024 * 1024


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(NotFound, match="There is no folder"):
        a_round(tmp_path / "missing")


def test_an_account_without_a_path_is_said():
    with pytest.raises(Refused, match="“path”"):
        FolderSource(Account(id=1, name="Import", type=AccountType.FOLDER))


def test_check_says_what_was_found(tmp_path):
    put(tmp_path / "a.eml")
    assert source(tmp_path).check() == f"{tmp_path} holds 1 mail."
