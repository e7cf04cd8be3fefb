"""Mail: a first sync of 20,000 messages from a real Dovecot over TLS, and what it is made of.

    python -m tests.benchmarks.mail

The real engine in its own process reads the mailbox; beside it, in the same run and from the same
server, imapclient with the standard library's parser and mbsync. Then the same folder again after
ten changes, and the readers by themselves.
"""

from __future__ import annotations

import email
import email.policy
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from imapclient import IMAPClient

from app.config.paths import Profile
from app.domain.clock import SystemClock
from app.domain.mailbox import MailFlag
from app.engine.client import EngineClient
from app.engine.queries import Queries
from app.mail import parse
from app.mail.reading import new_part
from app.mail.tls import trusted
from app.storage import codec, folders
from app.storage.database import open_reader
from tests.benchmarks import ingest
from tests.benchmarks.figures import Budget, report
from tests.benchmarks.real_window import cpu_seconds, engine_pid, family, memory
from tests.support.dovecot import DovecotServer, Mailbox

MAILS = 20_000
_YEARS = timedelta(days=6 * 365)
_SAMPLE = 2_000  # for what is slow, and for the readers alone
_WARM, _ROUNDS = 2, 9


def main() -> int:
    """One mailbox, everything about it."""
    with DovecotServer() as server:
        mailbox = server.user(password="benchmark")
        sample, octets = fill(mailbox)
        with (
            ingest.an_engine(mailbox, folders="INBOX") as (client, profile),
            tempfile.TemporaryDirectory(prefix="frontburner-mbsync-") as folder,
        ):
            mbsync = _Mbsync(mailbox, folder)
            _first_sync(client, profile, mailbox, mbsync, octets=octets)
            _again(client, profile, mailbox, mbsync)
    _readers(sample)
    return 0


def fill(mailbox: Mailbox) -> tuple[list[bytes], int]:
    """Put the mails there; the newest of them, and how many bytes they all are."""
    octets, sample = 0, list[bytes]()
    for first in range(0, MAILS, 1000):
        mails = list(ingest.mails(range(first, first + 1000), total=MAILS))
        mailbox.add(mails, at=ingest.arrival(first, total=MAILS, over=_YEARS))
        octets += sum(map(len, mails))
        sample = [*sample, *mails][-_SAMPLE:]
    return sample, octets


def _first_sync(
    client: EngineClient, profile: Profile, mailbox: Mailbox, mbsync: _Mbsync, *, octets: int
) -> None:
    with _most_memory(profile) as sizes, _stored_at(profile) as stored:
        used, began = _cpu_seconds(profile), perf_counter()
        books = client.call("poll")
        judged = perf_counter() - began
    at, then_used = stored[0]
    seconds = at - began
    _verify(books, profile)
    report(
        "mail",
        f"first sync of {MAILS:,} mails of six years over TLS: fetched, read, stored, searchable",
        "mails/s",
        [MAILS / seconds],
        Budget(statistic="median", at_least=2000),
        mean_bytes=octets // MAILS,
        engine_cpu_microseconds_a_mail=round((then_used - used) / MAILS * 1e6),
        seconds_until_the_recent_twentieth_is_judged_too=round(judged, 1),
        imapclient_and_standard_parser=round(_by_imapclient(mailbox)),
        mbsync=mbsync.first(),
    )
    report(
        "mail",
        "memory of the engine and its reader while they make that first sync, PSS at its highest",
        "MB",
        [max(map(sum, sizes))],
        Budget(statistic="median", at_most=120),
        engine_alone=round(max(engine for engine, _ in sizes), 1),
    )


@contextmanager
def _most_memory(profile: Profile) -> Iterator[list[tuple[float, float]]]:
    """What the engine and its reader hold, looked at five times a second."""
    sizes: list[tuple[float, float]] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            with suppress(OSError):  # the reader ended between two looks
                engine, *readers = family(engine_pid(profile))
                sizes.append((memory(engine), sum(map(memory, readers))))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield sizes
    finally:
        over.set()
        thread.join()


@contextmanager
def _stored_at(profile: Profile) -> Iterator[list[tuple[float, float]]]:
    """When the books said that all was stored, and the engine's time on a processor until then.

    What is stored is searchable (storage/writer).
    """
    found: list[tuple[float, float]] = []
    over = threading.Event()

    def look() -> None:
        db = open_reader(profile.database)
        while not found and not over.wait(0.02):
            if sum(proof.stored for proof in folders.proofs(db)) >= MAILS:
                found.append((perf_counter(), _cpu_seconds(profile)))
        db.close()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def _cpu_seconds(profile: Profile) -> float:
    return sum(map(cpu_seconds, family(engine_pid(profile))))


def _verify(books: dict[str, Any], profile: Profile) -> None:
    if books["new"] != MAILS:
        raise RuntimeError(f"not every mail was stored: {books}")
    queries = Queries(profile.database)
    missing = [
        number
        for number in (0, MAILS - 1)
        if not queries.search(f"unique{number:06d}", now=SystemClock().now())
    ]
    queries.close()
    if missing:
        raise RuntimeError(f"stored but not found: {missing}")


def _by_imapclient(mailbox: Mailbox) -> float:
    """Mails a second, fetched and read only, as the usual libraries do it."""
    client = IMAPClient(
        "localhost", port=mailbox.server.tls_port, ssl_context=trusted(str(mailbox.server.ca_file))
    )
    client.login(mailbox.user, mailbox.password)
    client.select_folder("INBOX", readonly=True)
    began, count = perf_counter(), 0
    for first in range(1, _SAMPLE + 1, 200):
        found = client.fetch(list(range(first, first + 200)), ["BODY.PEEK[]", "INTERNALDATE"])
        for one in found.values():
            mail = email.message_from_bytes(one[b"BODY[]"], policy=email.policy.default)
            _read_as_usual(mail)
            count += 1
    seconds = perf_counter() - began
    client.logout()
    return count / seconds


def _read_as_usual(mail: EmailMessage) -> None:
    for name in ("From", "To", "Subject", "Date", "Message-ID", "References"):
        str(mail[name] or "")
    body = mail.get_body(("plain", "html"))
    if body is not None:
        body.get_content()


_MBSYNC = """\
FSync no
IMAPAccount a
Host localhost
Port {port}
User {user}
Pass {password}
SSLType IMAPS
CertificateFile {ca_file}

IMAPStore far
Account a

MaildirStore near
Inbox {folder}/INBOX

Channel c
Far :far:INBOX
Near :near:INBOX
Sync Pull
SyncState *
"""


class _Mbsync:
    """mbsync with the same mailbox into files of its own; `why_not`: why it was not measured."""

    def __init__(self, mailbox: Mailbox, folder: str) -> None:
        self.why_not = "" if shutil.which("mbsync") else "isync is not installed"
        self._folder = Path(folder)
        settings = _MBSYNC.format(
            port=mailbox.server.tls_port,
            user=mailbox.user,
            password=mailbox.password,
            ca_file=mailbox.server.ca_file,
            folder=folder,
        )
        self._settings = self._folder / "mbsyncrc"
        self._settings.touch(mode=0o600)
        self._settings.write_text(settings)

    def seconds(self) -> float:
        """How long it takes to make its files equal to the server."""
        if self.why_not:
            return 0.0
        began = perf_counter()
        done = subprocess.run(
            ["mbsync", "-c", str(self._settings), "c"],
            check=False,
            cwd=self._folder,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            self.why_not = done.stderr.strip()[:200]
        return perf_counter() - began

    def first(self) -> float | str:
        """Mails a second of the first time, or why that was not measured."""
        seconds = self.seconds()
        got = sum(1 for _ in (self._folder / "INBOX").rglob("*") if _.is_file())
        if not self.why_not and got < MAILS:
            self.why_not = f"it brought {got} mails"
        return f"not measured: {self.why_not}" if self.why_not else round(MAILS / seconds)


def _again(client: EngineClient, profile: Profile, mailbox: Mailbox, mbsync: _Mbsync) -> None:
    """The folder after ten changes, which another program made over IMAP.

    Four mails came, three are gone, three were flagged: once with mails that arrived long ago and
    are only stored, as mbsync does, once with mails of now, which are judged in the same breath.
    From the question to the books; afterwards they must be equal to the server. The engine keeps
    its connection.
    """
    other = _another_program(mailbox)
    stored, judged, by_mbsync = list[float](), list[float](), list[float]()
    for number in range(2 * (_WARM + _ROUNDS)):
        of_now = number % 2 == 1
        _change(other, number, of_now=of_now)
        (judged if of_now else stored).append(_milliseconds(client))
        _verify_equal(other, profile)
        if not of_now:
            by_mbsync.append(mbsync.seconds() * 1000)
    idle = [_milliseconds(client) for _ in range(_ROUNDS)]
    other.logout()
    rate = mbsync.why_not or round(statistics.median(by_mbsync[_WARM:]))
    what = f"the same folder of {MAILS:,} again after ten changes, from the question to the books"
    report(
        "mail",
        f"{what}: four mails came, three are gone, three were flagged",
        "ms",
        stored[_WARM:],
        Budget(statistic="median", at_most=50),
        without_changes=round(statistics.median(idle), 1),
        mbsync=rate,
    )
    report(
        "mail",
        f"{what}: the four mails are of today and judged at once",
        "ms",
        judged[_WARM:],
        Budget(statistic="median", at_most=50 + 4 * 15),
    )


def _milliseconds(client: EngineClient) -> float:
    """How long a round takes, from the question to the books."""
    began = perf_counter()
    client.call("poll")
    return (perf_counter() - began) * 1000


def _another_program(mailbox: Mailbox) -> IMAPClient:
    client = IMAPClient(
        "localhost", port=mailbox.server.tls_port, ssl_context=trusted(str(mailbox.server.ca_file))
    )
    client.login(mailbox.user, mailbox.password)
    client.select_folder("INBOX")
    return client


def _change(other: IMAPClient, number: int, *, of_now: bool) -> None:
    """Ten changes: 4 + 3 + 3."""
    now = datetime.now(UTC)  # noqa: TID251 - a mailbox of today
    came_at = now if of_now else now - _YEARS
    first = MAILS + number * 4
    for mail in ingest.mails(range(first, first + 4), total=MAILS):
        other.append("INBOX", mail, msg_time=came_at)
    uids = other.search("ALL")
    gone, flagged = uids[:3], uids[500 + number * 3 :][:3]
    other.delete_messages(gone)
    other.uid_expunge(gone)
    other.add_flags(flagged, rb"\Flagged")


def _verify_equal(other: IMAPClient, profile: Profile) -> None:
    db = sqlite3.connect(profile.database)
    rows = dict(db.execute("SELECT uid, flags FROM location").fetchall())
    db.close()
    flagged = {uid for uid, bits in rows.items() if MailFlag.FLAGGED in codec.flags_of(bits)}
    if set(other.search("ALL")) != set(rows) or set(other.search("FLAGGED")) != flagged:
        raise RuntimeError("the books are not equal to the server")


def _readers(sample: list[bytes]) -> None:
    """Rates of one core, by its own time: the machine may have other things to do."""
    texts = [parse.read(raw).text for raw in sample]
    quoted = [
        f"{text}\n\n{announced}" for text, announced in zip(texts, _announced(), strict=False)
    ]
    figures = (
        ("texts and files of a mail", sample, parse.body, 20_000),
        ("a mail read whole: people, dates, threads, texts, quotes", sample, parse.read, None),
        ("quotes and signatures found in customers' mails", [*texts, *quoted], new_part, 20_000),
    )
    for what, things, reader, budget in figures:
        rates = [_rate(things, reader) for _ in range(5)]
        bound = Budget(statistic="median", at_least=budget or 2_000)
        report("mail", what, "a second", rates, bound)


def _announced() -> Iterator[str]:
    quote = "> We have two left.\n> Which one do you want?"
    lines = (
        "On Mon, Nov 16, 2026 at 9:41 AM Mill & Moss <hello@shop.example> wrote:",
        "Am Mo., 16. Nov. 2026 um 09:41 Uhr schrieb Mill & Moss <hello@shop.example>:",
        "Le lun. 16 nov. 2026 à 09:41, Mill & Moss <hello@shop.example> a écrit :",
        "On 16 November, Mill & Moss wrote:",
    )
    while True:
        yield from (f"{line}\n\n{quote}" for line in lines)


def _rate(things: list[Any], reader: Any) -> float:
    began = process_time()
    for one in things:
        reader(one)
    return len(things) / (process_time() - began)


if __name__ == "__main__":
    sys.exit(main())
