"""Given word: what our mails promised is a deadline, held against what the shop's records show.

Part of `standing`. Like all deadlines it is worked out anew from the mails and the journal: a
refund that the shop tells of keeps the promise, and so does a person who says that it is done.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from app.domain.day_text import said_date
from app.domain.deadline import Deadline, Metric
from app.domain.journal import Entry, EntryType, undone_in
from app.domain.order import Order
from app.domain.translation import to_translate, tr
from app.escalation.deadlines import breach
from app.replies.promises import Promise, Promised, end_of_day, promises
from app.storage.messages import StoredMessage
from app.triage.days import named_days
from app.triage.language import language_of
from app.triage.moments import moments_ahead, working_days
from app.triage.words import words_of

_LOOKED_AT = timedelta(days=90)  # older mails promised nothing that is open
_A_LITTLE_BEFORE = timedelta(hours=12)  # the refund may be made, and then written about
_WARN = (timedelta(hours=3),)
_TITLES = {
    Promised.REFUND: to_translate("The refund you promised"),
    Promised.PARCEL: to_translate("The parcel you promised"),
    Promised.ANSWER: to_translate("The answer you promised"),
}
_MISSING = {
    Promised.REFUND: to_translate("The shop shows no refund for order {number} yet."),
    Promised.PARCEL: to_translate("The shop shows no new parcel for order {number} yet."),
}
_NUMBERS = (
    "one a an ein einem einer eine un une uno una een um uma jeden",
    "two zwei deux dos due twee dois dwa dwóch",
    "three drei trois tres tre drie três trzy trzech",
    "four vier quatre cuatro quattro quatro cztery czterech",
    "five fünf cinq cinco cinque vijf pięć pięciu",
    "six sechs seis sei zes sześć",
    "seven sieben sept siete sette zeven sete siedem siedmiu",
)
_NUMBER = {word: at for at, every in enumerate(_NUMBERS, start=1) for word in every.split()}
_SPAN = re.compile(
    r"\b(?:within|in|over|innerhalb (?:von|der nächsten)|binnen|in den nächsten|sous|dans|d['’]ici"
    r"|en|dentro de|entro|tra|fra|em|w ciągu|za)\s+"
    r"(?:the (?:next|coming)\s+|les?\s+|about\s+|max(?:imal)?\.?\s+)*"
    r"(?:(?:\d{1,2}|\w+)\s*(?:-|–|to|bis|à|a|y|o|tot|do|or|oder)\s*)?(?P<number>\d{1,3}|\w+)\s+"
    r"(?P<working>working\s+|business\s+|werk|arbeits)?"
    r"(?P<unit>hours?|stunden?|heures?|horas?|ore|uur|uren|godzin\w*"
    r"|days?|tage?n?|jours?|d[ií]as?|giorn[oi]|dagen|dag|dni|dzień"
    r"|weeks?|wochen?|semaines?|semanas?|settiman[ae]|weken|week|tygodni\w*)\b"
    r"(?P<after>\s+(?:ouvrés|ouvrables|hábiles|laborables|lavorativi|úteis|roboczych))?",
    re.IGNORECASE,
)


def given(
    sent: Sequence[StoredMessage],
    journal: Sequence[Entry],
    *,
    orders: Sequence[Order],
    about: Order | None,
    zone: tzinfo,
    now: datetime,
) -> tuple[Deadline, ...]:
    """What was promised in these mails of ours, as deadlines, kept or not.

    `orders` are the customer's, `about` the one that the issue is about; days end in the shop's
    `zone`.
    """
    dismissed = _dismissed(journal)
    found = []
    for at, mail in enumerate(sent):
        if now - mail.received_at > _LOOKED_AT:
            continue
        for one in _read(mail.new_text or mail.text, mail.received_at, zone):
            name = _name(mail, one)
            kept_at = dismissed.get(name) or _kept_at(one, mail, sent[at + 1 :], orders=orders)
            found.append(
                _deadline(one, mail, name=name, kept_at=kept_at, about=about, zone=zone, now=now)
            )
    return tuple(found)


def is_broken(deadlines: Sequence[Deadline]) -> bool:
    """Whether the day of one of these passed and it is not done."""
    return any(one.met_at is None and one.breached_at is not None for one in deadlines)


@lru_cache(maxsize=512)
def _read(text: str, sent_at: datetime, zone: tzinfo) -> tuple[Promise, ...]:
    local = sent_at.astimezone(zone)
    return promises(text, when=lambda sentence: _when(sentence, local), sent_at=local)


def _when(sentence: str, sent_at: datetime) -> datetime | None:
    """The first time to come that a sentence names: a span, a day, a word like tomorrow."""
    if (found := _SPAN.search(sentence)) and (due := _after(found, sent_at)):
        return due
    words = words_of(sentence)
    language = language_of(words)
    days = named_days(sentence, sent=sent_at.date(), language=language)
    ahead = moments_ahead(words, days, now=sent_at, language=language)
    if not ahead:
        return None
    first = min(ahead, key=lambda one: one.hours)
    return end_of_day(sent_at + timedelta(hours=first.hours), sent_at=sent_at)


def _after(found: re.Match[str], sent_at: datetime) -> datetime | None:
    word = found["number"].lower()
    number = int(word) if word.isdigit() else _NUMBER.get(word)
    if number is None:
        return None
    unit = found["unit"].lower()
    if unit[:2] in ("ho", "st", "he", "or", "uu", "ur", "go"):
        return sent_at.astimezone(UTC) + timedelta(
            hours=number
        )  # hours pass, whatever the wall says
    days = number * 7 if unit[0] == "w" or unit[:2] in ("se", "ty") else number
    if days and (found["working"] or found["after"]):
        days = working_days(sent_at, days)
    return end_of_day(sent_at + timedelta(days=days), sent_at=sent_at)


def _kept_at(
    one: Promise, mail: StoredMessage, later: Sequence[StoredMessage], *, orders: Sequence[Order]
) -> datetime | None:
    """When the records show that it was done; None where they do not."""
    since = mail.received_at - _A_LITTLE_BEFORE
    if one.what is Promised.ANSWER:
        done = [answer.received_at for answer in later]
    elif one.what is Promised.REFUND:
        done = [refund.at for order in orders for refund in order.refunds]
    else:
        done = [at for order in orders for at in _left_at(order)]
    return min((at for at in done if at > since), default=None)


def _left_at(order: Order) -> Iterator[datetime]:
    for parcel in order.fulfilments:
        if parcel.sent_at is not None:
            yield parcel.sent_at
    if order.shipped_at is not None:
        yield order.shipped_at


def _deadline(
    one: Promise,
    mail: StoredMessage,
    *,
    name: str,
    kept_at: datetime | None,
    about: Order | None,
    zone: tzinfo,
    now: datetime,
) -> Deadline:
    at = mail.received_at.astimezone(zone)
    said = tr(
        "On {day}, {time} you wrote: {words}",
        day=said_date(at.date()),
        time=f"{at:%H:%M}",
        words=one.words,
    )
    missing = _MISSING.get(one.what)
    checked: tuple[str, ...] = ()
    if missing and about is not None:
        said_of_it = tr(missing, number=about.number) if kept_at is None else tr("It was done.")
        checked = (said_of_it,)
    elif missing:
        checked = (tr("No shop's record tells whether it was done."),)
    made = Deadline(
        metric=Metric.GIVEN_WORD,
        name=name,
        title=tr(_TITLES[one.what]),
        planned_at=one.due_at.astimezone(mail.received_at.tzinfo),
        started_at=mail.received_at,
        explanation=(said, *checked),
        met_at=kept_at,
        warn_ahead=_WARN,
    )
    if kept_at is None:
        return breach(made, now)
    return breach(made, kept_at) if kept_at > made.planned_at else made


def _dismissed(journal: Sequence[Entry]) -> dict[str, datetime]:
    """What a person said is done: by the promise's name, the instant."""
    undone = undone_in(journal)
    return {
        str(entry.data.get("promise", "")): entry.at
        for entry in journal
        if entry.type is EntryType.PROMISE_DONE and entry.id not in undone
    }


def _name(mail: StoredMessage, one: Promise) -> str:
    digest = hashlib.sha256(mail.message_id.encode()).hexdigest()[:10]
    return f"{one.what.value}-{digest}"
