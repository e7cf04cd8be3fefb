"""Learning: what people correct is learnt at once, and what stands open is judged again by it.

Woken by the desk after a decision that teaches. Reads the journal beside the writer, learns in a
thread of its own, and only then hands the writer what moved: the adjustment, and the judgements of
open issues that it changes. What a person decided stands above both (`standing` folds it), and an
attempt that would do worse on the owner's own latest words is taken back, for mails like those, and
says so.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.clock import Clock
from app.domain.errors import KnownError
from app.domain.lessons import Word
from app.domain.translation import to_translate, tr
from app.engine.judging_again import JudgingAgain, touched
from app.storage import lessons
from app.storage.connection import Connection
from app.storage.database import open_reader
from app.storage.lessons import Learnt, Record
from app.storage.writer import Writer
from app.triage.classifier import LearnedClassifier, Recalled

if TYPE_CHECKING:
    from app.triage.adjustment import Adjustment
    from app.triage.lesson import Lesson
    from app.triage.model import Model

log = logging.getLogger(__name__)

_LOOKED_AT = 5_000  # of the newest judged mails: those that a correction may sort anew
_NEVER_HEARD = 300  # open mails from before they were kept so: taken in as corrections come
_REMEMBERED = 100
_PRETENDS = to_translate("nothing is learnt from a mail that pretends to be somebody else")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What came of a correction.

    `learnt`: it is in use; else `because` says why not. `similar` other open mails are judged
    otherwise now, and as was said; `keys` are the open issues that moved with it.
    """

    learnt: bool
    because: str
    similar: int = 0
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the profile holds: what was said, the mails it was said of, what is in use.

    `aside`: the entries from which nothing is learnt, because a pretender wrote their mails.
    """

    words: tuple[Word, ...]
    aside: frozenset[str]
    rows: Mapping[str, int]
    heard: Mapping[int, bytes]
    kept: Learnt | None

    @property
    def entries(self) -> tuple[str, ...]:
        """Every journal entry that stands."""
        return tuple(entry for word in self.words for entry in word.entries)

    @property
    def taught(self) -> Mapping[int, Word]:
        """The corrected mails, and what was said of each."""
        return {self.rows[word.mail]: word for word in self.words}

    @property
    def in_use(self) -> frozenset[str]:
        """The lessons that the adjustment in use was made of, by their names of today."""
        kept = frozenset(self.kept.record.taught if self.kept else ())
        return frozenset(word.entries[-1] for word in self.words if kept & {*word.entries})


@dataclass(slots=True)
class _Waiting:
    """How often learning was asked for and done, and what came of the latest corrections."""

    asked: int = 0
    done: int = 0
    effects: dict[str, Effect] = field(default_factory=dict)


class Learning:
    """The thread that learns; one for a profile."""

    def __init__(
        self,
        *,
        database: Path,
        writer: Writer,
        classifier: LearnedClassifier,
        judging: JudgingAgain,
        clock: Clock,
    ) -> None:
        self._database = database
        self._writer = writer
        self._classifier = classifier
        self._judging = judging
        self._clock = clock
        self._waiting = _Waiting()
        self._news = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="learning", daemon=True)
        classifier.recall(self._recall)

    def start(self) -> None:
        """Begin to wait for corrections."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is under way."""
        self._stop.set()
        with self._news:
            self._news.notify_all()
        self._thread.join(timeout=10)

    def wake(self) -> None:
        """Somebody decided something that may teach."""
        with self._news:
            self._waiting.asked += 1
            self._news.notify_all()

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be learnt."""
        with self._news:
            return self._waiting.done < self._waiting.asked

    def effect(self, entry: str, *, patience: float) -> Effect | None:
        """What a correction taught, once that is known; None if it takes longer (in seconds)."""
        self.settle(patience=patience)
        with self._news:
            return self._waiting.effects.get(entry)

    def settle(self, *, patience: float) -> None:
        """Wait until all that was said by now is learnt, or for so many seconds."""
        with self._news:
            wanted = self._waiting.asked
            self._news.wait_for(
                lambda: self._waiting.done >= wanted or self._stop.is_set(), timeout=patience
            )

    def again(self) -> None:
        """Throw away what was derived, and learn it anew from the journal and the stored mails."""
        self._writer.do(lessons.unlearn)
        self._classifier.adjust(None)
        self.wake()

    def step(self) -> Effect | None:
        """Learn what there is to learn; None where nothing is new."""
        with closing(open_reader(self._database)) as db:
            if not lessons.told(db) and lessons.learnt(db) is None:
                return None
            model = self._classifier.model()
            if model is None:
                return self._note(_entries(db), Effect(learnt=False, because=self._off()))
            weights = self._classifier.weights
            known = self._known(db, weights=weights)
            kept = known.kept
            new = set(known.entries) - set(kept.record.entries if kept else ())
            self._note(known.aside, Effect(learnt=False, because=tr(_PRETENDS)))
            if _is_learnt(known, weights):
                return None
            return self._note(new, self._learn(db, known, model, new=new))

    def _learn(self, db: Connection, known: _Known, model: Model, *, new: set[str]) -> Effect:
        from app.triage.learner import refit
        from app.triage.lesson import is_whole

        taught, before = self._lessons(db, known), self._in_use(known.kept)
        found = refit(taught, model, before=before, in_use=known.in_use)
        record = Record(
            at=self._clock.now(),
            entries=known.entries,
            taught=found.taught,
            accepted=found.accepted,
            because=found.because,
            held_back=found.held_back,
            right_before=found.right_before,
            right_after=found.right_after,
        )
        self._keep(known, found.adjustment, record, taught)
        words = [word for word in known.words if new.intersection(word.entries)]
        kept = lessons.latest(db, weights=self._classifier.weights, limit=_LOOKED_AT)
        every = [one for one in kept if is_whole(one.mail)]
        moved = touched(
            every, words, own=known.taught, before=before, after=found.adjustment, model=model
        )
        move = moved.changed | known.taught.keys()
        again = {one.id for one in every if one.is_open and one.id in move}
        again.update(lessons.naming(db, _gone(known)))
        again.update(lessons.not_heard(db, weights=self._classifier.weights, limit=_NEVER_HEARD))
        return Effect(
            learnt=all(word.entries[-1] in found.taught for word in words) or found.accepted,
            because=found.because,
            similar=len(moved.alike),
            keys=tuple(sorted(self._judging.again(db, again))),
        )

    def _keep(
        self, known: _Known, found: Adjustment | None, record: Record, taught: Sequence[Lesson]
    ) -> None:
        now = Learnt(
            weights=self._classifier.weights,
            adjustment=found.to_bytes() if found is not None else None,
            record=record,
        )
        by_name = {one.name: one.to_bytes() for one in taught}
        fresh = {
            known.rows[word.mail]: by_name[word.entries[-1]]
            for word in known.words
            if word.entries[-1] in by_name and known.rows[word.mail] not in known.heard
        }
        self._writer.do(lambda db: lessons.set_learnt(db, now, mails=fresh))
        self._classifier.adjust(found, [one for one in taught if one.name in record.taught])

    def _known(self, db: Connection, *, weights: str) -> _Known:
        from app.triage.lesson import is_whole

        words = lessons.words(db)
        rows = lessons.rows_of(db, (word.mail for word in words))
        heard = lessons.heard_of(db, rows.values(), weights=weights)
        return _Known(
            words=tuple(word for word in words if word.mail in rows),
            aside=frozenset(
                name for word in words if word.mail not in rows for name in word.entries
            ),
            rows=rows,
            heard={row: mail for row, mail in heard.items() if is_whole(mail)},
            kept=lessons.learnt(db),
        )

    def _lessons(self, db: Connection, known: _Known) -> list[Lesson]:
        """Everything that was said, with the mails; others are read anew."""
        missing = self._judging.heard(db, sorted(known.taught - known.heard.keys()))
        return _made({**known.heard, **missing}, known)

    def _in_use(self, kept: Learnt | None) -> Adjustment | None:
        from app.triage.adjustment import Adjustment

        if kept is None or kept.weights != self._classifier.weights or kept.adjustment is None:
            return None
        return Adjustment.from_bytes(kept.adjustment)

    def _off(self) -> str:
        return self._classifier.missing()

    def _recall(self, weights: str) -> Recalled | None:
        """What was learnt before this start; made anew where other weights learnt it, and where an
        end came before all that was said was learnt."""
        from app.triage.adjustment import Adjustment

        try:
            with closing(open_reader(self._database)) as db:
                known = self._known(db, weights=weights)
                kept = known.kept
                if not _is_learnt(known, weights):
                    self.wake()
                if kept is None or kept.weights != weights or kept.adjustment is None:
                    return None
            taught = [one for one in _made(known.heard, known) if one.name in kept.record.taught]
            return Recalled(Adjustment.from_bytes(kept.adjustment), tuple(taught))
        except (KnownError, ValueError):
            log.exception("what was learnt cannot be read; it is learnt again at the next word")
            return None

    def _note(self, entries: Iterable[str], effect: Effect) -> Effect:
        with self._news:
            effects = self._waiting.effects
            effects.update(dict.fromkeys(entries, effect))
            for old in list(effects)[:-_REMEMBERED]:
                del effects[old]
        return effect

    def _run(self) -> None:
        while not self._stop.is_set():
            with self._news:
                self._news.wait_for(
                    lambda: self._stop.is_set() or self._waiting.done < self._waiting.asked
                )
                asked = self._waiting.asked
            if self._stop.is_set():
                return
            try:
                self.step()
            except KnownError as error:
                log.warning("learning has to wait: %s", error.sentence)
            except Exception:
                log.exception("bug while learning")
            with self._news:
                self._waiting.done = asked
                self._news.notify_all()


def _made(heard: Mapping[int, bytes], known: _Known) -> list[Lesson]:
    from app.triage.lesson import Lesson, Said

    return [
        Lesson.from_bytes(
            heard[row],
            Said(at=word.at, kind=word.kind, severity=word.severity, alert=word.alert),
            name=word.entries[-1],
        )
        for word in known.words
        if (row := known.rows[word.mail]) in heard
    ]


def _is_learnt(known: _Known, weights: str) -> bool:
    """Whether all that was said, and nothing else, has been learnt by these weights."""
    kept = known.kept
    if kept is None:
        return not known.words
    return kept.weights == weights and kept.record.entries == known.entries


def _gone(known: _Known) -> frozenset[str]:
    """The words that were taken back: what is in use still has them, and must not be kept."""
    entries = known.kept.record.entries if known.kept else ()
    return frozenset(entries) - frozenset(known.entries)


def _entries(db: Connection) -> list[str]:
    return [one.entry.id for one in lessons.told(db)]
