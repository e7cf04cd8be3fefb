"""Ringer: shows what was decided to ring, when its owner wants to hear of it, and writes down what
became of it.

Alerts wait in the profile, so that quiet hours, a used-up hour and a crash lose none. What waited
longer than a minute and is not alone comes as one card, and so do more than three at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any

from app.alerts.digest import DIGEST, Card, cards, is_whole
from app.alerts.notifier import Action
from app.alerts.quiet import HOUR, MOST_BESIDE, read_hours, spent_until
from app.alerts.text import away_title, still_title, waited_title
from app.config.settings import Settings
from app.domain.alert import Alert, AlertState, Delivery
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.errors import KnownError
from app.domain.translation import tr
from app.engine.causes import incident_of
from app.engine.first_reading import FirstReading
from app.engine.ports import Notifier
from app.engine.turns import Turns
from app.storage import alerts, deadlines, journal
from app.storage.database import Connection
from app.storage.writer import Writer

log = logging.getLogger(__name__)

_LOOK = 15.0  # seconds; quiet hours end and pop-ups grow old without anybody saying so
_WAITED = timedelta(minutes=1)
_SETTLES = timedelta(seconds=45)  # after a sleep, until the mailboxes have been looked into
_SHORT_SLEEP = timedelta(minutes=30)
_MOST_REPEATS = 3
_GROWS = timedelta(minutes=30)
_STILL = "still/"
_UNWRITABLE = "profile/unwritable"
_UNSEEN = (AlertState.QUEUED, AlertState.SHOWN, AlertState.UNSHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Away:
    """A sleep of the machine, and until when its news are gathered."""

    since: datetime
    back_at: datetime

    @property
    def told_at(self) -> datetime:
        return self.back_at + _SETTLES


class Ringer:
    """The thread that hands alerts to the desktop and writes down whether they were shown."""

    def __init__(
        self,
        *,
        writer: Writer,
        notifier: Notifier,
        clock: Clock,
        publish: Callable[[Changes], None],
        settings: Callable[[], Settings],
        zone: Callable[[], tzinfo],
        first: FirstReading,
    ) -> None:
        self._first = first
        self._writer = writer
        self._notifier = notifier
        self._clock = clock
        self._publish = publish
        self._settings = settings
        self._zone = zone
        self._away: _Away | None = None
        self._looked_at: datetime | None = None
        self._repeated_at: datetime | None = None
        self._handed: set[int] = set()
        self._troubled = 0  # looks in a row
        self._told_trouble = False
        self._turns = Turns(self._turn, name="ringer", rest=_LOOK)

    def start(self) -> None:
        """Begin; what an earlier engine did not show is shown now."""
        self._turns.start()

    def stop(self) -> None:
        """Show nothing more."""
        self._turns.stop()
        self._notifier.stop()

    def wake(self) -> None:
        """An alert was queued, or the machine slept."""
        self._turns.wake()

    def seen(self, id: int) -> dict[str, Any]:  # noqa: A002 - the word of the verb
        """Somebody has seen an alert in the window and closed it."""
        changes = self.close((id,), AlertState.DISMISSED)
        return {"changes": changes.as_dict()}

    def close(self, ids: Iterable[int], state: AlertState) -> Changes:
        """Write down what a person did about alerts, and take their pop-ups away."""
        now = self._clock.now()

        def write(db: Connection) -> tuple[Alert, ...]:
            found = tuple(one for one in (alerts.get(db, id_) for id_ in ids) if one is not None)
            for one in found:
                alerts.mark(db, one.id, state=state, at=now)
            return found

        closed = self._writer.do(write)
        for alert in closed:
            for key in alert.issue_keys:
                self._notifier.withdraw(key)
        changes = Changes(alerts=frozenset(alert.id for alert in closed))
        self._publish(changes)
        return changes

    def _turn(self) -> float:
        self.look()
        return _LOOK

    def look(self) -> None:
        """Show what may be shown by now; what waited together comes as one card."""
        now = self._clock.now()
        self._tell_trouble(now)
        self._notice_sleep(now)
        self._take_away()
        waiting = [one for one in self._writer.do(alerts.queued) if one.id not in self._handed]
        self._hand_over(self._few([one for one in waiting if one.passes], now=now))
        waiting = [one for one in waiting if not (one.passes or self._rests(one, now))]
        if self._keeps_back(now) or self._calm_until(now) is not None:
            return
        away, self._away = self._away, None
        if away is not None:
            waiting = self._tell_away(away, waiting, now=now)
        late = [one for one in waiting if now - one.created_at >= _WAITED]
        if len(late) > 1:
            self._hand_over(self._gathered(late, now=now))
            waiting = [one for one in waiting if one not in late]
        self._hand_over(self._few(waiting, now=now))
        self._repeat(now)

    def _tell_trouble(self, now: datetime) -> None:
        """A profile that could not be written at two looks is told once, past the profile: nothing
        new is stored, so nothing else can ring, in quiet hours or not."""
        trouble = self._writer.trouble
        self._troubled = self._troubled + 1 if trouble is not None else 0
        if trouble is None:
            if self._told_trouble:
                self._notifier.withdraw(_UNWRITABLE)
            self._told_trouble = False
        elif self._troubled > 1 and not self._told_trouble:
            self._told_trouble = True
            told = Alert(
                dedupe=_UNWRITABLE,
                issue_keys=(),
                title=tr("New mail is not stored: {why}", why=trouble.title),
                body=trouble.hint or trouble.message,
                created_at=now,
                passes=True,
            )
            self._notifier.notify(told, lambda alert, delivery: None)

    def _rests(self, alert: Alert, now: datetime) -> bool:
        """Whether it says anew of an incident what was said a moment ago: that it grows is told
        once in a while, however fast it does, by the newest card."""
        name = incident_of(alert)
        return bool(name) and self._writer.do(
            lambda db: alerts.is_shown_since(db, name, now - _GROWS, now=now)
        )

    def _notice_sleep(self, now: datetime) -> None:
        """It looks every few seconds; a longer gap is a sleep of the machine.

        Seen here and not told by another thread: whoever else wakes first queues alerts, and they
        would be shown one by one before anybody had said that it slept. What is new then is
        gathered for a moment, until the mailboxes were looked into, and told on one card.
        """
        before, self._looked_at = self._looked_at, now
        if before is not None and now - before >= _SHORT_SLEEP:
            self._away = _Away(since=before, back_at=now)
        elif before is not None and now < before:  # somebody set the clock right
            self._away = self._repeated_at = None

    def _few(self, some: Sequence[Alert], *, now: datetime) -> Sequence[Alert]:
        """These, or one card where they are too many to stand beside each other."""
        return some if len(some) <= MOST_BESIDE else self._gathered(some, now=now)

    def _keeps_back(self, now: datetime) -> bool:
        """Whether a mailbox is read for the first time: what it holds is told on one card."""
        return self._writer.do(lambda db: self._first.keeps_back(db, now=now))

    def _calm_until(self, now: datetime) -> datetime | None:
        """Until when only what passes is shown; None where everything may be."""
        settings = self._settings()
        quiet = read_hours(settings.quiet_hours)
        since = max(now - HOUR, self._first.told_at or now - HOUR)
        shown = self._writer.do(lambda db: alerts.shown_since(db, since))
        ends = (
            quiet.until(now, self._zone()) if quiet else None,
            spent_until(shown, per_hour=settings.alerts_per_hour, now=now),
            self._away.told_at if self._away and now < self._away.told_at else None,
        )
        return max((end for end in ends if end is not None), default=None)

    def _hand_over(self, some: Iterable[Alert]) -> None:
        for alert in some:
            self._handed.add(alert.id)
            if self._writer.do(partial(_has_its_turn, alert=alert, now=self._clock.now())):
                self._notifier.notify(alert, self._delivered)

    def _gathered(
        self,
        some: Sequence[Alert],
        title_of: Callable[[int], str] = waited_title,
        *,
        now: datetime,
        name: str = DIGEST,
    ) -> tuple[Alert, ...]:
        """A card or a few instead of these, as many as a screen has room for, what stands highest
        first; what is on no card yet waits for the next. Each of them stays in the window until
        somebody looked."""
        some = self._writer.do(partial(alerts.highest_first, some=some))
        whole = [one for one in some if is_whole(one)][:MOST_BESIDE]
        single = [one for one in some if not is_whole(one)]
        if whole and len(single) == 1:
            return (*whole, *single)[:MOST_BESIDE]
        made = cards(single, title_of) if single or not some else ()
        made = made[: MOST_BESIDE - len(whole)]

        def write(db: Connection) -> list[Alert]:
            return [_written(db, one, name=name, now=now) for one in made]

        written = self._writer.do(write)
        taken = frozenset(one.id for card in made for one in card.alerts)
        self._publish(Changes(alerts=taken))
        return (*whole, *written)

    def _tell_away(self, away: _Away, waiting: list[Alert], *, now: datetime) -> list[Alert]:
        """The one card after a sleep, where there is more to tell than one alert tells itself."""
        passed, woken = self._writer.do(partial(_missed, away=away))
        if not (passed or woken) and len(waiting) < 2:
            return waiting

        slept = away.back_at - away.since
        title_of = partial(away_title, slept, passed=passed, woken=woken)
        self._hand_over(self._gathered(waiting, title_of, now=now))
        return []

    def _repeat(self, now: datetime) -> None:
        """Show again what is critical and still waits, where nobody looked; several as one card,
        and no oftener than one by itself would be."""
        minutes = self._settings().repeat_minutes
        before = now - timedelta(minutes=minutes)
        if not minutes or (self._repeated_at is not None and self._repeated_at > before):
            return

        def find(db: Connection) -> Sequence[Alert]:
            found = alerts.to_repeat(db, before=before, most=_MOST_REPEATS)
            for one in found:
                alerts.repeated(db, one.id, at=now)
            if len(found) > 1:
                alerts.withdraw(db, _STILL, at=now)
            return found

        found = self._writer.do(find)
        if found:
            self._repeated_at = now
        if len(found) > 1:
            # They were named, and passed, when they rang.
            named = [replace(one, by_name=False, passes=False) for one in found]
            found = self._gathered(named, still_title, now=now, name=_STILL)
        self._hand_over(found)

    def _take_away(self) -> None:
        """Pop-ups of alerts that were withdrawn since they were handed over."""
        for alert in self._writer.do(lambda db: alerts.withdrawn(db, self._handed)):
            self._handed.discard(alert.id)
            self._notifier.withdraw(alert.dedupe)  # not what has taken its place by now

    def _delivered(self, alert: Alert, delivery: Delivery) -> None:
        """Called from the notifier's thread: whether anybody can have seen it."""
        if not delivery.shown:
            log.info("an alert was not shown by the desktop: %s", delivery.detail)
        state = AlertState.SHOWN if delivery.shown else AlertState.UNSHOWN
        now = self._clock.now()

        def write(db: Connection) -> None:
            present = alerts.get(db, alert.id)
            if present is not None and present.state is AlertState.QUEUED:
                alerts.mark(db, alert.id, state=state, at=now, by=delivery.by)

        try:
            self._writer.do(write)
        except (KnownError, RuntimeError):  # a full disk, or the engine is ending
            log.warning("what became of an alert could not be written")
            return
        self._publish(Changes(alerts=frozenset({alert.id})))


def _has_its_turn(db: Connection, *, alert: Alert, now: datetime) -> bool:
    """Whether nobody took it back or saw it since it was read: a card that came meanwhile may stand
    in its place. The card of an incident says all that those before it said, never the later ones.
    """
    present = alerts.get(db, alert.id)
    if present is None or present.state not in _UNSEEN:
        return False
    if name := incident_of(alert):
        alerts.withdraw(db, name, at=now, before=alert.id)
    return True


def _written(db: Connection, card: Card, *, name: str, now: datetime) -> Alert:
    """Put the card in the place of its alerts; its name is theirs, so that two cards of one moment
    are two."""
    ids = "+".join(str(one.id) for one in card.alerts[:1])
    made = alerts.queue(
        db,
        Alert(
            dedupe=f"{name}{now.isoformat()}/{ids}",
            issue_keys=card.issue_keys,
            title=card.title,
            body=card.body,
            created_at=now,
            passes=any(one.passes for one in card.alerts),
            by_name=card.by_name,
            unnamed=card.unnamed,
        ),
    )
    for one in card.alerts:
        alerts.mark(db, one.id, state=AlertState.UNSHOWN, at=now, by="digest")
    written = None if made is None else alerts.get(db, made)
    if written is None:  # then they are not marked either: this is taken back
        raise RuntimeError("a card has the name of another one")
    return written


STATE_OF = {
    Action.OPEN: AlertState.CLICKED,
    Action.ACKNOWLEDGE: AlertState.CLICKED,
    Action.SNOOZE: AlertState.CLICKED,
    Action.DISMISS: AlertState.DISMISSED,
    Action.LOST: AlertState.UNSHOWN,  # the desktop went away with it; the banner stands again
}


def _missed(db: Connection, *, away: _Away) -> tuple[int, int]:
    """How many promises fell due and how many snoozes ended while the machine slept."""
    return (
        deadlines.passed_between(db, away.since, away.back_at),
        journal.snoozes_between(db, away.since, away.back_at),
    )
