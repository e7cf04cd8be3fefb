"""Case files: what goes into a packet beside its words: own files, terms, what came with the mails.

Whatever is there and cannot go along is told by its name and with the reason, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from app.config.paths import Profile
from app.domain.dispute import Dispute
from app.domain.errors import NotFound
from app.domain.evidence import FURTHER, OwnFile
from app.domain.message import Attachment, Direction
from app.domain.translation import tr, trn
from app.mail import parse
from app.storage import messages
from app.storage.messages import StoredMessage
from app.storage.writer import Writer

MOST_BYTES = 25_000_000
_MOST_OF_MAILS = 20
_PICTURE_OR_PDF = ("image/", "application/pdf")
_LITTLE = 4_000  # an inline picture this small is a logo in a signature

Place = tuple[StoredMessage, Attachment]


@dataclass(slots=True)
class Files:
    """The files of a case, and a sentence for each that is there and is not among them."""

    found: list[OwnFile] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


class CaseFiles:
    """Reads the files of cases from the profile and its mails; `whole`: not their names alone."""

    def __init__(self, *, writer: Writer, profile: Profile) -> None:
        self._writer = writer
        self._profile = profile

    def own_folder(self, dispute: Dispute, item: str) -> Path:
        """Where the owner's files for a line of a dispute's checklist are kept."""
        return self._of(dispute) / (_plain(item) or FURTHER)

    def item_folders(self, dispute: Dispute) -> tuple[Path, ...]:
        """The folders that there are, one for each line of the checklist."""
        return tuple(sorted(one for one in self._of(dispute).glob("*") if one.is_dir()))

    def own(self, dispute: Dispute, *, whole: bool) -> Files:
        """What the owner added."""
        files = Files()
        for folder in self.item_folders(dispute):
            for file in _inside(folder):
                _take(files, file, item=folder.name, whole=whole)
        return files

    def policies(self, *, whole: bool) -> Files:
        """The owner's terms; a file belongs to the topic with which its name begins."""
        files, folder = Files(), self._profile.policies
        for file in _inside(folder) if folder.is_dir() else ():
            topic = re.split(r"[^a-z]", file.stem.lower(), maxsplit=1)[0]
            caption = f"Terms: {file.stem.replace('_', ' ')}"
            _take(files, file, item=topic, caption=caption, whole=whole)
        return files

    def of_mails(self, mails: Sequence[StoredMessage], *, whole: bool) -> Files:
        """Pictures and PDFs that came and went with the mails, each once, the first twenty."""
        places = [place for place in _places(mails) if not _is_logo(place, mails)]
        if not whole:
            return Files([OwnFile(name=_name(file), content=b"") for _, file in places])
        files, seen = Files(), set[bytes]()
        further = 0
        for mail, file in places:
            content = self._content(mail, file, files.left_out)
            if not content or content in seen:
                continue
            seen.add(content)
            if len(files.found) < _MOST_OF_MAILS:
                files.found.append(_sent(mail, file, content))
            else:
                further += 1
        if further:
            files.left_out.append(_too_many(further))
        return files

    def _content(self, mail: StoredMessage, file: Attachment, left_out: list[str]) -> bytes:
        if file.section:
            left_out.append(
                tr(
                    "{name} lies at the mail server only. Download it in its mail, and make the "
                    "packet again.",
                    name=_name(file),
                )
            )
            return b""
        try:
            raw = self._writer.do(partial(messages.raw, id=mail.id))
        except NotFound:
            said = tr("{name} is not kept here. Add it as a file of your own.", name=_name(file))
            left_out.append(said)
            return b""
        return parse.attachment(raw, file.part) or b""

    def _of(self, dispute: Dispute) -> Path:
        return self._profile.evidence / _plain(f"{dispute.platform}-{dispute.platform_id}")


def _inside(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.iterdir()):
        if not file.name.startswith(".") and file.is_file():
            yield file


def _take(files: Files, file: Path, *, item: str, whole: bool, caption: str = "") -> None:
    content, why = _read(file) if whole else (b"", "")
    if why:
        files.left_out.append(f"{file.name} {why}.")
    else:
        files.found.append(OwnFile(name=file.name, content=content, item=item, caption=caption))


def _read(file: Path) -> tuple[bytes, str]:
    """What is in a file of the owner's, or why it cannot be had."""
    try:
        if file.stat().st_size > MOST_BYTES:
            most = MOST_BYTES // 1_000_000
            return b"", tr("has more than {most_bytes} MB", most_bytes=most)
        return file.read_bytes(), ""
    except OSError:
        return b"", tr("cannot be read")


def _places(mails: Sequence[StoredMessage]) -> list[Place]:
    return [(mail, file) for mail in mails for file in mail.attachments if _shows(file)]


def _shows(file: Attachment) -> bool:
    """Whether it is a picture or a PDF, and more than a logo."""
    little = file.inline and file.size < _LITTLE
    return file.content_type.lower().startswith(_PICTURE_OR_PDF) and not little


def _is_logo(place: Place, mails: Sequence[StoredMessage]) -> bool:
    """Whether a picture in the text of our mails stands in several: then it is a signature's."""
    mail, file = place
    if not file.inline or mail.direction is Direction.IN:
        return False
    alike = (file.content_type, file.size)
    return any(
        one.id != mail.id
        and one.direction is Direction.OUT
        and any(other.inline and (other.content_type, other.size) == alike for other in files)
        for one in mails
        if (files := one.attachments)
    )


def _sent(mail: StoredMessage, file: Attachment, content: bytes) -> OwnFile:
    who = "the shop" if mail.direction is Direction.OUT else "the customer"
    caption = f"{file.filename or 'Picture'}, sent by {who}"
    return OwnFile(name=_name(file), content=content, caption=caption)


def _name(file: Attachment) -> str:
    return file.filename or tr("picture")


def _too_many(further: int) -> str:
    return trn(
        "{n} further file of the mails: {most} are the most. Save it from its mail, and add it "
        "yourself.",
        "{n} further files of the mails: {most} are the most. Save those that matter from their "
        "mails, and add them yourself.",
        further,
        most=_MOST_OF_MAILS,
    )


def _plain(name: str) -> str:
    """A name as a folder can be called on every system."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)[:80]
