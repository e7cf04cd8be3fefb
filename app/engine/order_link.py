"""Order link: which order an issue is about, by what all of its mails tell and by what people said.

Part of working out where an issue stands; what the mails tell is added up by `triage/linking`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_

from app.domain.assessment import FORGED
from app.domain.issue import Issue
from app.domain.journal import Decisions
from app.domain.order import OrderLink, order_key
from app.domain.translation import tr
from app.engine.beside import Beside
from app.engine.conversation import Heard
from app.engine.one_person import speaks_for_itself
from app.storage import messages, orders, ties
from app.storage.connection import Connection
from app.triage import linking
from app.triage.linking import Told
from app.triage.other_names import is_another

_MOST_READ = 20  # of a long conversation: how it began, and what was said last


def order_link(
    db: Connection,
    issue: Issue,
    decisions: Decisions,
    heard: Sequence[Heard],
    *,
    known: Beside,
) -> OrderLink | None:
    """The order that it is about: the one that somebody picked, or the likeliest."""
    said = heard if len(heard) <= _MOST_READ else (*heard[:5], *heard[5 - _MOST_READ :])
    told = reduce(or_, map(_told, said), Told())
    candidates = [
        *(order for email in told.emails for order in orders.of_customer(db, email)),
        *(order for number in told.numbers for order in orders.of_number(db, number)),
        *orders.by_clues(db, told.clues),
    ]
    forged = {one.message.customer.key for one in said if FORGED in one.assessment.factors}
    trusted = told.emails - forged
    picked = _picked_before(db, issue.id, decisions, told, senders=trusted)
    candidates += [order for number in picked for order in orders.of_number(db, number)]
    found = known.link(db) or linking.link(told, candidates, picked=picked) or _named(db, heard)
    if decisions.order is None:
        return found
    return _picked(db, decisions.order, decisions.order_atom, found, customer=issue.customer.key)


def _picked(
    db: Connection, number: str, atom: str, found: OrderLink | None, *, customer: str
) -> OrderLink:
    """The order that a person picked, beside the likeliest other one. An older Frontburner wrote
    only its number: then of several shops' the one that was found, or that the customer bought."""
    likely = ((found.number, found.atom), (found.runner_up, found.runner_up_atom)) if found else ()
    if not atom and number:
        atom = next((its for one, its in likely if one == number), "")
        known = None if atom else orders.by_number(db, number, customer=customer)
        atom = known.atom if known else atom
    others = (one for one in likely if one[0] and one != (number, atom))
    other, its_atom = next(others, ("", ""))
    return OrderLink(
        number=number,
        atom=atom,
        because=(tr("you picked it"),),
        runner_up=other,
        runner_up_atom=its_atom,
        by_person=True,
    )


def _picked_before(
    db: Connection, issue_id: int, decisions: Decisions, told: Told, *, senders: Collection[str]
) -> dict[str, str]:
    """The orders that a person linked with the same sender, or with a number that no shop knows;
    what is picked here is remembered for others. Of the `senders`, those that are one person's."""
    unknown = (number for number in told.numbers if not orders.of_number(db, number))
    by_sender = {f"from:{one}": one for one in senders}
    clues = {
        **{clue: tr("you picked it for this sender before") for clue in by_sender},
        **{f"number:{one}": tr("you picked it for {number} before", number=one) for one in unknown},
    }

    def holds(clue: str) -> bool:
        return clue not in by_sender or speaks_for_itself(db, by_sender[clue])

    if decisions.order and not decisions.order_forgotten:
        ties.bind(db, issue_id, filter(holds, clues), decisions.order)
    else:
        ties.release(db, issue_id)
    return {
        order_key(number): clues[clue]
        for number, clue, there in ties.bound(db, clues, but=issue_id)
        if holds(clue) and not _is_anothers(db, by_sender.get(clue, ""), issue_id, there)
    }


def _is_anothers(db: Connection, sender: str, here: int, there: int) -> bool:
    """Whether this address writes here for somebody else than there."""
    mine, theirs = (messages.written_as(db, one, sender) for one in (here, there))
    return bool(mine) and all(is_another(name, theirs, address=sender) for name in mine)


def _told(one: Heard) -> Told:
    message, customer = one.message, one.message.customer
    return linking.told_by(
        email=customer.key,
        name=customer.name,
        subject=message.subject,
        new_text=message.new_text,
        entities=one.assessment.entities,
        at=message.received_at,
        by_machine=one.assessment.gate.automatic,
    )


def _named(db: Connection, heard: Sequence[Heard]) -> OrderLink | None:
    """The number that the mails name, where no shop is connected that would know it."""
    named = [number for one in heard for number in one.assessment.entities.order_numbers]
    if not named or orders.count(db):
        return None
    return OrderLink(number=named[0], because=(tr("its number is in the mail"),))
