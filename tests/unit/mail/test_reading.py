"""What of a mail is new: the styles of Gmail, Apple, Outlook, Thunderbird, Yahoo and telephones."""

from __future__ import annotations

import pytest

from app.mail.pieces import Piece
from app.mail.reading import new_part, said

ANSWER = "The second mug is cracked too.\n\nAnn"
QUOTE = "Hello Ann,\nwe sent a new one.\nYour shop"
MARKED = "\n".join(f"> {line}" for line in QUOTE.split("\n"))

# One line (or its wrapped lines) as each program writes it above a quote marked with ">".
ATTRIBUTIONS = {
    "gmail en": "On Mon, May 4, 2026 at 10:15 AM The Shop <shop@example.com> wrote:",
    "gmail en wrapped": "On Mon, May 4, 2026 at 10:15 AM The Very Long Shop Name\n"
    "<shop@example.com> wrote:",
    "gmail en wrapped twice": "On Mon, May 4, 2026 at 10:15 AM The Very\nLong Shop Name "
    "<shop@example.com>\nwrote:",
    "gmail de": "Am Mo., 4. Mai 2026 um 10:15 Uhr schrieb Der Laden <shop@example.com>:",
    "gmail fr": "Le lun. 4 mai 2026 à 10:15, La Boutique <shop@example.com> a écrit :",
    "gmail es": "El lun, 4 may 2026 a las 10:15, La Tienda (<shop@example.com>) escribió:",
    "gmail it": "Il giorno lun 4 mag 2026 alle ore 10:15 Negozio <shop@example.com> ha\nscritto:",
    "gmail nl": "Op ma 4 mei 2026 om 10:15 schreef De Winkel <shop@example.com>:",
    "gmail pt": "Em seg., 4 de mai. de 2026 às 10:15, A Loja <shop@example.com> escreveu:",
    "gmail pt-PT": "A Loja <shop@example.com> escreveu no dia segunda, 4/05/2026 à(s) 10:15:",
    "gmail pl": "pon., 4 maj 2026 o 10:15 Sklep <shop@example.com> napisał(a):",
    "apple en": "On 4 May 2026, at 10:15, The Shop <shop@example.com> wrote:",
    "apple en bare": "On May 4, 2026, at 10:15 AM, The Shop wrote:",
    "apple de": "Am 04.05.2026 um 10:15 schrieb Der Laden <shop@example.com>:",
    "apple fr": "Le 4 mai 2026 à 10:15, La Boutique <shop@example.com> a écrit :",
    "apple es": "El 4 may 2026, a las 10:15, La Tienda <shop@example.com> escribió:",
    "apple it": "Il giorno 4 mag 2026, alle ore 10:15, Il Negozio <shop@example.com> ha scritto:",
    "apple nl": "Op 4 mei 2026 om 10:15 heeft Winkel <shop@example.com> het volgende geschreven:",
    "apple pt": "Em 4 de mai. de 2026, à(s) 10:15, A Loja <shop@example.com> escreveu:",
    "apple pl": "Wiadomość napisana przez Sklep <shop@example.com> w dniu 4 maj 2026, 10:15:",
    "thunderbird en": "On 5/4/26 10:15, The Shop wrote:",
    "thunderbird de": "Am 04.05.26 um 10:15 schrieb Der Laden:",
    "thunderbird fr": "Le 04/05/2026 à 10:15, La Boutique a écrit :",
    "thunderbird es": "El 4/5/26 a las 10:15, La Tienda escribió:",
    "thunderbird it": "Il 04/05/26 10:15, Il Negozio ha scritto:",
    "thunderbird nl": "Op 04-05-2026 om 10:15 schreef De Winkel:",
    "thunderbird pt": "Em 04/05/2026 10:15, A Loja escreveu:",
    "thunderbird pl": "W dniu 4.05.2026 o 10:15, Sklep pisze:",
    "ja": "2026年5月4日(月) 10:15 Shop <shop@example.com>:",
    "ru": "пн, 4 мая 2026 г. в 10:15, Shop <shop@example.com>:",
    "wrapped before its first colon": "Am Montag, dem 4. Mai 2026, schrieb Der Laden mit dem sehr"
    "\nlangen Namen <shop@example.com>:",
    "k9 de": "Am 4. Mai 2026 10:15:00 MESZ schrieb Der Laden <shop@example.com>:",
    "samsung": "-------- Original message --------\nFrom: The Shop <shop@example.com>\n"
    "Date: 04/05/2026 10:15 (GMT+01:00)\nTo: ann@example.org\nSubject: Re: mug\n",
}  # fmt: skip

# Blocks above a quote that nothing marks.
BLOCKS = {
    "outlook en": "From: The Shop <shop@example.com>\nSent: Monday, May 4, 2026 10:15 AM\n"
    "To: Ann <ann@example.org>\nSubject: Re: mug",
    "outlook line": "________________________________\nFrom: The Shop <shop@example.com>\n"
    "Sent: Monday, May 4, 2026 10:15 AM\nTo: Ann <ann@example.org>\nSubject: Re: mug",
    "outlook bold": "*From:* The Shop <shop@example.com>\n*Sent:* Monday, May 4, 2026 10:15 AM\n"
    "*To:* Ann <ann@example.org>\n*Subject:* Re: mug",
    "outlook old": "-----Original Message-----\nFrom: The Shop [mailto:shop@example.com]\n"
    "Sent: Monday, May 4, 2026 10:15 AM\nTo: Ann\nSubject: Re: mug",
    "outlook de": "Von: Der Laden <shop@example.com>\nGesendet: Montag, 4. Mai 2026 10:15\n"
    "An: Ann <ann@example.org>\nBetreff: AW: Tasse",
    "outlook de old": "-----Ursprüngliche Nachricht-----\nVon: Der Laden\nGesendet: Montag, 4. Mai "
    "2026 10:15\nAn: Ann\nCc: Bob\nBetreff: AW: Tasse",
    "outlook fr": "De : La Boutique <shop@example.com>\nEnvoyé : lundi 4 mai 2026 10:15\n"
    "À : Ann <ann@example.org>\nObjet : RE: tasse",
    "outlook es": "De: La Tienda <shop@example.com>\nEnviado: lunes, 4 de mayo de 2026 10:15\n"
    "Para: Ann <ann@example.org>\nAsunto: RE: taza",
    "outlook it": "Da: Il Negozio <shop@example.com>\nInviato: lunedì 4 maggio 2026 10:15\n"
    "A: Ann <ann@example.org>\nOggetto: R: tazza",
    "outlook nl": "Van: De Winkel <shop@example.com>\nVerzonden: maandag 4 mei 2026 10:15\n"
    "Aan: Ann <ann@example.org>\nOnderwerp: RE: mok",
    "outlook pt": "De: A Loja <shop@example.com>\nEnviado: segunda-feira, 4 de maio de 2026 10:15\n"
    "Para: Ann <ann@example.org>\nAssunto: RE: caneca",
    "outlook pl": "Od: Sklep <shop@example.com>\nWysłano: poniedziałek, 4 maja 2026 10:15\n"
    "Do: Ann <ann@example.org>\nTemat: Odp: kubek",
    "outlook many recipients": "From: The Shop <shop@example.com>\nSent: Monday, May 4, 2026\n"
    "To: Ann <ann@example.org>; Bob <bob@example.org>;\n Carl <carl@example.org>\nSubject: Re: mug",
    "gmx": 'Gesendet: Montag, 04. Mai 2026 um 10:15 Uhr\nVon: "Der Laden" <shop@example.com>\n'
    "An: ann@example.org\nBetreff: Re: Tasse",
    "yahoo en": "On Monday, May 4, 2026 at 10:15:00 AM GMT+2, The Shop <shop@example.com> wrote:",
    "yahoo de": "Am Montag, 4. Mai 2026, 10:15:00 MESZ hat Der Laden <shop@example.com> "
    "Folgendes geschrieben:",
    "yahoo fr": "Le lundi 4 mai 2026 à 10:15:00 UTC+2, La Boutique <shop@example.com> a écrit :",
    "yahoo es": "El lunes, 4 de mayo de 2026, 10:15:00 CEST, Tienda <shop@example.com> escribió:",
    "yahoo it": "Il lunedì 4 maggio 2026 alle ore 10:15:00 CEST, Il Negozio <shop@example.com> ha "
    "scritto:",
    "forwarded": "---------- Forwarded message ---------\nFrom: The Shop <shop@example.com>\n"
    "Date: Mon, May 4, 2026\nSubject: mug\nTo: <ann@example.org>",
    "apple forwarded": "Begin forwarded message:",
    "apple forwarded de": "Anfang der weitergeleiteten Nachricht:",
}  # fmt: skip

SIGNATURES = (
    "-- \nAnn Example\n12 Some Street",
    "--\nAnn Example",
    "Sent from my iPhone",
    "Sent from my Galaxy",
    "Sent from Yahoo Mail on Android",
    "Sent from Outlook for iOS",
    "Get Outlook for Android <https://aka.ms/x>",
    "Von meinem iPhone gesendet",
    "Diese Nachricht wurde von meinem Android-Mobiltelefon mit K-9 Mail gesendet.",
    "Gesendet von Outlook für iOS",
    "Envoyé de mon iPhone",
    "Envoyé à partir de Outlook pour Android",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Verzonden vanuit Outlook voor iOS",
    "Enviado do meu iPhone",
    "Wysłane z iPhone'a",
    "-Ann",
    "-Ann B. Example",
    "________________________________\nshop-list mailing list",
)


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
def test_what_stands_above_a_marked_quote_is_new(line):
    assert new_part(f"{ANSWER}\n\n{line}\n\n{MARKED}\n") == ANSWER


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
def test_what_stands_below_a_marked_quote_is_new(line):
    assert new_part(f"{line}\n{MARKED}\n\n{ANSWER}\n") == ANSWER


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())
def test_what_stands_above_an_unmarked_quote_is_new(block):
    assert new_part(f"{ANSWER}\n\n{block}\n\n{QUOTE}\n") == ANSWER


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_is_not_part_of_what_was_said(signature):
    assert new_part(f"{ANSWER}\n\n{signature}\n") == ANSWER


@pytest.mark.parametrize("line", SIGNATURES[2:-3])
def test_of_a_photo_from_a_telephone_nothing_was_said(line):
    """What the program adds below is nobody's word."""
    assert new_part(f"\n\n{line}\n") == ""


def test_a_name_alone_is_said():
    """It may be all that somebody answers."""
    assert new_part("-Ann") == "-Ann"


@pytest.mark.parametrize("signature", SIGNATURES[2:-1])
def test_a_telephones_line_above_a_quote_is_not_part_of_it(signature):
    text = f"{ANSWER}\n\n{signature}\n\n{ATTRIBUTIONS['apple en']}\n\n{MARKED}\n"
    assert new_part(text) == ANSWER


def test_answers_between_the_quoted_lines_are_kept():
    text = (
        "On 4 May 2026, at 10:15, The Shop <shop@example.com> wrote:\n\n> Which mug?\n\n"
        "The blue one.\n\n> How is it broken?\n\nThe handle is off.\n"
    )
    assert new_part(text).split("\n") == ["The blue one.", "", "", "The handle is off."]


@pytest.mark.parametrize(
    "text",
    [
        "From: the shop I expected more.\nThe mug is broken.",
        "Hello,\nto: my surprise the mug is broken.\nDate: today\nThanks",
        "On Monday your colleague wrote:\nwe will refund you\nbut nothing came.",
        "Am 3. Mai 2026 um 10:00 schrieb mir Ihre Kollegin:\nWir erstatten es.\nNichts kam.",
        "On my last order, placed 3 May 2026 10:15, these were missing:\n2 mugs\n1 plate",
        "Sent from my desk, is much easier than my mobile phone.",
        "My order - the blue one -- is late.\nPlease help.",
        "I want:\n- a refund\n- an apology\n-and soon",
        "Subject: nothing\nIt is broken.",
        "Hello,\nTo: your team\nDate: 3 May\nSubject: a broken mug\nThe handle is off.",
        "So it went:\nFrom: you\nthe blue mug came.\nIt was broken.\nSent: on Monday\nTo: me",
    ],
)
def test_prose_that_looks_like_a_quote_is_kept(text):
    assert new_part(text) == text


@pytest.mark.parametrize("text", [MARKED, f"{BLOCKS['outlook en']}\n\n{QUOTE}"])
def test_a_mail_with_nothing_of_its_own_is_kept_in_some_form(text):
    assert "we sent a new one." in new_part(text)


def test_the_byte_order_mark_of_an_iphone_does_not_hide_the_quote():
    line = ATTRIBUTIONS["apple de"]
    assert new_part(f"{ANSWER}\n\n{line}\n\n\ufeff{MARKED}\n") == ANSWER


HTML_QUOTES = {
    "gmail": '<div class="gmail_quote"><div class="gmail_attr">On Mon, Shop wrote:<br></div>'
    "<blockquote>old words</blockquote></div>",
    "apple": "<div><blockquote type='cite'><div>On 4 May 2026 Shop wrote:</div>old words"
    "</blockquote></div>",
    "thunderbird": '<div class="moz-cite-prefix">Am 04.05.26 schrieb Shop:</div>'
    '<blockquote type="cite">old words</blockquote>',
    "outlook web": '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Shop<br>'
    "<b>Sent:</b> Monday<br><b>Subject:</b> x</div><div>old words</div>",
    "outlook desktop": '<div style="border-top:solid #E1E1E1 1.0pt"><p><b>Von:</b> Shop<br>'
    "<b>Gesendet:</b> Montag<br><b>An:</b> Ann<br><b>Betreff:</b> x</p></div><p>old words</p>",
    "yahoo": '<div class="yahoo_quoted"><div>On Monday, Shop wrote:</div>old words</div>',
    "proton": '<div class="protonmail_quote">On Monday, Shop wrote:<blockquote>old words'
    "</blockquote></div>",
    "bare": "On 4 May 2026, at 10:15, Shop wrote:<blockquote>old words</blockquote>",
    "zimbra": '<div data-marker="__QUOTED_TEXT__">From: Shop<br>old words</div>',
}  # fmt: skip


@pytest.mark.parametrize("quote", HTML_QUOTES.values(), ids=HTML_QUOTES.keys())
def test_what_stands_above_a_quote_in_html_is_new(quote):
    html = f"<html><body><p>The second mug is cracked too.</p><div>Ann</div>{quote}</body></html>"
    read = said((Piece(html=html),), most=10_000)
    assert "old words" in read.text
    assert read.new_text == ANSWER


# What programs and people write who leave out the year and the time, in eight languages.
YEARLESS = (
    "On 16 November, Mill & Moss wrote:",
    "On November 16, Mill & Moss wrote:",
    "On Monday, Mill & Moss wrote:",
    "Am 16. November schrieb Mill & Moss:",
    "Am Montag schrieb Mill & Moss:",
    "Le 16 novembre, Mill & Moss a écrit :",
    "El 16 de noviembre, Mill & Moss escribió:",
    "Il 16 novembre, Mill & Moss ha scritto:",
    "Il giorno 16 novembre Mill & Moss ha scritto:",
    "Op 16 november schreef Mill & Moss:",
    "Em 16 de novembro, Mill & Moss escreveu:",
    "W dniu 16 listopada Mill & Moss napisał:",
    "16 listopada Mill & Moss napisał(a):",
)


@pytest.mark.parametrize("line", YEARLESS)
@pytest.mark.parametrize("quote", [MARKED, QUOTE], ids=["marked", "unmarked"])
def test_an_announcement_without_year_and_time_is_one(line, quote):
    assert new_part(f"{ANSWER}\n\n{line}\n\n{quote}") == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "Nobody answers.\n\nOn 16 November I wrote:\nplease send it back.\n\nStill nothing.",
        "Hello,\n\nOn Monday your colleague wrote:\nit is on its way. But it is not.",
        "Hallo,\n\nAm Montag schrieb mir Ihre Kollegin, dass es kommt:\nes kam nicht.",
        "Hallo,\n\nAm Montag schrieb Ihre Kollegin:\nes kommt morgen. Es kam nicht.",
        "Bonjour,\n\nLe 16 novembre, votre collègue a écrit :\nc'est parti. Rien ici.",
        "Hola,\n\nEl lunes, su colega escribió:\nya sale. No llegó nada.",
    ],
)
def test_what_the_customer_tells_of_who_wrote_what_is_kept(text):
    assert new_part(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "On the box stands this number:",
        "On 3 May 2026 at 10:15 this came:",
        "Skriv til ann@example.org før kl. 10:15",
        "Min adresse er nu ann@example.org:",
    ],
)
@pytest.mark.parametrize("below", ["", f"\n\n{MARKED}"], ids=["nothing below", "a quote"])
def test_a_last_sentence_that_names_nobody_who_wrote_is_new(line, below):
    assert new_part(f"{ANSWER}\n\n{line}{below}") == f"{ANSWER}\n\n{line}"


STORY = "Das sei sicher. Falsch, meine Tochter hat sich verbrannt.\nIch gehe zum Anwalt."
TOLD_WITH_ADDRESS = (
    "am 12.03.2026 um 10:30 schrieb mir Ihr Support (info@shop.example):",
    "am 12.03.2026 um 10:30 schrieb mir Ihr Support <info@shop.example>:",
    "On 12 March 2026 your colleague (info@shop.example) wrote:",
    "On 12 March 2026 your colleague info@shop.example wrote:",
    "Le 12 mars 2026, votre service <info@shop.example> m'a écrit :",
)


@pytest.mark.parametrize("line", TOLD_WITH_ADDRESS)
@pytest.mark.parametrize("above", ["", "Guten Tag,\n\n", "Ich bin sehr verärgert.\n\n"])
def test_a_story_of_who_wrote_with_address_and_date_is_no_quote(line, above):
    text = f"{above}{line}\n{STORY}"
    assert new_part(text) == text


@pytest.mark.parametrize(
    "greeting", ["Guten Tag,", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam", "Hi there!"]
)
def test_below_a_greeting_alone_the_letter_begins_and_no_quote(greeting):
    text = f"{greeting}\n\nOn 12 March 2026, Mill & Moss <info@shop.example> wrote:\n{STORY}"
    assert new_part(text) == text


@pytest.mark.parametrize("said", ["Thanks!", "Hi, still broken", "Hello\nIt is broken.", "ok"])
def test_below_more_than_a_greeting_an_unmarked_quote_is_one(said):
    line = ATTRIBUTIONS["gmail en"]
    assert new_part(f"{said}\n\n{line}\n\n{QUOTE}") == said
