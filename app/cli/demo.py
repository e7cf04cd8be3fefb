"""Demo: the sample shop in a throw-away profile, by the same path as the real thing."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

from app.cli.run import run
from app.config.paths import Profile
from app.config.system import own_command, spawn_detached
from app.domain.clock import Clock
from app.domain.errors import EngineLost, KnownError
from app.engine.client import EngineClient

_START_TIMEOUT = 60.0
_STEP = 0.1


def headless(*, json: bool, clock: Clock) -> int:
    """Let everything arrive at once, then print the inbox in order."""
    with shop(live=False) as profile:
        client = EngineClient(profile)
        try:
            client.call("poll")
        finally:
            client.close()
        inbox = argparse.Namespace(command="inbox", view="open", limit=0, json=json)
        return run(inbox, profile=profile, clock=clock)


@contextmanager
def shop(*, live: bool) -> Iterator[Profile]:
    """A profile with the sample shop and its engine; both are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="frontburner-demo-"))
    profile = Profile(folder).make()
    try:
        _start(profile, live=live)
        yield profile
    finally:
        _stop(profile)
        shutil.rmtree(folder, ignore_errors=True)


def _start(profile: Profile, *, live: bool) -> None:
    how = ["--demo", "live", "--stay"] if live else ["--demo", "at-once"]
    child = spawn_detached(
        own_command("--profile", str(profile.folder), "engine", *how), stderr=profile.log
    )
    client, pause = EngineClient(profile), Event()
    for _ in range(int(_START_TIMEOUT / _STEP)):
        if client.is_running():
            return
        if child.exit_status is not None:
            break
        pause.wait(_STEP)
    said = profile.log.read_text(errors="replace")[-500:] if profile.log.exists() else ""
    raise EngineLost("The sample shop does not open", said)


def _stop(profile: Profile) -> None:
    client, pause = EngineClient(profile), Event()
    with suppress(KnownError):
        if client.is_running():
            client.call("stop")
    client.close()
    for _ in range(100):
        if not client.is_running():
            return
        pause.wait(_STEP)
