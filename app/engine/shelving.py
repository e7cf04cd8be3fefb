"""Shelving: the plain old mail of a large delivery goes into the books together; for the pipeline.

Most of a mailbox of ten years is nobody's turn: mails that are not stored yet, in conversations of
which nothing is known, about nothing that we did. What those come to follows from the mails of the
batch alone, and it is written by few statements. Whatever touches anything else is left to the
pipeline, one mail after the other; both come to the same rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.issue import issue_key, message_atom, root_of
from app.domain.message import Message
from app.engine.later import place_of
from app.engine.placing import ANSWERS, SAME_CONVERSATION
from app.engine.reading import Reading
from app.engine.standing import UNJUDGED, preview_of
from app.mail import bounce, own_ids
from app.storage import climbs, delivery, forgotten, issues, messages
from app.storage.connection import Connection
from app.storage.delivery import Conversation, Piece
from app.storage.packed import pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """What was stored: each mail with its row. `keys` are its issues, `rest` is left to do."""

    stored: tuple[tuple[Reading, int], ...]
    keys: frozenset[str]
    rest: tuple[Reading, ...]


def shelve(
    db: Connection,
    readings: Sequence[Reading],
    *,
    account_id: int,
    own: frozenset[str],
    cutoff: datetime,
    later: bool,
) -> Shelved:
    """Store what is plain among these mails, which stand in the order of their arrival.

    What came since `cutoff` is plain only if it is judged `later` anyway.
    """
    plain = [
        one for one in readings if (later or one.mail.received_at < cutoff) and _is_plain(one, own)
    ]
    sight = _Sight.of(db, readings, plain)
    found = [
        *_conversations([one for one in plain if one.mail.received_at < cutoff], sight),
        *_alone([one for one in plain if one.mail.received_at >= cutoff], sight),
    ]
    conversations = [conversation for _, conversation in found]
    ids = delivery.store(db, conversations, account_id=account_id, judgement=UNJUDGED)
    done = [one for some, _ in found for one in some]
    uids = {one.mail.uid for one in done}
    return Shelved(
        stored=tuple(zip(done, ids, strict=True)),
        keys=frozenset(issue_key((one.atom,)) for one in conversations),
        rest=tuple(one for one in readings if one.mail.uid not in uids),
    )


def _is_plain(reading: Reading, own: frozenset[str]) -> bool:
    """Whether it says nothing about us: not our own, no report, none of our names in it."""
    message, mail = reading.message, reading.mail
    if mail.gmail is not None or mail.labels is not None:
        return False
    if message.from_ is not None and message.from_.is_one_of(own):
        return False
    return not bounce.may_be_one(message) and not own_ids.may_name(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """What is known, beside the plain mails, of the Message-IDs in a batch.

    `stored`: a mail of that name is stored, or stands twice in the batch, or was deleted at its
    owner's wish. `called`: a call of ours. `spoken_of`: in a mail of the batch that is not plain.
    `owned`: an issue begins with it.
    """

    stored: frozenset[str]
    called: frozenset[str]
    spoken_of: frozenset[str]
    owned: frozenset[str]

    @classmethod
    def of(cls, db: Connection, readings: Sequence[Reading], plain: Sequence[Reading]) -> _Sight:
        """What profile and batch tell of the names in these plain mails."""
        uids = {one.mail.uid for one in plain}
        others = (one for one in readings if one.mail.uid not in uids)
        names = frozenset(_names_of(plain))
        atoms = {message_atom(name): name for name in names}
        marks = {_mark(one.message): one.message.message_id for one in plain}
        counted = Counter(one.message.message_id for one in readings)
        return cls(
            stored=messages.named(db, names)
            | {name for name, count in counted.items() if count > 1}
            | {marks[mark] for mark in forgotten.among(db, marks)},
            called=climbs.named(db, names),
            spoken_of=frozenset(_names_of(others)),
            owned=frozenset(atoms[atom] for atom in issues.owners(db, atoms)),
        )


def _mark(message: Message) -> str:
    sender = message.from_.key if message.from_ else ""
    return forgotten.mail_mark(message.message_id, sender, message.sent_at)


def _conversations(
    plain: Sequence[Reading], sight: _Sight
) -> Iterator[tuple[Sequence[Reading], Conversation]]:
    """The old conversations of which all that is known is here, with their mails."""
    known = sight.stored | sight.called | sight.spoken_of | sight.owned
    by_root: dict[str, list[Reading]] = defaultdict(list)
    for one in plain:
        by_root[root_of(one.message)].append(one)
    names = {root: frozenset(_names_of(some)) for root, some in by_root.items()}
    shared = Counter(name for some in names.values() for name in some)
    for root, some in by_root.items():
        if known.isdisjoint(names[root]) and all(shared[name] == 1 for name in names[root]):
            yield some, _conversation(message_atom(root), some)


def _alone(
    plain: Sequence[Reading], sight: _Sight
) -> Iterator[tuple[Sequence[Reading], Conversation]]:
    """The recent mails, each in an issue that holds its place until it is judged."""
    for one in plain:
        is_known = one.message.message_id in sight.stored
        if not is_known and sight.called.isdisjoint(_names(one.message)):
            yield (one,), _conversation(place_of(one.message), (one,), awaits=True)


def _conversation(atom: str, mails: Sequence[Reading], *, awaits: bool = False) -> Conversation:
    before: set[str] = set()
    pieces = list[Piece]()
    for one in mails:
        message = one.message
        answers = not before.isdisjoint((*message.in_reply_to, *message.references))
        because = ANSWERS if answers else SAME_CONVERSATION if before else ""
        before.add(message.message_id)
        pieces.append(
            Piece(
                message=message,
                received_at=one.mail.received_at,
                packed=one.packed or pack(one.mail.raw),
                complete=one.mail.complete,
                because=because,
            )
        )
    preview = preview_of(mails[-1].message)
    return Conversation(atom=atom, pieces=tuple(pieces), preview=preview, awaits=awaits)


def _names_of(mails: Iterable[Reading]) -> Iterator[str]:
    return (name for one in mails for name in _names(one.message))


def _names(message: Message) -> Iterator[str]:
    yield message.message_id
    yield from message.in_reply_to
    yield from message.references
