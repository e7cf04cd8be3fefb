"""ContactsDesk: the verbs about who can be told: contacts, their ways, and whether they work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.alerts import services
from app.config.secrets import SecretBox
from app.domain.changes import Changes
from app.domain.clock import Clock, rfc3339
from app.domain.contact import Call, CallState, ChannelKind, Contact, Week
from app.domain.errors import Refused
from app.domain.hours_text import WEEK
from app.domain.translation import tr
from app.engine.calling import Calling, queued
from app.engine.desk import Verb
from app.engine.escalating import Escalating, rename_in_climbs
from app.engine.rota_desk import renamed
from app.escalation.given import week_of
from app.escalation.roster import Rotation
from app.mail.mail_address import wire_address
from app.storage import climbs, contacts
from app.storage.connection import Connection
from app.storage.writer import Writer

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
        rota: Callable[[], dict[str, Any]],
        renamed: Callable[[str, str], None],
        clock: Clock,
        publish: Callable[[Changes], None],
    ) -> None:
        """`rota` tells who is on call; `renamed` hears of a contact that is called otherwise."""
        self._writer = writer
        self._secrets = secrets
        self._calling = calling
        self._escalating = escalating
        self._rota = rota
        self._renamed = renamed
        self._clock = clock
        self._publish = publish

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "contacts": self.every,
            "contact_add": self.add,
            "contact_hours": self.set_hours,
            "contact_rename": self.rename,
            "contact_test": self.test,
            "contact_review": self.review,
            "contact_remove": self.remove,
            "contact_restore": self.restore,
            "contact_way_remove": self.remove_way,
            "contact_way_restore": self.restore_way,
            "escalate": self._escalating.force,
        }

    def every(self) -> dict[str, Any]:
        """The contacts, who is on call, who takes turns, and when nobody can be reached."""
        now = self._clock.now()
        people = self._writer.do(contacts.every)
        return {"contacts": [_told(one, now) for one in people], **self._rota()}

    def add(
        self,
        name: str,
        *,
        desktop: bool = False,
        emails: Sequence[str] = (),
        addresses: Sequence[str] = (),
        hours: Week | None = None,
        is_new: bool = False,
    ) -> dict[str, Any]:
        """A new contact, or further ways to tell one that is there; `is_new`: only a new one.

        `addresses` are those of services; they are sealed at once. Raises Refused for a name,
        an address or hours that cannot be used, where no way is given, and for somebody new who
        is called as another one.
        """
        wanted = _named(name)
        _week(hours)
        ways = [(ChannelKind.DESKTOP, "")] if desktop else []
        ways += [(ChannelKind.EMAIL, _address(one)) for one in emails]
        sealed = [
            (services.service_name(one), self._secrets.seal(one.strip())) for one in addresses
        ]
        now = self._clock.now()

        def write(db: Connection) -> Contact:
            contacts.forget_removed(db, now)
            known = {one.name.casefold(): one.id for one in contacts.every(db)}
            if not ways and not sealed and wanted.casefold() not in known:
                raise Refused(
                    tr("There is no way to tell this contact"),
                    hint=tr("Give an e-mail address, a service's address, or this desktop"),
                )
            id_ = None if is_new else known.get(wanted.casefold())
            id_ = id_ or contacts.add(db, wanted, hours=hours, now=now)
            if hours is not None:
                contacts.set_hours(db, id_, hours)
            has = {
                (one.kind, one.label.casefold()) for one in contacts.by_name(db, wanted).channels
            }
            for kind, label in ways:
                if (kind, label.casefold()) not in has:  # told twice is no louder
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

    def rename(self, name: str, to: str) -> dict[str, Any]:
        """Call a contact otherwise, in who takes turns, in the ladders and what climbs them too.

        Raises Refused for a name that cannot be or is taken, NotFound.
        """
        wanted = _named(to)
        before = self._writer.do(lambda db: contacts.by_name(db, name))

        def write(db: Connection) -> Contact:
            contacts.rename(db, before.id, wanted)
            rotation = contacts.roster(db, Rotation)
            if rotation is not None:
                contacts.keep_roster(db, renamed(rotation, before.name, wanted))
            rename_in_climbs(db, before.name, wanted)
            return contacts.by_name(db, wanted)

        after = self._writer.do(write, durable=True)
        self._renamed(before.name, wanted)
        return {"contact": _told(after, self._clock.now())}

    def test(self, name: str, way: int = 0) -> dict[str, Any]:
        """Tell a contact that it is a test, in every way or in one; each with what became of it."""
        now = self._clock.now()
        contact = self._writer.do(lambda db: contacts.by_name(db, name))
        made: list[Call] = []
        for channel in contact.channels:
            if way not in (0, channel.id):
                continue
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
        """Tell somebody no more; `restore` takes it back for a week, then all is forgotten."""
        now = self._clock.now()

        def write(db: Connection) -> str:
            contact = contacts.by_name(db, name)
            contacts.remove(db, contact.id, now)
            return contact.name

        return {"name": self._writer.do(write), "changes": Changes().as_dict()}

    def restore(self, name: str) -> dict[str, Any]:
        """Tell somebody again who was removed, in the ways that were. Raises NotFound."""

        def write(db: Connection) -> Contact:
            contacts.restore(db, name)
            return contacts.by_name(db, name)

        return {"contact": _told(self._writer.do(write, durable=True), self._clock.now())}

    def remove_way(self, name: str, way: int) -> dict[str, Any]:
        """Tell a contact in this way no more. Raises NotFound, Refused for the last one."""
        now = self._clock.now()

        def write(db: Connection) -> Contact:
            contact = contacts.by_name(db, name)
            if len(contact.channels) == 1 and contact.channels[0].id == way:
                raise Refused(
                    tr("This is the only way to tell {name}", name=contact.name),
                    hint=tr("Add another one first, or remove the contact"),
                )
            contacts.remove_way(db, contact.id, way, now)
            return contacts.by_name(db, name)

        return {"contact": _told(self._writer.do(write), now)}

    def restore_way(self, name: str, way: int) -> dict[str, Any]:
        """Tell a contact in a way again that was removed. Raises NotFound."""

        def write(db: Connection) -> Contact:
            contacts.restore_way(db, contacts.by_name(db, name).id, way)
            return contacts.by_name(db, name)

        return {"contact": _told(self._writer.do(write), self._clock.now())}

    def _test(self, call: Call) -> Call:
        id_ = self._writer.do(lambda db: climbs.call(db, call), durable=True)
        return self._calling.make(replace(call, id=id_))


def _named(name: str) -> str:
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > _MOST_NAME or not wanted.isprintable():
        raise Refused(
            tr("A contact needs a name"),
            hint=tr("At most {most_name} characters", most_name=_MOST_NAME),
        )
    if wanted.casefold() in ("on_call", "everyone"):
        raise Refused(
            tr("{wanted} means somebody else in the policies", wanted=wanted),
            hint=tr("Choose another name"),
        )
    return wanted


def _address(written: str) -> str:
    try:
        return wire_address(written)
    except Refused as error:
        shown = "".join(one if one.isprintable() else "?" for one in written.strip()[:80])
        raise Refused(
            tr("“{shown}” is not a mail address", shown=shown),
            hint=tr("Write it like ada@example.com"),
        ) from error


def _week(hours: Week | None) -> None:
    """Raises KnownError for hours that cannot be understood, Refused for none at all."""
    if hours is None:
        return
    week = week_of({day: [(pair[0], pair[1]) for pair in hours[day]] for day in hours})
    if not any(week.values()) or set(hours) - set(WEEK):
        raise Refused(
            tr("These are no hours to be reached in"), hint=tr("Give one weekday some hours")
        )


def _told(one: Contact, now: datetime) -> dict[str, Any]:
    return {
        "name": one.name,
        "hours": one.hours,
        "reviewed_at": rfc3339(one.reviewed_at) if one.reviewed_at else None,
        "review_due": one.is_due_for_review(now),
        "acknowledged_at": rfc3339(one.acknowledged_at) if one.acknowledged_at else None,
        "channels": [
            {
                "id": channel.id,
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
        "said": one.detail or tr("taken"),
    }
