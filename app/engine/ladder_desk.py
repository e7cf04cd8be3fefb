"""LadderDesk: the verbs by which the owner says who is told when nobody takes an issue.

What is said goes into the profile's own rules/escalation.toml: only the ladders that differ from
the shipped ones. A ladder is tried without telling anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from app.domain import ladder_text
from app.domain.changes import Changes
from app.domain.clock import Clock, rfc3339
from app.domain.contact import ChannelKind
from app.domain.errors import NotFound, Refused
from app.domain.translation import amid, joined, tr
from app.engine.desk import Verb
from app.engine.escalating import roster_of, to_tell
from app.engine.ladder_check import Team, problems
from app.engine.own_rules import OwnRules, set_policies
from app.escalation.calendar import exact
from app.escalation.hours import SHOP
from app.escalation.ladder import Rung
from app.escalation.steps import FILE, GivenLadder, GivenStep, policy_of, read_ladders
from app.escalation.terms import Terms
from app.escalation.trial import climbed
from app.storage import contacts
from app.storage.connection import Connection
from app.storage.writer import Writer

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_MOST_NAME = 80
_MOST_STEPS = 12


class LadderDesk:
    """Reads, checks, tries and keeps the ladders."""

    def __init__(
        self,
        *,
        writer: Writer,
        shipped: Sequence[Path],
        own: OwnRules,
        terms: Callable[[], Terms],
        clock: Clock,
    ) -> None:
        """`shipped` are the folders of rules below the owner's own."""
        self._writer = writer
        self._shipped = tuple(shipped)
        self._own = own
        self._terms = terms
        self._clock = clock

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "ladders": self.ladders,
            "check_ladder": self.check,
            "try_ladder": self.attempt,
            "set_ladders": self.set,
            "revert_ladders": self.revert,
        }

    def ladders(self) -> dict[str, Any]:
        """Every ladder in its order, in words too, and what of it would tell nobody."""
        stands, shipped = self._stands(), self._read(self._shipped)
        team, now = self._writer.do(self._team), self._clock.now()
        told = [self._told(one, team, now) for one in stands]
        for one, given in zip(told, stands, strict=True):
            one["origin"] = _origin(given, shipped)
        return {
            "ladders": told,
            "changed": stands != shipped,
            "contacts": [
                {"name": one.name, "kinds": sorted({way.kind.value for way in one.channels})}
                for one in team.people
            ],
            "file": str(self._own.folder / FILE),
        }

    def check(self, ladder: Mapping[str, Any]) -> dict[str, Any]:
        """A ladder in words, with what of it would tell nobody. Raises the error of `set`."""
        given = self._understood(ladder)
        return {"ladder": self._told(given, self._writer.do(self._team), self._clock.now())}

    def attempt(self, ladder: Mapping[str, Any] | str, at: str = "") -> dict[str, Any]:
        """Whom a ladder would tell, and when, if something rang at an instant; nobody is told.

        `ladder` is one that stands, by its name, or one as it is being written. `at` without a
        zone is the shop's time; empty is now. Raises Refused, NotFound.
        """
        given = self._named(ladder) if isinstance(ladder, str) else self._understood(ladder)
        policy = policy_of(self._own.folder / FILE, given)
        team = self._writer.do(self._team)
        start = self._moment(at)
        told = []
        for when, hour, rung in climbed(policy, start, team.shop):
            ways = to_tell(rung.step, team.people, team.roster, when)
            told.append(
                {
                    "at": rfc3339(when),
                    "said": exact(when, team.shop.zone),
                    "hour": hour.value,
                    "step": rung.number,
                    "loop": rung.loop,
                    "meant": joined(_meant(rung)),
                    "calls": [
                        {
                            "contact": one.name,
                            "kind": way.kind.value,
                            "label": way.label,
                            "failure": way.failure or None,
                        }
                        for one, way in ways
                    ],
                }
            )
        return {
            "name": given.name,
            "from": rfc3339(start),
            "zone": team.shop.zone.key,
            "told": told,
        }

    def set(self, ladders: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Keep exactly these ladders, in this order; `before` is what takes it back.

        Raises Refused or KnownError for what cannot be used; nothing is changed then. What is
        under way keeps the ladder with which it began.
        """
        before = self._stands()
        wanted, shipped = [self._understood(one) for one in ladders], self._read(self._shipped)
        names = [one.name.casefold() for one in wanted]
        for one in wanted:
            if names.count(one.name.casefold()) > 1:
                raise Refused(
                    tr("Two ladders are called {name}", name=one.name),
                    hint=tr("Rename one of them"),
                )
        written = _difference(wanted, shipped)

        def edit(document: TOMLDocument) -> None:
            set_policies(document, [_written(one) for one in written])

        self._own.change(FILE, edit)
        return {
            **self.ladders(),
            "before": [msgspec.to_builtins(one) for one in before],
            "changes": Changes().as_dict(),
        }

    def revert(self) -> dict[str, Any]:
        """Climb as we ship it; the owner's own ladders go. `before` takes it back."""
        return self.set([msgspec.to_builtins(one) for one in self._read(self._shipped)])

    def rename(self, before: str, after: str) -> None:
        """A contact is called otherwise: so it is in every ladder that names it."""
        stands = self._stands()
        fresh = [_renamed(one, before, after) for one in stands]
        if fresh != stands:
            self.set([msgspec.to_builtins(one) for one in fresh])

    def _stands(self) -> list[GivenLadder]:
        return self._read((*self._shipped, self._own.folder))

    def _read(self, folders: Sequence[Path]) -> list[GivenLadder]:
        """The ladders of these folders as `load_policies` lays them over each other."""
        found: dict[str, GivenLadder] = {}
        for folder in folders:
            fresh = {one.name: one for one in read_ladders(folder)}
            found = {**fresh, **{name: one for name, one in found.items() if name not in fresh}}
        return [one for one in found.values() if not one.off]

    def _named(self, name: str) -> GivenLadder:
        for one in self._stands():
            if one.name.casefold() == name.strip().casefold():
                return one
        raise NotFound(
            tr("There is no ladder called {name}", name=name), "", tr("See them with: escalate")
        )

    def _understood(self, ladder: Mapping[str, Any]) -> GivenLadder:
        known = {field.name for field in msgspec.structs.fields(GivenLadder)} - {"off"}
        try:
            given = msgspec.convert({k: v for k, v in ladder.items() if k in known}, GivenLadder)
        except msgspec.ValidationError as error:
            raise Refused(tr("This ladder cannot be used"), f"{error}.") from error
        name = " ".join(given.name.split())
        if not name or len(name) > _MOST_NAME or not name.isprintable():
            raise Refused(
                tr("A ladder needs a name"),
                hint=tr("At most {most_name} characters", most_name=_MOST_NAME),
            )
        hours = {hour: _steps(name, hour, getattr(given, hour)) for hour in ladder_text.HOURS}
        if not hours["working"]:
            hint = tr("Say who is told first while you work")
            raise Refused(tr("{name} has no step for working hours", name=name), hint=hint)
        made = msgspec.structs.replace(given, name=name, **hours)
        policy_of(self._own.folder / FILE, made)
        return made

    def _team(self, db: Connection) -> Team:
        people = contacts.every(db)
        shop = self._terms().calendars.by_name[SHOP]
        return Team(people=people, roster=roster_of(db, people, shop), shop=shop)

    def _told(self, given: GivenLadder, team: Team, now: datetime) -> dict[str, Any]:
        plain: dict[str, Any] = msgspec.to_builtins(given)
        policy = policy_of(self._own.folder / FILE, given)
        return {
            **plain,
            "said": {hour: ladder_text.said_hour(plain, hour) for hour in ladder_text.HOURS},
            "ends": ladder_text.said_repeats(given.repeat),
            "problems": [
                {"hour": one.hour, "step": one.step, "said": one.said}
                for one in problems(policy, team, now)
            ],
        }

    def _moment(self, at: str) -> datetime:
        now = self._clock.now().replace(second=0, microsecond=0)
        if not at.strip():
            return now
        try:
            found = datetime.fromisoformat(at.strip())
        except ValueError as error:
            raise Refused(
                tr("{at} is no moment", at=repr(at[:40])), hint=tr("Write 2026-12-24T22:00")
            ) from error
        shop = self._terms().calendars.by_name[SHOP]
        return found if found.tzinfo else found.replace(tzinfo=shop.zone)


def _renamed(given: GivenLadder, before: str, after: str) -> GivenLadder:
    def name(one: str) -> str:
        return after if one.casefold() == before.casefold() else one

    hours = {
        hour: [
            msgspec.structs.replace(step, whom=tuple(map(name, step.whom)))
            for step in getattr(given, hour)
        ]
        for hour in ladder_text.HOURS
    }
    return msgspec.structs.replace(given, **hours)


def _steps(name: str, hour: str, given: Sequence[GivenStep]) -> list[GivenStep]:
    """The steps of a sort of hour, their times as the file writes them. Raises Refused."""
    where = f"{name}, {amid(tr(ladder_text.HOUR_WORDS[hour]))}"
    if len(given) > _MOST_STEPS:
        raise Refused(
            tr("{where}: more than {most_steps} steps", where=where, most_steps=_MOST_STEPS),
            hint=tr("Let it repeat instead"),
        )
    return [
        _step(tr("{where}, step {number}", where=where, number=number), one)
        for number, one in enumerate(given, 1)
    ]


def _step(where: str, given: GivenStep) -> GivenStep:
    try:
        opens, wait = ladder_text.parted(given.after)
    except Refused as error:
        raise Refused(f"{where}: {error.title}", hint=error.hint) from error
    whom = tuple(dict.fromkeys(" ".join(one.split()) for one in given.whom if one.strip()))
    if not whom:
        raise Refused(
            tr("{where} tells nobody", where=where),
            hint=tr("Choose who is told, or remove the step"),
        )
    for one in given.how:
        if one not in set(ChannelKind):
            known = ", ".join(ChannelKind)
            raise Refused(
                tr("{where}: there is no way called {one}", where=where, one=one),
                hint=tr("There are: {known}", known=known),
            )
    return GivenStep(
        after=ladder_text.after_text(opens=opens, wait=wait), whom=whom, how=tuple(given.how)
    )


def _difference(wanted: list[GivenLadder], shipped: list[GivenLadder]) -> list[GivenLadder]:
    """What the owner's file must say so that exactly the wanted ladders stand, in their order."""
    ours = {one.name: one for one in shipped}
    off = [
        GivenLadder(name=one.name, off=True)
        for one in shipped
        if one.name not in {other.name for other in wanted}
    ]
    changed = [one for one in wanted if ours.get(one.name) != one]
    kept = [one for one in shipped if one in wanted and one not in changed]
    return [*(changed if [*changed, *kept] == wanted else wanted), *off]


def _origin(given: GivenLadder, shipped: Sequence[GivenLadder]) -> str:
    if given in shipped:
        return "shipped"
    return "changed" if any(one.name == given.name for one in shipped) else "own"


def _written(one: GivenLadder) -> dict[str, Any]:
    """A ladder as it stands in the file, without what it does not say."""
    usual = msgspec.to_builtins(GivenLadder(name=""))
    plain: dict[str, Any] = msgspec.to_builtins(one)
    return {name: _toml(value) for name, value in plain.items() if value != usual[name]}


def _toml(value: Any) -> Any:
    """Steps as inline tables, one a line."""
    import tomlkit  # only writing needs it

    if not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return value
    rows = tomlkit.array().multiline(multiline=True)
    for one in value:
        inline = tomlkit.inline_table()
        inline.update({name: part for name, part in one.items() if part or name == "after"})
        rows.append(inline)
    return rows


def _meant(rung: Rung) -> list[str]:
    return [ladder_text.said_whom(one) for one in rung.step.whom]
