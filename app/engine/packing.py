"""Packing: the verbs of a dispute's answer: what there is, what the owner adds, the packet itself.

On the walk: desk -> `evidence` -> `engine/casework` gathers the Case -> `replies/evidence` fills
the checklist; `packet` -> `replies/packet` -> a file on the owner's disk. Nothing is ever
submitted: the owner reads the file and uploads it on the provider's page.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.config.system import write_private
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.dispute_views import DisputeRow
from app.domain.errors import NotFound, Refused
from app.domain.evidence import Case, Checklist, Packet
from app.domain.money import Money
from app.domain.translation import to_translate, tr
from app.engine.casework import Casework
from app.engine.desk import Verb
from app.engine.enclosing import shown
from app.engine.saving import asked_path, save
from app.escalation.dispute_rules import DisputeRules
from app.replies.evidence import checklist
from app.replies.evidence_rules import EvidenceRules

MOST_BYTES = 25_000_000
MOST_FILES = 30
NOT_SUBMITTED = to_translate(
    "Nothing was submitted. Read it, then upload it on the provider's page."
)


class Packing:
    """Answers what speaks for the shop, keeps the owner's files, and writes the packet."""

    def __init__(
        self,
        *,
        casework: Casework,
        rules: Callable[[], EvidenceRules],
        costs: DisputeRules,
        fonts: Path,
        font_folders: tuple[Path, ...],
        clock: Clock,
        publish: Callable[[Changes], None],
    ) -> None:
        self._casework = casework
        self._rules = rules
        self._costs = costs
        self._fonts, self._font_folders = fonts, font_folders
        self._clock = clock
        self._publish = publish

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "evidence": self.evidence,
            "add_evidence": self.add_evidence,
            "remove_evidence": self.remove_evidence,
            "packet": self.packet,
            "dispute_figures": self.figures,
        }

    def evidence(self, key: str) -> dict[str, Any]:
        """The checklist of an issue's dispute. Raises NotFound where it has none."""
        row = self._casework.dispute(key)
        case = self._casework.case(key, row, now=self._clock.now())
        return {
            "dispute": row.dispute.platform_id,
            **_told(checklist(case, self._rules())),
            "policies": str(self._casework.policies),
            "enclosed": [file.name for file in case.enclosed],
        }

    def figures(self) -> dict[str, Any]:
        """What disputes usually cost, and the shares from which they have consequences."""
        return {
            "fees": [
                {
                    "platform": one.platform,
                    "currency": one.currency,
                    "minor": Money.of(one.fee, one.currency).minor,
                    "source": one.source,
                }
                for one in self._costs.fees
            ],
            "thresholds": [
                {"ratio": one.ratio, "name": one.name, "from": one.from_, "source": one.source}
                for one in self._costs.thresholds
            ],
        }

    def add_evidence(self, key: str, path: str, item: str = "") -> dict[str, Any]:
        """Keep a copy of a file of the owner's for the packet, for one line of the checklist.

        Raises Refused for a file that is not there, is empty or too big.
        """
        row = self._casework.dispute(key)
        source, content = Path(path), b""
        if not source.is_absolute():
            raise Refused(tr("Which file?"), tr("It needs its whole path"))
        try:
            if source.is_file() and source.stat().st_size <= MOST_BYTES:
                content = source.read_bytes()
        except OSError as error:
            raise Refused(
                tr("{name} cannot be read", name=shown(source.name)), error.strerror or ""
            ) from error
        if not content:
            raise Refused(
                tr("{name} cannot be added", name=shown(source.name)),
                tr(
                    "It is not there, is empty, or has more than {most_bytes} MB",
                    most_bytes=MOST_BYTES // 1_000_000,
                ),
            )
        folder = self._casework.own_folder(row.dispute, item)
        if sum(1 for _ in folder.parent.glob("*/*")) >= MOST_FILES:
            raise Refused(
                tr("{most_files} files are the most", most_files=MOST_FILES),
                tr("Take one away first"),
            )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(folder / _file_name(source.name), content)
        return self._changed(key)

    def remove_evidence(self, key: str, name: str, item: str = "") -> dict[str, Any]:
        """Let go of our copy of a file; the owner's own stays where it is."""
        row = self._casework.dispute(key)
        for folder in self._casework.item_folders(row.dispute):
            file = folder / _file_name(name)
            if file.is_file() and (not item or folder.name == item):
                file.unlink()
                return self._changed(key)
        raise NotFound(tr("There is no file {name} in this packet", name=shown(name)))

    def packet(
        self, key: str, path: str, *, mail_files: bool = True, insist: bool = False
    ) -> dict[str, Any]:
        """Write the packet to a file. It is never sent anywhere.

        `mail_files`: pictures and PDFs of the mails go along. Raises Refused (with `asks`) for more
        than the provider takes; with `insist` it is written all the same.
        """
        target = asked_path(path)
        row = self._casework.dispute(key)
        case = self._casework.case(key, row, now=self._clock.now(), mail_files=mail_files)
        made = self._built(case)
        if made.too_much and not insist:
            raise Refused(
                tr("The provider would not take this packet"),
                " ".join(made.too_much),
                holes=made.too_much,
                asks=True,
            )
        save(target, made.content)
        return _said(target, made, row)

    def _built(self, case: Case) -> Packet:
        from app.replies.packet import build  # a second and 60 MB, for whoever makes a packet

        return build(
            case, self._rules(), shipped_fonts=self._fonts, font_folders=self._font_folders
        )

    def _changed(self, key: str) -> dict[str, Any]:
        changes = Changes.of_issues((key,))
        self._publish(changes)
        return {**self.evidence(key), "changes": changes.as_dict()}


def _said(target: Path, made: Packet, row: DisputeRow) -> dict[str, Any]:
    return {
        "path": str(target),
        "dispute": row.dispute.platform_id,
        "pages": made.pages,
        "bytes": len(made.content),
        "pdf_a": made.pdf_a or None,
        "left_out": list(made.left_out),
        "remarks": list(made.remarks),
        "too_much": list(made.too_much),
        "submitted": False,
        "note": tr(NOT_SUBMITTED),
    }


def _told(found: Checklist) -> dict[str, Any]:
    return {
        "reason": found.reason.value,
        "advice": found.advice,
        "items": [
            {
                "id": one.id,
                "title": one.title,
                "why": one.why,
                "needed": one.needed,
                "have": one.have.value,
                "said": one.said,
                "source": one.source,
                "files": list(one.files),
                "policy": one.policy,
            }
            for one in found.items
        ],
        "limits": {
            "said": tr(found.limits.said),
            "source": found.limits.source,
            "most_bytes": found.limits.most_bytes or None,
            "most_pages": found.limits.most_pages or None,
            "pdf_a": found.limits.pdf_a,
        },
    }


def _file_name(name: str) -> str:
    """The last part of a name as a file of ours may be called."""
    kept = "".join("_" if one in '/\\:*?"<>|' else one for one in shown(Path(name).name))
    return kept.lstrip(".") or "file"
