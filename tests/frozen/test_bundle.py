"""The bundle works by itself: without Python, without the source, and where nothing else is."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.mailbox import FetchedMail
from app.engine.reader import Reader
from tests.frozen.bundle import Bundle, is_in_order

pytestmark = [
    pytest.mark.frozen,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("frozen"),
]

_NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_NEEDED = {"frontburner", "window", "engine", "database", "rules", "settings", "tls", "judgement"}


def test_the_doctor_finds_all_that_is_needed(bundle: Bundle) -> None:
    checks = {one["check"]: one for one in bundle.json("doctor")}
    assert checks.keys() >= _NEEDED
    assert [one for one in checks.values() if one["state"] == "fail"] == []


def test_its_rules_drawings_and_templates_come_with_it(bundle: Bundle) -> None:
    checks = {one["check"]: one["found"] for one in bundle.json("doctor")}
    assert int(checks["rules"].split()[0]) > 50
    assert int(checks["window"].rpartition("draws, ")[2].split()[0]) > 20
    assert "learnt from examples" in checks["judgement"]


def test_the_sample_shop_is_in_order(bundle: Bundle) -> None:
    assert is_in_order(bundle.json("demo", "--headless"))


def test_its_engine_is_the_same_bundle_again(bundle: Bundle) -> None:
    with _engine(bundle) as (profile, _):
        pid = int((profile / "engine.lock").read_text())
        assert Path(f"/proc/{pid}/exe").readlink() == bundle.program


def test_a_large_delivery_is_read_by_the_same_bundle_in_another_process(bundle: Bundle) -> None:
    reader = Reader(command=lambda: bundle.argv("engine", "--read"))
    here = Reader(command=lambda: ["/nowhere"])
    mails = [_mail(number) for number in range(60)]
    try:
        for _ in range(2):  # two large batches in a row, then it is worth its start
            reader.begin(mails, now=_NOON)
        read = reader.begin(mails, now=_NOON).result(timeout=120)
        assert reader.pid is not None
        assert read == here.begin(mails, now=_NOON).result(timeout=120)
        assert read[7].message.subject == "Mug 7"
    finally:
        reader.stop()
        here.stop()


def test_it_rings_through_the_last_resort_too(bundle: Bundle, tmp_path: Path) -> None:
    """plyer is loaded by name when it is needed; here its notify-send writes down what it hears."""
    heard = tmp_path / "heard"
    program = tmp_path / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {heard}\n')
    program.chmod(0o755)
    listening = replace(bundle, environment={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    with _engine(listening) as (profile, rows):
        assert rows
        _wait(heard.exists, profile)
        assert "Frontburner" in heard.read_text()


def test_a_reply_is_written_in_german_with_the_orders_amount(bundle: Bundle) -> None:
    """Templates and how other languages write amounts are data that has to come along."""
    with _engine(bundle) as (profile, rows):
        key = next(row["key"] for row in rows if row["order"])
        words = ("reply", key, "--template", "change_cancel/cancelled", "--language", "de")
        done = bundle.run("--profile", str(profile), *words)
        assert done.returncode == 0, done.stderr
        assert "Hallo" in done.stdout
        assert re.search(r"\d,\d\d\s€", done.stdout), done.stdout


def test_it_works_in_a_root_where_nothing_else_is(alone: Bundle) -> None:
    checks = alone.json("doctor")
    assert [one for one in checks if one["state"] == "fail"] == []
    assert is_in_order(alone.json("demo", "--headless"))


def _mail(number: int) -> FetchedMail:
    raw = f"From: ann@example.org\r\nSubject: Mug {number}\r\n\r\nIt broke.\r\n".encode()
    return FetchedMail(uid=number + 1, raw=raw, received_at=_NOON, size=len(raw))


@contextmanager
def _engine(bundle: Bundle) -> Iterator[tuple[Path, list[dict[str, str]]]]:
    """An engine with the sample shop in a profile of its own, and the rows of its inbox."""
    profile = bundle.home / "profile"
    words = ("--profile", str(profile), "engine", "--demo", "at-once", "--stay")
    engine = subprocess.Popen(bundle.argv(*words), cwd="/", stdin=subprocess.DEVNULL)
    where = ("--profile", str(profile))
    try:
        _wait((profile / "sent_replies").exists, profile)
        bundle.json(*where, "poll")
        yield profile, bundle.json(*where, "inbox")
    finally:
        bundle.run(*where, "engine", "--stop")
        try:
            engine.wait(20)
        except subprocess.TimeoutExpired:
            engine.kill()
            engine.wait(5)


def _wait(true: object, profile: Path, *, seconds: float = 30) -> None:
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            log = profile / "engine.log"
            pytest.fail(f"not within {seconds:.0f} s\n{log.read_text() if log.exists() else ''}")
        time.sleep(0.1)
