"""ContactsDesk: the verbs about who is told: contacts, their ways, who takes turns, and gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

import msgspec

from app.alerts import services
from app.config.secrets import SecretBox
from app.domain.changes import Changes
from app.domain.clock import Clock, rfc3339
from app.domain.contact import Call, CallState, ChannelKind, Contact, Week
from app.domain.errors import Refused
from app.domain.hours_text import WEEK
from app.engine.calling import Calling, queued
from app.engine.desk import Verb
from app.engine.escalating import Escalating, roster_of
from app.escalation.calendar import Calendar, exact
from app.escalation.given import week_of
from app.escalation.hours import SHOP
from app.escalation.roster import Replacement, Rotation
from app.escalation.terms import Terms
from app.mail.mail_address import wire_address
from app.storage import climbs, contacts
from app.storage.database import Connection
from app.storage.writer import Writer

_AHEAD = timedelta(days=14)
_MOST_NAME = 80


class ContactsDesk:
    """Keeps the contacts; the addresses of services are sealed like passwords."""

    def __init__(
        self,
        *,
        writer: Writer,
        secrets: SecretBox,
        calling: Calling,
        escalating: Escalating,
        terms: Callable[[], Terms],
        clock: Clock,
        publish: Callable[[Changes], None],
    ) -> None:
        self._writer = writer
        self._secrets = secrets
        self._calling = calling
        self._escalating = escalating
        self._terms = terms
        self._clock = clock
        self._publish = publish

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "contacts": self.every,
            "contact_add": self.add,
            "contact_hours": self.set_hours,
            "contact_test": self.test,
            "contact_review": self.review,
            "contact_remove": self.remove,
            "rota": self.rota,
            "set_rota": self.set_rota,
            "replace_on_call": self.replace,
            "escalate": self._escalating.force,
        }

    def every(self) -> dict[str, Any]:
        """The contacts, who is on call, who takes turns, and when nobody can be reached."""
        now = self._clock.now()
        people = self._writer.do(contacts.every)
        return {"contacts": [_told(one, now) for one in people], **self.rota()}

    def add(
        self,
        name: str,
        *,
        desktop: bool = False,
        emails: Sequence[str] = (),
        addresses: Sequence[str] = (),
        hours: Week | None = None,
    ) -> dict[str, Any]:
        """A new contact, or further ways to tell one that is there.

        `addresses` are those of services; they are sealed at once. Raises Refused for a name,
        an address or hours that cannot be used, and where no way is given.
        """
        wanted = _named(name)
        _week(hours)
        ways = [(ChannelKind.DESKTOP, "", None)] if desktop else []
        ways += [(ChannelKind.EMAIL, wire_address(one.strip()), None) for one in emails]
        sealed = [
            (services.service_name(one), self._secrets.seal(one.strip())) for one in addresses
        ]
        now = self._clock.now()

        def write(db: Connection) -> Contact:
            known = {one.name.casefold(): one.id for one in contacts.every(db)}
            if not ways and not sealed and wanted.casefold() not in known:
                raise Refused(
                    "There is no way to tell this contact",
                    hint="Give an e-mail address, a service's address, or this desktop",
                )
            id_ = known.get(wanted.casefold()) or contacts.add(db, wanted, hours=hours, now=now)
            if hours is not None:
                contacts.set_hours(db, id_, hours)
            for kind, label, _ in ways:
                contacts.add_channel(db, id_, kind, label, None)
            for label, blob in sealed:
                contacts.add_channel(db, id_, ChannelKind.SERVICE, label, blob)
            return contacts.by_name(db, wanted)

        return {"contact": _told(self._writer.do(write, durable=True), now)}

    def set_hours(self, name: str, hours: Week | None) -> dict[str, Any]:
        """When a contact can be reached; None for always. Raises Refused, NotFound."""
        _week(hours)

        def write(db: Connection) -> Contact:
            contacts.set_hours(db, contacts.by_name(db, name).id, hours)
            return contacts.by_name(db, name)

        return {"contact": _told(self._writer.do(write), self._clock.now())}

    def test(self, name: str) -> dict[str, Any]:
        """Tell a contact in every way that it is a test; each with what became of it."""
        now = self._clock.now()
        contact = self._writer.do(lambda db: contacts.by_name(db, name))
        made: list[Call] = []
        for channel in contact.channels:
            call = queued(
                now,
                contact=contact.name,
                kind=channel.kind,
                label=channel.label,
                channel_id=channel.id,
            )
            made.append(self._test(call))
        self._publish(Changes(alerts=frozenset(one.id for one in made)))
        return {
            "contact": _told(self._writer.do(lambda db: contacts.by_name(db, name)), now),
            "calls": [_call(one) for one in made],
        }

    def review(self, name: str) -> dict[str, Any]:
        """Say that a contact is still the right one, for another quarter."""
        now = self._clock.now()

        def write(db: Connection) -> Contact:
            contacts.reviewed(db, contacts.by_name(db, name).id, now)
            return contacts.by_name(db, name)

        return {"contact": _told(self._writer.do(write), now)}

    def remove(self, name: str) -> dict[str, Any]:
        """Tell somebody no more, and forget how."""
        self._writer.do(lambda db: contacts.remove(db, contacts.by_name(db, name).id))
        return {"changes": Changes().as_dict()}

    def rota(self) -> dict[str, Any]:
        """Who is on call now, who takes turns, and the gaps of the next two weeks."""
        now = self._clock.now().replace(second=0, microsecond=0)
        shop = self._terms().calendars.by_name[SHOP]

        def read(db: Connection) -> dict[str, Any]:
            people = contacts.every(db)
            roster = roster_of(db, people, shop)
            gaps = roster.gaps(now, now + _AHEAD) if people else ()
            return {
                "on_call": list(roster.on_call(now)),
                "rotation": msgspec.to_builtins(roster.rotation) if roster.rotation else None,
                "turns": [
                    {"from": rfc3339(span.begin), "to": rfc3339(span.end), "names": list(names)}
                    for span, names in (roster.turns(now, now + _AHEAD) if people else ())
                ],
                "gaps": [
                    {
                        "from": rfc3339(one.begin),
                        "to": rfc3339(one.end),
                        "said": _gap(one.begin, one.end, shop),
                    }
                    for one in gaps
                ],
                "zone": shop.zone.key,
            }

        return self._writer.do(read)

    def set_rota(
        self, members: Sequence[str], starts: str = "", days: int = 7, handoff: str = "09:00"
    ) -> dict[str, Any]:
        """Who takes turns of so many days, from a day on, at a time of the day; nobody ends it.

        Raises Refused for what is no day or time, NotFound for who is no contact.
        """
        today = self._clock.now().astimezone(self._zone).date()
        given = {
            "starts": starts or f"{today - timedelta(days=today.weekday())}",
            "days": days,
            "handoff": f"{handoff}:00",
        }

        def write(db: Connection) -> None:
            names = tuple(contacts.by_name(db, one).name for one in members)
            before = contacts.roster(db, Rotation)
            rotation = _rotation({**given, "members": names})
            kept = before.replacements if before else ()
            contacts.keep_roster(db, _with(rotation, kept) if names else None)

        self._writer.do(write)
        return self.rota()

    def replace(self, of: str, by: str, begin: str, end: str) -> dict[str, Any]:
        """Let somebody stand in for somebody else between two instants (RFC 3339)."""
        one = self._replacement(begin, end)

        def write(db: Connection) -> None:
            rotation = contacts.roster(db, Rotation)
            if rotation is None:
                raise Refused(
                    "Nobody takes turns", hint="Say who does first: contact rota NAME ..."
                )
            names = (contacts.by_name(db, of).name, contacts.by_name(db, by).name)
            now = self._clock.now()
            kept = [old for old in rotation.replacements if old.end > now]
            fresh = Replacement(of=names[0], by=names[1], begin=one[0], end=one[1])
            contacts.keep_roster(db, _with(rotation, (*kept, fresh)))

        self._writer.do(write)
        return self.rota()

    @property
    def _zone(self) -> tzinfo:
        return self._terms().calendars.by_name[SHOP].zone

    def _replacement(self, begin: str, end: str) -> tuple[datetime, datetime]:
        try:
            found = tuple(datetime.fromisoformat(one) for one in (begin, end))
        except ValueError as error:
            hint = "Write it like 2026-12-24T09:00, in the shop's time"
            raise Refused(f"{error}", hint=hint) from error
        one, two = (at if at.tzinfo else at.replace(tzinfo=self._zone) for at in found)
        if two <= one:
            raise Refused("The replacement ends before it begins")
        return one, two

    def _test(self, call: Call) -> Call:
        id_ = self._writer.do(lambda db: climbs.call(db, call), durable=True)
        return self._calling.make(replace(call, id=id_))


def _with(rotation: Rotation, replacements: Iterable[Replacement]) -> Rotation:
    return replace(rotation, replacements=tuple(replacements))


def _rotation(given: Mapping[str, Any]) -> Rotation:
    try:
        found = msgspec.convert(given, Rotation, strict=False)
    except msgspec.ValidationError as error:
        hint = "A day is written 2026-11-23, a time 09:00"
        raise Refused("These turns cannot be used", f"{error}.", hint) from error
    if not 1 <= found.days <= 366:
        raise Refused("A turn has 1 to 366 days")
    return found


def _named(name: str) -> str:
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > _MOST_NAME or not wanted.isprintable():
        raise Refused("A contact needs a name", hint=f"At most {_MOST_NAME} characters")
    if wanted.casefold() in ("on_call", "everyone"):
        raise Refused(f"{wanted} means somebody else in the policies", hint="Choose another name")
    return wanted


def _week(hours: Week | None) -> None:
    """Raises KnownError for hours that cannot be understood, Refused for none at all."""
    if hours is None:
        return
    week = week_of({day: [(pair[0], pair[1]) for pair in hours[day]] for day in hours})
    if not any(week.values()) or set(hours) - set(WEEK):
        raise Refused("These are no hours to be reached in", hint="Give one weekday some hours")


def _told(one: Contact, now: datetime) -> dict[str, Any]:
    return {
        "name": one.name,
        "hours": one.hours,
        "reviewed_at": rfc3339(one.reviewed_at) if one.reviewed_at else None,
        "review_due": one.is_due_for_review(now),
        "acknowledged_at": rfc3339(one.acknowledged_at) if one.acknowledged_at else None,
        "channels": [
            {
                "kind": channel.kind.value,
                "label": channel.label,
                "worked_at": rfc3339(channel.worked_at) if channel.worked_at else None,
                "failed_at": rfc3339(channel.failed_at) if channel.failed_at else None,
                "failure": channel.failure or None,
            }
            for channel in one.channels
        ],
    }


def _call(one: Call) -> dict[str, Any]:
    return {
        "contact": one.contact,
        "kind": one.kind.value if one.kind else None,
        "label": one.label,
        "ok": one.state is CallState.SENT,
        "said": one.detail or "taken",
    }


def _gap(begin: datetime, end: datetime, shop: Calendar) -> str:
    return f"nobody {exact(begin, shop.zone)} to {exact(end, shop.zone)}"
