"""Half a million: how soon a mailbox of 500,000 mails is of use, and what memory that takes.

    python -m tests.benchmarks.half_a_million

A played server has the mails, made when they are asked for: no disk holds them for a test. What is
timed is our side: from the question until the newest are judged and listed, and how many are
stored and found after a minute.
"""

from __future__ import annotations

import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from time import perf_counter, sleep

from app.config.paths import Profile
from app.domain.clock import SystemClock
from app.engine.client import EngineClient
from app.engine.queries import Queries
from app.storage import messages
from app.storage.database import open_reader
from tests.benchmarks import ingest
from tests.benchmarks.figures import Budget, report
from tests.benchmarks.real_window import (
    cpu_seconds,
    engine_pid,
    family,
    memory,
    stop_engine,
)
from tests.support.certificates import Authority
from tests.support.mailbox_script import Box, Letter, MailboxServer

_MAILS = 500_000
_TEXTS = 1_000  # different ones
_MINUTE = 60.0
_LONGEST = 600.0
_USEFUL = 20  # judged mails in the list: a first page
_APART = timedelta(minutes=6)  # 500,000 mails in five and a half years


class _Server(MailboxServer):
    """Answers FETCH of its numbers by making the mails."""

    def _fetched(self, box: Box, rest: bytes) -> bytes:
        uids, items = rest.split(b" ", 3)[2:]
        return b"".join(_line(uid, items) for uid in _numbers(uids))


def _numbers(uids: bytes) -> Iterator[int]:
    for part in uids.split(b","):
        first, _, last = part.partition(b":")
        yield from range(int(first), min(int(last or first), _MAILS) + 1)


def _line(uid: int, items: bytes) -> bytes:
    raw = _mail(uid)
    said = b"* %d FETCH (UID %d" % (uid, uid)
    if b"RFC822.SIZE" in items:
        said += b" RFC822.SIZE %d" % len(raw)
    if b"FLAGS" in items:
        said += b" FLAGS ()"
    if b"INTERNALDATE" in items:
        said += b' INTERNALDATE "%s"' % _arrival(uid)
    if b"BODY.PEEK[]" in items:
        said += b" BODY[] {%d}\r\n%s" % (len(raw), raw)
    return said + b")\r\n"


def _mail(uid: int) -> bytes:
    """One of a thousand texts under a name, a sender and a word of its own."""
    number = b"%06d" % uid
    return _texts()[uid % _TEXTS].replace(b"NUMBER", number)


@lru_cache(maxsize=1)
def _texts() -> list[bytes]:
    made = ingest.mails(range(_TEXTS), total=_TEXTS)
    return [_small(raw) for raw in made]


def _small(raw: bytes) -> bytes:
    """Without its photo or its thread, and with a place for its number."""
    head, _, body = raw.partition(b"\r\n\r\n")
    head = re.sub(rb"\r\n(?:In-Reply-To|References):[^\r]*", b"", head)
    head = re.sub(rb"\r\nMessage-ID: <\d+@", b"\r\nMessage-ID: <NUMBER@", head)
    return head + b"\r\n\r\n" + re.sub(rb"unique\d{6}", b"uniqueNUMBER", body)[:6_000]


def _arrival(uid: int) -> bytes:
    at = _now() - (_MAILS - uid) * _APART
    return at.strftime("%d-%b-%Y %H:%M:%S +0000").encode()


@lru_cache(maxsize=1)
def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a mailbox of today


def main() -> int:
    """One mailbox, one minute."""
    with tempfile.TemporaryDirectory(prefix="frontburner-half-") as folder:
        box = Box(letters=dict.fromkeys(range(1, _MAILS + 1), Letter(raw=b"")), modseq=7)
        with (
            _Server(Authority(Path(folder) / "ca"), {"INBOX": box}) as server,
            _an_engine(server, Path(folder)) as (client, profile),
        ):
            _watch(client, profile)
    return 0


@contextmanager
def _an_engine(server: _Server, folder: Path) -> Iterator[tuple[EngineClient, Profile]]:
    profile = Profile(folder / "profile").make()
    client = EngineClient(profile, stay=True)
    settings = dict(server.account().settings)
    try:
        client.call(
            "account_add",
            name="Shop",
            type="imap",
            settings=settings,
            secret_command="echo secret",
        )
        yield client, profile
    finally:
        client.close()
        stop_engine(profile)


def _watch(client: EngineClient, profile: Profile) -> None:
    """A minute of the first reading: when the list is of use, what is stored, what it takes."""
    asked = threading.Thread(target=lambda: _poll(client), daemon=True)
    began = perf_counter()
    asked.start()
    useful, used, sizes = 0.0, 0.0, list[float]()
    while (passed := perf_counter() - began) < _MINUTE or not useful:
        sleep(0.2)
        with suppress(OSError):
            sizes.append(sum(map(memory, family(engine_pid(profile)))))
        if not useful and _listed(profile) >= _USEFUL:
            useful = passed
            used = sum(map(cpu_seconds, family(engine_pid(profile))))
        if passed > _LONGEST:
            raise RuntimeError(f"of no use after {passed:.0f} s")
    stored, found = _stored(profile)
    report(
        "half a million",
        f"a mailbox of {_MAILS:,} mails: until the newest {_USEFUL} are judged and listed",
        "s",
        [useful],
        Budget(statistic="median", at_most=_MINUTE),
        engine_cpu_seconds_until_then=round(used, 1),
        stored_and_found_by_then_or_after_a_minute=stored,
        newest_is_found=found,
    )
    report(
        "half a million",
        "memory of the engine and its reader in that minute, PSS at its highest",
        "MB",
        [max(sizes)],
        Budget(statistic="median", at_most=200),
    )


def _poll(client: EngineClient) -> None:
    with suppress(Exception):  # the engine ends before the mailbox does
        client.call("poll")


def _listed(profile: Profile) -> int:
    queries = Queries(profile.database)
    try:
        return len(queries.inbox_ids("open", now=SystemClock().now()))
    finally:
        queries.close()


def _stored(profile: Profile) -> tuple[int, bool]:
    db = open_reader(profile.database)
    count = messages.count(db)
    db.close()
    queries = Queries(profile.database)
    found = bool(queries.search(f"unique{_MAILS:06d}", now=SystemClock().now()))
    queries.close()
    return count, found


if __name__ == "__main__":
    sys.exit(main())
