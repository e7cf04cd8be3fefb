"""Schema: what may stand in the rule files, checked when they are read.

The owner edits these files by hand, so an unknown word is an error and not a silence.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from app.domain.assessment import Kind, Severity

Texts = dict[str, list[str]]


class Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Phrases by language, with examples that must be found and examples that must not.

    `unless` holds phrases that take the hit back when they stand in the same sentence; `unsaid`
    names the ways in which a sentence does not say it, though its words are there.
    """

    name: str
    phrases: Texts
    unless: Texts = {}
    unsaid: list[str] = []
    match: list[str]
    not_: list[str] = msgspec.field(name="not", default_factory=list)


class KindPattern(Pattern, frozen=True, kw_only=True):
    """A pattern that speaks for a kind; a negative weight speaks against it."""

    kind: Kind
    weight: float


class FactorPattern(Pattern, frozen=True, kw_only=True):
    """A pattern that shows how bad it is. `severity` is the least that follows from it.

    `threat`: somebody will act against the shop, or somebody may be hurt, unless we answer.
    `kinds`: only for these, or while the kind is not certain; empty for every kind; `not_kinds`:
    not for these. `people_only`: not in mail of machines. `because` stands before the quote.
    `timed`: it counts only with a moment beside it, as `severity` when that is very near and as
    `soon` when it is near. `settles`: it is over, and nothing else that is said makes it bad.
    `dated`: where it names a day that is further away, nobody need act within the hour.
    `exact`: it leaves no doubt, so that it rings whatever the mail as a whole reads like.
    Patterns with one `factor` are one finding under that name.
    """

    factor: str
    severity: Severity | None = None
    threat: bool = False
    timed: bool = False
    soon: Severity | None = None
    settles: bool = False
    dated: bool = False
    exact: bool = False
    people_only: bool = False
    kinds: list[Kind] = []
    not_kinds: list[Kind] = []
    because: str = ""


class NoticePattern(Pattern, frozen=True, kw_only=True):
    """A pattern of mail that nobody waits for, or of mail that lures; `because` stands before the
    quote of a lure."""

    weight: float
    because: str = ""


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sender that swindlers like to be: its own domains, and the words it calls itself.

    `people`: not only machines write from there, and from more domains than these (a carrier, a
    bank); so a mail is no notice for coming from one, and less suspicious for coming from none.
    """

    name: str
    domains: list[str]
    claims: list[str]
    people: bool = False


class Unsaid(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A way in which a sentence names a thing and does not say that it is so.

    By its phrases, which `unless` takes back; by a question mark (`asked`) or quotation marks
    (`quoted`), alone or together with phrases. `anywhere`: the phrases need not stand before it;
    `answered`: what `unless` holds may stand in the sentence behind it too.
    """

    name: str
    phrases: Texts = {}
    unless: Texts = {}
    asked: bool = False
    quoted: bool = False
    anywhere: bool = False
    answered: bool = False


class PatternsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """rules/patterns.toml: what an issue is about; `unsaid` is for the rules of every file."""

    unsure_below: float = 0.5
    second_kind_from: float = 0.25
    subject_weight: float = 1.5
    sharpness: float = 1.0
    nothing_found: float = 0.0
    unsaid: list[Unsaid] = []
    pattern: list[KindPattern] = []


class Amounts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sums in euros, dollars or pounds from which an issue is a matter of money, or of much."""

    much: int = 250
    very_much: int = 1000


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many hours ahead a named moment makes an issue a matter of today, or of the hour."""

    within_the_hour: int = 48
    today: int = 96
    worth_naming: int = 336
    dispute: int = 72


class SeverityFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """rules/severity.toml: how bad it is; `currencies`: how many of their units make one euro."""

    usual: dict[Kind, Severity] = {}
    amounts: Amounts = Amounts()
    currencies: dict[str, Annotated[float, msgspec.Meta(gt=0)]] = {}
    hours: Hours = Hours()
    factor: list[FactorPattern] = []


class GateFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """rules/gate.toml: what needs no answer, and who pretends to be somebody else."""

    noise_from: float = 2.0
    noise: list[NoticePattern] = []
    lure: list[NoticePattern] = []
    provider: list[Provider] = []
    form_domains: list[str] = []


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From so many hours on, so many points."""

    hours: float
    points: int


class Worth(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From so many euros, dollars or pounds on, so many points."""

    units: float
    points: int


class Bands(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The score from which an issue stands in a priority; below P3 it is P4."""

    p1: int = 70
    p2: int = 48
    p3: int = 22


class ScoringFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """rules/scoring.toml: in what order."""

    severity: dict[Severity, int]
    most: dict[Severity, Annotated[int, msgspec.Meta(ge=0, le=100)]] = {}
    factors: dict[str, int] = {}
    bands: Bands = Bands()
    waiting: list[Step] = []
    unanswered_each: int = 3
    unanswered_most: int = 9
    deadline_near: list[Step] = []
    deadline_over: int = 10
    order_value: list[Worth] = []
    regular_from: int = 3
    regular_points: int = 3
    suspicious: int = -60
    unsure: int = -3
    shown_at_most: int = 5


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words with capitals that name no product: before figures, and within names."""

    no_article: list[str] = []
    no_product: list[str] = []


class IncidentsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """rules/incidents.toml: when many customers have one cause."""

    from_customers: Annotated[int, msgspec.Meta(ge=2)] = 3
    from_customers_grave: Annotated[int, msgspec.Meta(ge=2)] = 2
    within: dict[str, Annotated[float, msgspec.Meta(gt=0)]] = {}
    names: Names = Names()
