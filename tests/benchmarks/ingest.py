"""Ingest: a first sync from a real Dovecot over TLS: fetched, read, stored, searchable, judged.

    python -m tests.benchmarks.ingest

The real engine in its own process does it, asked by `poll`; what is timed is from the question
until all mails are stored, and from then until the recent ones are judged and the books are closed.
Afterwards every mail must be accounted for and the first and the last be found.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from time import perf_counter, sleep

from app.config.paths import Profile
from app.engine.client import EngineClient
from app.engine.queries import Queries
from app.storage import messages
from app.storage.database import open_reader
from tests.benchmarks import prose
from tests.benchmarks.figures import Budget, report
from tests.benchmarks.real_window import engine_pid, memory, stop_engine
from tests.support.dovecot import DovecotServer, Mailbox

_MAILS = 10_000
_RECENT = 1_000  # as `arrival` spreads them
_ROUNDS = 3
_A_LOOK = 0.05
_YEARS = timedelta(days=3 * 365)


def main() -> int:
    """The same mailbox into three new profiles."""
    stored, judged, sizes = [], [], []
    with DovecotServer() as server:
        mailbox = server.user(password="benchmark")
        octets = 0
        for first in range(0, _MAILS, 1000):
            some = list(mails(range(first, first + 1000), total=_MAILS))
            octets += sum(map(len, some))
            mailbox.add(some, at=arrival(first, total=_MAILS, over=_YEARS))
        for _ in range(_ROUNDS):
            until_stored, until_judged, megabytes = _first_sync(mailbox)
            stored.append(_MAILS / until_stored)
            judged.append(_RECENT / (until_judged - until_stored))
            sizes.append(megabytes)
    report(
        "ingest",
        f"first sync of {_MAILS:,} mails of three years over TLS: read, stored, searchable",
        "mails/s",
        stored,
        Budget(statistic="median", at_least=2000),
        mean_bytes=octets // _MAILS,
    )
    report(
        "ingest",
        f"the recent {_RECENT:,} of them judged and filed, after all are stored",
        "mails/s",
        judged,
        Budget(statistic="median", at_least=10),
        engine_mb_after=round(max(sizes)),
    )
    return 0


def arrival(first: int, *, total: int, over: timedelta) -> datetime:
    """When a thousand of the mails came: spread `over` a time, the last thousand in these days."""
    now = datetime.now(UTC)  # noqa: TID251 - a mailbox of today
    older = total - 1000 - first
    return now - (over * older / total if older else timedelta(days=5))


@contextmanager
def an_engine(mailbox: Mailbox, **settings: str) -> Iterator[tuple[EngineClient, Profile]]:
    """A new profile with this mailbox, and its engine in a process of its own."""
    folder = Path(tempfile.mkdtemp(prefix="frontburner-bench-"))
    profile = Profile(folder / "profile").make()
    client = EngineClient(profile, stay=False)
    try:
        client.call(
            "account_add",
            name="Shop",
            type="imap",
            settings=mailbox.settings(**settings),
            secret_command=f"echo {mailbox.password}",
        )
        yield client, profile
    finally:
        client.close()
        stop_engine(profile)
        shutil.rmtree(folder, ignore_errors=True)


def _first_sync(mailbox: Mailbox) -> tuple[float, float, float]:
    """Seconds until all mails are stored and until they are judged, and the engine's memory."""
    with an_engine(mailbox) as (client, profile), ThreadPoolExecutor(1) as beside:
        began = perf_counter()
        asked = beside.submit(client.call, "poll")
        _await_stored(profile, asked)
        until_stored = perf_counter() - began
        books = asked.result()
        until_judged = perf_counter() - began
        _verify(books, profile)
        return until_stored, until_judged, memory(engine_pid(profile))


def _await_stored(profile: Profile, asked: Future[dict[str, object]]) -> None:
    db = open_reader(profile.database)
    while messages.count(db) < _MAILS and not asked.done():
        sleep(_A_LOOK)
    db.close()


def _verify(books: dict[str, object], profile: Profile) -> None:
    if books["new"] != _MAILS:
        raise RuntimeError(f"not every mail was stored: {books}")
    queries = Queries(profile.database)
    now = datetime.now(UTC)  # noqa: TID251 - of today
    missing = [
        number for number in (0, _MAILS - 1) if not queries.search(f"unique{number:06d}", now=now)
    ]
    queries.close()
    if missing:
        raise RuntimeError(f"stored but not found: {missing}")


def mails(numbers: range, *, total: int) -> Iterator[bytes]:
    """Mails as a shop gets them, half of them with HTML, one in twenty with a photo.

    `total`: how many the mailbox will hold, which says when each was written.
    """
    writer = prose.Writer(seed=numbers.start)
    now = datetime.now(UTC)  # noqa: TID251 - a mailbox of today
    for number in numbers:
        name, email = writer.person(writer.chance.randrange(4000))
        said = writer.mail(writer.kind(), 1000 + number)
        mail = EmailMessage(policy=SMTP)
        mail["From"] = f"{name} <{email}>"
        mail["To"] = "help@shop.example"
        mail["Subject"] = said.subject
        mail["Date"] = format_datetime(now - timedelta(minutes=3 * (total - number)))
        mail["Message-ID"] = f"<{number}@customer.example>"
        if number % 3 == 2:  # an answer to the mail before it
            mail["In-Reply-To"] = mail["References"] = f"<{number - 1}@customer.example>"
        mail.set_content(f"{said.text}\n\nunique{number:06d}\n")
        if number % 2:
            mail.add_alternative(_html(said.text, writer), subtype="html")
        if number % 20 == 7:
            photo = writer.chance.randbytes(60_000)
            mail.add_attachment(photo, maintype="image", subtype="jpeg", filename="photo.jpg")
        yield mail.as_bytes()


def _html(text: str, writer: prose.Writer) -> str:
    """The same words in the tables that mail programs wrap them in."""
    rows = "".join(
        f'<tr><td style="font-family:Arial;font-size:14px;color:#222222">{line}</td></tr>\n'
        for line in text.splitlines()
    )
    style = "".join(f".c{n} {{ padding: {n}px; margin: 0 }}\n" for n in range(60))
    foot = f'<div class="c1" style="color:#999999">{writer.words(40)}</div>'
    return (
        f"<html><head><style>{style}</style></head><body><table>{rows}</table>{foot}</body></html>"
    )


if __name__ == "__main__":
    sys.exit(main())
