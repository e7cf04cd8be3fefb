"""Junk: asks of a mail in the Junk folder whether it has a tie to the shop.

A step of the pipeline, for mails of that folder alone. What is left there is counted, with the
reason, and never rings.
"""

from __future__ import annotations

from functools import partial

from app.domain.message import Message
from app.domain.translation import tr
from app.engine import returned
from app.engine.assessing import Assessor
from app.engine.placing import known_issues
from app.engine.reading import Reading
from app.mail import bounce, own_ids
from app.storage import issues, messages, orders, profile
from app.storage.connection import Connection
from app.triage import rescue
from app.triage.rescue import Rescue
from app.triage.rules import Rules


class Junk:
    """Decides which mails of the Junk folder are brought in."""

    def __init__(self, *, rules: Rules, assessor: Assessor) -> None:
        self._rules = rules
        self._assessor = assessor

    def verdict(
        self,
        db: Connection,
        reading: Reading,
        *,
        own: frozenset[str],
        is_old: bool,
    ) -> Rescue:
        """Why this mail is brought in, or why it is left."""
        if is_old:
            return Rescue(left=rescue.OLD)
        message, received_at = reading.message, reading.mail.received_at
        if returned.recognise(db, bounce.read(reading.mail.raw, message)) is not None:
            return Rescue(because=tr(returned.BECAUSE))
        known = known_issues(db, message)
        assessment = self._assessor.assess(
            db, message, received_at=received_at, own=own, known=known
        )
        customer = message.customer.key
        return rescue.rescue_of(
            message,
            assessment,
            known_customer=bool(orders.of_customer(db, customer))
            or issues.has_written(db, customer),
            answers_ours=_answers_ours(db, message),
            rules=self._rules,
        )


def _answers_ours(db: Connection, message: Message) -> bool:
    named = (*message.in_reply_to, *message.references)
    if messages.sent_by_us(db, named) is not None:
        return True
    return bool(own_ids.answered(message, key=partial(profile.signing_key, db)))
