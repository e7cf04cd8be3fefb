"""What servers say while we wait, in every manner that is known: each over a real socket."""

from __future__ import annotations

import imaplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from app.mail.bell import Bell
from app.mail.push import NoPush, Push, Rhythm
from app.mail.stream import Stream

pytestmark = pytest.mark.servers


@dataclass
class Peer:
    """The server's end of the line."""

    line: socket.socket

    def hear(self) -> bytes:
        """The next line of the client."""
        heard = b""
        while not heard.endswith(b"\n"):
            piece = self.line.recv(1)
            if not piece:
                return heard
            heard += piece
        return heard

    def say(self, *pieces: bytes, every: float = 0.0) -> None:
        for piece in pieces:
            self.line.sendall(piece)
            time.sleep(every)

    def begin(self) -> bytes:
        """Take an IDLE and be ready; its tag."""
        tag = self.hear().split(b" ")[0]
        self.say(b"+ idling\r\n")
        return tag

    def end(self, tag: bytes, *, before: bytes = b"") -> None:
        assert self.hear() == b"DONE\r\n"
        self.say(before + tag + b" OK done\r\n")


Play = Callable[[Peer], None]


@pytest.fixture
def wait() -> Iterator[Callable[..., bool]]:
    """Wait for news from a server that is played by a function; three mails are known."""
    ours, theirs = socket.socketpair()
    failures: list[BaseException] = []
    threads: list[threading.Thread] = []

    def run(play: Play) -> None:
        try:
            play(Peer(theirs))
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)

    def waiting(
        play: Play, *, seconds: float = 60.0, rhythm: Rhythm | None = None, bell: Bell | None = None
    ) -> bool:
        thread = threading.Thread(target=run, args=(play,), daemon=True)
        threads.append(thread)
        thread.start()
        ours.settimeout(60)
        bell = bell or Bell()
        with bell.listening():
            rhythm = rhythm or Rhythm(answer=30.0)
            try:
                return Push(Stream(ours), exists=3, bell=bell, rhythm=rhythm).wait(seconds)
            except imaplib.IMAP4.abort:
                ours.shutdown(socket.SHUT_RDWR)  # as the gateway does; whoever still says much ends
                raise

    yield waiting
    for thread in threads:
        thread.join(60)
    ours.close()
    with suppress(OSError):
        theirs.close()
    assert failures == []


def test_a_line_in_pieces_is_one_line(wait):
    def play(server: Peer) -> None:
        tag = server.hear().split(b" ")[0]
        server.say(b"+ i", b"dling\r", b"\n* 4 ", b"EXI", b"STS", b"\r", b"\n", every=0.02)
        server.end(tag)

    assert wait(play)


def test_one_byte_at_a_time_is_heard_as_well(wait):
    def play(server: Peer) -> None:
        tag = server.begin()
        server.say(*(bytes((one,)) for one in b"* OK Still here\r\n* 3 EXISTS\r\n* 2 EXPUNGE\r\n"))
        server.end(tag)

    assert wait(play)


def test_what_is_told_before_the_server_is_ready_counts(wait):
    """Dovecot and Exchange tell what they held back between the command and the plus sign."""

    def play(server: Peer) -> None:
        tag = server.hear().split(b" ")[0]
        server.say(b"* FLAGS (\\Seen)\r\n* 4 EXISTS\r\n* 1 RECENT\r\n+ idling\r\n")
        server.end(tag)

    assert wait(play)


def test_what_is_told_while_idle_ends_counts(wait):
    def play(server: Peer) -> None:
        server.end(server.begin(), before=b"* 4 EXISTS\r\n")

    assert wait(play, seconds=0.2)


@pytest.mark.parametrize(
    "line",
    [b"* 3 EXISTS", b"* 0 RECENT", b"* 2 FETCH (FLAGS (\\Seen))", b"* OK Still here", b"* NO what"],
)
def test_what_is_no_news_ends_no_waiting(wait, line):
    def play(server: Peer) -> None:
        tag = server.begin()
        server.say(line + b"\r\n")
        server.end(tag)

    assert not wait(play, seconds=0.3)


@pytest.mark.parametrize(
    "line", [b"* 4 EXISTS", b"* 4 exists", b"* 1 EXPUNGE", b"* VANISHED 7:9", b"* 2 EXISTS"]
)
def test_what_is_news_ends_the_waiting(wait, line):
    def play(server: Peer) -> None:
        tag = server.begin()
        server.say(line + b"\r\n")
        server.end(tag)

    assert wait(play)


def test_a_count_that_goes_up_and_comes_down_in_one_breath_is_news(wait):
    def play(server: Peer) -> None:
        tag = server.begin()
        server.say(b"* 4 EXISTS\r\n* 3 EXISTS\r\n")
        server.end(tag)

    assert wait(play)


def test_the_end_of_the_connection_is_an_error_and_no_silence(wait):
    def play(server: Peer) -> None:
        server.begin()
        server.line.close()

    began = time.monotonic()
    with pytest.raises(imaplib.IMAP4.abort):
        wait(play)
    assert time.monotonic() - began < 30  # of sixty


def test_an_end_of_one_direction_is_an_error_as_well(wait):
    def play(server: Peer) -> None:
        server.begin()
        server.say(b"* 4 EXI")
        server.line.shutdown(socket.SHUT_WR)

    with pytest.raises(imaplib.IMAP4.abort):
        wait(play)


def test_a_goodbye_is_an_error_with_its_words(wait):
    def play(server: Peer) -> None:
        server.begin()
        server.say(b"* BYE Server shutting down.\r\n")

    with pytest.raises(imaplib.IMAP4.abort, match="shutting down"):
        wait(play)


@pytest.mark.parametrize("answer", [b" NO not for you\r\n", b" BAD what\r\n", b" OK done\r\n"])
def test_a_server_that_offers_idle_and_refuses_it_is_told_apart(wait, answer):
    def play(server: Peer) -> None:
        server.say(server.hear().split(b" ")[0] + answer)

    with pytest.raises(NoPush):
        wait(play)


def test_a_server_that_ends_every_idle_at_once_does_not_do_it(wait):
    def play(server: Peer) -> None:
        server.say(server.begin() + b" OK done\r\n")

    with pytest.raises(NoPush):
        wait(play)


def test_an_idle_that_the_server_ends_after_a_while_is_begun_again(wait):
    def play(server: Peer) -> None:
        tag = server.begin()
        time.sleep(0.1)
        server.say(tag + b" OK that is enough\r\n")
        tag = server.begin()
        server.say(b"* 4 EXISTS\r\n")
        server.end(tag)

    assert wait(play, rhythm=Rhythm(answer=30.0, chatter=0.05))


@pytest.mark.parametrize("ready", [True, False], ids=["ends never", "begins never"])
def test_a_server_that_does_not_answer_any_more_is_left_and_the_rhythm_shortened(wait, ready):
    def play(server: Peer) -> None:
        if ready:
            server.begin()

    rhythm = Rhythm(0.2, floor=0.05, answer=1.0)
    with pytest.raises(TimeoutError):
        wait(play, rhythm=rhythm)
    assert rhythm.seconds == 0.1


def test_a_hang_up_with_words_does_not_shorten_the_rhythm(wait):
    rhythm = Rhythm(1.0, floor=0.05, answer=1.0)
    with pytest.raises(imaplib.IMAP4.abort):
        wait(lambda server: server.say(server.begin()[:0] + b"* BYE\r\n"), rhythm=rhythm)
    assert rhythm.seconds == 1.0


def test_regular_signs_of_life_that_stop_are_a_death_before_the_rhythm_is_over(wait):
    def play(server: Peer) -> None:
        server.begin()
        server.say(*[b"* OK Still here\r\n"] * 4, every=0.2)

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        wait(play, rhythm=Rhythm(answer=1.0, chatter=0.1))
    assert 0.9 < time.monotonic() - began < 30  # of sixty


def test_the_bell_is_heard_while_the_server_is_silent(wait):
    bell = Bell()

    def play(server: Peer) -> None:
        tag = server.begin()
        bell.ring()
        server.end(tag)

    began = time.monotonic()
    assert not wait(play, bell=bell)
    assert time.monotonic() - began < 30  # of sixty


def test_a_line_without_an_end_is_an_error(wait):
    def play(server: Peer) -> None:
        server.begin()
        with suppress(OSError):
            server.say(b"* " + b"x" * 1_400_000)

    with pytest.raises(imaplib.IMAP4.abort, match="without an end"):
        wait(play)
