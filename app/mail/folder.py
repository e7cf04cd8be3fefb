"""Folder: a Maildir, or a folder of .eml and .mbox files, as a source of mails. The sample shop and
imports.

Walks the same way as an IMAP account: what lies there, minus what is stored, newest first. A
file's number comes from its name without Maildir flags, so that reading it elsewhere (new -> cur,
:2,S) does not make it another mail. That of a mail among several in one file comes from what it
says, because another program adds mails there, takes some out, and marks them as read.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from app.config.paths import expanded
from app.domain.account import Account
from app.domain.errors import NotFound, Refused, Unreachable
from app.domain.mailbox import Batch, FetchedMail, FolderMemory, FolderSnapshot, SkippedMail
from app.domain.translation import tr, trn
from app.mail import mbox

VALIDITY = 1
BATCH_MAILS = 200
FIRST_MAILS = 20  # the newest, so that there is something to see at once
BATCH_BYTES = 2 * 1024 * 1024
LARGE = 25 * 1024 * 1024
START = 1024 * 1024
_ENDINGS = (".eml", ".mbox")
_TOP = 2**63 - 1  # numbers are 63 bits; "up to here everything was looked at" is the last of them


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file that holds a mail, or the part of one that does: `begins` is where, `says` what."""

    path: Path
    uid: int
    size: int
    modified: float
    begins: int | None = None
    says: int = 0


_Looked = tuple[int, int]  # when the file was changed, in nanoseconds, and its size


class FolderSource:
    """The mails in a folder of this machine; nothing in it is changed."""

    def __init__(self, account: Account) -> None:
        given = account.settings.get("path", "")
        if not given:
            raise Refused(
                tr("The account {name} cannot be used as it is set up", name=account.name),
                tr("Its setting “path” should be a folder with mails."),
                tr("Remove the account and add it again with this setting."),
            )
        self._folder = expanded(given)
        self._looked: dict[Path, tuple[_Looked, tuple[_File, ...]]] = {}
        self._interrupted = threading.Event()

    def round(
        self, memory: FolderMemory, deliver: Callable[[Batch], None], stop: threading.Event
    ) -> None:
        """Bring what is new or gone since `memory`, newest first. NotFound without a folder."""
        self._interrupted.clear()
        files = {file.uid: file for file in self._files()}
        snapshot = FolderSnapshot(
            name=self._folder.name or str(self._folder),
            uid_validity=VALIDITY,
            uid_next=_TOP,
            exists=len(files),
        )
        known = memory.known_uids(snapshot.name, VALIDITY)
        fresh = [file for uid, file in files.items() if uid not in known]
        fresh.sort(key=lambda file: (file.modified, file.path.name), reverse=True)
        for window in _windows(fresh):
            if stop.is_set():
                return
            deliver(_batch(snapshot, window))
        gone = tuple(sorted(known - files.keys()))
        deliver(Batch(folder=snapshot, gone=gone, complete=True))

    def check(self) -> str:
        """Look into the folder; a sentence that says what was found."""
        count = sum(1 for _ in self._files())
        mails = trn("{n} mail", "{n} mails", count)
        return tr("{folder} holds {mails}.", folder=self._folder, mails=mails)

    def wait_for_news(self, *, pause: float, safety: float) -> None:
        """Wait `pause` seconds, or until somebody interrupts: looking costs nothing."""
        self._interrupted.wait(pause)
        self._interrupted.clear()

    def interrupt(self) -> None:
        """End the waiting, from any thread."""
        self._interrupted.set()

    def drop(self) -> None:
        """There is no connection that could have died; look again."""
        self._interrupted.set()

    def close(self) -> None:
        """Nothing is held open."""

    def _files(self) -> Iterator[_File]:
        try:
            if not self._folder.is_dir():
                raise self._nowhere()
            yield from self._found()
        except PermissionError as error:
            raise Refused(
                tr("{folder} may not be read", folder=self._folder),
                tr("This machine does not let Frontburner look into it."),
                tr("Allow it to be read, or choose another folder."),
            ) from error
        except OSError as error:  # such as a disk in the network that has gone
            raise Unreachable(
                tr("{folder} cannot be read just now", folder=self._folder),
                error.strerror or "",
                tr("It is tried again by itself; nothing is lost."),
            ) from error

    def _nowhere(self) -> NotFound:
        return NotFound(
            tr("There is no folder {folder}", folder=self._folder),
            tr("It may have been moved, or lie on a disk that is not there."),
            tr("Set path to the folder with the mails."),
        )

    def _found(self) -> Iterator[_File]:
        maildir = [self._folder / name for name in ("cur", "new")]
        may_hold_several = not all(folder.is_dir() for folder in maildir)
        places = _saved(self._folder) if may_hold_several else _each(maildir)
        looked, self._looked = self._looked, {}
        for path in places:
            try:
                status = path.stat()
            except FileNotFoundError:
                continue  # another program moved it meanwhile
            except PermissionError:
                raise
            except OSError:  # a link that leads in a circle, a bad sector: reading it says which
                yield _File(path=path, uid=_uid(path.name), size=0, modified=0.0)
                continue
            if not path.is_file() or path.name.startswith("."):
                continue
            if not may_hold_several:
                yield _whole(path, status)
                continue
            stands = (status.st_mtime_ns, status.st_size)
            was, found = looked.get(path, (None, ()))
            if was != stands:
                found = _mails_of(path, status.st_mtime)
            self._looked[path] = (stands, found)
            yield from found or (_whole(path, status),)


def _each(folders: Iterable[Path]) -> Iterator[Path]:
    return (path for folder in folders for path in folder.iterdir())


def _saved(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.suffix.lower() in _ENDINGS)


def _whole(path: Path, status: os.stat_result) -> _File:
    return _File(path=path, uid=_uid(path.name), size=status.st_size, modified=status.st_mtime)


def _mails_of(path: Path, modified: float) -> tuple[_File, ...]:
    """The mails of a mailbox's file (mbox); none for what is one mail, or cannot be read."""
    try:
        with path.open("rb") as file:
            if file.read(len(mbox.SIGN)) != mbox.SIGN:
                return ()
            file.seek(0)
            found = [
                _File(path=path, uid=0, size=end - begin, modified=modified, begins=begin)
                for begin, end in mbox.places(file)
            ]
            return tuple(_numbered(found, file))
    except OSError:
        return ()  # reading it says what is wrong with it


def _numbered(found: Iterable[_File], file: BinaryIO) -> Iterator[_File]:
    """The mails with their numbers and the instants of their arrival; of two that are alike each
    has its number."""
    alike: Counter[int] = Counter()
    for one in found:
        mail = _read(file, one)
        says = _number(mbox.without_marks(mail))
        alike[says] += 1
        arrived = mbox.arrived_at(mail)
        at = one.modified if arrived is None else min(arrived.timestamp(), one.modified)
        uid = _uid(f"{one.path.name}/{says}/{alike[says]}")
        yield replace(one, uid=uid, modified=at, says=says)


def _uid(name: str) -> int:
    """63 bits of the hash of the name without Maildir flags; 0 is nobody's number."""
    # ":2," is the mark of the flags; on Windows it is written with ; or !.
    bare = name
    for mark in (":2,", ";2,", "!2,"):
        bare = bare.partition(mark)[0]
    return _number(bare.encode("utf-8", errors="surrogateescape"))


def _number(content: bytes) -> int:
    return int.from_bytes(hashlib.sha256(content).digest()[:8]) % (_TOP - 1) + 1


def _windows(files: list[_File]) -> Iterator[list[_File]]:
    window: list[_File] = []
    size, most = 0, FIRST_MAILS
    for file in files:
        if window and (len(window) >= most or size + file.size > BATCH_BYTES):
            yield window
            window, size, most = [], 0, BATCH_MAILS
        window.append(file)
        size += min(file.size, BATCH_BYTES)
    if window:
        yield window


def _batch(snapshot: FolderSnapshot, files: list[_File]) -> Batch:
    mails: list[FetchedMail] = []
    skipped: list[SkippedMail] = []
    for file in files:
        try:
            mails.append(_mail(file))
        except FileNotFoundError:
            continue  # gone between looking and reading: the next round finds it where it is now
        except OSError as error:
            reason = tr(
                "The file {name} cannot be read: {value}.",
                name=file.path.name.encode(errors="replace").decode(),
                value=error.strerror or "unknown",
            )
            skipped.append(SkippedMail(uid=file.uid, reason=reason))
    return Batch(folder=snapshot, mails=tuple(mails), skipped=tuple(skipped))


def _mail(file: _File) -> FetchedMail:
    with file.path.open("rb") as content:
        raw = _read(content, file)
    complete = len(raw) >= file.size
    if file.begins is not None:
        raw = mbox.without_marks(raw)
        if _number(raw) != file.says:  # another program wrote the file anew meanwhile
            raise FileNotFoundError(file.path)
    return FetchedMail(
        uid=file.uid,
        raw=raw,
        received_at=datetime.fromtimestamp(max(0.0, file.modified), UTC),
        size=len(raw) if complete else file.size,
        complete=complete,
    )


def _read(content: BinaryIO, file: _File) -> bytes:
    """What the file has of this mail; of a very large one its beginning."""
    content.seek(file.begins or 0)
    whole = LARGE + 1 if file.begins is None else file.size
    return content.read(START if file.size > LARGE else whole)
