"""Contact form: who wrote, where the shop's own page sends the mail and the text names the person.

Used by parse, only for mails without Reply-To that nobody can answer: from an address that says so
itself, or from and to one and the same. Name, address and words must all be labelled, so that an
order notice with a customer's address in it is none; name and address may stand together behind
"From:", as WordPress's most used form has it, but not where that line is of a mail passed on.
"""

from __future__ import annotations

import re

from app.domain.message import Address

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
        "corpo da mensagem", "treść wiadomości",
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


def customer(
    sender: Address | None, to: tuple[Address, ...], text: str, *, new_text: str
) -> Address | None:
    """The person who filled the form in; None where this is no mail of a form.

    `new_text` is the text without what is quoted in it or passed on.
    """
    if sender is None or not _sends_forms(sender, to):
        return None
    found = _answers(text)
    if "message" not in found:
        return None
    own = _answers(new_text).get("from", "")
    email = EMAIL.search(found.get("email", own))
    name = found.get("name") or name_in(found.get("from", ""))
    if email is None or not (name or "from" in found) or email[0].lower() == sender.key:
        return None
    return Address(email=email[0], name=" ".join(name.split())[:120] if "@" not in name else "")


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
    return found


def _sends_forms(sender: Address, to: tuple[Address, ...]) -> bool:
    local = sender.key.partition("@")[0]
    return (
        local.startswith(_SENDERS)
        or local.endswith("noreply")
        or any(one.key == sender.key for one in to)
    )
