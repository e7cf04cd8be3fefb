"""Incidents: many customers with one cause, found while their mails come in.

Looks at issues that were judged; the engine shows what it finds as one card. Two customers are of
one incident if they complain of the same sort of thing within its time and share a clue: an
article, a name of a product, a place in the carrier's net, the shop's own checkout. A clue that is
met in complaints of every sort names the shop and no cause.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain.assessment import Assessment, Kind
from app.domain.message import Message
from app.triage.clues import Clue, clues_of, long_words, name_words
from app.triage.rules import Rules
from app.triage.schema import IncidentsFile

_SORTS = {
    Kind.DAMAGED: "goods",
    Kind.LEGAL_EXECUTIVE: "goods",
    Kind.WRONG_SIZE: "size",
    Kind.WRONG_ITEM: "packing",
    Kind.LATE: "delivery",
    Kind.NOT_RECEIVED: "delivery",
    Kind.SITE_ACCOUNT: "site",
}
_GRAVE = frozenset({"safety", "shop_down", "press", "regulator"})
_WITHIN_ELSE = 336.0  # hours
_RARE_AT_MOST = 0.03  # of the mails that were read
_RARE_COUNT = 4
_WITH_A_SECOND = 2
_KEPT = 500  # reports of each sort
_SPECIFIC = 0.6  # of the issues with a clue complain of this sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one mail contributes: `issue` and `customer` are the caller's names for them.

    `words` are the folded longer words of the mail, `names` those that it writes like a name;
    `grave`: a hazard, or a shop that is down.
    """

    issue: str
    customer: str
    kind: Kind
    at: datetime
    clues: frozenset[Clue]
    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    grave: bool = False
    automatic: bool = False

    @property
    def articles(self) -> frozenset[Clue]:
        """The articles that it is known to be about."""
        return frozenset(clue for clue in self.clues if clue.sort == "article")

    @property
    def sort(self) -> str:
        """What sort of complaint it is, or an empty string."""
        return sort_of(self.kind)


def sort_of(kind: Kind) -> str:
    """What sort of complaint a kind is, or an empty string."""
    return _SORTS.get(kind, "")


def report_of(
    message: Message,
    assessment: Assessment,
    *,
    issue: str,
    at: datetime,
    rules: Rules,
    articles: Iterable[str] = (),
    shop: str = "",
) -> Report:
    """What a judged mail contributes; `articles` are those of its order, `shop` our own name."""
    names = rules.incidents.names
    return Report(
        issue=issue,
        customer=message.customer.key,
        kind=assessment.kind,
        at=at,
        clues=clues_of(message, assessment, names=names, articles=articles, shop=shop),
        words=long_words(message),
        names=name_words(message, assessment, names=names, shop=shop),
        grave=not _GRAVE.isdisjoint(assessment.factors),
        automatic=assessment.gate.automatic,
    )


def within(rules: IncidentsFile, sort: str) -> timedelta:
    """How far reports of one cause may lie apart, and how long each of them counts."""
    return timedelta(hours=rules.within.get(sort, _WITHIN_ELSE))


def longest(rules: IncidentsFile) -> timedelta:
    """After how long nothing that was reported counts any more, of whatever sort."""
    return timedelta(hours=max((_WITHIN_ELSE, *rules.within.values())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One report of an incident, as far as it counts; a machine that watches is no `customer`."""

    issue: str
    customer: str
    at: datetime
    grave: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Several issues with one cause; `title` names it in words of the mails.

    `members` are the reports of its time, which ends with the last of them: what is older counts
    no more, so that one complaint every few weeks does not add up for ever.
    """

    id: str
    sort: str
    title: str
    members: tuple[Member, ...]

    @property
    def issues(self) -> tuple[str, ...]:
        """The issues of its time, the first to report first."""
        return tuple(dict.fromkeys(one.issue for one in self.members))

    @property
    def customers(self) -> tuple[str, ...]:
        """Who reported it in its time."""
        return tuple(dict.fromkeys(one.customer for one in self.members if one.customer))

    @property
    def first_at(self) -> datetime:
        """When the first report of its time came."""
        return min(one.at for one in self.members)

    @property
    def last_at(self) -> datetime:
        """When the last report came."""
        return max(one.at for one in self.members)

    @property
    def grave(self) -> bool:
        """Whether somebody may be hurt, or nobody can buy."""
        return any(one.grave for one in self.members)

    def alerts(self, rules: IncidentsFile) -> int:
        """How often it deserves an alert: at k, 2k and 4k customers, then each doubling."""
        step = rules.from_customers_grave if self.grave else rules.from_customers
        return (len(self.customers) // step).bit_length()


@dataclass(slots=True)
class Incidents:
    """The reports of the last weeks, and what they have in common."""

    rules: IncidentsFile
    _reports: dict[str, deque[Report]] = field(default_factory=dict)
    _sorts: dict[Clue, Counter[str]] = field(default_factory=dict)
    _seen: Counter[str] = field(default_factory=Counter)
    _mails: int = 0
    _found: dict[str, Incident] = field(default_factory=dict)
    _of_issue: dict[str, str] = field(default_factory=dict)

    def note(self, report: Report) -> Incident | None:
        """Take a report in; the incident that it belongs to now, if there is one."""
        self._mails += 1
        self._seen.update(report.words)
        found = self._going_on(report.issue, report.at)
        if found is None:
            found, counts = self._found_for(report), True
        else:  # thanks, or another matter, is no further report
            counts = report.sort == found.sort
        self._keep(report)
        if found is None:
            return None
        if counts:
            found = self._with(found, report)
        self._found[found.id] = found
        for issue in (report.issue, found.id):
            self._of_issue[issue] = found.id
        return found

    def _within(self, sort: str) -> timedelta:
        return within(self.rules, sort)

    def _going_on(self, issue: str, at: datetime) -> Incident | None:
        """The incident of an issue; one whose time is over is forgotten, and may begin anew."""
        found = self._found.get(self._of_issue.get(issue, ""))
        if found is None or at - found.last_at <= self._within(found.sort):
            return found
        del self._found[found.id]
        self._of_issue = {one: id_ for one, id_ in self._of_issue.items() if id_ != found.id}
        return None

    def _with(self, found: Incident, report: Report) -> Incident:
        """The incident with one report more, without those that are older than its time."""
        last_at = max(found.last_at, report.at)
        since = last_at - self._within(found.sort)
        every = (*found.members, _member(report))
        return replace(found, members=tuple(one for one in every if one.at >= since))

    def _keep(self, report: Report) -> None:
        self._reports.setdefault(report.sort, deque(maxlen=_KEPT)).append(report)
        for clue in report.clues:
            self._sorts.setdefault(clue, Counter())[report.sort] += 1

    # A machine that watches the site may say that all is well again: a report of no sort.
    def _found_for(self, report: Report) -> Incident | None:
        sort = report.sort or ("site" if report.automatic else "")
        for earlier in reversed(self._reports.get(sort, ())) if sort else ():
            if not self._together(report, earlier):
                continue
            known = self._going_on(earlier.issue, report.at)
            return known or self._begin(earlier, report)
        return None

    def _begin(self, first: Report, second: Report) -> Incident:
        return Incident(
            id=first.issue,
            sort=first.sort,
            title=self._title(first, second),
            members=(_member(first),),
        )

    def _together(self, one: Report, other: Report) -> bool:
        if one.customer == other.customer:  # one customer is no incident; a watching machine is
            return one.automatic and other.automatic and other.sort == "site"
        if abs(one.at - other.at) > self._within(other.sort):
            return False
        if any(self._is_specific(clue, other.sort) for clue in one.clues & other.clues):
            return True
        if one.articles and other.articles:  # each says what it is about, and it is not the same
            return False
        return one.grave and other.grave and bool(self._shared_names(one, other))

    def _is_specific(self, clue: Clue, sort: str) -> bool:
        sorts = self._sorts[clue]
        return sorts[sort] >= _SPECIFIC * sorts.total()

    def _shared_names(self, one: Report, other: Report) -> list[str]:
        """Words that few mails have, and that both write as a name; or one of them does, and they
        share a second rare word: "little" alone is not the Little Otter."""
        both = self._rare(one.names & other.names)
        if both:
            return both
        either = self._rare((one.names & other.words) | (one.words & other.names))
        return either if len(self._rare(one.words & other.words)) >= _WITH_A_SECOND else []

    def _rare(self, words: frozenset[str]) -> list[str]:
        limit = max(_RARE_COUNT, self._mails * _RARE_AT_MOST)
        few = [word for word in words if self._seen[word] <= limit]
        return sorted(few, key=lambda word: (self._seen[word], word))

    def _title(self, one: Report, other: Report) -> str:
        shared = sorted(one.clues & other.clues, key=lambda clue: (clue.rank, clue.shown))
        if shared:
            return shared[0].shown
        return ", ".join(word.capitalize() for word in self._shared_names(one, other)[:3])


def _member(report: Report) -> Member:
    customer = "" if report.automatic else report.customer
    return Member(issue=report.issue, customer=customer, at=report.at, grave=report.grave)
