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
from app.domain.evidence import FURTHER, Case, Checklist, OwnFile, Packet
from app.domain.money import Money
from app.domain.translation import to_translate, tr
from app.engine.case_files import MOST_BYTES
from app.engine.casework import Casework
from app.engine.desk import Verb
from app.engine.enclosing import shown
from app.engine.saving import asked_path, save
from app.escalation.dispute_rules import DisputeRules
from app.replies.evidence import checklist
from app.replies.evidence_rules import EvidenceRules

MOST_FILES = 30
_LARGEST = 100_000_000  # no packet is larger
_OURS = b"Frontburner"  # by this word of its maker a packet is known (`replies/paper`)
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

    def evidence(self, key: str, dispute: str = "") -> dict[str, Any]:
        """The checklist of an issue's dispute, of its most pressing one where none is named, and
        which others are open there. Raises NotFound where it has none, or none of that name."""
        row = self._casework.dispute(key, dispute)
        case = self._casework.case(key, row, now=self._clock.now(), whole=False)
        return {
            "dispute": row.dispute.platform_id,
            "others": [
                one.dispute.platform_id
                for one in self._casework.disputes(key)
                if one.id != row.id and not one.is_over
            ],
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
                    "answer_minor": Money.of(one.answer, one.currency).minor,
                    "source": one.source,
                }
                for one in self._costs.fees
            ],
            "thresholds": [
                {"ratio": one.ratio, "name": one.name, "from": one.from_, "source": one.source}
                for one in self._costs.thresholds
            ],
        }

    def add_evidence(
        self, key: str, path: str, item: str = "", dispute: str = ""
    ) -> dict[str, Any]:
        """Keep a copy of a file of the owner's for the packet, for one line of the checklist.

        Raises Refused for a file that is not there, is empty or too big, or that no packet can
        show; a line of the checklist that is not there is refused, too.
        """
        row = self._casework.dispute(key, dispute)
        lines = self._lines(row)
        if item not in (*lines, FURTHER, ""):
            raise Refused(
                tr('The checklist has no line "{item}"', item=shown(item)),
                tr("It has {lines}", lines=", ".join(lines)),
            )
        content = _offered(Path(path))
        folder = self._casework.files.own_folder(row.dispute, item)
        if sum(1 for _ in folder.parent.glob("*/*")) >= MOST_FILES:
            raise Refused(
                tr("{most_files} files are the most", most_files=MOST_FILES),
                tr("Take one away first"),
            )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(_free(folder / _file_name(Path(path).name), content), content)
        return self._changed(key, row)

    def remove_evidence(
        self, key: str, name: str, item: str = "", dispute: str = ""
    ) -> dict[str, Any]:
        """Let go of our copy of a file; the owner's own stays where it is."""
        row = self._casework.dispute(key, dispute)
        lines = self._lines(row)
        for folder in self._casework.files.item_folders(row.dispute):
            file = folder / _file_name(name)
            line = folder.name if folder.name in lines else FURTHER
            if file.is_file() and item in ("", line):
                file.unlink()
                return self._changed(key, row)
        raise NotFound(tr("There is no file {name} in this packet", name=shown(name)))

    def packet(
        self,
        key: str,
        path: str,
        *,
        dispute: str = "",
        mail_files: bool = True,
        insist: bool = False,
    ) -> dict[str, Any]:
        """Write the packet to a file. It is never sent anywhere.

        `mail_files`: pictures and PDFs of the mails go along. Raises Refused (with `asks`) for more
        than the provider takes; with `insist` it is written all the same.
        """
        target = asked_path(path)
        if not insist:
            _keep_others(target)
        row = self._casework.dispute(key, dispute)
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

    def _lines(self, row: DisputeRow) -> tuple[str, ...]:
        """The lines of the checklist, as files are added to them."""
        return tuple(one.id for one in self._rules().reasons[row.dispute.reason].item)

    def _built(self, case: Case) -> Packet:
        from app.replies.packet import build  # a second and 60 MB, for whoever makes a packet

        return build(
            case, self._rules(), shipped_fonts=self._fonts, font_folders=self._font_folders
        )

    def _changed(self, key: str, row: DisputeRow) -> dict[str, Any]:
        changes = Changes.of_issues((key,))
        self._publish(changes)
        return {**self.evidence(key, row.dispute.platform_id), "changes": changes.as_dict()}


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


def _offered(source: Path) -> bytes:
    """The content of a file that the owner wants to add. Raises Refused."""
    name, content = shown(source.name), b""
    if not source.is_absolute():
        raise Refused(tr("Which file?"), tr("It needs its whole path"))
    try:
        if source.is_file() and source.stat().st_size <= MOST_BYTES:
            content = source.read_bytes()
    except OSError as error:
        raise Refused(tr("{name} cannot be read", name=name), error.strerror or "") from error
    cannot = tr("{name} cannot be added", name=name)
    if not content:
        most = MOST_BYTES // 1_000_000
        raise Refused(
            cannot,
            tr("It is not there, is empty, or has more than {most_bytes} MB", most_bytes=most),
        )
    from app.replies.enclosures import Unusable, check  # as costly as `build` above

    try:
        check(OwnFile(name=name, content=content))
    except Unusable as why:
        raise Refused(cannot, tr("The file {why}", why=why)) from why
    return content


def _free(file: Path, content: bytes) -> Path:
    """Where a file can lie: another one of the same name, as cameras give them, stays."""
    place, number = file, 1
    while place.exists() and place.read_bytes() != content:
        number += 1
        place = file.with_name(f"{file.stem} ({number}){file.suffix}")
    return place


def _file_name(name: str) -> str:
    """The last part of a name as a file of ours may be called."""
    kept = "".join("_" if one in '/\\:*?"<>|' else one for one in shown(Path(name).name))
    return kept.lstrip(".") or "file"


def _keep_others(target: Path) -> None:
    """Refuse to write over what is no packet: perhaps it was to be added, not replaced."""
    try:
        is_ours = not target.is_file() or (
            target.stat().st_size <= _LARGEST and _OURS in target.read_bytes()
        )
    except OSError:
        return  # then it cannot be written either, and that says why
    if not is_ours:
        raise Refused(
            tr("{name} is no packet, and would be lost", name=shown(target.name)),
            tr("Choose another name"),
            asks=True,
        )
