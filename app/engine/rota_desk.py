"""RotaDesk: the verbs about who is on call when: turns, who stands in for whom, and the gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from app.domain import hours_text
from app.domain.clock import Clock, instant, rfc3339
from app.domain.errors import NotFound, Refused
from app.domain.translation import tr
from app.engine.desk import Verb
from app.engine.escalating import roster_of
from app.engine.ladder_check import AHEAD
from app.escalation.calendar import Calendar, exact
from app.escalation.hours import SHOP
from app.escalation.roster import Replacement, Rotation, going_on
from app.escalation.terms import Terms
from app.storage import contacts
from app.storage.connection import Connection
from app.storage.writer import Writer

_DAY = timedelta(days=1)


class RotaDesk:
    """Keeps who takes turns, in the shop's zone."""

    def __init__(self, *, writer: Writer, terms: Callable[[], Terms], clock: Clock) -> None:
        self._writer = writer
        self._terms = terms
        self._clock = clock

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "rota": self.rota,
            "set_rota": self.set_rota,
            "replace_on_call": self.replace,
            "end_replacement": self.end_replacement,
        }

    def rota(self) -> dict[str, Any]:
        """Who is on call now, who takes turns, and the gaps of the next four weeks."""
        now = self._clock.now().replace(second=0, microsecond=0)
        shop = self._shop

        def read(db: Connection) -> dict[str, Any]:
            people = contacts.every(db)
            roster = roster_of(db, people, shop)
            gaps = roster.gaps(now, now + AHEAD) if people else ()
            return {
                "on_call": list(roster.on_call(now)),
                "rotation": _plain(roster.rotation) if roster.rotation else None,
                "turns": [
                    {"from": rfc3339(span.begin), "to": rfc3339(span.end), "names": list(names)}
                    for span, names in (roster.turns(now, now + AHEAD) if people else ())
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
                "until": rfc3339(now + AHEAD),
            }

        return self._writer.do(read)

    def set_rota(
        self, members: Sequence[str], starts: str = "", days: int = 7, handoff: str = "09:00"
    ) -> dict[str, Any]:
        """Who takes turns of so many days, from a day on, at a time of the day; nobody ends it.

        Without a day the turns go on as they run, or begin this week. Raises Refused for what is no
        day or time, NotFound for who is no contact and took no turns.
        """
        at = hours_text.clock(handoff)
        given = {
            "starts": starts or f"{self._last_monday(at)}",
            "days": days,
            "handoff": f"{at}:00",
        }
        now, zone = self._clock.now(), self._zone

        def write(db: Connection) -> None:
            before = contacts.roster(db, Rotation)
            names = tuple(dict.fromkeys(_known(db, one, before) for one in members))
            rotation = _rotation({**given, "members": names})
            if before is not None and names:
                rotation = _with(rotation, before.replacements)
                rotation = rotation if starts else going_on(rotation, before, now, zone)
            contacts.keep_roster(db, rotation if names else None)

        self._writer.do(write)
        return self.rota()

    def _last_monday(self, handoff: str) -> date:
        """The newest whose hour of handing over has passed: somebody is on call from now on."""
        now = self._clock.now().astimezone(self._zone)
        monday = now.date() - timedelta(days=now.weekday())
        is_still_to_come = monday == now.date() and f"{now:%H:%M}" < handoff
        return monday - timedelta(days=7) if is_still_to_come else monday

    def replace(self, of: str, by: str, begin: str, end: str) -> dict[str, Any]:
        """Let somebody stand in for somebody else between two instants (RFC 3339), or from the
        hand-over of a day to that after another."""
        now = self._clock.now()

        def write(db: Connection) -> None:
            rotation = contacts.roster(db, Rotation)
            if rotation is None:
                raise Refused(
                    tr("Nobody takes turns"), hint=tr("Say who does first: contact rota NAME ...")
                )
            names = (_known(db, of, rotation), contacts.by_name(db, by).name)
            if names[0] == names[1]:
                raise Refused(
                    tr("Nobody can stand in for themselves"), hint=tr("Choose somebody else")
                )
            first, last = self._begin_and_end(begin, end, rotation.handoff)
            if last <= now:
                raise Refused(tr("That time is over already"), hint=tr("Look at the year"))
            fresh = Replacement(of=names[0], by=names[1], begin=first, end=last)
            kept = [old for old in rotation.replacements if old.end > now and old != fresh]
            contacts.keep_roster(db, _with(rotation, (*kept, fresh)))

        self._writer.do(write)
        return self.rota()

    def end_replacement(self, of: str, by: str, begin: str) -> dict[str, Any]:
        """Take back that somebody stands in, by who, for whom and from when. Raises NotFound."""

        def write(db: Connection) -> None:
            rotation = contacts.roster(db, Rotation)
            at = self._at(begin, rotation.handoff if rotation else time())
            wanted = (of.strip().casefold(), by.strip().casefold(), at)
            every = rotation.replacements if rotation else ()
            kept = [one for one in every if _named(one) != wanted]
            if rotation is None or len(kept) == len(every):
                raise NotFound(
                    tr("{by} does not stand in for {of} from then on", by=by, of=of),
                    "",
                    tr("See: contact rota"),
                )
            contacts.keep_roster(db, _with(rotation, kept))

        self._writer.do(write)
        return self.rota()

    @property
    def _shop(self) -> Calendar:
        return self._terms().calendars.by_name[SHOP]

    @property
    def _zone(self) -> ZoneInfo:
        return self._shop.zone

    def _begin_and_end(self, begin: str, end: str, handoff: time) -> tuple[datetime, datetime]:
        one, two = self._at(begin, handoff), self._at(end, handoff)
        two += _DAY if _is_day(end) else timedelta()  # on the wall: it is in the shop's zone
        if two <= one:
            raise Refused(tr("The replacement ends before it begins"))
        return one, two

    def _at(self, text: str, handoff: time) -> datetime:
        try:
            at = datetime.fromisoformat(text.strip())
            at = datetime.combine(at, handoff) if _is_day(text) else at
        except ValueError as error:
            hint = tr("Write it like 2026-12-24T09:00, in the shop's time")
            raise Refused(tr("{at} is no moment", at=repr(text[:40])), hint=hint) from error
        return at if at.tzinfo else at.replace(tzinfo=self._zone)


def renamed(rotation: Rotation, before: str, after: str) -> Rotation:
    """The same turns with one of its people called otherwise."""

    def name(one: str) -> str:
        return after if one == before else one

    return replace(
        rotation,
        members=tuple(map(name, rotation.members)),
        replacements=tuple(
            replace(one, of=name(one.of), by=name(one.by)) for one in rotation.replacements
        ),
    )


def _known(db: Connection, name: str, rotation: Rotation | None) -> str:
    """A contact's name, or that of somebody who takes turns and is told no more: others stand in
    for them, and what is changed of the turns need not wait until they are out. Raises NotFound."""
    try:
        return contacts.by_name(db, name).name
    except NotFound:
        if rotation is None or name not in rotation.members:
            raise
        return name


def _is_day(text: str) -> bool:
    return len(text.strip()) == len("2026-12-24")


def _plain(rotation: Rotation) -> dict[str, Any]:
    """As a desk gets it; instants are RFC 3339."""
    plain: dict[str, Any] = msgspec.to_builtins(rotation)
    plain["replacements"] = [
        {"of": one.of, "by": one.by, "from": rfc3339(one.begin), "to": rfc3339(one.end)}
        for one in rotation.replacements
    ]
    return plain


def _named(one: Replacement) -> tuple[str, str, datetime]:
    return one.of.casefold(), one.by.casefold(), instant(rfc3339(one.begin))


def _with(rotation: Rotation, replacements: Iterable[Replacement]) -> Rotation:
    return replace(rotation, replacements=tuple(replacements))


def _rotation(given: Mapping[str, Any]) -> Rotation:
    try:
        found = msgspec.convert(given, Rotation, strict=False)
    except msgspec.ValidationError as error:
        hint = tr("A day is written 2026-11-23, a time 09:00")
        raise Refused(tr("These turns cannot be used"), f"{error}.", hint) from error
    if not 1 <= found.days <= 366:
        raise Refused(tr("A turn has 1 to 366 days"))
    return found


def _gap(begin: datetime, end: datetime, shop: Calendar) -> str:
    return tr("nobody {begin} to {end}", begin=exact(begin, shop.zone), end=exact(end, shop.zone))
