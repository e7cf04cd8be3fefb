"""GivenMail: a mail as a line of `triage` gives it, read as far as it can be read.

What is null is not there; what is of a wrong type is left out and named, and the mail is judged all
the same. Where `parse` or a mail's own headers write something in another form, that is taken too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.domain.clock import instant
from app.domain.message import Address, Message
from app.mail import contact_form, headers, reading
from app.mail.addresses import addresses

_Headers = Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class _Given:
    """The fields of one line, and those of them that could not be used."""

    fields: Mapping[str, Any]
    unusable: list[str] = field(default_factory=list)
    known: _Headers = field(init=False)

    def __post_init__(self) -> None:
        """Read the headers: what has no field of its own may stand there."""
        self.known = self._headers()

    def text(self, name: str) -> str:
        """A field that is one text, or the lines of one."""
        return "\n".join(self.texts(name))

    def texts(self, name: str) -> list[str]:
        """A field that is one text or a list of them, or else the header of that name; a number
        stands as it is written."""
        found = self._texts(name, self.fields.get(name))
        return found or list(self.known.get(name.replace("_", "-"), ()))

    def people(self, name: str) -> tuple[Address, ...]:
        """The addresses of a field, with their names if it has them."""
        return tuple(one for text in self.texts(name) for one in addresses(text)[0])

    def _headers(self) -> _Headers:
        """The headers by their lower-case names: {name: value}, {name: [value, ...]}, or a list of
        [name, value] in which a name may stand several times."""
        found: dict[str, list[str]] = {}
        for name, value in self._header_fields():
            found.setdefault(str(name).lower(), []).extend(self._texts("headers", value))
        return {name: tuple(values) for name, values in found.items() if values}

    def _header_fields(self) -> Iterator[tuple[Any, Any]]:
        given = self.fields.get("headers")
        if isinstance(given, dict):
            yield from given.items()
        elif isinstance(given, list):
            for one in given:
                if isinstance(one, list) and len(one) == 2:  # a name and its value
                    yield one[0], one[1]
                else:
                    self._leave_out("headers")
        elif given is not None:
            self._leave_out("headers")

    def _texts(self, name: str, value: Any) -> list[str]:
        if value is None:
            return []
        if isinstance(value, list):
            return [text for one in value for text in self._texts(name, one)]
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return [str(value)]
        self._leave_out(name)
        return []

    def _leave_out(self, name: str) -> None:
        if name not in self.unusable:
            self.unusable.append(name)


def message_of(fields: Mapping[str, Any]) -> tuple[Message, tuple[str, ...]]:
    """The mail, and the names of the fields that could not be used."""
    given = _Given(fields)
    text, date = given.text("text").replace("\r\n", "\n"), given.text("date")
    named = json.dumps(fields.get("id", ""))
    digest = hashlib.sha256(f"{named}\n{date}\n{text}".encode()).hexdigest()
    own_id = _ids(given, "message-id", "message_id")
    sender, to, new_text = _sender(given), given.people("to"), reading.new_part(text)
    reply_to, by_form = given.people("reply_to"), False
    filled_in = contact_form.customer(sender, to, text, new_text=new_text, reply_to=reply_to)
    if filled_in is not None:
        reply_to, by_form = (filled_in,), True
    message = Message(
        message_id=next(iter(own_id), f"{digest[:32]}@line.invalid"),
        subject=given.text("subject"),
        text=text,
        new_text=new_text,
        raw_sha256=digest,
        raw_size=len(text),
        from_=sender,
        reply_to=reply_to,
        to=to,
        sent_at=_sent_at(date),
        in_reply_to=_ids(given, "in-reply-to", "in_reply_to"),
        references=_ids(given, "references", "references"),
        headers=given.known,
        by_form=by_form,
    )
    return message, tuple(given.unusable)


def _sender(given: _Given) -> Address | None:
    found, name = next(iter(given.people("from")), None), given.text("from_name")
    if found is None:
        return None
    return Address(email=found.email, name=name or found.name)


def _ids(given: _Given, header: str, name: str) -> tuple[str, ...]:
    """Ids of mails: of the header, or as `parse` writes them."""
    return headers.message_ids(" ".join(given.known.get(header) or given.texts(name)))


def _sent_at(text: str) -> datetime | None:
    """When it was sent, in RFC 3339 or as in a mail's own Date field; UTC where no zone is named.
    What is no date in that field is none here."""
    try:
        at = instant(text, without_zone=UTC)
    except ValueError:
        return headers.sent_at(text)
    return at if headers.is_year_of_mail(at.year) else None
