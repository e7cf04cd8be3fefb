"""Demo: the sample shop in a throw-away profile, by the same path as the real thing."""

from __future__ import annotations

import argparse
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event
from types import FrameType

from app.cli.run import run
from app.config.paths import Profile
from app.config.processes import Child, own_command, spawn_detached
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
def _tidying_up() -> Iterator[None]:
    """Who is told to end meanwhile tidies up first, and leaves no folder behind."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def shop(*, live: bool) -> Iterator[Profile]:
    """A profile with the sample shop and its engine; both are gone afterwards."""
    with _tidying_up(), ExitStack() as in_the_end:
        with _undisturbed():
            folder = Path(tempfile.mkdtemp(prefix="frontburner-demo-"))
            in_the_end.callback(shutil.rmtree, folder, ignore_errors=True)
            profile = Profile(folder).make()
            engine = _start(profile, live=live)
            in_the_end.callback(_stop, profile, engine)
        _await(profile, engine)
        yield profile


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Who is told to end meanwhile, does so when it is known what has to be tidied up."""
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if told:
            signal.raise_signal(signal.SIGTERM)


def _start(profile: Profile, *, live: bool) -> Child:
    how = ["--demo", "live", "--stay"] if live else ["--demo", "at-once"]
    command = own_command("--profile", str(profile.folder), "engine", *how)
    return spawn_detached(command, stderr=profile.log)


def _await(profile: Profile, engine: Child) -> None:
    client, pause = EngineClient(profile), Event()
    for _ in range(int(_START_TIMEOUT / _STEP)):
        if client.is_running():
            return
        if engine.exit_status is not None:
            break
        pause.wait(_STEP)
    said = (
        profile.log.read_text(encoding="utf-8", errors="replace")[-500:]
        if profile.log.exists()
        else ""
    )
    raise EngineLost("The sample shop does not open", said)


def _stop(profile: Profile, engine: Child) -> None:
    """Let the engine end, and wait until its process is gone: it would write into what is deleted.

    One that has only begun to start hears of it when it has started.
    """
    client, pause, is_told = EngineClient(profile), Event(), False
    for _ in range(int(_START_TIMEOUT / _STEP)):
        is_running = client.is_running()
        if engine.exit_status is not None and not is_running:
            break
        if is_running and not is_told:  # once: whoever asks an engine that is gone starts another
            is_told = True
            with suppress(KnownError):
                client.call("stop")
        pause.wait(_STEP)
    client.close()
