"""A random walk over a mailbox: somebody else changes the server, we read it, things break.

The server itself is the model: in the end, what is known here has to be what it says.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.changes import Changes
from app.domain.errors import KnownError
from app.engine.pipeline import Pipeline
from tests.support.chaos_proxy import ChaosProxy, Fault
from tests.support.engine import SHOP, a_letter
from tests.support.watched import Watched

READ = ("INBOX", "Orders", "Sent", "Junk")
PLACES = (*READ[:2], "Junk", "Archive")  # Archive is not read
INJURY = "My daughter was cut by the chipped bowl and is in hospital. Our lawyer will sue you."
FAULTS = (Fault.SPLIT, Fault.LATENCY, Fault.HALF_CLOSE, Fault.DROP, Fault.SILENCE)


class Killed(Exception):
    """The engine was killed here."""


class Mortal:
    """A pipeline whose engine dies in the middle of the n-th transaction, or never."""

    def __init__(self, whole: Pipeline) -> None:
        self._whole = whole
        self.left: int | None = None

    def cutoff(self, now: datetime) -> datetime:
        return self._whole.cutoff(now)

    def read_ahead(self, *given: Any, **more: Any) -> None:
        self._whole.read_ahead(*given, **more)

    def ingest(self, *given: Any, **more: Any) -> Changes:
        changes = self._whole.ingest(*given, **more)
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed
        return changes


@dataclass
class Walk:
    """One walk; `log` says what happened, for whoever has to mend what it found."""

    shop: Watched
    seed: int
    proxied: Callable[[Fault], ChaosProxy]
    log: list[str] = field(default_factory=list)
    number: int = 0
    written: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.mortal = Mortal(self.shop.engine.pipeline)
        self.shop.engine.pipeline = self.mortal  # type: ignore[assignment]
        self.shop.restart()

    def take(self, steps: int) -> None:
        """So many steps; then the network is sound, and we read until all is settled."""
        does = (
            (self.arrive, 6), (self.answer, 2), (self.spam, 1), (self.expunge, 2), (self.move, 4),
            (self.copy, 1), (self.flag, 3), (self.renumber, 1), (self.begin_anew, 1),
            (self.sound_round, 4), (self.faulty_round, 4), (self.killed_round, 3),
        )  # fmt: skip
        steps_to_choose, weights = zip(*does, strict=True)
        for _ in range(steps):
            step = self.chance.choices(steps_to_choose, weights)[0]
            self.log.append(step.__name__)
            step()
            self.shop.engine.clock.forward(minutes=2)
        for _ in range(3):
            self.shop.restart()
            self.shop.round()
            self.shop.engine.clock.forward(minutes=2)

    def arrive(self) -> None:
        """One to three letters, each from another customer."""
        letters = [self._letter(INJURY if self.chance.random() < 0.5 else "A cup is broken.")
                   for _ in range(self.chance.randint(1, 3))]  # fmt: skip
        folder = self.chance.choice(("", "", "Orders"))
        self.shop.arrives(*letters, folder=folder)

    def answer(self) -> None:
        """Somebody answers a customer on a phone."""
        if self.written:
            to = self.chance.choice(self.written)
            self.number += 1
            self.shop.arrives(
                a_letter("We send a new one.", sender=SHOP, to=f"c{to}@customer.example",
                         message_id=f"<answer{self.number}@phone.example>",
                         answers=f"<{to}@customer.example>"),
                folder="Sent",
            )  # fmt: skip

    def spam(self) -> None:
        """A stranger writes into Junk."""
        self.number += 1
        self.shop.arrives(
            a_letter(INJURY, sender=f"s{self.number}@evil.example",
                     message_id=f"<{self.number}@evil.example>"),
            folder="Junk",
        )  # fmt: skip

    def expunge(self) -> None:
        """Somebody deletes a mail for good."""
        self._with_one("expunge")

    def move(self) -> None:
        """Somebody moves a mail."""
        self._with_one("move", self.chance.choice(PLACES))

    def copy(self) -> None:
        """Somebody copies a mail."""
        self._with_one("copy", self.chance.choice(PLACES))

    def flag(self) -> None:
        """Somebody reads, answers or flags mails."""
        how, flag = self.chance.choice(("add", "remove")), self.chance.choice(("Seen", "Flagged"))
        folder = self.chance.choice(READ)
        self._adm(
            "flags", how, f"\\{flag}", "mailbox", folder, "UID", f"{self.chance.randint(1, 5)}:*"
        )

    def renumber(self) -> None:
        """A folder counts anew and says so."""
        validity = self.chance.randint(2_000_000_000, 4_000_000_000)
        self._adm("mailbox", "update", "--uid-validity", str(validity), self.chance.choice(READ))

    def begin_anew(self) -> None:
        """A folder is lost, and counts anew without saying so."""
        (status,) = self.shop.mailbox.adm("mailbox", "status", "uidvalidity", "Orders").splitlines()
        self.shop.restart()
        self._adm("mailbox", "delete", "Orders")
        self._adm("mailbox", "create", "Orders")
        validity = status.rpartition("=")[2]
        self._adm("mailbox", "update", "--uid-validity", validity, "Orders")

    def sound_round(self) -> None:
        """All goes well."""
        self.shop.restart()
        self.shop.round()

    def faulty_round(self) -> None:
        """The network does something to our lines."""
        fault = self.chance.choice(FAULTS)
        self.log.append(fault.value)
        self.shop.restart()
        with self.proxied(fault) as proxy:
            self.shop.connections.settings["port"] = str(proxy.port)
            with suppress(KnownError):
                self.shop.round()
            self.shop.restart()
        self.shop.connections.settings.pop("port")

    def killed_round(self) -> None:
        """The engine dies in the middle of a transaction."""
        self.shop.restart()
        self.mortal.left = self.chance.randrange(6)
        with suppress(KnownError):
            self.shop.round()
        self.mortal.left = None
        self.shop.restart()

    def on_server(self, folder: str) -> dict[str, tuple[str, frozenset[str]]]:
        """The server's own word: UID -> Message-ID and the flags that we follow."""
        said = self._adm("-f", "tab", "fetch", "uid hdr.message-id flags", "mailbox", folder, "ALL")
        lines = [line.split("\t") for line in said.splitlines()[1:]]
        return {uid: (name.strip("<>"), frozenset(_words(flags))) for uid, name, flags in lines}

    def _letter(self, text: str) -> bytes:
        self.number += 1
        self.written.append(self.number)
        return a_letter(
            text + "!" * self.number,
            subject=f"Cup {self.number}",
            sender=f"c{self.number}@customer.example",
            message_id=f"<{self.number}@customer.example>",
        )

    def _with_one(self, *words: str) -> None:
        folder = self.chance.choice(PLACES)
        uids = sorted(self.on_server(folder), key=int)
        if uids and folder not in words:
            self._adm(*words, "mailbox", folder, "UID", self.chance.choice(uids))

    def _adm(self, *words: str) -> str:
        first = [words[:2], words[2:]] if words[0] == "-f" else [(), words]
        server, user = self.shop.mailbox.server, self.shop.mailbox.user
        verb, rest = first[1][:1], first[1][1:]
        if verb[0] in ("flags", "mailbox"):
            verb, rest = (verb[0], rest[0]), rest[1:]
        self.log.append(" ".join(words[:6]))
        return server.adm(*first[0], *verb, "-u", user, *rest)


def _words(flags: str) -> list[str]:
    known = {"\\Seen": "seen", "\\Answered": "answered", "\\Flagged": "flagged"}
    return [known[word] for word in flags.split() if word in known]
