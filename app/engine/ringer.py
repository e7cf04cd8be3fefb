"""Ringer: shows what was decided to ring, when its owner wants to hear of it, and writes down what
became of it.

Alerts wait in the profile, so that quiet hours, a used-up hour and a crash lose none. What waited
longer than a minute and is not alone comes as one card, and so do more than three at once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from typing import Any

from app.alerts.digest import Card, cards, is_whole
from app.alerts.notifier import Action
from app.alerts.quiet import HOUR, MOST_BESIDE, read_hours, spent_until
from app.alerts.text import still_title, waited_title
from app.config.settings import Settings
from app.domain.alert import BUNDLE, DIGEST, STILL, Alert, AlertState, Delivery
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.errors import KnownError
from app.domain.translation import tr
from app.engine import away
from app.engine.away import Away
from app.engine.causes import incident_of
from app.engine.first_reading import FirstReading
from app.engine.ports import Notifier
from app.engine.rewording import Rewording
from app.engine.turns import Turns
from app.storage import alerts, issues
from app.storage.connection import Connection
from app.storage.writer import Writer

log = logging.getLogger(__name__)

_LOOK = 15.0  # seconds; quiet hours end and pop-ups grow old without anybody saying so
_WAITED = timedelta(minutes=1)
_MOST_REPEATS = 3
_SEVERAL = 2
_STILL_NEW = timedelta(days=1)  # to be offered to a desktop that comes later
_MOST_SAID_ANEW = 200
_GROWS = timedelta(minutes=30)
_UNWRITABLE = "profile/unwritable"


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
        rewording: Rewording,
    ) -> None:
        self._rewording = rewording
        self._said_on: date | None = None
        self._first = first
        self._writer = writer
        self._notifier = notifier
        self._clock = clock
        self._publish = publish
        self._settings = settings
        self._zone = zone
        self._away: Away | None = None
        self._looked_at: datetime | None = None
        self._repeated_at: datetime | None = None
        self._handed: set[int] = set()
        self._troubled = 0  # looks in a row
        self._told_trouble = False
        self._turns = Turns(self._turn, name="ringer", rest=_LOOK)
        self._desktop_came = threading.Event()
        notifier.when_back(self._came_back)

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
        """Write down what a person did about alerts, and take their pop-ups away.

        A desktop that went away with a pop-up brings back nothing that somebody has dealt with.
        """
        now = self._clock.now()

        def write(db: Connection) -> tuple[Alert, ...]:
            found = tuple(one for one in (alerts.get(db, id_) for id_ in ids) if one is not None)
            for one in found:
                if state is not AlertState.UNSHOWN or one.state is AlertState.SHOWN:
                    alerts.mark(db, one.id, state=state, at=now)
            return found

        closed = self._writer.do(write)
        for alert in closed:
            for key in alert.issue_keys:
                self._notifier.withdraw(key)
        changes = Changes(alerts=frozenset(alert.id for alert in closed))
        self._publish(changes)
        return changes

    def _came_back(self) -> None:
        """Called from the notifier's thread."""
        self._desktop_came.set()
        self.wake()

    def _offer_again(self, now: datetime) -> None:
        """A desktop came: what none has shown, or what went away with the last one, is shown now.
        A window in the tray has no banner that anybody sees."""
        if not self._desktop_came.is_set():
            return
        self._desktop_came.clear()
        since = now - _STILL_NEW
        again = self._writer.do(lambda db: alerts.offer_again(db, since=since, most=_MOST_REPEATS))
        self._handed.difference_update(again)
        if again:
            self._publish(Changes(alerts=frozenset(again)))

    def _turn(self) -> float:
        self.look()
        return _LOOK

    def look(self) -> None:
        """Show what may be shown by now; what waited together comes as one card."""
        now = self._clock.now()
        self._tell_trouble(now)
        self._notice_sleep(now)
        self._take_away()
        self._offer_again(now)
        self._turn_the_page(now)
        waiting = [one for one in self._writer.do(alerts.queued) if one.id not in self._handed]
        passing = self._said_now([one for one in waiting if one.passes], now)
        self._hand_over(self._few(passing, now=now))
        waiting = [one for one in waiting if not (one.passes or self._rests(one, now))]
        if self._keeps_back(now) or self._calm_until(now) is not None:
            return
        waiting = self._said_now(waiting, now)
        slept, self._away = self._away, None
        if slept is not None:
            waiting = self._tell_away(slept, waiting, now=now)
        late = [one for one in waiting if now - one.created_at >= _WAITED]
        if len(late) > 1:
            self._hand_over(self._gathered(late, now=now))
            waiting = [one for one in waiting if one not in late]
        self._hand_over(self._few(waiting, now=now))
        self._repeat(now)

    def _turn_the_page(self, now: datetime) -> None:
        """It is another day: what is unseen since an earlier one says its days and hours anew."""
        zone = self._zone()
        today = now.astimezone(zone).date()
        before, self._said_on = self._said_on, today
        if before == today:
            return
        unseen = self._writer.do(alerts.unseen)[:_MOST_SAID_ANEW]
        old = [one for one in unseen if one.created_at.astimezone(zone).date() != today]
        said = self._said_now(old, now)
        moved = frozenset(new.id for new, was in zip(said, old, strict=True) if new != was)
        if moved:
            self._publish(Changes(alerts=moved))

    def _said_now(self, some: Sequence[Alert], now: datetime) -> list[Alert]:
        """These, those that waited worded as it is now."""

        def worded(db: Connection, one: Alert) -> Alert:
            return self._rewording.reword(db, one, now=now)

        return [
            self._writer.do(partial(worded, one=one)) if now - one.created_at >= _WAITED else one
            for one in some
        ]

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
            lambda db: alerts.is_shown_between(db, name, now - _GROWS, now)
        )

    def _notice_sleep(self, now: datetime) -> None:
        """It looks every few seconds; a longer gap is a sleep of the machine.

        Seen here and not told by another thread: whoever else wakes first queues alerts, and they
        would be shown one by one before anybody had said that it slept. What is new then is
        gathered for a moment, until the mailboxes were looked into, and told on one card.
        """
        before, self._looked_at = self._looked_at, now
        if before is not None and now - before >= away.SHORT:
            self._away = away.longer(self._away, since=before, now=now)
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
            is_its_turn = partial(_has_its_turn, alert=alert, now=self._clock.now())
            has_turn = self._writer.do(is_its_turn)
            self._handed.add(alert.id)
            if has_turn:
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

    def _tell_away(self, slept: Away, waiting: list[Alert], *, now: datetime) -> list[Alert]:
        """The one card after a sleep, where there is more to tell than one alert tells itself."""
        told = self._writer.do(partial(away.missed, away=slept))
        silent = sum(not one.issue_keys for one in waiting)  # an account that is, is not urgent
        if not told and len(waiting) - silent < _SEVERAL:
            return waiting
        if not waiting:
            card = partial(
                away.calm_card, away=slept, told=told, rewording=self._rewording, now=now
            )
            self._hand_over([self._writer.do(card)])
            return []

        def title_of(count: int) -> str:
            return slept.title(count - silent, told)

        self._hand_over(self._gathered(waiting, title_of, now=now))
        return []

    def _repeat(self, now: datetime) -> None:
        """Show again what is critical and still waits, where nobody looked; several as one card,
        and no oftener than one by itself would be."""
        minutes = self._settings().repeat_minutes
        before = now - timedelta(minutes=minutes)
        if not minutes or (self._repeated_at and before < self._repeated_at):
            return

        def find(db: Connection) -> Sequence[Alert]:
            found = alerts.to_repeat(db, before=before, most=_MOST_REPEATS)
            for one in found:
                alerts.repeated(db, one.id, at=now)
            each = [part for one in found for part in self._still(db, one, now=now)]
            if _is_of_several(each):
                alerts.withdraw(db, STILL, at=now)
            return each

        found = self._writer.do(find)
        if found:
            self._repeated_at = now
        if not _is_of_several(found):
            found = found[-1:]  # of one that rang and was reminded of, the newest word
        else:
            # They were named, and passed, when they rang.
            named = [replace(one, by_name=False, passes=False) for one in found]
            found = self._gathered(named, still_title, now=now, name=STILL)
        self._hand_over(found)

    def _still(self, db: Connection, alert: Alert, *, now: datetime) -> Sequence[Alert]:
        """It, as it is worded now; of a storm's card one for each that nobody touched."""
        if not alert.dedupe.startswith(BUNDLE):
            return (self._rewording.reword(db, alert, now=now),)
        keys = alerts.still_critical(db, alert)
        return [
            replace(
                alert,
                dedupe=f"{key}/{alert.dedupe}",
                issue_keys=(key,),
                title=self._rewording.in_short(db, issues.by_key(db, key), now=now) or alert.title,
                body="",
            )
            for key in keys[:_MOST_SAID_ANEW]
        ]

    def _take_away(self) -> None:
        """Pop-ups of alerts that are over since they were handed over, wherever somebody did
        that: a button left on the screen would act on what is long done."""
        for alert in self._writer.do(lambda db: alerts.over(db, self._handed)):
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


def _is_of_several(some: Iterable[Alert]) -> bool:
    """Whether they are about more than one issue."""
    return len({key for one in some for key in one.issue_keys}) > 1


def _has_its_turn(db: Connection, *, alert: Alert, now: datetime) -> bool:
    """Whether nobody took it back or saw it since it was read: a card that came meanwhile may stand
    in its place. The card of an incident says all that those before it said, never the later ones.
    """
    present = alerts.get(db, alert.id)
    if present is None or not present.state.is_unseen:
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
