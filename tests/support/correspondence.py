"""Correspondence: many different mails to one shop, as a mailbox has them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from app.domain.clock import SystemClock
from tests.support.mails import a_mail

_SAID = (
    ("Broken mugs", "Two of the mugs in my parcel arrived broken. What can we do?"),
    ("Wrong size", "The shirt is too small, I need a size L instead of M, please."),
    ("Where is my parcel", "My order was sent two weeks ago and has not arrived yet."),
    ("Refund", "You promised my money back last week, my bank shows nothing."),
    ("Frage zur Glasur", "Ist die Glasur der Schale für die Spülmaschine geeignet?"),
    ("Falscher Artikel", "In meinem Paket lag eine blaue statt der grünen Vase."),
    ("Newsletter", "Our autumn sale starts today. Unsubscribe at any time."),
    ("Address", "Please change the delivery address before you ship my order."),
)


def letters(count: int, *, until: datetime | None = None, seed: int = 7) -> list[bytes]:
    """So many mails, oldest first, an hour apart; every tenth answers the one nine before it."""
    random = Random(seed)
    last = until or SystemClock().now()
    made = []
    for number in range(count):
        subject, text = random.choice(_SAID)
        at = last - timedelta(hours=count - number)
        answers = f"<{number - 9}@customers.example>" if number % 10 == 9 else ""
        who = number - 9 if answers else number
        made.append(
            a_mail(
                f"{text}\n\nOrder MM-{10_000 + who}",
                subject=f"Re: {subject} {who}" if answers else f"{subject} {who}",
                from_=f"Customer {who} <customer{who}@customers.example>",
                message_id=f"<{number}@customers.example>",
                at=at,
                in_reply_to=answers,
                references=(answers,) if answers else (),
            )
        )
    return made
