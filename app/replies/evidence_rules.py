"""Evidence rules: what a dispute's answer wants and what a provider takes, read from evidence.toml.

The owner may lay own rules over ours, so an unknown word is an error that names the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.config import toml_text
from app.domain.dispute import DisputeReason
from app.domain.errors import KnownError
from app.domain.evidence import FURTHER, Limits, Proof
from app.domain.translation import tr

FILE = "evidence.toml"
OTHER = "other"
_ID = re.compile(r"[A-Za-z0-9_-]{1,60}")  # the owner's files for it lie in a folder of that name


class ItemRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of a checklist as it stands in the file."""

    id: str
    proof: Proof
    title: str
    why: str
    needed: bool
    source: str
    policy: str = ""


class ReasonRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the buyer says, and what answers it, strongest first."""

    name: DisputeReason
    advice: str
    item: list[ItemRule]


class LimitsRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a provider takes."""

    provider: str
    said: str
    source: str
    most_bytes: int = 0
    most_pages: int = 0
    pdf_a: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The form of evidence.toml."""

    reason: list[ReasonRule] = []
    limits: list[LimitsRule] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRules:
    """Checklists by reason, limits by provider."""

    reasons: Mapping[DisputeReason, ReasonRule]
    limits: Mapping[str, Limits]

    @classmethod
    def load(cls, *folders: Path) -> EvidenceRules:
        """The rules of these folders, a later one over an earlier one.

        Raises KnownError naming the file and what in it cannot be used.
        """
        reasons: dict[DisputeReason, ReasonRule] = {}
        limits: dict[str, Limits] = {}
        for folder in folders:
            path = folder / FILE
            found = _read(path)
            for reason in found.reason:
                _check(path, reason)
                reasons[reason.name] = reason
            limits.update(
                {one.provider: Limits(**msgspec.structs.asdict(one)) for one in found.limits}
            )
        lacking = [one for one in DisputeReason if one not in reasons]
        if lacking or OTHER not in limits:
            what = (
                tr('the reason "{lacking}"', lacking=lacking[0])
                if lacking
                else tr('the limits of "{other}"', other=OTHER)
            )
            raise KnownError(
                tr("{file} says nothing about {what}", file=FILE, what=what),
                tr("Every one of them is needed."),
            )
        return cls(reasons=reasons, limits=limits)

    def limits_of(self, provider: str) -> Limits:
        """What a provider takes; of one that nobody knows, what the strictest takes."""
        return self.limits.get(provider, self.limits[OTHER])


def _read(path: Path) -> _File:
    try:
        return toml_text.decode(path.read_bytes(), _File)
    except FileNotFoundError:
        return _File()
    except (msgspec.DecodeError, OSError, ValueError) as error:
        raise KnownError(
            tr("{path} cannot be used", path=path), f"{error}.", tr("Mend it, or take it away.")
        ) from error


def _check(path: Path, reason: ReasonRule) -> None:
    ids = [one.id for one in reason.item]
    for item in reason.item:
        if not _ID.fullmatch(item.id) or ids.count(item.id) > 1 or item.id == FURTHER:
            raise KnownError(
                tr("{path} cannot be used", path=path),
                tr(
                    'The id "{id}" of "{name}" has to be letters, figures, _ and -, and one alone.',
                    id=item.id,
                    name=reason.name,
                ),
            )
        if (item.proof is Proof.POLICY) != bool(item.policy):
            raise KnownError(
                tr("{path} cannot be used", path=path),
                tr(
                    '"{id}" of "{name}" needs proof = "policy" and policy together.',
                    id=item.id,
                    name=reason.name,
                ),
            )
        if not item.source.startswith("https://"):
            raise KnownError(
                tr("{path} cannot be used", path=path),
                tr('The item "{id}" names no source.', id=item.id),
            )
