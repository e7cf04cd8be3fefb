"""Lesson: a corrected mail as the learner needs it, and every judged mail as it is kept for that.

Part of the fifth step of the walk. What is kept of a mail is its meaning, what the shipped weights
made of it, and its sender as a number; nobody can read the mail out of that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from app.domain.assessment import Kind, Severity
from app.triage.encoder import WIDTH, Floats
from app.triage.model import HEADS

Codes = NDArray[np.uint64]

_MARK = b"FBL2"
_BEGIN = len(_MARK) + 8
_SIZE = _BEGIN + 2 * WIDTH + 4 * HEADS


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the owner said of a mail, and when; what was not said is None."""

    at: datetime
    kind: Kind | None = None
    severity: Severity | None = None
    alert: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One correction: what was said, and the mail as it was described.

    `meaning` is the whole mail's view, `scores` what the shipped weights made of it, `sender` who
    wrote it (`sender_code`, 0 for nobody knows); all come from the bytes that an opinion carries.
    `name` is the journal entry that taught it.
    """

    said: Said
    meaning: Floats
    scores: Floats
    sender: int = 0
    name: str = ""

    def to_bytes(self) -> bytes:
        """The mail's part of it, to be kept beside the journal (1 kB); `said` is there."""
        return packed(self.meaning, self.scores, self.sender)

    @classmethod
    def from_bytes(cls, data: bytes, said: Said, *, name: str = "") -> Lesson:
        """Read it again. Raises ValueError for anything else than a lesson of this version."""
        mails = unpacked([data])
        return cls(
            said=said,
            meaning=mails.meanings[0],
            scores=mails.scores[0],
            sender=int(mails.senders[0]),
            name=name,
        )


@dataclass(frozen=True, slots=True)
class Mails:
    """Kept mails, a row each."""

    meanings: Floats
    scores: Floats
    senders: Codes


def sender_code(address: str) -> int:
    """A sender as a number that says nothing of the address; 0 for none."""
    if not address:
        return 0
    digest = hashlib.blake2b(address.lower().encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1


def packed(meaning: Floats, scores: Floats, sender: int = 0) -> bytes:
    """A mail as the learner keeps it: meaning, what the shipped weights made of it, sender."""
    head = _MARK + sender.to_bytes(8, "little")
    return head + meaning.astype("<f2").tobytes() + scores.astype("<f4").tobytes()


def is_whole(mail: bytes) -> bool:
    """Whether `unpacked` can read it."""
    return len(mail) == _SIZE and mail.startswith(_MARK)


def unpacked(mails: Sequence[bytes]) -> Mails:
    """What `packed` wrote. Raises ValueError for other bytes."""
    if not all(map(is_whole, mails)):
        raise ValueError("it was made by another version")
    middle = _BEGIN + 2 * WIDTH
    table = np.frombuffer(b"".join(mails), dtype=np.uint8).reshape(len(mails), _SIZE)
    parts = (table[:, len(_MARK) : _BEGIN], table[:, _BEGIN:middle], table[:, middle:])
    senders, meanings, scores = (np.ascontiguousarray(part) for part in parts)
    return Mails(
        meanings.view("<f2").astype(np.float32),
        scores.view("<f4").astype(np.float32),
        senders.view("<u8")[:, 0].astype(np.uint64),
    )
