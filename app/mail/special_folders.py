"""Special folders: which folders of an account are read, and what each of them is for.

By the server's word (RFC 6154), else by the names that mail programs give them in eight languages,
if they lie where mail programs make them: below a folder of the owner's, "Sent" is the owner's too.
Used by the IMAP source and the gateway; pure.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.mailbox import FolderRole, WatchedFolder

ALL_OTHERS = "*"
_NAMES = {
    "sent": (
        "sent", "sent items", "sent mail", "sent messages", "gesendet", "gesendete elemente",
        "gesendete objekte", "gesendete nachrichten", "envoyés", "éléments envoyés",
        "messages envoyés", "enviados", "elementos enviados", "mensajes enviados", "posta inviata",
        "inviati", "inviata", "verzonden", "verzonden items", "verzonden berichten",
        "itens enviados", "mensagens enviadas", "wysłane", "elementy wysłane",
    ),
    "junk": (
        "junk", "junk mail", "junk e-mail", "junk email", "spam", "bulk mail", "spamverdacht",
        "werbung", "unerwünscht", "junk-e-mail", "indésirables", "courrier indésirable",
        "pourriel", "correo no deseado", "correo basura", "posta indesiderata", "ongewenst",
        "ongewenste e-mail", "ongewenste berichten", "lixo eletrônico", "lixo eletrónico",
        "lixo electrónico", "correio indesejado", "wiadomości-śmieci", "niechciane",
    ),
    "trash": (
        "trash", "deleted", "deleted items", "deleted messages", "bin", "papierkorb", "gelöscht",
        "gelöschte elemente", "gelöschte objekte", "corbeille", "éléments supprimés", "papelera",
        "elementos eliminados", "cestino", "posta eliminata", "prullenbak", "verwijderde items",
        "lixeira", "lixo", "itens excluídos", "itens eliminados", "kosz", "elementy usunięte",
    ),
    "drafts": (
        "drafts", "draft", "entwürfe", "brouillons", "borradores", "bozze", "concepten",
        "rascunhos", "kopie robocze", "wersje robocze", "szkice",
    ),
    "all": (
        "all mail", "alle nachrichten", "tous les messages", "todos", "todo", "tutti i messaggi",
        "alle e-mails", "alle berichten", "todos os e-mails", "com todos", "wszystkie",
    ),
}  # fmt: skip
_FLAGS = {
    "sent": b"\\sent",
    "junk": b"\\junk",
    "trash": b"\\trash",
    "drafts": b"\\drafts",
    "all": b"\\all",
}
_CLOSED = frozenset((b"\\noselect", b"\\nonexistent"))
_ROLES = {"sent": FolderRole.SENT, "junk": FolderRole.JUNK}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A folder as the server lists it; `flags` in lower case."""

    name: str
    flags: frozenset[bytes] = frozenset()

    @property
    def holds_mails(self) -> bool:
        """Whether it can be opened."""
        return self.flags.isdisjoint(_CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is read, in the order in which it is best read; and what the owner named in vain.

    `all_mail`: where the server keeps what was archived, if that is not read.
    """

    folders: tuple[WatchedFolder, ...]
    missing: tuple[str, ...] = ()
    all_mail: str = ""


def special(listed: Iterable[Listed], role: str) -> str:
    """The folder for a role ("sent", "junk", "trash", "drafts", "all"); "" if there is none."""
    open_ones = [one for one in listed if one.holds_mails]
    by_flag = (one.name for one in open_ones if _FLAGS[role] in one.flags)
    may_be = _of_gmail if role == "all" else _of_a_program
    there = {_parts(one.name) for one in open_ones}
    named = [one.name for one in reversed(open_ones) if may_be(_parts(one.name), there)]
    named.sort(key=lambda name: len(_parts(name)), reverse=True)  # of one name, the shallowest
    last = {_parts(name)[-1]: name for name in named}
    by_name = (last[name] for name in _NAMES[role] if name in last)
    return next(by_flag, "") or next(by_name, "")


def chosen(listed: Sequence[Listed], asked: str) -> Choice:
    """The INBOX, the sent mail, Junk, and what the setting `folders` asks for beside them.

    The setting is a list of names with commas between (in quotes, a name may have one); a name with
    a minus before it is left out, and * is every folder but the trash, drafts and all mail.
    """
    words = [word for word in words_of(asked) if word]
    unwanted = {word[1:].strip().casefold() for word in words if word.startswith("-")}
    wanted = [word for word in words if not word.startswith("-")]
    there = {one.name: one for one in listed if one.holds_mails}
    by_role = {role: special(listed, role) for role in _NAMES}
    names = [by_role["sent"], _inbox(there), *_named(there, wanted, by_role), by_role["junk"]]
    missing = tuple(word for word in wanted if word != ALL_OTHERS and not _matching(there, word))
    roles = {by_role[role]: meaning for role, meaning in _ROLES.items()}
    read = tuple(
        WatchedFolder(name=name, role=_role(name, roles))
        for name in dict.fromkeys(filter(None, names))
        if name.casefold() not in unwanted
    )
    is_read = any(one.name == by_role["all"] for one in read)
    is_unwanted = by_role["all"].casefold() in unwanted
    return Choice(
        folders=tuple(sorted(read, key=lambda one: _ORDER[one.role])),
        missing=missing,
        all_mail="" if is_read or is_unwanted else by_role["all"],
    )


# What we said is read before what was said to us, so that nothing rings that was answered long
# ago; Junk last, when everybody who is known is known.
_ORDER = {FolderRole.SENT: 0, FolderRole.INBOX: 1, FolderRole.OTHER: 2, FolderRole.JUNK: 3}


def words_of(asked: str) -> list[str]:
    """The names in the setting."""
    rows = csv.reader([asked.replace("\n", " ")], skipinitialspace=True)
    return [word.strip() for row in rows for word in row]


def _role(name: str, roles: dict[str, FolderRole]) -> FolderRole:
    if name.upper() == "INBOX":
        return FolderRole.INBOX
    return roles.get(name, FolderRole.OTHER)


def _inbox(there: Iterable[str]) -> str:
    return next((name for name in there if name.upper() == "INBOX"), "INBOX")


def _named(there: dict[str, Listed], wanted: list[str], by_role: dict[str, str]) -> Iterator[str]:
    for word in wanted:
        if word == ALL_OTHERS:
            left_out = {by_role["trash"], by_role["drafts"], by_role["all"]}
            yield from (name for name in there if name not in left_out)
        else:
            yield _matching(there, word)


def _matching(there: dict[str, Listed], word: str) -> str:
    """The folder that a word means: by its exact name, else whatever the case of its letters."""
    if word in there:
        return word
    return next((name for name in there if name.casefold() == word.casefold()), "")


_Parts = tuple[str, ...]
_GMAIL = ("[gmail]", "[google mail]")


def _of_a_program(parts: _Parts, there: Collection[_Parts]) -> bool:
    """Whether it stands at the top, in the INBOX, or in what holds no mails but only folders."""
    return parts[:-1] in ((), ("inbox",)) or not any(
        parts[:depth] in there for depth in range(1, len(parts)) if parts[:depth] != ("inbox",)
    )


def _of_gmail(parts: _Parts, _: Collection[_Parts]) -> bool:
    """Elsewhere "Todos" is a folder like any other, and so is "All mail"."""
    return parts[0] in _GMAIL


def _parts(name: str) -> _Parts:
    return tuple(part.strip().lower() for part in name.replace(".", "/").split("/"))
