"""Written numbers: which rows of digits are orders and parcels in eight languages, which not."""

from __future__ import annotations

import textwrap
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.money import Money
from app.triage.amounts import amounts
from app.triage.days import named_days
from app.triage.entities import entities_of
from app.triage.lines import tidied, unwrapped
from app.triage.order_numbers import order_numbers
from app.triage.tracking import tracking_numbers
from tests.unit.triage.builders import a_context, a_message


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Any news on 31877? It was meant to be here Friday.", ("31877",)),
        ("where's 30412??", ("30412",)),
        ("pls cancel 8841, wrong colour", ("8841",)),
        ("They were orders I never made, 55101, 55102 and 55104.", ("55101", "55102", "55104")),
        ("Order confirmation 55102 received, no parcel", ("55102",)),
        ("The replacement was order 20422-R", ("20422-R",)),
        ("Your order #A1042-B has shipped", ("A1042-B",)),
        ("my order number's 44122", ("44122",)),
        ("Bestellung vom 3. Mai, Nr. 55120, ist nicht da", ("55120",)),
        ("Bestell-Nr.: 2026-10442", ("2026-10442",)),
        ("es geht um 41877, da fehlt der Deckel", ("41877",)),
        ("Kundennummer 88123, Bestellnummer 41877", ("41877",)),
        ("Betreff: Bestellung 41877/41878", ("41877", "41878")),
        ("Bestellbestätigung 44126", ("44126",)),
        ("Ma commande nº51220 n'est pas arrivée", ("51220",)),
        ("je vous écris pour la 60212, toujours rien", ("60212",)),
        ("el pedido con número 81468", ("81468",)),
        ("le escribo por el 81467, que no llega", ("81467",)),
        ("il mio ordine del 3 ottobre (48155)", ("48155",)),
        ("numero d'ordine: 48157", ("48157",)),
        ("ordernummer 77122", ("77122",)),
        ("het gaat om 77120, de lamp is stuk", ("77120",)),
        ("encomenda n.º 30551", ("30551",)),
        ("nº da encomenda: 30553", ("30553",)),
        ("zamówienia 90137 i 90138", ("90137", "90138")),
        ("chodzi o 90140, nie przyszło", ("90140",)),
        ("the marble run (TS-8201) lacks its lift", ("TS-8201",)),
        ("eBay 12-09876-54321", ("12-09876-54321",)),
        ("Etsy order 3012345678", ("3012345678",)),
        ("It cost £345. 20660.", ("20660",)),
        ("someone please deliver 31555", ("31555",)),
        ("wann repariert ihr 41877?", ("41877",)),
    ],
)
def test_an_order_is_found_where_it_is_meant(text: str, numbers: tuple[str, ...]) -> None:
    assert order_numbers(tidied(text)) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "Call me on 07700 900412",
        "Tel. 0561 / 4810599",
        "10115 Berlin",
        "12 High Street, Springfield, IL 62704",
        "200 Merchant Way, Wilmington DE 19801",
        "Rue de la Paix 12, 75002 Paris",
        "1012 AB Amsterdam",
        "00-950 Warszawa",
        "I ordered in 2023",
        "card ending in 4242",
        "Karte mit Endziffern 8802",
        "invoice 55120",
        "Rechnung Nr. 2026-0042",
        "fattura n. 1203",
        "Fall-Nr. 55123",
        "Chargeback (Ref 4419-A)",
        "IBAN DE89 3704 0044 0532 0130 00",
        "Charge 2635",
        "serial no. 884213",
        "customer number 88123",
        "numéro client 88123",
        "return number 55120",
        "Artikelnummer 55120",
        "we sell 4500 units a month",
        "an order of 1200 stickers",
        "I would like to order 500 flyers",
        "VAT GB123456789",
        "KvK 33031431",
        "RMA-4471 was issued",
        "error code 50332",
        "Order total: 1234",
        "bestellte 1500 Stück",
        "policy number 44120",
        "klantnummer 88123",
        "numer klienta 88123",
        "we run Windows 11 build 22631",
        "between 31555 and 31777",
    ],
)
def test_a_number_of_something_else_is_no_order(text: str) -> None:
    assert order_numbers(tidied(f"Hello,\n\n{text}\n\nThanks")) == ()
    assert order_numbers(tidied(f"Hi, {text}. Thanks")) == ()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1Z 999 AA1 01 2345 6784", "1Z999AA10123456784"),
        ("1z999aa10123456784", "1Z999AA10123456784"),
        ("tracking no: 1234 5678 9012", "123456789012"),
        ("numer przesyłki 620123456789012345678901", "620123456789012345678901"),
        ("código de seguimiento PQ4ABC0700012345670128012A", "PQ4ABC0700012345670128012A"),
        ("colis 6A12345678901", "6A12345678901"),
        ("toujours rien du 8R 00123 45678 9", "8R00123456789"),
        ("DPD sagt zu 0150 1234 5678 90 nichts", "01501234567890"),
        ("JVGL 0612 3456 7890 1234 liegt fest", "JVGL0612345678901234"),
        ("Sendung JJD 0003 4512 3456 7890 123", "JJD0003451234567890123"),
        ("código de seguimento 00123456789", "00123456789"),
        ("a encomenda CT9938821PT está retida", "CT9938821PT"),
    ],
)
def test_a_parcel_is_read_with_blanks_and_in_small_letters(text: str, number: str) -> None:
    assert tracking_numbers(text) == (number,)


def test_an_order_that_is_called_a_parcel_in_portuguese_stays_an_order() -> None:
    found = entities_of(a_message("a encomenda 100000123 atrasou"), a_context(), days=())
    assert (found.order_numbers, found.tracking_numbers) == (("100000123",), ())


def test_a_batch_and_half_an_order_number_are_no_articles() -> None:
    text = "Charge L2511-07 der Creme CAL-50, Lot: AB-77, Bestellung PT-2026/0881"
    found = entities_of(a_message(text), a_context(), days=())
    assert found.skus == ("CAL-50",)
    assert found.order_numbers == ("PT-2026/0881",)


def test_an_article_in_brackets_is_an_article_and_the_order_beside_it_an_order() -> None:
    text = "en mi pedido nº 10.533 la jarra (ref. JR-140-AZ) vino rota"
    found = entities_of(a_message(text), a_context(), days=())
    assert (found.order_numbers, found.skus) == (("10533",), ("JR-140-AZ",))


@pytest.mark.parametrize(
    "text", ["DPD customer service 0800123456", "the parcel, call 015112345678"]
)
def test_a_phone_number_beside_a_carriers_name_is_no_parcel(text: str) -> None:
    assert tracking_numbers(text) == ()


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("£1.5k", Money(150000, "GBP")),
        ("R$ 120,00", Money(12000, "BRL")),
        ("20 US dollars", Money(2000, "USD")),
        ("sFr. 89.50", Money(8950, "CHF")),
        ("Fr. 89.90", Money(8990, "CHF")),
        ("Fr. 19.90", Money(1990, "CHF")),
        ("Fr. 1'250.-", Money(125000, "CHF")),
        ("Fr. 120", Money(12000, "CHF")),
        ("CHF 45.–", Money(4500, "CHF")),
        ("500 kr", Money(50000, "SEK")),
        ("kr 1 250,50", Money(125050, "SEK")),
        ("299 kronor", Money(29900, "SEK")),
        ("450 kroner", Money(45000, "NOK")),
        ("12 500 Ft", Money(1250000, "HUF")),
        ("9900 forint", Money(990000, "HUF")),
        ("1.249,– EUR", Money(124900, "EUR")),
        ("€ 35,--", Money(3500, "EUR")),
        ("1\u202f249,00\u202f€", Money(124900, "EUR")),
        ("89 R$", Money(8900, "BRL")),
    ],
)
def test_an_amount_in_an_uncommon_form(text: str, money: Money) -> None:
    assert amounts(f"I paid {text} for it") == (money,)


@pytest.mark.parametrize(
    "text",
    [
        "Das Paket kam am Fr. 20.11. an",
        "bis Fr. 12.10",
        "a rope of 40 ft",
        "30 Ft long",
        "krone 12",
    ],
)
def test_a_friday_or_a_foot_is_no_money(text: str) -> None:
    assert amounts(text) == ()


def test_crowns_are_those_of_the_country_that_is_named() -> None:
    """Three countries write "kr"; where none is named, most are Swedish."""
    assert amounts("500 kr to Denmark") == (Money(50000, "DKK"),)
    assert amounts("500 kr, ich wohne in Norwegen") == (Money(50000, "NOK"),)
    assert amounts("500 kr") == (Money(50000, "SEK"),)


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("W dniach 10–20 listopada 2026", "pl", ["2026-11-10", "2026-11-20"]),
        ("3rd-5th November", "en", ["2026-11-03", "2026-11-05"]),
        ("vom 3.-5. November", "de", ["2026-11-03", "2026-11-05"]),
        (
            "devuelto el 22 de septiembre, en su almacén desde el 28.",
            "es",
            ["2026-09-22", "2026-09-28"],
        ),
        (
            "mes courriers des 3, 11 et 17 novembre",
            "fr",
            ["2026-11-03", "2026-11-11", "2026-11-17"],
        ),
        ("am 3., 11. und 17. November", "de", ["2026-11-03", "2026-11-11", "2026-11-17"]),
        ("los días 3, 11 y 17 de noviembre", "es", ["2026-11-03", "2026-11-11", "2026-11-17"]),
        ("in room 3, 17 November", "en", ["2026-11-17"]),
        ("It's the 18th and nothing came", "en", []),
        ("before the 7th\nof November", "en", ["2026-11-07"]),
    ],
)
def test_days_in_ranges_and_beside_each_other(text: str, language: str, days: list[str]) -> None:
    text = f"{'word ' * 8}{text}"
    found = named_days(text, sent=date(2026, 11, 18), language=language)
    assert [named.day.isoformat() for named in found][: len(days)] == days
    assert bool(found) is bool(days)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I ordered the flap on the 20th and nothing came", "en"),
        ("it was delivered on the 20th, they say", "en"),
        ("On the 20th I returned it", "en"),
        ("I have waited since the 20th", "en"),
        ("Das Paket wurde am 20. zugestellt", "de"),
        ("Ich habe am 20. bei Ihnen ein Zelt bestellt", "de"),
        ("le colis est arrivé le 20, trop tard", "fr"),
        ("El día 20 me contestaron que no", "es"),
        ("la scatola è arrivata il 20, rotta", "it"),
        ("Bij u besteld op de 20e, nog niets", "nl"),
        ("Comprei o drone dia 20, avariou", "pt"),
        ("zamówiłam dnia 20, nie doszło", "pl"),
    ],
)
def test_a_day_that_is_told_of_is_behind_us(text: str, language: str) -> None:
    """On 18 November "I ordered on the 20th" is 20 October."""
    (found,) = named_days(text, sent=date(2026, 11, 18), language=language)
    assert found.day == date(2026, 10, 20)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("it must be delivered on the 20th", "en"),
        ("I ordered three and need them on the 20th", "en"),
        ("you told me it comes on the 20th", "en"),
        ("I've got my sister staying until the 20th", "en"),
        ("Das muss am 20. geliefert werden", "de"),
        ("habe bestellt und brauche es am 20.", "de"),
        ("vous m'aviez dit le 20", "fr"),
        ("para la misa, el 20, le encargué rosas", "es"),
        ("abbiamo prenotato dal 20, già pagato", "it"),
        ("we komen het op de 20e, halen", "nl"),
        ("me disseram dia 20", "pt"),
    ],
)
def test_a_day_that_is_spoken_of_may_be_ahead(text: str, language: str) -> None:
    (found,) = named_days(text, sent=date(2026, 11, 18), language=language)
    assert found.day == date(2026, 11, 20)


LETTER = (
    "Hello, I wrote last week about order 20417 and about the second one, 20418, which was meant to"
    " come by 7 November with UPS (1Z999AA10123456784). I paid 1 249,00 EUR for both and the shelf"
    " SHF-220-OAK is still missing. My neighbour waited at home on 5 November, number 41 in our"
    " street, and nobody came. Please cancel 20418, and refund 89,90 EUR by 30.11.2026."
)


@given(st.integers(min_value=48, max_value=100), st.sampled_from(["", " ", "\n\n", "\t", "\u00a0"]))
@settings(max_examples=60)
def test_entities_do_not_depend_on_margins_and_blanks_around(margin: int, around: str) -> None:
    def read(text: str) -> object:
        days = named_days(text, sent=date(2026, 11, 1), language="en")
        return entities_of(a_message(text), a_context(), days=days)

    wrapped = "\n".join(textwrap.wrap(LETTER, margin, break_on_hyphens=False))
    assert read(f"{around}{wrapped}{around}") == read(LETTER)


@given(st.text(alphabet="ab 1\n\t>-", max_size=300))
def test_unwrapping_moves_no_letter(text: str) -> None:
    assert len(unwrapped(text)) == len(text)


def test_a_day_of_a_list_takes_the_lists_month_and_no_other() -> None:
    """The first of "am 9., 16. und 23. Oktober" was read as the 9th that is nearest."""
    found = named_days("am 9., 16. und 23. Oktober", sent=date(2026, 11, 6), language="de")
    assert [named.day.isoformat() for named in found] == ["2026-10-09", "2026-10-16", "2026-10-23"]


def test_the_month_of_a_date_in_figures_is_no_day_of_a_range() -> None:
    """ "13/1 e 19/1" had a first of January too, and of "12/10 a 18/10" a tenth of October."""
    found = named_days("pedi em 13/11 e 19/11", sent=date(2026, 11, 20), language="pt")
    assert [named.day.isoformat() for named in found] == ["2026-11-13", "2026-11-19"]


def test_a_list_of_short_lines_stays_a_list() -> None:
    address = "Ann Example\n12 High Street\nSpringfield\nIL 62704"
    assert unwrapped(address) == address
