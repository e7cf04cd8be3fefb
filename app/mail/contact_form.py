"""Contact form: who wrote, where the shop's own page sends the mail and the text names the person.

Used by parse, only for mails that nobody can answer: whose Reply-To is missing, is no address or
the shop's own, and which come from an address that says so itself, or from the shop's own domain;
where a Reply-To tells the address, only for the name.
Name, address and words must all be labelled, so that an order notice with a customer's address in
it is none; name and address may stand together behind "From:", as WordPress's most used form has
it, but not where that line is of a mail passed on.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from app.domain.correspondent import is_reached
from app.domain.message import Address
from app.mail.providers import preset

_LABELS = {
    **dict.fromkeys((
        "name", "your name", "full name", "vorname", "ihr name", "vor- und nachname", "nachname",
        "nom", "votre nom", "nombre", "su nombre", "nome", "il tuo nome", "naam", "uw naam",
        "imię", "imię i nazwisko",
    ), "name"),
    **dict.fromkeys(("from", "von", "absender", "de", "da", "van", "od"), "from"),
    **dict.fromkeys((
        "email", "e-mail", "mail", "email address", "e-mail address", "your email",
        "e-mail-adresse", "ihre e-mail", "ihre e-mail-adresse", "adresse e-mail", "courriel",
        "votre e-mail", "correo", "correo electrónico", "su correo", "indirizzo e-mail",
        "e-mailadres", "uw e-mailadres", "endereço de e-mail", "adres e-mail",
    ), "email"),
    **dict.fromkeys((
        "message", "your message", "comment", "comments", "nachricht", "ihre nachricht", "anliegen",
        "mitteilung", "kommentar", "votre message", "mensaje", "su mensaje", "messaggio",
        "il tuo messaggio", "bericht", "uw bericht", "mensagem", "wiadomość", "treść", "body",
        "question", "frage", "question or comment", "message body", "nachrichtentext",
        "corps du message", "cuerpo del mensaje", "corpo del messaggio", "berichtinhoud",
        "corpo da mensagem", "treść wiadomości", "comment or message",
        "kommentar oder nachricht", "commentaire ou message", "comentario o mensaje",
        "commento o messaggio", "opmerking of bericht", "comentário ou mensagem",
    ), "message"),
}  # fmt: skip
_LINE = re.compile(r"[\s*_>-]{0,6}([^\W\d_][\w .'’/-]{0,30}?)[\s*_]{0,4}[:：][\s*_]{0,4}(.*)")
EMAIL = re.compile(r"[^\s<>@\"(\[,;:]{1,64}@[^\s<>@\")\],;:]{1,251}\.[^\W\d_]{2,24}")
_SENDERS = (
    "no-reply", "noreply", "no_reply", "donotreply", "do-not-reply", "wordpress", "woocommerce",
    "contactform", "contact-form", "kontaktformular", "formular", "form", "webform", "mailer",
    "www-data", "webserver", "nicht-antworten", "website",
)  # fmt: skip
_LINES = 60
_AROUND = " \t*_-"


def customer(
    sender: Address | None,
    to: Collection[Address],
    text: str,
    *,
    new_text: str,
    reply_to: Collection[Address] = (),
) -> Address | None:
    """The person who filled the form in; None where this is no mail of a form, or where Reply-To
    says whom to answer.

    `new_text` is the text without what is quoted in it or passed on: of what comes from the shop's
    own domain it alone counts, since a colleague writes from there too.
    """
    if sender is None or _names_somebody(reply_to, sender, to):
        return None
    if not _says_so(sender) and not _is_of_the_shop(sender, to):
        return None
    found = _answers(text if _says_so(sender) else new_text)
    if "message" not in found:
        return None
    own = _answers(new_text).get("from", "")
    email = EMAIL.search(found.get("email", own))
    name = found.get("name") or name_in(found.get("from", ""))
    if email is None or not (name or "from" in found):
        return None
    person = Address(email=email[0], name=_person(name))
    return None if person.key == sender.key or _is_of_the_shop(person, to) else person


def named(address: Address, text: str) -> Address:
    """A Reply-To without a name, as a form's mail has it, with the name that its text tells of the
    same address."""
    if address.name:
        return address
    found = _answers(text)
    email = EMAIL.search(found.get("email", ""))
    if "message" not in found or email is None or email[0].lower() != address.key:
        return address
    return Address(email=address.email, name=_person(found.get("name", "")))


def _person(name: str) -> str:
    return " ".join(name.split())[:120] if "@" not in name else ""


def name_in(words: str) -> str:
    """What stands before the address, if one is there: "Ben Costa <ben@example.org>"."""
    email = EMAIL.search(words)
    return words[: email.start()].strip(" <([,;:\"'") if email else words


def _answers(text: str) -> dict[str, str]:
    """What stands behind the labels; of two alike the first counts."""
    found: dict[str, str] = {}
    lines = text.split("\n", _LINES)[:_LINES]
    for at, line in enumerate(lines):
        match = _LINE.fullmatch(line[:400].rstrip())
        label = _LABELS.get(match[1].strip().lower(), "") if match else ""
        if match and label and not (label == "from" and line.lstrip()[:1] == ">"):
            # Some put the answer on the line below its label.
            below = lines[at + 1].strip() if at + 1 < len(lines) else ""
            found.setdefault(label, match[2].strip() or below)
        elif alone := _LABELS.get(line.strip(_AROUND).lower(), ""):
            found.setdefault(
                alone, next((one.strip() for one in lines[at + 1 :] if one.strip()), "")
            )
    return found


def _names_somebody(
    reply_to: Collection[Address], sender: Address, to: Collection[Address]
) -> bool:
    """Whether an answer to Reply-To would reach somebody else than the shop itself."""
    return any(
        is_reached(one) and one.key != sender.key and not _is_of_the_shop(one, to)
        for one in reply_to
    )


def _says_so(sender: Address) -> bool:
    local = sender.key.partition("@")[0]
    return local.startswith(_SENDERS) or local.endswith("noreply")


def _is_of_the_shop(one: Address, to: Collection[Address]) -> bool:
    """Whether it is where the mail goes to, or an address of that domain; at a provider of
    mailboxes everybody has one."""
    if any(one.key == own.key for own in to):
        return True
    return any(one.domain == own.domain for own in to) and preset(one.key) is None
