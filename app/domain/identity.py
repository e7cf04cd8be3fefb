"""Identity: an address of ours that replies can leave from, with its name and its signature.

Kept in an account's setting `identities`; the reply's editor offers them, and mail from or to one
of them is known as ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from app.domain.errors import Refused
from app.domain.message import Address
from app.domain.translation import tr

MOST = 50
LONGEST_SIGNATURE = 2000  # characters
_KEYS = frozenset({"address", "name", "signature", "signatures"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """`signature` stands below what was written in any language that has none of its own.

    `signatures` leads from two-letter codes of languages to signatures. An empty `name` means the
    name of the shop.
    """

    email: str
    name: str = ""
    signature: str = ""
    signatures: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> Address:
        """The address with its name."""
        return Address(email=self.email, name=self.name)

    def signature_in(self, language: str) -> str:
        """The signature for a reply in this language; empty where none is wanted."""
        return self.signatures.get(language[:2].lower(), "") or self.signature


def read(text: str) -> tuple[Identity, ...]:
    """The identities of a setting: `Name <a@b>; c@d`, or a JSON list as `written` makes it.

    Raises:
        Refused: it is neither, an address is none, or one comes twice.
    """
    text = text.strip()
    if not text:
        return ()
    found = tuple(_of_json(text) if text.startswith("[") else _of_words(text))
    keys = [one.address.key for one in found]
    for one in found:
        if keys.count(one.address.key) > 1:
            raise _refused(tr("{address} is there twice", address=one.email))
    if len(found) > MOST:
        raise _refused(tr("There can be {n} at most", n=MOST))
    return found


def written(identities: Iterable[Identity]) -> str:
    """The identities as a setting, so that `read` gives the same back; empty for none."""
    every = [
        {
            "address": one.email,
            "name": one.name,
            "signature": one.signature,
            "signatures": dict(one.signatures),
        }
        for one in identities
    ]
    return json.dumps(every, ensure_ascii=False) if every else ""


def _of_words(text: str) -> Iterable[Identity]:
    for part in text.replace("\n", ";").split(";"):
        if part.strip():
            name, email = parseaddr(part.strip())
            yield _checked(Identity(email=email, name=name), said=part.strip())


def _of_json(text: str) -> Iterable[Identity]:
    try:
        listed = json.loads(text)
    except ValueError as error:
        raise _refused(tr("This is not JSON: {error}", error=error)) from error
    for one in listed:
        if not isinstance(one, dict) or not set(one) <= _KEYS:
            raise _refused(tr("Each is an object of {names}", names=", ".join(sorted(_KEYS))))
        yield _checked(_of_object(one), said=str(one.get("address", "")))


def _of_object(one: Mapping[str, Any]) -> Identity:
    signatures = one.get("signatures") or {}
    texts = [one.get(name) or "" for name in ("address", "name", "signature")]
    if not isinstance(signatures, dict) or not all(
        isinstance(text, str) for text in (*texts, *signatures, *signatures.values())
    ):
        raise _refused(tr("A name, an address and a signature are texts"))
    by_language = {code[:2].lower(): text.strip("\n") for code, text in signatures.items()}
    address, name, signature = texts
    return Identity(
        email=address.strip(),
        name=name.strip(),
        signature=signature.strip("\n"),
        signatures={code: text for code, text in by_language.items() if text.strip()},
    )


def _checked(one: Identity, *, said: str) -> Identity:
    local, at, domain = one.email.rpartition("@")
    if not (at and local and domain) or not one.email.isprintable() or " " in one.email:
        raise _refused(tr("“{text}” is no mail address", text=said[:80]))
    if not one.name.isprintable():
        raise _refused(tr("The name of {address} has more than one line", address=one.email))
    longest = max(map(len, (one.signature, *one.signatures.values())))
    if longest > LONGEST_SIGNATURE:
        most = LONGEST_SIGNATURE
        raise _refused(
            tr("The signature of {address} is longer than {n} letters", address=one.email, n=most)
        )
    return one


def _refused(why: str) -> Refused:
    return Refused(
        tr("These addresses cannot be used"),
        why,
        tr("Write them like: Blue Kiln <hello@kiln.example>; Returns <returns@kiln.example>"),
    )
