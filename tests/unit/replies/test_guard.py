"""The guard: what must not go out, and what must not be held back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.message import Address
from app.domain.objection import Weight
from app.domain.reply import Draft
from app.replies.foreign_marks import translated
from app.replies.guard import check

OWN = ("shop@example.com",)
GOOD = "Hi Ben,\n\na new mug goes out today.\n\nBest wishes\nAda"


def reasons(
    body: str = GOOD, *, to: tuple[str, ...] = ("ben@example.org",), **more: object
) -> tuple[str, ...]:
    addresses = tuple(Address(email=email) for email in to)
    draft = Draft(issue_key="i1_x", body=body, to=addresses, subject=str(more.get("subject", "")))
    found = check(draft, own_addresses=OWN, values=more.get("values"))  # type: ignore[arg-type]
    return tuple(one.because for one in found)


def test_a_good_reply_may_go() -> None:
    assert reasons() == ()


def test_each_hole_is_named_once_with_what_belongs_there() -> None:
    found = reasons("Hi Ben, {{ reply.date }} or {{ reply.date }} and {{ tracking.number | }}{{x}}")
    assert found == (
        "Fill in {{ reply.date }} (the day that you promise or name) or take it out.",
        "Fill in {{ tracking.number | }} (the parcel's number) or take it out.",
        "Fill in {{x}} or take it out.",
    )


@pytest.mark.parametrize("body", ["Hi {{ there", "so }} far", "{{ a\nb }}"])
def test_half_a_hole_is_a_hole(body: str) -> None:
    assert reasons(body) == ("There are double braces left in the text; take them out.",)


@pytest.mark.parametrize(
    "placeholder",
    [
        *("[name]", "[Name]", "[order number]", "[DATE]", "[Ihr Name]", "[prénom]"),
        *("<name>", "<order number>", "<Datum>"),
        *("XXX", "XXXX", "___", "______"),
        *("{name}", "{first_name}", "${name}", "{%customer.firstName%}", "%first_name%", "#{name}"),
    ],
)
def test_a_placeholder_is_shown_as_it_stands(placeholder: str) -> None:
    (only,) = reasons(f"Hi Ben,\n\nyour parcel {placeholder} is here.")
    assert placeholder.strip("#") in only
    assert "placeholder" in only


@pytest.mark.parametrize(
    "placeholder",
    [
        *("[ date ]", "< date >", "[Tracking #]", "[€ amount]", "[Vorname & Nachname]"),
        *("[name: Ben?]", "[Name!]", "[#order]", "[Product 1]", "[[name]]"),
        "[insert the tracking number and the carrier's page here]",
        "[bitte Sendungsnummer und Link zur Sendungsverfolgung einfügen]",
        "[Lieferdatum TT.MM.2026]",
        "[ticket field of theirs 360012345]",
        "[Lieferdatum eintragen, z. B. 24.12.2026]",
        "[insérer le numéro de suivi et le lien vers la page du transporteur]",
        "[insertar el número de seguimiento y la página del transportista]",
        "[inserire il numero di tracciamento e la pagina del corriere qui]",
        "[vul in: het trackingnummer en de pagina van de vervoerder]",
        "[inserir o número de rastreio e a página da transportadora]",
        "[wpisz numer przesyłki i stronę przewoźnika, np. 24.12.2026]",
        *("[bitte E-Mail einfügen: a@b.example]", "<insert the link: https://shop.example/x>"),
        *("%NAME%", "%%name%%", "*|FNAME|*", "*|MERGE:ORDER|*", "$FIRSTNAME$", "@@name@@"),
        *("{0}", "{Name/Firma}", "{prénom}", "{0:d}", "#first_name#", "##name##", "$first_name"),
        *("XX.XX.2026", "XX.XX.", "24.XX.2026", "xx.xx.2026", "XX/XX/2026", "XX €", "XX,XX EUR"),
        *("«First_Name»", "__"),
        *("<%= name %>", "<?php echo $name ?>", "{!Contact.Name}", "{$name}", "#xxxxx"),
        *("?? EUR", "... €", "€ ??"),
    ],
)
def test_a_placeholder_of_any_make_stops(placeholder: str) -> None:
    (only,) = reasons(f"Hi Ben,\n\nyour parcel {placeholder} is here.")
    assert "looks like a placeholder" in only


@pytest.mark.parametrize(
    "theirs",
    [
        "{{ticket.ticket_field_360012345}}",
        "{{order.note_12}}",
        "{%customer.custom42%}",
        "%promo_code%",
        "{{ticket.url.com}}",
        "{{no}}",
        "{{DE}}",
        "{{ sic }}",
    ],
)
def test_what_another_program_would_have_filled_stops_once_it_is_imported(theirs: str) -> None:
    (only,) = reasons(f"Hi Ben,\n\nit is {translated(theirs).text} there.")
    assert "placeholder" in only


@pytest.mark.parametrize("end", [".", ",", "!", "?", ":", ")", "", " ", "…"])
@pytest.mark.parametrize("blank", ["___", "_____"])
def test_a_blank_to_fill_is_one_at_the_end_of_a_sentence_too(blank: str, end: str) -> None:
    (only,) = reasons(f"Hi Ben,\n\nIt comes on {blank}{end}\nBest wishes")
    assert blank in only


@pytest.mark.parametrize(
    "placeholder",
    [
        *("«date»", "«Vorname»", "«Bestellnummer»", "«nom»"),
        "[NAME OF CUSTOMER, AS WRITTEN ON THE ORDER FORM]",
        "[Becher „Blau“; im Angebot]",
        "[yes, I know I am late!]",
        "[we were closed that week because of the public holiday]",
        *("[see below]", "[siehe Foto]", "[voir ci-dessous]", "[ver abajo]", "[vedi sotto]"),
        *("[zie hieronder]", "[veja abaixo]", "[zob. niżej]", "[inkl. MwSt.]", "[ca. 3 kg]"),
    ],
)
def test_what_may_be_meant_so_is_only_asked_about(placeholder: str) -> None:
    """A person can insist."""
    draft = Draft(
        issue_key="i",
        body=f"Hi Ben,\n\nyour parcel {placeholder} is here.",
        to=(Address(email="ben@example.org"),),
    )
    (only,) = check(draft, own_addresses=OWN)
    assert (only.weight, draft.body[only.start : only.end]) == (Weight.ASKS, placeholder)


def test_what_stops_comes_before_what_is_asked() -> None:
    draft = Draft(issue_key="i", body="Hi Ben, «nom» by [date]", to=())
    assert [one.weight for one in check(draft, own_addresses=OWN)] == [
        *(Weight.STOPS, Weight.STOPS, Weight.ASKS)
    ]


NO_HOLES = {
    "marks": [
        "see <https://example.com/a> or <ben@example.org>",
        "see <www.shop.example> or <shop.example/returns> or <mailto:ben@example.org>",
        "Ben Costa <ben@customer.example> wrote",
        "size XXL or XXXL",
        "[1] and [2] as in the note",
        "as in [12, 13] and [1-3]",
        "the link [here](https://example.com) and [there][1]",
        "a <3 from us, <3<3 and </3",
        "weight < 5 kg and > 2 kg, or 3 < 4 > 2",
        "so it is >_< or <_< or :[ or [-: or =] or (>_>)",
        "__init__ or snake_case___name or __bold__",
        "____________________",
        "___",
        "Hello\n___\nMill & Moss",
        "[x] done [ ] open [X] done [ x ] done",
        "50 % of it, 100%, 20% to 30% off, 5%-10%",
        "https://shop.example/?q=%C3%BC%DF",
        "look into %APPDATA%",
        "$20 or US$30 or $1,200.50 and $ 5",
        "love, Ben xxx",
        "[…] or [...]",
        "an empty {} or [] or <> stands there",
        r"the pattern \d{3}[a-z]{2} and x{1}",
        "C# and #1042 and #mugs #blue",
        "me@@home or 5 ** 3 *|* 4",
        "the card ends in **** 1234",
        "[Order MM-10227] or [#1042] or [Bestellung 10227] or [2026-11-20]",
        "[ben@example.org] and [www.shop.example] and [https://shop.example/a]",
        "one line<br>another<br/>",
        "[cid:image001.png@01D] [image: logo] [Bild: Becher]",
        "[Anlage: Etikett.pdf] [Edit: found it] [Nachtrag: gefunden] [Nota: hasta mañana]",
        "sizes <M and >L, 5 < budget > 2, a < b and c > d",
        "part[s], item[i], [T]he mug, customer[s]",
        "chapter XX, siglo XX, el siglo XX.",
        "> you wrote: I want [colour] and <size>",
        "> the page shows {{ product.title }} and then }}",
        "the card ends in XXXX XXXX XXXX 1234, the account is DE89 XXXX XXXX XXXX 1234",
        "press <Enter> and then <Ctrl>, the width [mm] is 120",
        "Ada [she/her]",
    ],
    "en": [
        'he wrote "I recieved [sic] it"',
        "click [Continue] and then the button [Track parcel]",
        "please write the date as DD/MM/YYYY",
        "[EN] English below",
    ],
    "de": [
        "er schrieb „vieleicht [sic!] morgen“, »morgen« oder «morgen»",
        "klicken Sie auf [Bestellung stornieren] oder drücken Sie die Taste [Enter]",
        "Liebe Kund[inn]en, liebe Lieferant[en]",
        "Datum als TT.MM.JJJJ, ab 1.12.2026",
        "[DE] Deutsch weiter unten",
    ],
    "fr": [
        "vous écrivez « Bonjour », « date » et «morgen»",
        "dans le champ «Nom», cliquez sur [Continuer]",
        "«Bonjour» [sic]",
    ],
    "es": [
        "rellene el campo «Nombre» y pulse [Continuar]",
        "usted dijo «mañana» [sic]",
        "TODO incluido",
    ],
    "it": [
        "compili la casella «Nome» e prema [Continua]",
        "lei ha scritto «domani» [sic]",
    ],
    "nl": [
        "vul het veld «Naam» in en klik op [Verder]",
        "u schreef „morgen” [sic]",
    ],
    "pt": [
        "preencha o campo «Nome» e clique em [Continuar]",
        "escreveu «amanhã» [sic]",
    ],
    "pl": [
        "proszę wypełnić pole «Imię» i kliknąć [Dalej]",
        "napisała Pani „jutro” i «jutro» [sic]",
    ],
}


@pytest.mark.parametrize("text", [one for every in NO_HOLES.values() for one in every])
def test_ordinary_text_is_not_held_back(text: str) -> None:
    assert reasons(f"Hi Ben,\n\n{text}\n") == ()


@pytest.mark.parametrize("body", ["", " \n\t\n"])
def test_an_empty_reply_does_not_go(body: str) -> None:
    assert reasons(body) == ("There is no text yet; write one.",)


@pytest.mark.parametrize(
    "greeting",
    [
        *("Hi ,", "Hello  ,", "Dear ,", "Dear,", "dear :", "Hi, ,"),
        *("Hallo ,", "Guten Tag ,", "Liebe ,", "Lieber,", "Sehr geehrte Frau ,", "Sehr geehrter,"),
        *("Sehr geehrter Herr,", "Hallo Herr ,", "Bonjour ,", "Chère,", "Hola ,", "Estimado :"),
        *("Dear Mr/Mrs,", "Dear Mr./Ms.:", "Sehr geehrte/r Frau/Herr,", "Cher M./Mme,"),
        *("Sehr geehrte(r) Herr / Frau,", "Estimado/a Sr./Sra.:", "Gentile Sig./Sig.ra,"),
        *("Prezado(a) Sr(a).,", "Geachte dhr./mevr.,"),
        *("Hi undefined,", "Hi None,", "Hi null,", "Dear NULL NULL:", "Hello nan", "Hallo null!"),
        *("Sehr geehrter Herr undefined,", "Bonjour null,", "Olá undefined,", "Witaj None,"),
        *("Hi Undefined,", "Hallo Undefined Undefined,", "Hi\xa0,", "Dear\u200b ,"),
        *("Dear Name,", "Dear (name),", "Hi FIRSTNAME,", "Dear Customer Name,", "Hi *Name*,"),
        *("Hi _name_,", "Hi $name,", "Hi @name@,", "Hi INSERT NAME HERE,", "Hi (Name einfügen),"),
        *("Dear &lt;name&gt;,", "Hallo 【name】,", "Hallo Herr Nachname,", "Bonjour (prénom),"),
        *("Hola «nombre»:", "Gentile cognome,", "Beste (naam),", "Olá Nome,"),
        *("Witaj (imię),", "Hi ...,", "Hi …,", "Hi ??,", "Hi [ ],", "Hi [],", "Hi XX,", "Hi %s,"),
        *("Beste ,", "Geachte ,", "Goedendag ,", "Gentile,", "Caro ,", "Buongiorno ,", "Olá ,"),
        *("Prezado,", "Bom dia ,", "Dzień dobry ,", "Szanowny,", "Droga ,", "Olá, ,"),
        *("Hallo Herr XY,", "Sehr geehrte/r Herr/Frau XY,", "Guten Tag Frau ...,", "Hi TBD,"),
    ],
)
def test_a_greeting_without_a_name_does_not_go(greeting: str) -> None:
    (only,) = reasons(f"{greeting}\n\nyour mug is here.")
    assert "has no name" in only


@pytest.mark.parametrize(
    "greeting",
    [
        *("Hi Ben,", "Hi there,", "Hello,", "Hello!", "Good morning,", "Dear Ben,", "Dear all:"),
        *("Hallo,", "Hallo und guten Tag,", "Guten Tag,", "Liebe Frau Costa,", "Guten Tag Ben,"),
        *("Sehr geehrte Damen und Herren,", "Bonjour,", "Bonjour !", "Cher Monsieur,"),
        *("Hola, buenos días:", "Hola:", "Dearest Ben,", "Mr Costa,", "Hi-fi, as you asked,"),
        *("Dear Sir/Madam,", "Dear Mr/Mrs Costa,", "Madame, Monsieur,", "Madame/Monsieur,"),
        *("Geachte heer/mevrouw,", "Szanowny Panie / Szanowna Pani,", "Prezado(a) Senhor(a),"),
        *("Hello Null,", "Dear Ms Null,", "Hi None of this is right,", "Hallo Nanette,"),
        *("Beste,", "Geachte,", "Goedendag,", "Buongiorno,", "Olá,", "Dzień dobry,", "Witam,"),
        *("Gentile cliente,", "Caro Marco,", "Szanowni Państwo,", "Prezada Ana,", "Olá Ana,"),
        *("Hi Xx Lee,", "Hi Xaver,", "Dear customer,", "Hi, your name is on the list,"),
        *("Hello name-tag lovers,", "Bonjour !", "Hello :)", "Hallo – danke für Ihre Nachricht,"),
    ],
)
def test_a_greeting_that_stands_alone_may_go(greeting: str) -> None:
    assert reasons(f"{greeting}\n\nyour mug is here.") == ()


def test_a_hole_in_the_greeting_is_one_objection_and_not_two() -> None:
    for hole in ("[name]", "{{ customer.first_name }}", "{{ name }}", "%name%"):
        (only,) = reasons(f"Dear {hole},\n\nyour mug is here.")
        assert hole in only


def test_what_the_customer_wrote_in_brackets_may_be_said_back() -> None:
    """Code of theirs, or an article's name; but no word that names a field, and none of ours."""
    heard = "{{ product.title }} is empty in [section], so is Mug [blue]. [name] {{ order.number }}"
    draft = Draft(issue_key="i", body="", to=(Address(email="ben@example.org"),))
    said = replace(draft, body="Put {{ product.title }} into [section] for the Mug [blue].")
    assert check(said, own_addresses=OWN, heard=heard) == ()
    assert len(check(said, own_addresses=OWN)) == 3
    for hole in ("[name]", "{{ order.number }}"):
        said = replace(draft, body=f"It is {hole}.")
        assert len(check(said, own_addresses=OWN, heard=heard)) == 1, hole


def test_a_name_of_ours_is_a_hole_in_a_quoted_line_too() -> None:
    (only,) = reasons("Hi Ben,\n\n> {{ reply.answer }}")
    assert "reply.answer" in only


def test_a_name_from_the_data_that_is_none_does_not_go() -> None:
    """The shop's form wrote "undefined", and the template took it."""
    values = {"customer.name": "undefined", "customer.first_name": "undefined"}
    (only,) = reasons("Hi undefined,\n\nyour mug is here.", values=values)
    assert "has no name" in only


def test_words_like_a_greeting_further_down_may_go() -> None:
    assert reasons("Hi Ben,\n\na\n\nb\n\nc\n\nDear, that was long.") == ()


@pytest.mark.parametrize("to", [(), ("",), (" ",)])
def test_somebody_has_to_receive_it(to: tuple[str, ...]) -> None:
    assert reasons(to=to) == ("Nobody is to receive this; enter an address.",)


@pytest.mark.parametrize(
    "email",
    [
        *("noreply@example.org", "no-reply@example.org", "No_Reply@example.org"),
        *("do-not-reply@example.org", "donotreply@example.org", "service-noreply@example.org"),
        *("noreply+1234@example.org", "notifications.no-reply@example.org", "no.reply@example.org"),
        *("mailer-daemon@example.org", "postmaster@example.org", "bounce@example.org"),
        *("bounces+12@example.org", "nicht-antworten@example.org", "ne-pas-repondre@example.org"),
        *("no-responder@example.org", "keine-antwort@example.org"),
        *("ben@noreply.example.org", "123@users.noreply.example.org"),
    ],
)
def test_an_address_that_nobody_reads_is_refused(email: str) -> None:
    (only,) = reasons(to=(email,))
    assert only.startswith("Nobody reads mail to")
    assert email in only


@pytest.mark.parametrize("email", ["norely@example.org", "ben.noreplay@example.org", "reply@x.org"])
def test_an_address_that_only_looks_like_it_may_receive(email: str) -> None:
    assert reasons(to=(email,)) == ()


def test_the_shops_own_address_is_refused_however_it_is_written() -> None:
    (only,) = reasons(to=("Shop@Example.com ",))
    assert "your own address" in only


@pytest.mark.parametrize("email", ["ben", "ben@", "a@b@c", "a b@example.org", "a@x.org, b@x.org"])
def test_what_is_no_address_is_refused(email: str) -> None:
    (only,) = reasons(to=(email,))
    assert "not a mail address" in only


def test_a_line_break_in_an_address_or_a_name_is_refused() -> None:
    """Case 82: with a sentence that has no line break itself."""
    for address in (
        Address(email="ben@example.org\r\nBcc: x@example.net"),
        Address(email="ben@example.org", name="Ben\nBcc: x@example.net"),
    ):
        (only,) = check(Draft(issue_key="i", body=GOOD, to=(address,)), own_addresses=OWN)
        assert "more than one line" in only.because
        assert "\n" not in only.because


def test_a_line_break_or_a_hole_in_the_subject_is_refused() -> None:
    assert reasons(subject="Re: mugs\r\nBcc: x@example.net") == (
        "The subject has more than one line; write it on one.",
    )
    assert reasons(subject="Re: {{ order.number }}") == (
        "Fill in {{ order.number }} in the subject or take it out.",
    )
    assert reasons(subject="Re: [Blue Kiln] your <order>") == ()


def test_a_reply_of_more_than_64_kib_is_refused() -> None:
    assert reasons("ä" * 33_000) == ("The text is longer than 64 KiB; make it shorter.",)


def test_copies_are_looked_at_like_the_recipients() -> None:
    draft = Draft(
        issue_key="i",
        body=GOOD,
        to=(Address(email="ben@example.org"),),
        cc=(Address(email="noreply@example.org"), Address(email="shop@example.com")),
    )
    assert len(check(draft, own_addresses=OWN)) == 2


def test_every_reason_is_told_at_once() -> None:
    assert len(reasons("Dear ,\n\n[date] {{ reply.date }}", to=("noreply@x.org",))) == 4


def test_a_value_with_braces_or_brackets_is_the_customers_own_word() -> None:
    values = {"customer.name": "{{ x }}", "order.items": "1 × Mug [blue]"}
    body = "Hi {{ x }},\n\n1 × Mug [blue] is on its way."
    assert reasons(body, values=values) == ()
    assert len(reasons(body)) == 2


@pytest.mark.parametrize("name", ["50%OFF%", "*|Mug|*", "$ALE$", "Mug «Nom»", "@@home@@"])
def test_an_article_that_is_called_like_a_placeholder_is_none(name: str) -> None:
    assert reasons(f"Hi Ben,\n\n1 × {name} is here.", values={"order.items": f"1 × {name}"}) == ()


def test_a_short_value_hides_no_placeholder() -> None:
    assert (
        len(reasons("Hi Ben, size XXX and ___", values={"order.items": "X", "shop.name": "_"})) == 2
    )


def test_a_customer_called_like_a_variable_does_not_hide_a_true_hole() -> None:
    (only,) = reasons("Hi you, on {{ reply.date }}", values={"customer.name": "{{ reply.date }}"})
    assert "{{ reply.date }}" in only
