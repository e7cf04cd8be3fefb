"""Foreign templates: saved replies out of a CSV file or another helpdesk's export, as ours.

On the walk: an owner's file -> `read` -> what could be taken and what not -> the shelf. The shapes
are those of the programs' documented interfaces: Zendesk macros, Gorgias macros, Freshdesk canned
responses, Help Scout saved replies; a sheet is known by the names of its columns.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.assessment import Kind
from app.domain.errors import Refused
from app.domain.translation import tr
from app.replies.marks import TEXT_MAX

MOST = 2_000  # templates in one file: nobody has written more
_LARGEST = 20_000_000  # bytes of a file
_TITLES = ("title", "name", "macro name", "macro", "subject", "titel", "nom", "template")
_BODIES = (
    "body", "body_text", "text", "content", "message", "reply", "response", "response text",
    "comment", "macro_reply", "antwort", "inhalt",
)  # fmt: skip
_HTML_BODIES = ("body_html", "content_html", "html", "comment_value_html", "response html")
_LANGUAGES = ("language", "lang", "locale", "sprache")
_KINDS = ("kind", "category", "intent", "folder", "tag", "tags")

# What Gorgias calls an intent, by its first words, and what people write into a category.
_MEANT = (
    (Kind.DAMAGED, r"order/damaged|damage|broken|defect|beschädigt|defekt|kaputt"),
    (Kind.WRONG_ITEM, r"order/wrong|wrong (?:item|product|order)|falsch(?:er|e|es)? artikel"),
    (Kind.WRONG_SIZE, r"wrong size|size exchange|exchange|umtausch|größe"),
    (Kind.NOT_RECEIVED, r"not received|not arrived|lost parcel|missing parcel|nicht angekommen"),
    (Kind.LATE, r"shipping/|delay|late|where is|wismo|tracking|verspät|lieferzeit"),
    (Kind.RETURN_REQUEST, r"return/|\breturns?\b|retoure|rücksend|widerruf"),
    (Kind.REFUND_BILLING, r"refund/|refund|billing|invoice|payment|erstatt|rechnung|zahlung"),
    (Kind.DISPUTE, r"dispute|charge-?back"),
    (Kind.CHANGE_CANCEL, r"order/c(?:ancel|hange)|cancel|change (?:of )?address|storn|adressänd"),
    (Kind.SITE_ACCOUNT, r"account|password|log-?in|website|passwort|konto"),
    (Kind.PRODUCT_QUESTION, r"product/|product question|stock|availab|produktfrage|verfügbar"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A saved reply as another program tells it; `language` and `kind` are empty where it does
    not. `skipped` says why it cannot be taken."""

    title: str
    body: str = ""
    language: str = ""
    kind: Kind | None = None
    skipped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What a file holds: the program that it is from, and its replies in order."""

    source: str
    replies: tuple[Foreign, ...]


def read(content: bytes, *, name: str, plain: Callable[[str], str]) -> Export:
    """The saved replies in a file. `plain` makes text of HTML.

    Raises:
        Refused: it is none of the known shapes, too large, or broken; with the place, if known.
    """
    if len(content) > _LARGEST:
        raise Refused(
            tr("{name} is larger than 20 MB", name=name), tr("That is no file of saved replies")
        )
    text = _decoded(content, name)
    found = _from_json(text, name, plain) if text.lstrip()[:1] in ("{", "[") else None
    export = found or _from_sheet(text, name, plain)
    if not export.replies:
        raise Refused(
            tr("There is no saved reply in {name}", name=name), tr("Nothing was imported")
        )
    if len(export.replies) > MOST:
        raise Refused(
            tr("{name} holds more than {most} replies", name=name, most=MOST),
            tr("Split it into several files"),
        )
    return export


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            break
    if b"\x00" in content:
        raise Refused(
            tr("{name} is no text file", name=name), tr("Choose the CSV or JSON file of an export")
        )
    return content.decode("cp1252", "replace")  # what a spreadsheet on Windows writes


def _from_json(text: str, name: str, plain: Callable[[str], str]) -> Export:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = (
            tr(" (line {lineno})", lineno=error.lineno)
            if isinstance(error, json.JSONDecodeError)
            else ""
        )
        raise Refused(
            tr("{name} is no whole JSON file{where}", name=name, where=where),
            tr("Export it once more"),
        ) from error
    items = _items(document)
    for source, is_one, take in _SHAPES:
        if items and all(is_one(one) for one in items):
            return Export(source=source, replies=tuple(take(one, plain) for one in items))
    raise Refused(
        tr("{name} has a shape that is not known here", name=name),
        tr("Known are exports of Zendesk, Gorgias, Freshdesk and Help Scout, and CSV files"),
        tr("Save it as a CSV file with the columns title, body, language and kind"),
    )


def _items(document: object) -> list[Mapping[str, Any]]:
    """The list in a document, wherever the program puts it."""
    if isinstance(document, list):
        return [one for one in document if isinstance(one, dict)]
    if not isinstance(document, dict):
        return []
    if isinstance(document.get("_embedded"), dict):
        return _items(next(iter(document["_embedded"].values()), []))
    for key in ("macros", "data", "canned_responses", "responses", "replies", "saved_replies"):
        if isinstance(document.get(key), list):
            return _items(document[key])
    return [document] if "actions" in document or "name" in document else []


def _actions(one: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = one.get("actions")
    return [action for action in listed if isinstance(action, dict)] if listed else []


def _is_zendesk(one: Mapping[str, Any]) -> bool:
    return "title" in one and isinstance(one.get("actions"), list)


def _zendesk(one: Mapping[str, Any], plain: Callable[[str], str]) -> Foreign:
    """The comment of a macro; its value is a text, or a channel and a text."""
    title = str(one.get("title", ""))
    if one.get("active") is False:
        return Foreign(title=title, skipped=tr("it is switched off in Zendesk"))
    body = ""
    for action in _actions(one):
        if action.get("field") in ("comment_value", "comment_value_html"):
            value = action.get("value")
            text = str(value[-1] if isinstance(value, list) and value else value or "")
            body = plain(text) if action["field"] == "comment_value_html" else text
    return _foreign(title, body, meant=f"{title} {one.get('description') or ''}")


def _is_gorgias(one: Mapping[str, Any]) -> bool:
    return "name" in one and isinstance(one.get("actions"), list)


def _gorgias(one: Mapping[str, Any], plain: Callable[[str], str]) -> Foreign:
    title = str(one.get("name", ""))
    body = ""
    for action in _actions(one):
        said = action.get("arguments")
        if action.get("name") == "setResponseText" and isinstance(said, dict):
            body = str(said.get("body_text") or "") or plain(str(said.get("body_html") or ""))
    meant = f"{one.get('intent') or ''} {title}"
    return _foreign(title, body, language=str(one.get("language") or ""), meant=meant)


def _is_freshdesk(one: Mapping[str, Any]) -> bool:
    return "title" in one and ("content" in one or "content_html" in one)


def _freshdesk(one: Mapping[str, Any], plain: Callable[[str], str]) -> Foreign:
    title = str(one.get("title", ""))
    html = str(one.get("content_html") or "")
    return _foreign(title, plain(html) if html else str(one.get("content") or ""), meant=title)


def _is_helpscout(one: Mapping[str, Any]) -> bool:
    return "name" in one and ("text" in one or "preview" in one)


def _helpscout(one: Mapping[str, Any], plain: Callable[[str], str]) -> Foreign:
    title = str(one.get("name", ""))
    return _foreign(title, plain(str(one.get("text") or "")), meant=title)


_Take = Callable[[Mapping[str, Any], Callable[[str], str]], Foreign]
_SHAPES: tuple[tuple[str, Callable[[Mapping[str, Any]], bool], _Take], ...] = (
    ("Zendesk", _is_zendesk, _zendesk),
    ("Gorgias", _is_gorgias, _gorgias),
    ("Freshdesk", _is_freshdesk, _freshdesk),
    ("Help Scout", _is_helpscout, _helpscout),
)


def _from_sheet(text: str, name: str, plain: Callable[[str], str]) -> Export:
    first = text.lstrip("\n").partition("\n")[0]
    mark = max((",", ";", "\t"), key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise Refused(
            tr("{name} is no whole CSV file", name=name), str(error), tr("Save it once more")
        ) from error
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    title, body = _column(head, _TITLES), _column(head, _BODIES)
    html = _column(head, _HTML_BODIES)
    if title is None or (body is None and html is None):
        raise Refused(
            tr("{name} has no columns that are known here", name=name),
            tr("Its first line must name a title and a body"),
            tr("Name the columns title, body, language and kind"),
        )
    rows = [row for row in rows[1:] if any(cell.strip() for cell in row)]
    replies = tuple(
        _of_row(row, head, title=title, body=body, html=html, plain=plain) for row in rows
    )
    return Export(source="CSV", replies=replies)


def _of_row(
    row: list[str],
    head: list[str],
    *,
    title: int,
    body: int | None,
    html: int | None,
    plain: Callable[[str], str],
) -> Foreign:
    def cell(at: int | None) -> str:
        return row[at].strip() if at is not None and at < len(row) else ""

    words = cell(body) or (plain(cell(html)) if cell(html) else "")
    kind = cell(_column(head, _KINDS))
    meant = f"{kind} {cell(title)}"
    return _foreign(cell(title), words, language=cell(_column(head, _LANGUAGES)), meant=meant)


def _column(head: Iterable[str], names: Iterable[str]) -> int | None:
    places = {name: at for at, name in reversed(list(enumerate(head)))}
    return next((places[name] for name in names if name in places), None)


def _foreign(title: str, body: str, *, language: str = "", meant: str = "") -> Foreign:
    title = " ".join(title.split())[:120]
    words = body.replace("\r\n", "\n").replace("\r", "\n").strip()
    why = next(_why_not(title, words), "")
    code = language.strip()[:2].lower()
    return Foreign(
        title=title or tr("Without a name"),
        body=words,
        language=code if re.fullmatch("[a-z]{2}", code) else "",
        kind=_kind(meant),
        skipped=why,
    )


def _why_not(title: str, body: str) -> Iterator[str]:
    if not body:
        yield tr("it has no text")
    if not title:
        yield tr("it has no name")
    if len(body.encode("utf-8", "replace")) > TEXT_MAX - 1024:
        yield tr("it is longer than 64 KiB")


def _kind(meant: str) -> Kind | None:
    """The kind that a category, an intent or a title speaks of; None where it does not."""
    words = meant.strip().lower()
    first = words.partition(" ")[0]
    if first in {kind.value for kind in Kind}:
        return Kind(first)
    return next((kind for kind, said in _MEANT if re.search(said, words)), None)
