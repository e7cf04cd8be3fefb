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


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Several issues with one cause; `title` names it in words of the mails."""

    id: str
    sort: str
    title: str
    issues: tuple[str, ...]
    customers: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    grave: bool

    def alerts(self, rules: IncidentsFile) -> int:
        """How often it deserved an alert so far: at k, 2k and 4k customers, then each doubling."""
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
        known = self._of_issue.get(report.issue)
        found = self._found[known] if known else self._found_for(report)
        self._keep(report)
        if found is None:
            return None
        found = _with(found, report)
        self._found[found.id] = found
        for issue in found.issues:
            self._of_issue[issue] = found.id
        return found

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
            known = self._of_issue.get(earlier.issue)
            return self._found[known] if known else self._begin(earlier, report)
        return None

    def _begin(self, first: Report, second: Report) -> Incident:
        return Incident(
            id=first.issue,
            sort=first.sort,
            title=self._title(first, second),
            issues=(first.issue,),
            customers=(first.customer,),
            first_at=first.at,
            last_at=first.at,
            grave=first.grave,
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

    def _within(self, sort: str) -> timedelta:
        return timedelta(hours=self.rules.within.get(sort, _WITHIN_ELSE))

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


def _with(found: Incident, report: Report) -> Incident:
    issues = found.issues if report.issue in found.issues else (*found.issues, report.issue)
    is_customer = not report.automatic and report.customer not in found.customers
    return replace(
        found,
        issues=issues,
        customers=(*found.customers, report.customer) if is_customer else found.customers,
        first_at=min(found.first_at, report.at),
        last_at=max(found.last_at, report.at),
        grave=found.grave or report.grave,
    )
