"""Desk and engine over a real local socket: asking, hearing, and one that goes away."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener
from pathlib import Path
from typing import Any

import pytest

from app.config.paths import Profile
from app.config.system import lock_file, socket_family
from app.domain.changes import Changes
from app.domain.errors import EngineLost, KnownError, Refused
from app.engine import wire
from app.engine.client import EngineClient
from app.engine.server import Server
from app.engine.wire import Event
from tests.support.processes import wait_until


def _answer(verb: str, args: dict[str, Any]) -> dict[str, Any]:
    if verb == "refuse":
        raise Refused("No", "because", holes=("a hole",))
    if verb == "break":
        raise ZeroDivisionError
    return {"verb": verb, **args}


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile").make()


@pytest.fixture
def greeted() -> list[bool]:
    return []


@pytest.fixture
def server(profile: Profile, greeted: list[bool]) -> Iterator[Server]:
    running = Server(profile, answer=_answer, greeted=greeted.append)
    running.start()
    yield running
    running.stop()


def test_a_verb_is_answered(server, profile):
    """What a desk asks reaches the engine, and the answer comes back."""
    client = EngineClient(profile)
    assert client.call("hello", key="k", n=2) == {"verb": "hello", "key": "k", "n": 2}
    client.close()


def test_a_refusal_arrives_whole(server, profile):
    """The engine's KnownError is raised at the desk, of its own kind and with its holes."""
    client = EngineClient(profile)
    with pytest.raises(Refused) as refused:
        client.call("refuse")
    assert refused.value.holes == ("a hole",)
    assert refused.value.sentence == "No. because."
    client.close()


def test_a_bug_in_a_verb_is_a_sentence_and_the_engine_lives(server, profile):
    """A mistake of ours reaches the desk without a traceback, and the next verb works."""
    client = EngineClient(profile)
    with pytest.raises(KnownError, match="Frontburner made a mistake"):
        client.call("break")
    assert client.call("hello") == {"verb": "hello"}
    client.close()


def test_ten_desks_ask_at_once(server, profile):
    """Verbs of several threads do not wait for or mix with each other."""
    client = EngineClient(profile)
    answers: dict[int, dict[str, Any]] = {}

    def ask(number: int) -> None:
        for _ in range(20):
            answers[number] = client.call("hello", n=number)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert answers == {n: {"verb": "hello", "n": n} for n in range(10)}
    client.close()


def test_a_listener_hears_what_moved(server, profile):
    """Changes that the engine publishes arrive at every desk that listens, after a "back"."""
    heard: list[Event] = []
    back, moved, stop = threading.Event(), threading.Event(), threading.Event()

    def hear(event: Event) -> None:
        heard.append(event)
        (back if event.kind == "back" else moved).set()

    client = EngineClient(profile)
    thread = threading.Thread(
        target=client.listen, args=(hear,), kwargs={"stop": stop}, daemon=True
    )
    thread.start()
    assert back.wait(60)
    server.publish(Event(kind="changes", changes=Changes.of_issues(("i1_x",))))
    assert moved.wait(60)
    stop.set()
    thread.join(timeout=60)
    assert heard[1].changes == Changes.of_issues(("i1_x",))


def test_a_desk_without_the_key_is_turned_away(server, profile):
    """Who cannot read the profile's key cannot ask the engine."""
    with pytest.raises((AuthenticationError, EOFError, OSError)):
        Client(profile.socket, family=socket_family(), authkey=b"wrong" * 7).recv_bytes()
    client = EngineClient(profile)
    assert client.call("hello") == {"verb": "hello"}
    client.close()


def test_key_and_socket_belong_to_their_owner_alone(server, profile):
    """Folder 0700 and key 0600: nobody else on the machine can even knock."""
    assert stat.S_IMODE(profile.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(profile.key_file.stat().st_mode) == 0o600


def test_a_window_tells_the_engine_to_stay(server, profile, greeted):
    """The first frame of a desk says whether it wants the engine to go on watching."""
    for stay in (False, True):
        client = EngineClient(profile, stay=stay)
        client.call("hello")
        client.close()
    assert greeted == [False, True]


def test_an_engine_that_goes_away_while_it_is_asked_is_said(profile):
    """What may have been begun is not asked twice: the desk says that the engine was lost."""
    asked: list[Any] = []
    dying = Listener(profile.socket, family=socket_family(), authkey=profile.auth_key())

    def die_of_a_verb() -> None:
        with dying, dying.accept() as desk:
            wire.read(desk)
            asked.append(wire.read(desk)["verb"])

    thread = threading.Thread(target=die_of_a_verb, daemon=True)
    thread.start()
    client = EngineClient(profile)
    with pytest.raises(EngineLost, match="went away"):
        client.call("note", key="k", text="t")
    thread.join(timeout=60)
    assert asked == ["note"]
    client.close()


class Engines:
    """Engines of one profile after each other, and what each of them was asked."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self.asked: list[list[str]] = []

    def next(self) -> Server:
        asked: list[str] = []
        self.asked.append(asked)

        def answer(verb: str, args: dict[str, Any]) -> dict[str, Any]:
            asked.append(verb)
            return {"by": len(self.asked)}

        server = Server(self._profile, answer=answer, greeted=lambda stay: None)
        server.start()
        return server


@pytest.mark.parametrize("known", [True, False], ids=["known before", "knocks first"])
def test_a_desk_that_meets_an_ending_engine_asks_the_next_one(profile, known):
    """No engine is started while the old one still holds the profile; the verb is done once."""
    engines, answers = Engines(profile), []
    with lock_file(profile.lock) or pytest.fail("not locked"):  # the old engine, held at its end
        ending = engines.next()
        client = EngineClient(profile)
        if known:
            client.call("hello")
        ending.stop()
        thread = threading.Thread(target=lambda: answers.append(client.call("note", text="t")))
        thread.start()
        thread.join(timeout=1.5)
        assert thread.is_alive()
        assert not profile.log.exists()  # nothing was started in vain
        following = engines.next()
        thread.join(timeout=60)
    following.stop()
    client.close()
    assert answers == [{"by": 2}]
    assert engines.asked == [["hello"] if known else [], ["note"]]


def test_a_desk_that_waits_is_told_that_the_engine_ends(profile):
    """So it knows of what it asks from now on that nobody took it up."""
    server = Server(profile, answer=_answer, greeted=lambda stay: None)
    server.start()
    with Client(profile.socket, family=socket_family(), authkey=profile.auth_key()) as desk:
        wire.write(desk, {"hello": "call", "stay": False, "protocol": wire.PROTOCOL})
        wait_until(lambda: server.desks, what="the desk is greeted")
        server.stop()
        with pytest.raises(wire.Ending):
            wire.read(desk)


def test_a_verb_that_was_begun_is_answered_before_the_engine_ends(profile):
    """An engine that ends lets nobody guess whether a decision was taken."""
    begun, may_answer = threading.Event(), threading.Event()

    def answer(verb: str, args: dict[str, Any]) -> dict[str, Any]:
        begun.set()
        return {"done": may_answer.wait(60)}

    server = Server(profile, answer=answer, greeted=lambda stay: None)
    server.start()
    client, answers = EngineClient(profile), []
    asking = threading.Thread(target=lambda: answers.append(client.call("note", text="t")))
    asking.start()
    assert begun.wait(60)
    ending = threading.Thread(target=server.stop)
    ending.start()
    ending.join(timeout=0.3)
    assert ending.is_alive()
    may_answer.set()
    for thread in (ending, asking):
        thread.join(timeout=60)
    assert answers == [{"done": True}]
    client.close()


def test_who_begins_to_hear_is_told_what_no_row_can_say(profile: Profile) -> None:
    """A window that opens while the disk is full."""
    full = wire.Event(kind="unwritable", data={"title": "The disk is full"})
    server = Server(profile, answer=_answer, greeted=lambda stay: None, present=lambda: full)
    server.start()
    heard: list[Event] = []
    stop, client = threading.Event(), EngineClient(profile)
    ear = threading.Thread(target=client.listen, args=(heard.append,), kwargs={"stop": stop})
    ear.start()
    wait_until(lambda: len(heard) == 2)
    stop.set()
    server.stop()
    ear.join(20)
    assert [one.kind for one in heard[:2]] == ["back", "unwritable"]
    assert heard[1].data == {"title": "The disk is full"}


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "The disk is full"), (errno.EROFS, "The profile cannot be written")],
)
def test_a_verb_that_meets_a_full_or_closed_disk_says_so(
    profile: Profile, number: int, said: str
) -> None:
    """Whichever verb it is, and whatever it was writing: that is no mistake of ours."""

    def answer(verb: str, args: dict[str, Any]) -> dict[str, Any]:
        raise OSError(number, os.strerror(number))

    server = Server(profile, answer=answer, greeted=lambda stay: None)
    server.start()
    client = EngineClient(profile)
    try:
        with pytest.raises(KnownError, match=said):
            client.call("add_evidence")
    finally:
        client.close()
        server.stop()


def test_who_loses_the_engine_keeps_no_way_to_it(profile: Profile) -> None:
    """On Windows a pipe is there until its last handle is closed, and the next engine may not make
    one of that name: a window that kept one for its next question would keep every engine away."""
    server = Server(profile, answer=_answer, greeted=lambda stays: None)
    server.start()
    client, stop, back = EngineClient(profile), threading.Event(), threading.Event()
    kept: list[int] = []

    def hear(event: Event) -> None:
        if event.kind == "back":
            back.set()
        elif event.kind == "lost":
            kept.append(len(client._idle))
            stop.set()

    thread = threading.Thread(target=client.listen, args=(hear,), kwargs={"stop": stop})
    thread.start()
    assert back.wait(60)
    client.call("hello")
    assert len(client._idle) == 1
    server.stop()
    thread.join(timeout=60)
    assert kept == [0]


class _Pipe:
    """How a pipe of Windows differs: in what it raises where two threads meet at it."""

    def send_bytes(self, buf: bytes, /) -> None:
        raise ValueError("concurrent send_bytes() calls are not supported")

    def recv_bytes(self, maxlength: int, /) -> bytes:
        raise RuntimeError("shouldn't get here; expected KeyboardInterrupt")

    def poll(self, timeout: float, /) -> bool:
        return True

    def close(self) -> None:
        pass


def test_an_engine_that_ends_bears_what_the_pipes_of_windows_raise(server: Server) -> None:
    """Two threads say farewell to one desk, or it is closed while another thread reads."""
    wire.write_farewell(_Pipe())
    with pytest.raises(RuntimeError):
        server._serve(_Pipe())
    server._stopping.set()
    server._serve(_Pipe())
    assert server.desks == 0
