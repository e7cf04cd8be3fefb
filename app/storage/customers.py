"""Customers: everything that the profile holds of one address, gathered.

A mail is of the one who is to be answered, as its issue knows them: Reply-To comes before From,
because a contact form writes in its own name. `forgetting` takes all of it out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.account import own_addresses
from app.domain.correspondent import writer_of
from app.domain.message import Address
from app.domain.order import Order
from app.storage import accounts, codec, disputes
from app.storage.connection import Connection

_NOT_PLAIN = re.compile(r'[^!-~]|["\\_%]')  # what JSON or LIKE may write otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """A customer as a list shows them."""

    email: str
    name: str
    issues: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What there is of one address, by row ids.

    `whole` issues are this customer's alone; `shared` ones hold other people's mails too; `decided`
    ones belong to a dispute that is over, and `disputed` ones to a dispute that is not. `replies`
    went or were to go to them and nobody else, in whatever issue; `never_left` of them have no mail
    that tells of them. `names` are theirs as their mails and issues have them.
    """

    email: str
    whole: tuple[int, ...] = ()
    shared: tuple[int, ...] = ()
    decided: tuple[int, ...] = ()
    disputed: tuple[int, ...] = ()
    mails: tuple[int, ...] = ()
    replies: tuple[int, ...] = ()
    never_left: int = 0
    names: frozenset[str] = frozenset()
    orders: tuple[Order, ...] = ()
    failed_payments: int = 0
    on_its_way: int = 0

    @property
    def can_go(self) -> bool:
        """Whether there is anything that a deletion would take."""
        found = (self.whole, self.shared, self.decided, self.mails, self.replies, self.orders)
        return any(found) or bool(self.failed_payments)

    @property
    def is_empty(self) -> bool:
        """Whether nothing of this address is known."""
        return not self.can_go and not self.disputed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mail:
    """Who wrote a mail: whose address it bears, and who is to be answered."""

    id: int
    from_: Address | None
    writer: Address | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """The part of a mail's details that says where its answer goes."""

    reply_to: tuple[Address, ...] = ()


def search(db: Connection, words: str, *, limit: int) -> tuple[CustomerRow, ...]:
    """The customers whose address or name holds these words, the latest first."""
    pattern = "%{}%".format(words.strip().replace("!", "!!").replace("%", "!%").replace("_", "!_"))
    rows = db.execute(
        "SELECT customer_key, max(customer_name), count(*), max(last_at) FROM issue"
        " WHERE customer_key <> '' AND (customer_key LIKE ? ESCAPE '!'"
        " OR customer_name LIKE ? ESCAPE '!') GROUP BY customer_key ORDER BY 4 DESC LIMIT ?",
        (pattern, pattern, limit),
    )
    return tuple(
        CustomerRow(email=email, name=name, issues=count, last_at=codec.moment(at))
        for email, name, count, at in rows
    )


def holdings(db: Connection, email: str) -> Holdings:
    """Everything of this address (a key: lower case)."""
    own = _ids(db, "SELECT id FROM issue WHERE customer_key = ?", email)
    theirs = _theirs(db, email)
    written = {one.id for one in theirs}
    found = {id_: _sort(db, id_, written) for id_ in own}
    sorts = {
        sort: tuple(id_ for id_, its in found.items() if its == sort)
        for sort in ("whole", "shared", "decided", "disputed")
    }
    gone = (*sorts["whole"], *sorts["decided"])
    mails = {*_in_issues(db, gone), *written, *_ids(db, _TO_THEM, f"%{email}%", email)}
    kept = set(_in_issues(db, sorts["disputed"]))
    replies = tuple(_replies_to(db, email, but=sorts["disputed"]))
    return Holdings(
        email=email,
        **sorts,
        mails=tuple(sorted(mails - kept)),
        replies=replies,
        never_left=_count(db, _NEVER_LEFT, replies),
        names=frozenset(_names(db, email, theirs)),
        orders=tuple(
            codec.from_json(order, Order)
            for (order,) in db.execute(
                "SELECT order_ FROM purchase WHERE customer_key = ? ORDER BY placed_at", (email,)
            )
        ),
        failed_payments=_ids(
            db, "SELECT count(*) FROM failed_payment WHERE customer_key = ?", email
        )[0],
        on_its_way=_count(db, _ON_ITS_WAY.format("issue_id"), own)
        + _count(db, _ON_ITS_WAY.format("id"), _elsewhere(db, replies, own)),
    )


def _theirs(db: Connection, email: str) -> list[_Mail]:
    """The mails that they wrote: answers go to them, or their address stands there as the sender.

    Where several people are answered for one sender, that is a form's address, and what they wrote
    is theirs.
    """
    own = own_addresses(accounts.every(db))
    rows = db.execute(_NAMES_THEM, (email, _like(email)))
    every = [
        _Mail(
            id=id_,
            from_=(sender := codec.address(address, name)),
            writer=writer_of(sender, codec.from_json(details, _Answered).reply_to, own=own),
        )
        for id_, address, name, details in rows
    ]
    answered = {_key(one.writer) for one in every if _key(one.from_) == email} - {email}
    is_form = len(answered) > 1
    return [
        one
        for one in every
        if _key(one.writer) == email or (_key(one.from_) == email and not is_form)
    ]


def _sort(db: Connection, issue: int, theirs: Collection[int]) -> str:
    cases = disputes.of_issue(db, issue)
    if any(one.state.is_open for one in cases):
        return "disputed"
    if cases:
        return "decided"
    people = db.execute(
        "SELECT id FROM message WHERE issue_id = ? AND direction = 'in'"
        " AND NOT ifnull(assessment ->> '$.gate.automatic', 0)",
        (issue,),
    )
    return "shared" if any(id_ not in theirs for (id_,) in people) else "whole"


def _names(db: Connection, email: str, theirs: Sequence[_Mail]) -> Iterator[str]:
    rows = db.execute("SELECT customer_name FROM issue WHERE customer_key = ?", (email,))
    yield from (name for (name,) in rows if name)
    for mail in theirs:
        for one in (mail.from_, mail.writer):
            if one is not None and one.name and one.key == email:
                yield one.name


def _replies_to(db: Connection, email: str, *, but: Sequence[int]) -> Iterator[int]:
    """The replies to them alone; not those in these issues."""
    kept = frozenset(but)
    rows = db.execute(_REPLIES_NAMING, (_like(email),))
    for id_, issue, recipients in rows:
        told = {Address(email=one).key for one in codec.from_json(recipients, tuple[str, ...])}
        if told == {email} and issue not in kept:
            yield id_


def _elsewhere(db: Connection, replies: Sequence[int], own: Sequence[int]) -> list[int]:
    """Those of these replies that lie in no issue of theirs."""
    return _ids(
        db,
        "SELECT id FROM reply WHERE id IN (SELECT value FROM json_each(?))"
        " AND issue_id NOT IN (SELECT value FROM json_each(?))",
        codec.to_json(list(replies)),
        codec.to_json(list(own)),
    )


def _like(email: str) -> str:
    """A pattern that finds an address in JSON, however it is written there; others may match."""
    return f"%{_NOT_PLAIN.sub('%', email)}%"


def _key(address: Address | None) -> str:
    return "" if address is None else address.key


def _in_issues(db: Connection, issues: Sequence[int]) -> list[int]:
    return _ids(
        db,
        "SELECT id FROM message WHERE issue_id IN (SELECT value FROM json_each(?))",
        codec.to_json(list(issues)),
    )


def _ids(db: Connection, query: str, *values: str) -> list[int]:
    return [id_ for (id_,) in db.execute(query, values)]


def _count(db: Connection, query: str, ids: Sequence[int]) -> int:
    """How many rows a query finds whose %s is a list of ids."""
    listed = query.replace("%s", "SELECT value FROM json_each(?)")
    (number,) = db.execute(listed, (codec.to_json(list(ids)),)).fetchone()
    return int(number)


_ON_ITS_WAY = """
SELECT count(*) FROM reply WHERE {} IN (%s)
AND state IN ('queued', 'sending', 'data_sent', 'sent', 'blocked')
"""
_NEVER_LEFT = """
SELECT count(*) FROM reply r WHERE id IN (%s)
AND NOT EXISTS (SELECT 1 FROM message m WHERE m.message_id = r.message_id)
"""
# Mails of ours that went to this address and to nobody else.
_TO_THEM = """
SELECT id FROM message WHERE direction = 'out' AND details LIKE ?
AND json_array_length(details, '$.to') = 1 AND lower(details ->> '$.to[0].email') = ?
AND ifnull(json_array_length(details, '$.cc'), 0) = 0
"""
_REPLIES_NAMING = "SELECT id, issue_id, recipients FROM reply WHERE recipients LIKE ?"
_NAMES_THEM = """
SELECT id, from_email, from_name, details FROM message
WHERE from_key = ? OR (direction = 'in' AND details LIKE ?)
"""
