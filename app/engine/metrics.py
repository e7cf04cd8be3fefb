"""Metrics: how quickly customers were answered, how often the machine was wrong, and since when.

Each figure has its definition beside it, its n, and what of it is still open; no figure is an
average. Time is the wall clock's, and the shop's own working time where a calendar is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from app.domain.assessment import Kind, Severity
from app.domain.deadline import Deadline, Metric
from app.domain.figures import Figure, spread
from app.domain.journal import Entry, EntryType, State
from app.domain.story import Settled, Story, Waited, answers, cycles
from app.domain.translation import to_translate

Elapsed = Callable[[datetime, datetime], timedelta]

REWORK = timedelta(days=7)
BY_ITSELF = timedelta(hours=24)
_OUR_TURN = (State.NEW, State.ACKNOWLEDGED)


def wall(start: datetime, end: datetime) -> timedelta:
    """What passed between two instants on the wall's clock."""
    return end - start


def figures(
    stories: Sequence[Story], *, now: datetime, clocks: Mapping[str, Elapsed]
) -> tuple[Figure, ...]:
    """Every figure of these issues; `clocks` are the ways to tell time, by name.

    What a person called no issue at all counts only where it is told how often that was so.
    """
    stories = tuple(story for story in stories if is_issue(story) or _is_called_none(story))
    issues = tuple(story for story in stories if is_issue(story))
    return (
        *_durations(issues, now=now, clocks=clocks),
        _compliance(issues, now=now),
        _false_alarms(stories),
        _missed(issues),
        _rework(issues),
        _changed(stories),
        *_overrides(stories),
    )


def is_issue(story: Story) -> bool:
    """Whether it is one, as it stands."""
    return story.kind is not Kind.NOT_AN_ISSUE


def responses(
    stories: Sequence[Story], *, now: datetime, clocks: Mapping[str, Elapsed]
) -> tuple[Figure, ...]:
    """The figures that need mails alone: what a mailbox tells of the time before Frontburner.

    Nobody wrote down then what wanted no answer, so what got none is left out.
    """
    waits = [_over(answers(story, Settled())) for story in stories]
    return tuple(_answered(waits, now=now, clocks=clocks))


def _over(waits: Iterable[Waited]) -> tuple[Waited, ...]:
    return tuple(one for one in waits if one.ended_at is not None)


def _durations(
    stories: Sequence[Story], *, now: datetime, clocks: Mapping[str, Elapsed]
) -> Iterator[Figure]:
    settled = [(story, _settled(story)) for story in stories]
    yield from _answered([answers(*one) for one in settled], now=now, clocks=clocks)
    solved = [wait for one in settled for wait in cycles(*one)]
    made = ("resolution", to_translate("Until it was done"), _SOLVED, solved)
    yield from _lengths(made, now=now, clocks=clocks)


def _answered(
    waits: Sequence[Sequence[Waited]], *, now: datetime, clocks: Mapping[str, Elapsed]
) -> Iterator[Figure]:
    """The waits for an answer, of each issue the first one and the others."""
    firsts = [wait for of_issue in waits for wait in of_issue[:1]]
    later = [wait for of_issue in waits for wait in of_issue[1:]]
    for made in (
        ("first_response", to_translate("To the first answer"), _FIRST, firsts),
        ("next_response", to_translate("To each further answer"), _NEXT, later),
    ):
        yield from _lengths(made, now=now, clocks=clocks)


def _lengths(
    made: tuple[str, str, str, Sequence[Waited]],
    *,
    now: datetime,
    clocks: Mapping[str, Elapsed],
) -> Iterator[Figure]:
    """One figure by each clock."""
    name, title, definition, waits = made
    for clock, elapsed in clocks.items():
        yield _duration(
            Figure(name=name, title=title, definition=definition, n=len(waits), clock=clock),
            waits,
            now=now,
            elapsed=elapsed,
        )


def _duration(
    figure: Figure, waits: Sequence[Waited], *, now: datetime, elapsed: Elapsed
) -> Figure:
    over = [elapsed(one.since, one.ended_at) for one in waits if one.ended_at is not None]
    still_open = [elapsed(one.since, max(one.since, now)) for one in waits if one.ended_at is None]
    found = spread(over, still_open)
    return Figure(
        name=figure.name,
        title=figure.title,
        definition=figure.definition,
        n=figure.n,
        open=len(still_open),
        median=found.median,
        p90=found.p90,
        clock=figure.clock,
    )


def _compliance(stories: Sequence[Story], *, now: datetime) -> Figure:
    promised = [
        one
        for story in stories
        for one in story.deadlines
        if one.metric is Metric.FIRST_RESPONSE and not _came_to_nothing(one)
    ]
    kept = sum(1 for one in promised if one.met_at and one.met_at <= one.planned_at)
    pending = sum(1 for one in promised if one.met_at is None and one.planned_at > now)
    decided = len(promised) - pending
    return Figure(
        name="compliance",
        title=to_translate("Answered in the promised time"),
        definition=_COMPLIANCE,
        n=len(promised),
        open=pending,
        share=kept / decided if decided else None,
        by={to_translate("kept"): kept, to_translate("broken"): decided - kept},
    )


def _came_to_nothing(promise: Deadline) -> bool:
    """Whether the issue was put away in time without an answer: nothing was kept or broken."""
    away_at = promise.paused_at
    return promise.met_at is None and away_at is not None and away_at <= promise.planned_at


def _false_alarms(stories: Sequence[Story]) -> Figure:
    rang = [story for story in stories if story.rang_at]
    why = Counter(reason for story in rang if (reason := _false_because(story)))
    return _share("false_alarms", to_translate("Rang for nothing"), _FALSE, of=len(rang), by=why)


def _false_because(story: Story) -> str:
    verdict = _verdict(story)
    if verdict in ("right", "missed"):
        return ""
    if verdict == "false_alarm":
        return to_translate("you said so")
    if _is_called_none(story):
        return to_translate("you said that it is no issue")
    if _is_put_lower(story):
        return to_translate("you made it normal or low")
    if story.kind is Kind.DISPUTE:
        return ""  # it is answered where it was opened, not by mail
    rang, ours = story.rang_at[0], [turn.at for turn in story.turns if turn.ours]
    closed = [at for at in _put_away(story) if rang <= at <= rang + BY_ITSELF]
    untouched = closed and not any(rang <= at <= closed[0] for at in ours)
    return to_translate("put away within a day, without an answer") if untouched else ""


def _missed(stories: Sequence[Story]) -> Figure:
    silent = [story for story in stories if not story.rang_at]
    why = Counter(reason for story in silent if (reason := _missed_because(story)))
    return _share(
        "missed", to_translate("Did not ring and should have"), _MISSED, of=len(silent), by=why
    )


def _missed_because(story: Story) -> str:
    if _verdict(story) == "missed":
        return to_translate("you said so")
    if story.severity is Severity.CRITICAL and _last_override(story, "severity"):
        return to_translate("you made it critical")
    grave = story.severity in (Severity.HIGH, Severity.CRITICAL)
    if grave and any(one.breached_at for one in story.deadlines):
        return to_translate("a grave one was answered too late")
    return ""


def _rework(stories: Sequence[Story]) -> Figure:
    solved = [story for story in stories if _put_away(story)]
    why = Counter(reason for story in solved if (reason := _rework_because(story)))
    return _share("rework", to_translate("Done, and not done"), _REWORK, of=len(solved), by=why)


def _rework_because(story: Story) -> str:
    for at in _put_away(story):
        back = [turn for turn in story.turns if not turn.ours and at < turn.at <= at + REWORK]
        if back or any(one for one in _of(story, EntryType.REOPEN) if at < one.at <= at + REWORK):
            return to_translate("came back within seven days")
        if sum(1 for turn in story.turns if turn.ours and turn.at > at) > 1:
            return to_translate("more than one answer afterwards")
    return ""


def _changed(stories: Sequence[Story]) -> Figure:
    """How much of a template people change, as the median of the shares."""
    shares = [
        float(entry.data["changed"])
        for story in stories
        for entry in _of(story, EntryType.REPLY_SENT)
        if "changed" in entry.data
    ]
    return Figure(
        name="template_changed",
        title=to_translate("Of a template that was changed"),
        definition=_CHANGED,
        n=len(shares),
        share=median(shares) if shares else None,
    )


def _overrides(stories: Sequence[Story]) -> Iterator[Figure]:
    for field, title, definition in (
        ("kind", to_translate("Sorted anew by you"), _SORTED),
        ("severity", to_translate("Weighed anew by you"), _WEIGHED),
    ):
        said = [entry.data[field] for story in stories if (entry := _last_override(story, field))]
        yield _share(
            f"overridden_{field}",
            title,
            definition,
            of=len(stories),
            by=Counter(said),
        )


def _share(name: str, title: str, definition: str, *, of: int, by: Mapping[str, int]) -> Figure:
    count = sum(by.values())
    share = count / of if of else None
    return Figure(name=name, title=title, definition=definition, n=of, share=share, by=dict(by))


def _put_away(story: Story) -> tuple[datetime, ...]:
    return tuple(entry.at for entry in _of(story, EntryType.RESOLVE))


def _settled(story: Story) -> Settled:
    back = (
        *_of(story, EntryType.REOPEN),
        *(one for one in _of(story, EntryType.MERGE) if one.data.get("state") in _OUR_TURN),
        *(one for one in _of(story, EntryType.REPLY_BOUNCED) if not one.data.get("answered_since")),
    )
    return Settled(put_away=_put_away(story), brought_back=tuple(one.at for one in back))


def _verdict(story: Story) -> str:
    said = _of(story, EntryType.VERDICT)
    return str(said[-1].data.get("verdict", "")) if said else ""


def _last_override(story: Story, field: str) -> Entry | None:
    said = [one for one in _of(story, EntryType.OVERRIDE) if one.data.get(field)]
    return said[-1] if said else None


def _is_called_none(story: Story) -> bool:
    """Whether a person said last that it is no issue."""
    said = _last_override(story, "kind")
    return said is not None and said.data["kind"] == Kind.NOT_AN_ISSUE


def _is_put_lower(story: Story) -> bool:
    """Whether a person called something that rang no graver than normal."""
    said = _last_override(story, "severity")
    return said is not None and said.data["severity"] in (Severity.NORMAL, Severity.LOW)


def _of(story: Story, *types: EntryType) -> tuple[Entry, ...]:
    return tuple(entry for entry in story.entries if entry.type in types)


def baseline_of(stories: Iterable[Story]) -> tuple[Story, ...]:
    """Of the time before the mailbox was connected: what a customer began and we ever answered.

    Old mail that nobody answered may be a newsletter that nobody has judged; it is left out, which
    makes the time before look better than it was, never worse.
    """
    return tuple(
        story
        for story in stories
        if story.history and story.began_at and any(turn.ours for turn in story.turns)
    )


_FIRST = to_translate(
    "From a customer's first mail to our first answer, from wherever it was sent; what was put away"
    " without an answer is left out"
)
_NEXT = to_translate(
    "From the first mail after an answer of ours to our next one; further mails of theirs meanwhile"
    " do not begin it anew, and what was put away without an answer is left out"
)
_SOLVED = to_translate(
    "From the mail that began an issue, or from when it was brought back, until somebody put it"
    " away as done; each time on its own"
)
_COMPLIANCE = to_translate(
    "First answers that left before their deadline, of those whose deadline is over; what was put"
    " away in time without an answer is left out"
)
_FALSE = to_translate(
    "Issues that rang and that you called a false alarm or no issue, made normal or low, or put"
    " away within a day without an answer (but for disputes, which are answered elsewhere)"
)
_MISSED = to_translate(
    "Issues that did not ring and that you said should have, made critical, or answered too late"
    " though they were grave"
)
_REWORK = to_translate(
    "Issues that came back within seven days after they were done, or got several answers more"
)
_CHANGED = to_translate("How much of a template's letters is usually changed before it leaves")
_SORTED = to_translate("Issues whose kind you replaced, by what you replaced it with")
_WEIGHED = to_translate("Issues whose severity you replaced, by what you replaced it with")
