"""What an attachment says it is, and what it is sent as: honest words for a file from outside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from app.domain.message import Attachment
from app.domain.translation import pointed, to_translate, tr, trn
from app.ui.issue.foreign_text import line

# What a double click would run on one of the three desktops.
_PROGRAMS = """
    exe scr com pif bat cmd msi msp jar js jse vbs vbe wsf wsh hta ps1 psm1 lnk url reg cpl dll app
    command pkg dmg sh run deb rpm appimage desktop iso img vhd one chm scf library-ms
    settingcontent-ms application gadget
"""
_MACROS = "docm dotm xlsm xltm xlam pptm potm ppam sldm"
_PAGES = "html htm xhtml shtml svg mht mhtml xml"
_PACKED = "zip rar 7z gz bz2 xz tar tgz cab ace arj"
_WORDS = {
    "image": to_translate("{sort} picture"),
    "audio": to_translate("{sort} sound"),
    "video": to_translate("{sort} film"),
    "text": to_translate("{sort} text"),
}
_NAMED = 8  # lines of what is in a file
_PROGRAM_TYPES = ("x-msdownload", "x-msdos-program", "x-executable", "x-sh", "java-archive")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWords:
    """An attachment in words; `inside` says what it holds, `warning` what to beware of."""

    name: str
    what: str
    inside: str = ""
    warning: str = ""
    file_name: str = "attachment"


def file_words(attachment: Attachment) -> FileWords:
    """How an attachment is named on the page; the name is shown with its true ending."""
    name = line(attachment.filename) or tr("without a name")
    what = f"{_kind(attachment)}, {size_words(attachment.size)}"
    if attachment.section:
        what = tr(
            "{kind}, not downloaded, {size}",
            kind=_kind(attachment),
            size=size_words(attachment.size),
        )
    return FileWords(
        name=name,
        what=what,
        inside=_inside(attachment),
        warning=_warning(attachment),
        file_name=_file_name(attachment.filename),
    )


def size_words(size: int) -> str:
    """A size as people say it, in decimal units: 1.2 MB is 1,200,000 bytes."""
    if size < 1000:
        return trn("{n} byte", "{n} bytes", size)
    for unit, step in (("kB", 1000), ("MB", 1000**2)):
        if size < step * 1000:
            figure = pointed(f"{size / step:.1f}") if size < step * 10 else size // step
            return f"{figure} {unit}"
    return pointed(f"{size / 1000**3:.1f}") + " GB"


def eml_name(subject: str) -> str:
    """A name for a mail that is saved as a file."""
    words = " ".join(line(subject).replace("/", " ").replace("\\", " ").split())
    return f"{_file_name(words[:80] or 'message')}.eml"


def _ending(name: str) -> str:
    return PurePosixPath(line(name).rstrip(" .").lower()).suffix.lstrip(".")


def _kind(attachment: Attachment) -> str:
    main, _, sub = attachment.content_type.lower().partition("/")
    ending = _ending(attachment.filename)
    if (main, sub) == ("text", "calendar"):
        return tr("invitation")
    if main in _WORDS:
        sort = line(sub).removeprefix("x-")[:12].upper()
        return tr(_WORDS[main], sort=sort).strip()
    if sub == "pdf":
        return tr("PDF document")
    if main == "message":
        return tr("a mail")
    if _is_package(attachment):
        return tr("Outlook package")
    return tr("{ending} file", ending=ending[:12].upper()) if ending else tr("file")


def _warning(attachment: Attachment) -> str:
    ending, sent_as = _ending(attachment.filename), attachment.content_type.lower()
    if _is_package(attachment):
        return tr("Only Outlook can open this.")
    if ending in _PROGRAMS.split() or any(name in sent_as for name in _PROGRAM_TYPES):
        return tr("A program. Open it only if you asked for it.")
    if ending in _MACROS.split():
        return tr("A document with macros, which can run as a program.")
    if ending in _PAGES.split():
        return tr("A web page, which can pretend to be a sign-in.")
    if ending in _PACKED.split():
        return tr("Packed: what is inside cannot be seen from here.")
    if sent_as.startswith("image/") and ending in {"pdf", "doc", "docx"}:
        return tr("Named as a {ending}, sent as a picture.", ending=ending.upper())
    return ""


def _is_package(attachment: Attachment) -> bool:
    sent_as = attachment.content_type.lower()
    return "ms-tnef" in sent_as or attachment.filename.lower() == "winmail.dat"


def _inside(attachment: Attachment) -> str:
    names = [line(name) for name in attachment.contains[:_NAMED]]
    more = len(attachment.contains) - len(names)
    if _is_package(attachment):
        inside = ", ".join(names)
        if more > 0:
            inside = trn("{files} and {n} more", "{files} and {n} more", more, files=inside)
        return tr("In it: {files}.", files=inside) if inside else tr("No files are in it.")
    return "\n".join(names)


def _file_name(name: str) -> str:
    """A name that is safe to suggest: no folder, no ending that hides behind blanks."""
    kept = "".join(
        c for c in line(name).replace("\\", "/").rpartition("/")[2] if c not in '<>:"|?*'
    )
    kept = kept.strip(" .")[-120:]
    stem = kept.partition(".")[0].upper()
    reserved = stem in {"CON", "PRN", "AUX", "NUL"} or stem[:-1] in {"COM", "LPT"}
    return f"_{kept}" if reserved else kept or "attachment"
