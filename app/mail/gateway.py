"""Gateway: the one door between Frontburner and IMAP servers. First step of an e-mail's walk.

imapclient signs in, lists, searches and files; mails in bulk are read by `fetching`. Whatever
arrives from outside and goes onto the wire passes `argument` first: imapclient lets a line break
in a Message-ID through as a command of its own. Nothing is said before the server has proved who
it is, and nothing that it said before that is kept.
"""

from __future__ import annotations

import imaplib
import logging
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cached_property
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.imap_utf7 import decode

from app.config.system import keep_alive
from app.domain.errors import Busy, KnownError, NotFound, Refused, Unreachable
from app.domain.mailbox import Flags, FolderCursor, FolderSnapshot
from app.domain.translation import tr
from app.mail import failures
from app.mail.bearer import Secret
from app.mail.bell import Bell
from app.mail.failures import SaidNo, mail_errors
from app.mail.fetching import MAX_LITERAL, Fetched, Lines
from app.mail.glance import glance
from app.mail.imap_server import ImapServer
from app.mail.limits import USUAL, Limits
from app.mail.push import Push, Rhythm
from app.mail.selecting import Opened, encoded, opened
from app.mail.sign_in import SignIn
from app.mail.special_folders import Listed, special
from app.mail.staying import Stay
from app.mail.stream import Stream
from app.mail.tls import trusted
from app.mail.uid_set import uid_sets

log = logging.getLogger(__name__)

_NAMES_AT_ONCE = 20  # of Gmail's, in one question
_SECTIONS_AT_ONCE = 50  # of a mail; servers limit a line
LONGEST_ARGUMENT = 998  # a line of a mail (RFC 5322 2.1.1): no honest argument is longer

_GMAIL = "X-GM-MSGID X-GM-THRID X-GM-LABELS "
_OUR_NAME = b'ID ("name" "Frontburner")'  # RFC 2971


def argument(text: str) -> str:
    """The text if it may go onto the wire; Refused if it could end the line or is over-long."""
    if any(letter in text for letter in "\r\n\0") or len(text) > LONGEST_ARGUMENT:
        raise Refused(
            tr("This cannot be said to a mail server"),
            tr("It holds a line break, a NUL or more letters than any server takes."),
            tr("Check the account's settings and its password."),
        )
    return text


def folder_name(raw: bytes | str | int) -> str:
    """A folder's name as the server lists it; empty for one by which it could not be opened."""
    try:
        return argument(_decoded(raw) if isinstance(raw, bytes) else str(raw))
    except Refused:
        log.warning("a folder is left out, its name is not well written: %.80r", raw)
        return ""


def _decoded(raw: bytes) -> str:
    """By the rule for names (RFC 3501 5.1.3); servers that do not know it write what they have."""
    with suppress(ValueError, LookupError):
        if raw.isascii():
            name: str = decode(raw)
            return name
    return raw.decode("utf-8", "replace")


def _bounded(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def at_most(size: int) -> bytes:
        if size > MAX_LITERAL:
            raise imaplib.IMAP4.abort("the server announced more than anybody asked for")
        return read(size)

    return at_most


class Gateway:
    """A conversation with one server. Not for two threads at once."""

    def __init__(self, server: ImapServer, *, limits: Limits = USUAL) -> None:
        """Connects, encrypted and verified. Raises Unreachable or CertificateRejected."""
        self._server = server
        self._limits = limits
        self._enabled = self._plain = False
        self._selected = ""
        self._written: dict[str, bytes] = {}  # names that the server does not write as it should
        self._stay: Stay | None = None
        argument(server.host)
        context = trusted(server.ca_file)
        tls = server.security == "tls"
        with self._greeting():
            self._client = IMAPClient(
                server.host,
                port=server.port,
                ssl=tls,
                ssl_context=context if tls else None,
                timeout=SocketTimeout(connect=limits.connect, read=limits.answer),
            )
            self._connection.debug = 0  # commands hold passwords and mails: none into a log
            self._connection.read = _bounded(self._connection.read)
        try:
            self._refuse_preauth()
            if not tls:
                self._start_tls(context)
            self._stream = self._read_ourselves()
        except BaseException:
            self.close()
            raise
        self._lines = Lines(self._stream)

    @property
    def _connection(self) -> Any:
        return self._client._imap

    def _read_ourselves(self) -> Stream:
        """From here on imaplib, too, reads from our buffer, and sends within our time."""
        connection = self._connection
        with self._greeting():
            keep_alive(connection.sock)
            stream = Stream.over(connection)
        connection.readline, connection.read = stream.readline, _bounded(stream.read)
        connection.send = stream.send
        return stream

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Foreign exceptions become KnownErrors, and a server that only drips is left."""
        with (
            mail_errors(self._server.host, port=self._server.port),
            self._stream.within(self._limits.whole),
        ):
            try:
                yield
            except (imaplib.IMAP4.abort, OSError):
                self._hang_up()  # what would come next belongs to nothing that was asked
                raise

    @contextmanager
    def _greeting(self) -> Iterator[None]:
        """The same before the stream is ours: imaplib waits by itself, so a clock stands by."""
        watch = threading.Timer(self._limits.whole, self._hang_up)
        watch.daemon = True
        watch.start()
        try:
            with mail_errors(self._server.host, port=self._server.port):
                yield
        finally:
            watch.cancel()

    def _hang_up(self) -> None:
        # Below TLS: whoever waits for the next byte is told at once that there is none.
        with suppress(OSError, AttributeError):
            socket.socket.shutdown(self._connection.sock, socket.SHUT_RDWR)

    def _refuse_preauth(self) -> None:
        # Somebody in between greets so to keep a client from encrypting (RFC 3501 6.2.1).
        if self._connection.state != "NONAUTH":
            raise Unreachable(
                tr("{host} let us in without a password", host=self._server.host),
                tr("A mail server does not do that; somebody may stand in between."),
                tr("Do not use this network for mail, and ask your provider."),
            )

    def _start_tls(self, context: Any) -> None:
        with self._greeting():
            if not self._client.has_capability("STARTTLS"):
                raise Unreachable(
                    tr("{host} offers no encryption", host=self._server.host),
                    tr("Without it, everybody on the way could read the password."),
                    tr("Set security to tls and port to 993, or ask your provider."),
                )
            self._client.starttls(ssl_context=context)
            # Anybody could have said this before the server proved who it is.
            self._connection.untagged_responses.clear()
        self._refuse_preauth()

    def sign_in(self, secret: Secret) -> None:
        """Sign in. Raises SignInRefused, or Unreachable when the server is only busy."""
        shown = SignIn(self._client, self._server, errors=self._errors)
        user = argument(self._server.user)
        if isinstance(secret, str):
            shown.by_password(user, argument(secret))
        else:
            shown.by_token(user, secret)
        if self._server.wants_id and "ID" in self._offers:
            with self._errors():
                list(self._lines.answers(_OUR_NAME))

    def list_folders(self) -> tuple[str, ...]:
        """The names of all folders that can hold mails."""
        return tuple(one.name for one in self.listed() if one.holds_mails)

    def special_folder(self, role: str) -> str:
        """The folder for this role ("sent"), by the server's word or by its name; "" if none."""
        return special(self.listed(), role)

    def listed(self) -> tuple[Listed, ...]:
        """All folders, with what the server says that they are for."""
        with self._errors():
            self._client.folder_encode = False  # at one bad name it would give up all of them
            try:
                found = self._client.list_folders()
            finally:
                self._client.folder_encode = True
            named = [(flags, folder_name(raw), raw) for flags, _, raw in found]
            self._written = {
                name: raw
                for _, name, raw in named
                if name and isinstance(raw, bytes) and encoded(name) != raw
            }
            return tuple(
                Listed(name=name, flags=frozenset(flag.lower() for flag in flags))
                for flags, name, _ in named
                if name
            )

    def create_folder(self, folder: str) -> None:
        """Make a folder."""
        with self._errors():
            self._client.create_folder(argument(folder))

    def select(self, folder: str, *, readonly: bool = True) -> FolderSnapshot:
        """Open a folder; read-only so that nothing in it changes by being looked at.

        Raises NotFound when there is no such folder, SaidNo when it is listed and not opened.
        """
        argument(folder)
        self.leave()
        self._selected = ""  # a server that refuses leaves none open (RFC 3501 6.3.1)
        with self._errors():
            if folder in self._written:
                return self._opened(folder, extension="", since=None).folder
            try:
                answer = self._client.select_folder(folder, readonly=readonly)
            except imaplib.IMAP4.error as error:
                if isinstance(error, imaplib.IMAP4.abort) or failures.is_passing(str(error)):
                    raise
                failed = self._not_opened(folder, str(error))
                if folder not in self._written:  # it listed the folders just now
                    raise failed from error
                return self._opened(folder, extension="", since=None).folder
            self._selected = folder
            uid_next = int(answer.get(b"UIDNEXT", 0)) or self._uid_next(folder)
            return FolderSnapshot(
                name=folder,
                uid_validity=int(answer.get(b"UIDVALIDITY", 0)),
                uid_next=uid_next,
                exists=int(answer[b"EXISTS"]),
            )

    def open(self, folder: str, *, since: FolderCursor | None) -> Opened:
        """Open a folder and learn what vanished since the cursor, where the server can tell.

        A folder that is still open from the cursor on stays so. Raises as `select` does.
        """
        argument(folder)
        if (stay := self._stay) is not None and stay.goes_on(folder, since):
            with self._errors():
                stay = stay if stay.is_asked else self._staying()
            if stay is not None:
                return stay.taken()
        self.leave()
        self._selected = ""
        try:
            with self._errors():
                if (extension := self._resync_by()) and (
                    found := self._opened(folder, extension=extension, since=since)
                ).folder.uid_next:
                    if extension == "QRESYNC":
                        self._remain(found.folder)
                    return found
        except Unreachable:
            raise
        except KnownError:  # it offers this and then refuses it; or it does not open the folder
            plain = Opened(folder=self._select_plain(folder))
            self._plain = True
            return plain
        return Opened(folder=self._select_plain(folder))

    def _opened(self, folder: str, *, extension: str, since: FolderCursor | None) -> Opened:
        written = self._written.get(folder, b"")
        found = opened(self._lines, folder, extension=extension, since=since, written=written)
        self._selected = folder
        return found

    def _remain(self, folder: FolderSnapshot) -> None:
        """From here on keep what is told of this folder, which was just opened."""
        self._stay = Stay(folder, since=time.monotonic())
        self._stream.overhear = self._stay.hear

    def leave(self) -> None:
        """Do not go by what was told of the open folder: it is opened anew."""
        self._stay = self._stream.overhear = None

    def _staying(self) -> Stay | None:
        """The folder that stays open, once the server was asked what is new in it."""
        if (stay := self._stay) is not None:
            list(self._lines.answers(b"NOOP"))
            if stay.has_news:  # Dovecot answers the two from the same look if it is asked at once
                list(self._lines.fetch(f"{stay.folder.uid_next}:*", "UID"))
            stay.is_asked = True
            if not stay.is_good(time.monotonic()):
                self.leave()
        return self._stay

    def glance(self, folders: Sequence[str]) -> dict[str, FolderSnapshot]:
        """How these folders stand, without opening them; those of which the server says enough.

        It also says whether the connection lives. Raises Unreachable.
        """
        try:
            with self._errors():
                if not self._resync_by():
                    list(self._lines.answers(b"NOOP"))
                    return {}
                stay = self._staying()
                if stay is None and self._selected and "UNSELECT" in self._offers:
                    list(self._lines.answers(b"UNSELECT"))
                    self._selected = ""
                closed = [argument(name) for name in folders if name != self._selected]
                if stay is None and not closed:
                    list(self._lines.answers(b"NOOP"))
                found = glance(self._lines, closed)
                return found if stay is None else {**found, **stay.glanced()}
        except Unreachable:
            raise
        except KnownError:  # it offers this and then refuses it
            self._plain = True
            self.leave()
            return {}

    def _select_plain(self, folder: str) -> FolderSnapshot:
        """Open a folder where nothing counts changes, so that the server keeps its numbers.

        Courier gives out UIDs anew, and a UIDVALIDITY, each time a folder is only examined; two
        mails could have one number. Nothing is marked as read all the same: bodies are peeked at.
        """
        try:
            return self.select(folder, readonly=False)
        except (Unreachable, NotFound):
            raise
        except KnownError:  # nobody may write there, or not even read
            return self.select(folder)

    def _resync_by(self) -> str:
        """The extension by which this server compares quickly; QRESYNC is enabled by asking."""
        if self._plain:
            return ""
        if "QRESYNC" in self._offers:
            if not self._enabled:
                list(self._lines.answers(b"ENABLE QRESYNC"))
                self._enabled = True
            return "QRESYNC"
        return "CONDSTORE" if "CONDSTORE" in self._offers else ""

    def _uid_next(self, folder: str) -> int:
        return int(self._client.folder_status(folder, ["UIDNEXT"])[b"UIDNEXT"])

    def _not_opened(self, folder: str, words: str) -> KnownError:
        """The error for a folder that the server refuses: it is not there, or closed to us."""
        there = self.list_folders()
        if folder in there or folder.upper() == "INBOX":
            return failures.not_opened(self._server.host, folder, words)
        return self.no_folder(folder, there=there)

    def no_folder(self, folder: str, *, there: Sequence[str] | None = None) -> NotFound:
        """The error for a folder that is not there, with those that are."""
        names = ", ".join((self.list_folders() if there is None else there)[:12])
        return NotFound(
            tr("There is no folder {folder} at {host}", folder=folder, host=self._server.host),
            tr("These are there: {names}.", names=names)
            if names
            else tr("The server lists no folders."),
            tr("Set folders to the names that should be watched."),
        )

    def listing(self, uids: str = "1:*") -> dict[int, Fetched]:
        """Every UID in the set of the selected folder, with the size and arrival of its mail."""
        found: dict[int, Fetched] = {}
        self.list_into(found, uids)
        return found

    def list_into(self, found: dict[int, Fetched], uids: str) -> None:
        """The same into a list, which then holds what the server said before it refused."""
        with self._errors():
            for one in self._lines.fetch(uids, "UID RFC822.SIZE INTERNALDATE"):
                found[one.uid] = one

    def numbers(self, uids: str) -> frozenset[int]:
        """Those numbers in the set that the server lists in the selected folder, and no more."""
        with self._errors():
            return frozenset(one.uid for one in self._lines.fetch(uids, "UID"))

    def flags(self, uids: str, *, changed_since: int = 0) -> dict[int, Flags]:
        """The flags of these mails of the selected folder; of those alone that changed since then.

        `changed_since` is a mod-sequence (RFC 7162), for servers that count them.
        """
        with self._errors():
            found = self._lines.fetch(uids, "UID FLAGS", changed_since=changed_since)
            return {one.uid: one.flags for one in found if one.flags is not None}

    @property
    def is_gmail(self) -> bool:
        """Whether the server has Gmail's names for mails, and its labels."""
        return "X-GM-EXT-1" in self._offers

    def named(self, uids: Iterable[int]) -> list[Fetched]:
        """What Gmail calls these mails of the selected folder, with their flags and labels."""
        with self._errors():
            return [
                one
                for line in uid_sets(uids)
                for one in self._lines.fetch(line, f"UID {_GMAIL}FLAGS")
            ]

    def labels(self, uids: str, *, changed_since: int) -> dict[int, tuple[str, ...]]:
        """All labels of those of the mails, of a Gmail, that changed since that modification."""
        with self._errors():
            found = self._lines.fetch(uids, "UID X-GM-LABELS", changed_since=changed_since)
            return {one.uid: one.labels for one in found if one.labels is not None}

    def holding(self, folder: str, mails: Collection[int]) -> frozenset[int]:
        """Those of these mails, by Gmail's names for them, that lie in this folder."""
        self.select(folder)
        found: set[int] = set()
        names = sorted(mails)
        for first in range(0, len(names), _NAMES_AT_ONCE):
            some = [f"X-GM-MSGID {name}" for name in names[first : first + _NAMES_AT_ONCE]]
            either = "OR " * (len(some) - 1) + " ".join(some)
            with self._errors():
                said = list(self._lines.answers(f"UID SEARCH {either}".encode()))
            words = (line.split()[2:] for line in said if line[:9].upper() == b"* SEARCH ")
            uids = [int(word) for line in words for word in line if word.isdigit()]
            found.update(one.gmail.mail for one in self.named(uids) if one.gmail is not None)
        return frozenset(found)

    def add_flags(self, folder: str, wanted: Mapping[int, Flags]) -> None:
        """Let the server note these flags as well; nothing that it has noted is taken away."""
        self.select(folder, readonly=False)
        kinds = {frozenset(flags) for flags in wanted.values() if flags}
        with self._errors():
            for flags in sorted(kinds, key=sorted):
                words = " ".join(f"\\{flag.value.capitalize()}" for flag in sorted(flags))
                for line in uid_sets(uid for uid, those in wanted.items() if those == flags):
                    asked = f"UID STORE {line} +FLAGS.SILENT ({words})"
                    list(self._lines.answers(asked.encode()))

    def bodies(self, uids: Sequence[int], *, first: int | None = None) -> list[Fetched]:
        """The mails with these UIDs in the selected folder, whole or only their `first` bytes.

        Peeks: the server does not mark them as read. Those that are gone by now are missing, and
        of several those that it did not hand out; refusing a single one raises.
        """
        part = "" if first is None else f"<0.{first}>"
        ids = _GMAIL if self.is_gmail else ""
        return self._handed_out(uids, f"UID {ids}FLAGS INTERNALDATE BODY.PEEK[]{part}")

    def structure(self, uid: int) -> bytes:
        """What the server says of the parts of a mail in the selected folder; empty if it is gone.

        (`large_mail.Door`)
        """
        with self._errors():
            return self._lines.sections(uid, "UID BODYSTRUCTURE")[0]

    def sections(self, uid: int, wanted: Mapping[str, int]) -> dict[str, bytes]:
        """These sections of a mail, each up to so many bytes (0: whole); peeks.

        Missing are those that the server does not have.
        """
        found: dict[str, bytes] = {}
        names = list(wanted)
        with self._errors():
            for first in range(0, len(names), _SECTIONS_AT_ONCE):
                items = " ".join(
                    f"BODY.PEEK[{name}]" + (f"<0.{wanted[name]}>" if wanted[name] else "")
                    for name in names[first : first + _SECTIONS_AT_ONCE]
                )
                found |= self._lines.sections(uid, f"UID {items}")[1]
        return found

    def heads(self, uids: Sequence[int]) -> list[Fetched]:
        """The headers of these mails in the selected folder, and their flags; as `bodies`."""
        return self._handed_out(uids, "UID FLAGS BODY.PEEK[HEADER]")

    def _handed_out(self, uids: Sequence[int], items: str) -> list[Fetched]:
        found: list[Fetched] = []
        for line in uid_sets(uids):
            try:
                with self._errors():
                    found.extend(self._lines.fetch(line, items))
            except (SaidNo, Busy):  # because of one of them, perhaps
                if len(uids) == 1:
                    raise
        wanted = frozenset(uids)
        return [one for one in found if one.uid in wanted]

    def still_there(self, uids: Iterable[int]) -> frozenset[int]:
        """Those of the UIDs that the server still lists in the selected folder."""
        return frozenset(uid for line in uid_sets(uids) for uid in self.numbers(line))

    def search_message_id(self, folder: str, message_id: str) -> bool:
        """Whether a mail with this Message-ID (without brackets) lies in the folder."""
        argument(message_id)
        if not message_id or not message_id.isascii():
            return False
        self.select(folder)
        with self._errors():
            return bool(self._client.search(["HEADER", "Message-ID", f"<{message_id}>"]))

    def append(self, folder: str, mime: bytes, at: datetime) -> None:
        """File a mail in a folder, marked as read."""
        self.select(folder, readonly=False)  # Courier files nothing while a folder is only read
        with self._errors():
            self._client.append(argument(folder), mime, flags=(b"\\Seen",), msg_time=at)

    @property
    def can_push(self) -> bool:
        """Whether the server says that it tells of news by itself (IDLE, RFC 2177)."""
        return "IDLE" in self._offers

    @cached_property
    def _offers(self) -> frozenset[str]:
        """What the server can do for who is signed in; before that it says less."""
        with self._errors():
            return frozenset(self._lines.capabilities())

    def wait_for_news(
        self, seen: FolderSnapshot, *, seconds: float, rhythm: Rhythm, bell: Bell
    ) -> bool:
        """Whether the folder is no longer as it was seen; False when the time is over or the bell
        rang.

        Raises NoPush when the server does not do what it offers, Unreachable when it is gone.
        """
        exists = self._exists_now(seen)
        if exists is None:
            return True  # it came between the round and now, and is not told again
        # No watch over the whole: every step of waiting has a bound of its own.
        with mail_errors(self._server.host, port=self._server.port), bell.listening():
            push = Push(self._stream, exists=exists, bell=bell, rhythm=rhythm)
            return push.wait(seconds)

    def _exists_now(self, seen: FolderSnapshot) -> int | None:
        """How many mails the folder holds, which is open then; None if it is not as it was seen."""
        if self._selected == seen.name:
            with self._errors():
                if (stay := self._staying()) is not None:
                    return None if stay.has_news else stay.exists
        tells = "QRESYNC" in self._offers and not self._plain
        found = self.open(seen.name, since=None).folder if tells else self.select(seen.name)
        is_same = (found.uid_validity, found.uid_next, found.exists) == (
            seen.uid_validity,
            seen.uid_next,
            seen.exists,
        )
        return found.exists if is_same else None

    def is_alive(self) -> bool:
        """Whether the server still answers on this connection."""
        try:
            self._client.noop()
        except (OSError, imaplib.IMAP4.error, ValueError):
            return False
        return True

    def drop(self) -> None:
        """Break the connection off, from any thread: whoever uses it learns at once."""
        self._hang_up()

    def close(self) -> None:
        """Hang up. Never raises and never waits for a goodbye."""
        with suppress(OSError, imaplib.IMAP4.error, ValueError, AttributeError):
            self._client.shutdown()
