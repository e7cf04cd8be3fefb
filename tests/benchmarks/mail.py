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
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from imapclient import IMAPClient

from app.config.paths import Profile
from app.engine.client import EngineClient
from app.engine.queries import Queries
from app.mail import parse
from app.mail.reading import new_part
from app.mail.tls import trusted
from tests.benchmarks import ingest
from tests.benchmarks.figures import Budget, report
from tests.benchmarks.real_window import engine_pid, memory
from tests.support.dovecot import DovecotServer, Mailbox

_MAILS = 20_000
_YEARS = timedelta(days=6 * 365)
_SAMPLE = 2_000  # for what is slow, and for the readers alone
_CHANGES = 10
_ROUNDS = 9


def main() -> int:
    """One mailbox, everything about it."""
    with DovecotServer() as server:
        mailbox = server.user(password="benchmark")
        sample, octets = _fill(mailbox)
        with ingest.an_engine(mailbox, folders="INBOX") as (client, profile):
            _first_sync(client, profile, mailbox, octets=octets)
            _again(client, mailbox)
    _readers(sample)
    return 0


def _fill(mailbox: Mailbox) -> tuple[list[bytes], int]:
    """Put the mails there; the newest of them, and how many bytes they all are."""
    octets, sample = 0, list[bytes]()
    for first in range(0, _MAILS, 1000):
        mails = list(ingest.mails(range(first, first + 1000), total=_MAILS))
        mailbox.add(mails, at=ingest.arrival(first, total=_MAILS, over=_YEARS))
        octets += sum(map(len, mails))
        sample = [*sample, *mails][-_SAMPLE:]
    return sample, octets


def _first_sync(client: EngineClient, profile: Profile, mailbox: Mailbox, *, octets: int) -> None:
    with _most_memory(profile) as sizes:
        began = perf_counter()
        books = client.call("poll")
        seconds = perf_counter() - began
    _verify(books, profile)
    report(
        "mail",
        f"first sync of {_MAILS:,} mails of six years over TLS, a twentieth of them recent and"
        " judged at once: fetched, read, stored, searchable",
        "mails/s",
        [_MAILS / seconds],
        Budget(statistic="median", at_least=2000),
        mean_bytes=octets // _MAILS,
        imapclient_and_standard_parser=round(_by_imapclient(mailbox)),
        mbsync=_by_mbsync(mailbox),
    )
    report(
        "mail",
        "memory of the engine while it makes that first sync, PSS at its highest",
        "MB",
        [max(sizes)],
        Budget(statistic="median", at_most=120),
    )


@contextmanager
def _most_memory(profile: Profile) -> Iterator[list[float]]:
    """What the engine holds, looked at five times a second."""
    sizes: list[float] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            sizes.append(memory(engine_pid(profile)))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield sizes
    finally:
        over.set()
        thread.join()


def _verify(books: dict[str, Any], profile: Profile) -> None:
    if books["new"] != _MAILS:
        raise RuntimeError(f"not every mail was stored: {books}")
    queries = Queries(profile.database)
    missing = [number for number in (0, _MAILS - 1) if not queries.search(f"unique{number:06d}")]
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
"""


def _by_mbsync(mailbox: Mailbox) -> float | str:
    """Mails a second into files, or why that was not measured."""
    if shutil.which("mbsync") is None:
        return "not measured: isync is not installed"
    with tempfile.TemporaryDirectory(prefix="frontburner-mbsync-") as folder:
        settings = Path(folder) / "mbsyncrc"
        settings.write_text(
            _MBSYNC.format(
                port=mailbox.server.tls_port,
                user=mailbox.user,
                password=mailbox.password,
                ca_file=mailbox.server.ca_file,
                folder=folder,
            )
        )
        settings.chmod(0o600)
        began = perf_counter()
        done = subprocess.run(
            ["mbsync", "-c", str(settings), "c"],
            check=False,
            cwd=folder,
            capture_output=True,
            text=True,
        )
        seconds = perf_counter() - began
        got = sum(1 for _ in (Path(folder) / "INBOX").rglob("*") if _.is_file())
        if done.returncode or got < _MAILS:
            return f"not measured: {done.stderr.strip()[:200]}"
    return round(_MAILS / seconds)


def _again(client: EngineClient, mailbox: Mailbox) -> None:
    """The folder after ten changes: five mails came, five are gone."""
    times: list[float] = []
    for number in range(_ROUNDS):
        first = _MAILS + number * _CHANGES
        mailbox.add(ingest.mails(range(first, first + _CHANGES // 2), total=_MAILS))
        uids = ",".join(str(number * _CHANGES + one) for one in range(1, _CHANGES // 2 + 1))
        mailbox.adm("expunge", "mailbox", "INBOX", "uid", uids)
        began = perf_counter()
        books = client.call("poll")
        times.append((perf_counter() - began) * 1000)
        if books["new"] != _CHANGES // 2:
            raise RuntimeError(f"not every change was seen: {books}")
    idle = []
    for _ in range(_ROUNDS):
        began = perf_counter()
        client.call("poll")
        idle.append((perf_counter() - began) * 1000)
    report(
        "mail",
        f"the same folder of {_MAILS:,} again after {_CHANGES} changes, from the question to the"
        " books",
        "ms",
        times,
        Budget(statistic="median", at_most=50),
        without_changes=round(statistics.median(idle), 1),
    )


def _readers(sample: list[bytes]) -> None:
    """Rates of one core, by its own time: the machine may have other things to do."""
    texts = [parse.read(raw).text for raw in sample]
    quoted = [
        f"{text}\n\n{announced}" for text, announced in zip(texts, _announced(), strict=False)
    ]
    figures = (
        ("texts and files of a mail, where the fast parser is sure", sample, parse.body, 20_000),
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
