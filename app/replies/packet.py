"""Packet: a dispute's answer as one PDF, for the owner to read and to upload.

Built from a Case: cover with facts and summary, order, shipment, refunds, letters, terms, then the
files of others. It is written twice, because the cover names the pages. Pictures are pressed, and
mails cut short, until the provider takes the file; what is cut or does not fit is always said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.domain.evidence import Case, Letter, Limits, OwnFile, Packet
from app.domain.translation import tr, trn
from app.replies import packet_parts as parts
from app.replies.enclosures import (
    PRESSINGS,
    PdfPages,
    Pressing,
    Unusable,
    is_pdf,
    is_text,
    pdf_pages,
    pictures,
    put_together,
    smaller,
    words,
)
from app.replies.evidence import checklist
from app.replies.evidence_rules import EvidenceRules
from app.replies.packet_letters import fewer, lengths, shortened
from app.replies.paper import PDF_A, NotedPaper, Paper
from app.replies.typefaces import Faces, faces_for

Drawn = tuple[OwnFile, tuple[bytes, ...]]  # a picture and the pages that it takes
_MOST_ROUNDS = 3  # the contents grow once, and may push a part over once more


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sorted:
    """The files of a case by what they are; `left_out` says which cannot be used, and why.

    `drawn` are the pictures as they were pressed so far: each is unpacked once.
    """

    texts: list[OwnFile] = field(default_factory=list)
    pdfs: list[tuple[OwnFile, PdfPages]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    drawn: dict[Pressing, list[Drawn]] = field(default_factory=lambda: {PRESSINGS[0]: []})

    @property
    def pictures(self) -> list[Drawn]:
        """As large as they ever are."""
        return self.drawn[PRESSINGS[0]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """What stays the same from one try to the next."""

    case: Case
    found: _Sorted
    faces: Faces
    limits: Limits
    letters: tuple[Letter, ...]


def build(
    case: Case, rules: EvidenceRules, *, shipped_fonts: Path, font_folders: Sequence[Path]
) -> Packet:
    """The packet of a case. A file that cannot be used is left out, with the reason."""
    limits = rules.limits_of(case.dispute.platform)
    case = replace(case, files=tuple(_captioned(case, rules)))
    found = _sort(case, pdf_a=limits.pdf_a)
    faces = faces_for(_noted(case, found), shipped=shipped_fonts, folders=font_folders)
    press = _Press(case=case, found=found, faces=faces, limits=limits, letters=case.letters)
    press, content, pages = _fitting(press)
    return Packet(
        content=content,
        pages=pages,
        pdf_a=PDF_A if limits.pdf_a else "",
        left_out=(*case.left_out, *found.left_out),
        remarks=tuple(_remarks(press, rules)),
        too_much=tuple(_too_much(content, pages, limits)),
    )


def _captioned(case: Case, rules: EvidenceRules) -> Iterator[OwnFile]:
    """The owner's files with what each is to show, in the words of the checklist."""
    titles = {one.id: one.title for one in rules.reasons[case.dispute.reason].item}
    for file in case.files:
        title = titles.get(file.item)
        yield replace(file, caption=f"{title} ({file.name})") if title else file


def _sort(case: Case, *, pdf_a: bool) -> _Sorted:
    found = _Sorted()
    for file in (*case.policies, *case.files, *case.enclosed):
        try:
            _sort_one(file, found, pdf_a=pdf_a)
        except Unusable as why:
            found.left_out.append(f"{file.name} {why}.")
    return found


def _sort_one(file: OwnFile, found: _Sorted, *, pdf_a: bool) -> None:
    if is_pdf(file):
        inside = pdf_pages(file.content)
        if pdf_a and not inside.archival:
            raise Unusable(
                tr("is no PDF/A, which this provider asks for; upload it beside the packet")
            )
        found.pdfs.append((file, inside))
    elif is_text(file):
        words(file)  # whether it can be read
        found.texts.append(file)
    else:
        found.pictures.append((file, pictures(file.content, PRESSINGS[0])))


def _fitting(press: _Press) -> tuple[_Press, bytes, int]:
    """The packet, and where it has more pages than the provider takes with shorter letters, then
    without those in the middle; if even so it is too long, as it was at first."""
    made: list[tuple[_Press, bytes, int]] = []
    for most in lengths(press.letters, press.limits.most_pages):
        made.append(_with(press, shortened(press.letters, most)))
        if not _is_long(*made[-1]):
            return made[-1]
    bare = _with(press, ())[2]
    last, _, pages = made[-1]
    room = press.limits.most_pages - bare
    for letters in fewer(last.letters, room / (pages - bare)) if 0 < room < pages - bare else ():
        made.append(_with(press, letters))
        if not _is_long(*made[-1]):
            return made[-1]
    return made[0]


def _with(press: _Press, letters: tuple[Letter, ...]) -> tuple[_Press, bytes, int]:
    tried = replace(press, letters=letters)
    return (tried, *_smallest(tried))


def _is_long(press: _Press, _content: bytes, pages: int) -> bool:
    return 0 < press.limits.most_pages < pages


def _smallest(press: _Press) -> tuple[bytes, int]:
    """The packet with pictures as large as the provider's limit lets them be."""
    content, pages = b"", 0
    tries = PRESSINGS if press.found.pictures else PRESSINGS[:1]
    for pressing in tries:
        content, pages = _written(press, pressing)
        if not press.limits.most_bytes or len(content) <= press.limits.most_bytes:
            break
    return content, pages


def _written(press: _Press, pressing: Pressing) -> tuple[bytes, int]:
    drawn = _pressed(press.found, pressing)
    paper, contents = _once(press, drawn, contents=())
    for _ in range(_MOST_ROUNDS):
        before = contents
        paper.close()
        paper, contents = _once(press, drawn, contents=before)
        if contents == before:
            break
    whole = put_together(paper.finish(), [inside for _, inside in press.found.pdfs])
    return whole, paper.page + sum(len(inside.pages) for _, inside in press.found.pdfs)


def _pressed(found: _Sorted, pressing: Pressing) -> list[Drawn]:
    """The pictures so far pressed, made of those that were pressed least."""
    if pressing not in found.drawn:
        found.drawn[pressing] = [
            (file, tuple(smaller(jpeg, pressing) for jpeg in jpegs))
            for file, jpegs in found.pictures
        ]
    return found.drawn[pressing]


def _once(
    press: _Press,
    drawn: Sequence[Drawn],
    *,
    contents: Sequence[tuple[str, int]],
) -> tuple[Paper, list[tuple[str, int]]]:
    """Our own pages, and where each part stands; `contents` is what the try before found."""
    case, found = press.case, press.found
    told = replace(case, letters=press.letters)
    title = parts.title(case.dispute)
    paper = Paper(
        faces=press.faces,
        title=title,
        footer=f"{title}   {case.shop}".strip(),
        at=case.now,
        pdf_a=press.limits.pdf_a,
    )
    parts.cover(paper, case, contents)
    at: list[tuple[str, int]] = []
    for name, write in parts.SECTIONS:
        if (page := write(paper, told)) is not None:
            at.append((name, page))
    for file in found.texts:
        at.append((parts.caption(file), parts.text_part(paper, file)))
    for file, jpegs in drawn:
        at.append((parts.caption(file), paper.page + 1))
        for number, jpeg in enumerate(jpegs, start=1):
            paper.picture(jpeg, _numbered(parts.caption(file), number, len(jpegs)))
    after = paper.page
    for file, inside in found.pdfs:
        at.append((parts.caption(file), after + 1))
        after += len(inside.pages)
    return paper, at


def _numbered(caption: str, number: int, of: int) -> str:
    return caption if of == 1 else f"{caption}, page {number} of {of}"


def _noted(case: Case, found: _Sorted) -> str:
    """Every letter that may have to be drawn."""
    paper = NotedPaper()
    parts.cover(paper, case, ())
    for _, write in parts.SECTIONS:
        write(paper, case)
    for file in found.texts:
        parts.text_part(paper, file)
    drawn = (*found.pictures, *found.pdfs)
    for file in (*found.texts, *(file for file, _ in drawn)):
        paper.small(parts.caption(file))
    return "".join(paper.noted)


def _remarks(press: _Press, rules: EvidenceRules) -> list[str]:
    faces, limits = press.faces, press.limits
    missing = checklist(press.case, rules).missing
    said = [
        tr("Missing: {title}.", title=one.title)
        if one.policy  # how a file gets there differs between window and command line
        else tr("Missing: {title}. {said}", title=one.title, said=one.said)
        for one in missing
    ]
    if faces.sentence:
        said.append(faces.sentence)
    said += _shorter(press)
    if limits.pdf_a:
        said.append(
            tr(
                "Written as {pdf_a} by fpdf2, which refuses what the norm forbids; no validator "
                "has looked at this file.",
                pdf_a=PDF_A,
            )
        )
    return said


def _shorter(press: _Press) -> list[str]:
    said = []
    if any(one.cut for one in press.letters):
        said.append(tr("A very long mail was shortened; the packet says where."))
    if out := len(press.case.letters) - len(press.letters):
        said.append(
            trn(
                "{n} mail is left out, so that the provider takes the packet; the packet says "
                "where. Read whether it mattered.",
                "{n} mails are left out, so that the provider takes the packet; the packet says "
                "where. Read whether one of them mattered.",
                out,
            )
        )
    return said


def _too_much(content: bytes, pages: int, limits: Limits) -> list[str]:
    said = []
    if limits.most_bytes and len(content) > limits.most_bytes:
        said.append(
            tr(
                "The packet has {content} MB, though its pictures were made as small as can be "
                "read. {said} Leave out a file, and make it again.",
                content=f"{len(content) / 1e6:.1f}",
                said=tr(limits.said),
            )
        )
    if limits.most_pages and pages > limits.most_pages:
        said.append(
            tr(
                "The packet has {pages} pages. {said} Leave out a file, or the files of the mails, "
                "and make it again.",
                pages=pages,
                said=tr(limits.said),
            )
        )
    return said
