"""Replies into a folder: whole or not at all, and each Message-ID once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.domain.errors import KnownError
from app.mail.folder_out import FolderMailer

MIME = b"Message-ID: <fb.i1_abc.1@example.com>\r\nSubject: x\r\n\r\nHi\r\n"


def nothing() -> None:
    """The hook of an outbox that has nothing to write down."""


def send(mailer: FolderMailer, mime: bytes = MIME) -> str:
    return mailer.send(mime, sender="a@b.org", recipients=["c@d.org"], about_to_commit=nothing)


def test_a_reply_becomes_a_file_that_is_called_like_its_message_id(tmp_path: Path) -> None:
    words = send(FolderMailer(tmp_path / "out"))
    file = tmp_path / "out" / "fb.i1_abc.1@example.com.eml"
    assert file.read_bytes() == MIME
    assert file.name in words
    assert file.stat().st_mode & 0o077 == 0


def test_the_same_message_id_is_written_once(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path)
    send(mailer)
    assert "already" in send(mailer, MIME.replace(b"Hi", b"Ho"))
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [MIME]


def test_before_the_hook_there_is_no_mail_and_its_error_leaves_none(tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def full() -> None:
        seen.append([file.name for file in tmp_path.glob("*.eml")])
        raise ValueError("the outbox could not be written")

    with pytest.raises(ValueError, match="outbox"):
        FolderMailer(tmp_path).send(MIME, sender="a", recipients=["b"], about_to_commit=full)
    assert seen == [[]]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "message_id",
    [b"../../x@y", b"a/b@c", b"CON\x00@c", b"x" * 300 + b"@c", b"\xc3\xa4@c", b"", b".hidden@c"],
)
def test_an_odd_message_id_stays_in_the_folder_and_is_told_apart(
    tmp_path: Path, message_id: bytes
) -> None:
    out = tmp_path / "out"
    mailer = FolderMailer(out)
    for body in (b"1", b"2"):
        mime = b"Message-ID: <" + message_id + b">\r\n\r\n" + body
        send(mailer, mime)
    names = [file.name for file in out.iterdir()]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert all(name.endswith(".eml") and not name.startswith(".") for name in names)
    assert len(names) == (1 if message_id else 2)
    assert all(len(name) < 200 for name in names)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_says_which_and_what_to_do(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(KnownError, match=str(tmp_path)):
        send(FolderMailer(tmp_path))


def test_a_file_where_the_folder_should_be_says_so(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(KnownError, match="cannot be written"):
        send(FolderMailer(tmp_path / "out"))
    with pytest.raises(KnownError, match="cannot be written"):
        FolderMailer(tmp_path / "out").check()


def test_check_leaves_nothing_behind(tmp_path: Path) -> None:
    assert FolderMailer(tmp_path / "out").check() == str(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
