"""Which folders of an account are read, and what they are for."""

from __future__ import annotations

import pytest

from app.domain.mailbox import FolderRole
from app.mail.special_folders import Choice, Listed, chosen, special

HERE = ("INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive", "Orders")


def listed(*names: str, **flags: str) -> list[Listed]:
    """Folders by name; a keyword gives a folder its flag."""
    plain = [Listed(name=name) for name in names]
    return plain + [Listed(name=n, flags=frozenset((f"\\{f}".encode(),))) for n, f in flags.items()]


def names(choice: Choice) -> list[str]:
    return [one.name for one in choice.folders]


def test_without_a_word_of_the_owner_inbox_sent_and_junk_are_read():
    """What we said first, what was held back last."""
    choice = chosen(listed(*HERE), "")
    assert names(choice) == ["Sent", "INBOX", "Junk"]
    assert [one.role for one in choice.folders] == [
        FolderRole.SENT,
        FolderRole.INBOX,
        FolderRole.JUNK,
    ]


def test_further_folders_are_read_beside_them():
    choice = chosen(listed(*HERE), "Orders")
    assert names(choice) == ["Sent", "INBOX", "Orders", "Junk"]
    assert choice.folders[2].role is FolderRole.OTHER


def test_a_minus_leaves_a_folder_out():
    assert names(chosen(listed(*HERE), "Orders, -Junk, -sent")) == ["INBOX", "Orders"]


def test_a_star_is_every_folder_but_trash_drafts_and_all_mail():
    choice = chosen([*listed(*HERE), *listed(Everything="all")], "*")
    assert names(choice) == ["Sent", "INBOX", "Archive", "Orders", "Junk"]


def test_what_the_owner_names_is_read_even_if_it_is_the_trash():
    assert "Trash" in names(chosen(listed(*HERE), "Trash"))


def test_a_name_that_is_not_there_is_missing_and_the_others_are_read():
    choice = chosen(listed(*HERE), "Orders, Returns")
    assert choice.missing == ("Returns",)
    assert "Orders" in names(choice)


def test_letters_in_another_case_mean_the_same_folder():
    assert "Orders" in names(chosen(listed(*HERE), "ORDERS"))
    assert names(chosen(listed("Inbox", "Sent"), "INBOX")) == ["Sent", "Inbox"]


def test_a_name_with_a_comma_stands_in_quotes():
    assert "2026, spring" in names(chosen(listed("INBOX", "2026, spring"), '"2026, spring"'))


def test_a_folder_that_holds_no_mails_is_none():
    closed = Listed(name="Orders", flags=frozenset((b"\\noselect",)))
    choice = chosen([Listed(name="INBOX"), closed], "Orders, *")
    assert names(choice) == ["INBOX"]
    assert choice.missing == ("Orders",)


def test_a_server_that_lists_nothing_has_an_inbox_all_the_same():
    assert names(chosen([], "")) == ["INBOX"]


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("sent", "Gesendete Elemente"), ("sent", "INBOX.Sent"), ("sent", "Éléments envoyés"),
        ("sent", "Elementos enviados"), ("sent", "Posta inviata"), ("sent", "Verzonden items"),
        ("sent", "Elementy wysłane"), ("sent", "Itens Enviados"),
        ("junk", "Spam"), ("junk", "Junk-E-Mail"), ("junk", "Courrier indésirable"),
        ("junk", "Correo no deseado"), ("junk", "Posta indesiderata"),
        ("junk", "Ongewenste e-mail"), ("junk", "Wiadomości-śmieci"), ("junk", "Lixo Eletrônico"),
        ("trash", "Papierkorb"), ("trash", "Corbeille"), ("drafts", "Entwürfe"),
        ("all", "[Gmail]/All Mail"),
    ],
)  # fmt: skip
def test_the_usual_names_in_eight_languages_are_known(role, name):
    assert special(listed("INBOX", "Other", name), role) == name


def test_the_servers_word_goes_before_the_name():
    folders = [*listed("Spam"), *listed(Quarantine="junk")]
    assert special(folders, "junk") == "Quarantine"


@pytest.mark.parametrize(
    ("there", "sent"),
    [
        (("INBOX", "Archive", "Archive/Sent", "Orders/Sent", "Sent"), "Sent"),
        (("INBOX", "INBOX.2019.Sent", "INBOX.Sent"), "INBOX.Sent"),
        (("INBOX", "INBOX.2019", "INBOX.2019.Sent", "INBOX.Sent"), "INBOX.Sent"),
        (("INBOX", "INBOX/Sent", "Sent"), "Sent"),
        (("INBOX", "Archive", "Archive/Sent"), ""),
        (("INBOX", "INBOX.2019", "INBOX.2019.Sent"), ""),
        (("INBOX", "Mail/Sent"), "Mail/Sent"),
    ],
)
def test_of_several_folders_named_sent_the_real_one_is_read(there, sent):
    """That of mail programs lies at the top, or in the INBOX; those below are the owner's own."""
    assert special(listed(*there), "sent") == sent


def test_a_spam_folder_in_an_archive_is_not_where_the_provider_puts_spam():
    assert special(listed("INBOX", "Archive", "Archive/Spam", "Spam"), "junk") == "Spam"


def test_a_role_that_the_server_names_holds_wherever_the_folder_lies():
    archived = Listed(name="Archive/Sent", flags=frozenset((b"\\sent",)))
    assert special([*listed("INBOX", "Archive", "Sent"), archived], "sent") == "Archive/Sent"


@pytest.mark.parametrize("name", ["ToDo", "Todos", "Alle Nachrichten", "Projects.deleted"])
def test_a_folder_of_the_owners_is_not_taken_for_all_mail_or_the_trash(name):
    """With a star nothing of the owner's is left out in silence."""
    choice = chosen(listed("INBOX", "Sent", "Projects", name), "*")
    assert name in names(choice)
    assert choice.all_mail == ""


def test_an_all_mail_that_the_owner_leaves_out_is_not_looked_into():
    everything = Listed(name="[Gmail]/All Mail", flags=frozenset((b"\\all",)))
    assert chosen([*listed("INBOX"), everything], "").all_mail == "[Gmail]/All Mail"
    assert chosen([*listed("INBOX"), everything], "-[Gmail]/All Mail").all_mail == ""
