"""Rules: the rule files read, checked and made ready; what the owner wrote goes over ours.

Read once at the start of the engine and handed to every step of triage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from app.config import toml_text
from app.domain.errors import KnownError
from app.domain.money import Money
from app.domain.translation import tr
from app.triage.phrases import Phrasebook, PhraseError, parse
from app.triage.schema import (
    FactorPattern,
    GateFile,
    IncidentsFile,
    KindPattern,
    NoticePattern,
    Pattern,
    PatternsFile,
    Provider,
    ScoringFile,
    SeverityFile,
    Texts,
    Unsaid,
)
from app.triage.unsaid import Way
from app.triage.words import words_of

T = TypeVar("T")
_LISTS = ("unsaid", "pattern", "factor", "noise", "lure", "provider")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules of triage. `book` finds the phrases; the mappings say what a hit means."""

    book: Phrasebook
    patterns: PatternsFile
    severity: SeverityFile
    gate: GateFile
    scoring: ScoringFile
    incidents: IncidentsFile
    kinds: Mapping[str, KindPattern]
    factors: Mapping[str, FactorPattern]
    noise: Mapping[str, NoticePattern]
    lures: Mapping[str, NoticePattern]
    provider_domains: Mapping[str, Provider]

    @classmethod
    def load(cls, *folders: Path) -> Rules:
        """Read the rules from the first folder and lay each further one over it.

        A named entry of a later folder replaces ours, a new one is added, a single value wins.
        Raises KnownError naming the file and what is wrong in it.
        """
        patterns = _read(PatternsFile, "patterns.toml", folders)
        severity = _read(SeverityFile, "severity.toml", folders)
        gate = _read(GateFile, "gate.toml", folders)
        scoring = _read(ScoringFile, "scoring.toml", folders)
        incidents = _read(IncidentsFile, "incidents.toml", folders)
        every = (*patterns.pattern, *severity.factor, *gate.noise, *gate.lure)
        _refuse_doubles(every)
        return cls(
            book=_book(every, patterns.unsaid),
            patterns=patterns,
            severity=severity,
            gate=gate,
            scoring=scoring,
            incidents=incidents,
            kinds={pattern.name: pattern for pattern in patterns.pattern},
            factors={pattern.name: pattern for pattern in severity.factor},
            noise={pattern.name: pattern for pattern in gate.noise},
            lures={pattern.name: pattern for pattern in gate.lure},
            provider_domains={d: provider for provider in gate.provider for d in provider.domains},
        )

    def provider_of(self, domain: str) -> Provider | None:
        """The provider to whom a domain, or one above it, belongs."""
        while domain:
            if domain in self.provider_domains:
                return self.provider_domains[domain]
            domain = domain.partition(".")[2]
        return None

    def worth(self, money: Money) -> float:
        """About how many euros it is: enough to tell much from little, and for nothing else."""
        return float(money.value) / self.severity.currencies.get(money.currency, 1.0)

    def every_pattern(self) -> Iterable[Pattern]:
        """Every rule that has phrases and examples."""
        for family in (self.kinds, self.factors, self.noise, self.lures):
            yield from family.values()

    def broken_examples(self) -> tuple[str, ...]:
        """A sentence for each example that its rule does not find, or finds and must not."""
        complaints: list[str] = []
        for pattern in self.every_pattern():
            for wanted, examples in ((True, pattern.match), (False, pattern.not_)):
                for example in examples:
                    if (pattern.name in self.book.find(words_of(example))) is not wanted:
                        verb = "does not find" if wanted else "must not find"
                        complaints.append(f'The rule "{pattern.name}" {verb}: {example}')
        return tuple(complaints)


def _read(kind: type[T], name: str, folders: tuple[Path, ...]) -> T:
    merged: dict[str, Any] = {}
    at = folders[0] / name
    for folder in folders:
        path = folder / name
        if folder is folders[0] or path.exists():
            at = path
            merged = _laid_over(merged, _parsed(path))
            _converted(kind, merged, path)
    return _converted(kind, merged, at)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return toml_text.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _unusable(path, str(error)) from error
    except OSError as error:
        raise _unusable(path, error.strerror or "it cannot be opened") from error


def _converted(kind: type[T], data: dict[str, Any], path: Path) -> T:
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise _unusable(path, str(error)) from error


def _unusable(path: Path, what: str) -> KnownError:
    return KnownError(
        tr("The rules in {name} cannot be used", name=path.name),
        f"{path}: {what}",
        tr(
            "Correct that place, or remove the file to go back to the rules that came with"
            " Frontburner"
        ),
    )


def _laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        mine = result.get(key)
        if key in _LISTS and isinstance(mine, list) and isinstance(value, list):
            named = {entry.get("name"): entry for entry in value if isinstance(entry, dict)}
            kept = [entry for entry in mine if entry.get("name") not in named]
            result[key] = kept + value
        elif isinstance(mine, dict) and isinstance(value, dict):
            result[key] = mine | value
        else:
            result[key] = value
    return result


def _refuse_doubles(patterns: Iterable[Pattern]) -> None:
    seen: set[str] = set()
    for pattern in patterns:
        if pattern.name in seen:
            raise KnownError(
                "Two rules have one name",
                f'"{pattern.name}" stands in the rules twice',
                "Give one of them another name",
            )
        seen.add(pattern.name)


def _book(patterns: Iterable[Pattern], unsaid: Iterable[Unsaid]) -> Phrasebook:
    book = Phrasebook()
    ways = {one.name: _way(one) for one in unsaid}
    for one in unsaid:
        _enter(book, one.phrases, rule=ways[one.name].rule)
        _enter(book, one.unless, rule=ways[one.name].denial)
    for pattern in patterns:
        _enter(book, pattern.phrases, rule=pattern.name)
        _enter(book, pattern.unless, rule=pattern.name, cancels=True)
        book.take_back(pattern.name, tuple(_known_ways(pattern, ways)))
    return book


def _way(unsaid: Unsaid) -> Way:
    return Way(
        rule=f"unsaid.{unsaid.name}",
        denial=f"unsaid.{unsaid.name}.unless",
        worded=bool(unsaid.phrases),
        asked=unsaid.asked,
        quoted=unsaid.quoted,
        anywhere=unsaid.anywhere,
        answered=unsaid.answered,
    )


def _known_ways(pattern: Pattern, ways: Mapping[str, Way]) -> Iterable[Way]:
    for name in pattern.unsaid:
        if name not in ways:
            raise KnownError(
                f'The rule "{pattern.name}" cannot be used',
                f'It names "{name}" under unsaid, and nothing of that name is there',
                "Correct the name in the rules folder",
            )
        yield ways[name]


def _enter(book: Phrasebook, texts: Texts, *, rule: str, cancels: bool = False) -> None:
    for language, phrases in texts.items():
        for source in phrases:
            try:
                book.add(parse(source, rule=rule, language=language, cancels=cancels))
            except PhraseError as error:
                raise KnownError(
                    f'The rule "{rule}" cannot be used',
                    f"The phrase {error}",
                    "Correct the phrase in the rules folder",
                ) from error
