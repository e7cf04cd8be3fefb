"""Severity: facts raise it, anger does not, and each finding names its words."""

from __future__ import annotations

import pytest

from app.domain.assessment import DAYS_LEFT, Assessment, Severity
from app.domain.money import Money
from app.triage.rules import Rules
from app.triage.triage import assess
from tests.unit.triage.builders import a_context, a_message, an_order


def judged(rules: Rules, text: str, **context: object) -> Assessment:
    return assess(a_message(text), a_context(**context), rules=rules)


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("The plug of the kettle sparks and there was smoke.", "safety"),
        ("Aus dem Mixer kam Rauch, er funktioniert nicht mehr.", "safety"),
        ("The checkout shows an error with every card.", "shop_down"),
        ("I can see another customer's orders in my account.", "data_exposed"),
        ("I never placed this order, somebody used my card.", "fraud_now"),
        ("I am a reporter and need your comment before we publish.", "press"),
        ("Hiermit mahnen wir Sie namens unserer Mandantin ab.", "legal"),
    ],
)
def test_what_must_ring_within_the_minute_is_critical(rules: Rules, text: str, factor: str) -> None:
    found = judged(rules, text)
    assert found.severity is Severity.CRITICAL
    assert found.alert
    assert factor in found.factors


def test_the_reason_names_the_finding_that_decided_or_says_that_it_is_usual(rules: Rules) -> None:
    angry = judged(rules, "I will open a case with PayPal, my third email about it.")
    assert "third email" in " ".join(angry.severity_because)
    assert judged(rules, "Where is my order?").severity_because == ("usual for its kind",)


def test_politeness_lowers_nothing(rules: Rules) -> None:
    calm = "No rush at all, just so you know: the heater you sent caught fire yesterday."
    assert judged(rules, calm).severity is Severity.CRITICAL


def test_shouting_raises_nothing(rules: Rules) -> None:
    loud = "THIS IS THE WORST!!! MY ORDER ARRIVED BROKEN!!! TERRIBLE!!!"
    assert judged(rules, loud).severity is Severity.NORMAL


def test_a_third_mail_about_it_is_high_and_quotes_the_words(rules: Rules) -> None:
    found = judged(rules, "This is my third email about order 1042, it arrived broken.")
    assert found.severity is Severity.HIGH
    assert "third email" in found.factors["repeat"]


def test_an_event_counts_by_the_hours_until_it(rules: Rules) -> None:
    """The 18th of November 2026 is a Wednesday."""
    near = judged(rules, "Where is my order? The birthday is on Friday.")
    later = judged(rules, "Where is my order? The birthday is on 27 November.")
    far = judged(rules, "Where is my order? The birthday is in June.")
    assert (near.severity, near.alert) == (Severity.HIGH, True)
    assert (later.severity, later.alert) == (Severity.NORMAL, False)
    assert "event" in later.factors
    assert "event" not in far.factors


def test_a_deadline_alone_does_not_ring(rules: Rules) -> None:
    found = judged(rules, "Where is my order? I need it by Friday.")
    assert found.severity is Severity.HIGH
    assert not found.alert


def test_a_valuable_lost_parcel_is_high_by_its_order(rules: Rules) -> None:
    order = an_order("1042", total=Money(89000, "EUR"))
    text = "Tracking says delivered but my order 1042 never arrived."
    assert judged(rules, text, orders=(order,)).severity is Severity.HIGH
    assert judged(rules, text).severity is Severity.NORMAL


def test_a_question_before_buying_is_low(rules: Rules) -> None:
    found = judged(rules, "Hello, is the lamp suitable for bathrooms? Does it come in green?")
    assert found.severity is Severity.LOW


def test_a_dispute_that_was_won_is_low_and_silent(rules: Rules) -> None:
    message = a_message(
        "The dispute over $30.00 was decided in your favor.",
        sender="Stripe <notices@stripe.com>",
        headers={"Auto-Submitted": "auto-generated"},
    )
    found = assess(message, a_context(), rules=rules)
    assert found.severity is Severity.LOW
    assert not found.alert


def test_a_dispute_far_from_its_deadline_is_high_and_an_unknown_deadline_says_verify(
    rules: Rules,
) -> None:
    text = "A chargeback was opened for order 1042. Evidence is due by {}."
    sender = "Shopify <mailer@shopify.com>"
    far = a_message(text.format("December 9, 2026"), sender=sender)
    unknown = a_message("A chargeback was opened for order 1042.", sender=sender)
    assert assess(far, a_context(), rules=rules).severity is Severity.HIGH
    found = assess(unknown, a_context(), rules=rules)
    assert "verify" in found.factors["dispute_deadline"]


def _a_warning(by: str) -> str:
    return (
        "We act for our client, who instructs us as follows: your product page misleads. "
        f"Please return the signed undertaking by {by} at the latest."
    )


def test_a_lawyers_letter_that_gives_a_week_is_critical_and_says_so(rules: Rules) -> None:
    """The day of the mail is Wednesday, the 18th of November 2026."""
    given, tomorrow = (judged(rules, _a_warning(day)) for day in ("26 November", "tomorrow"))
    assert given.severity is tomorrow.severity is Severity.CRITICAL
    assert given.factors[DAYS_LEFT] == "it gives 8 days"
    assert DAYS_LEFT not in tomorrow.factors


def test_no_day_makes_it_less_urgent_that_somebody_was_hurt(rules: Rules) -> None:
    hurt = judged(rules, f"{_a_warning('26 November')} Our client's son burned his hand on it.")
    assert hurt.severity is Severity.CRITICAL
    assert DAYS_LEFT not in hurt.factors


OTHER_MONEY = Money(1500000, "HUF"), Money(9800, "JPY"), Money(89900, "SEK"), Money(110000, "PLN")


@pytest.mark.parametrize("total", OTHER_MONEY, ids=str)
def test_a_sum_counts_by_its_worth_and_not_by_its_figure(rules: Rules, total: Money) -> None:
    """15,000 forints are 38 euros; a figure of a thousand read as much money in every currency."""
    text = "Tracking says delivered but my order 1042 never arrived."
    found = judged(rules, text, orders=(an_order("1042", total=total),))
    assert found.severity is Severity.NORMAL
    assert "money" not in found.factors


def test_much_money_of_another_currency_is_much(rules: Rules) -> None:
    order = an_order("1042", total=Money(500000, "PLN"))
    found = judged(rules, "My order 1042 never arrived.", orders=(order,))
    assert found.severity is Severity.HIGH
    assert "zł5,000.00 at stake" in found.factors["money"]


NEVER_CAME, CHARGED, BROKEN = (
    "My order 1042 never arrived.",
    "I was charged twice for order 1042, please refund it.",
    "The mug of order 1042 arrived broken.",
)


@pytest.mark.parametrize(
    ("text", "euros", "severity"),
    [
        (NEVER_CAME, 299, Severity.NORMAL),
        (NEVER_CAME, 300, Severity.HIGH),
        (CHARGED, 799, Severity.NORMAL),
        (CHARGED, 800, Severity.HIGH),
        (BROKEN, 5000, Severity.NORMAL),
    ],
)
def test_from_which_sum_on_it_is_high_depends_on_what_it_is_about(
    rules: Rules, text: str, euros: int, severity: Severity
) -> None:
    """What never came is gone whole; what is broken is there, and a sum is only said."""
    found = judged(rules, text, orders=(an_order("1042", total=Money(euros * 100, "EUR")),))
    assert found.severity is severity
    assert ("money" in found.factors) is (euros >= 300)


def test_of_two_sums_the_one_that_is_worth_more_is_at_stake(rules: Rules) -> None:
    text = "My parcel never arrived: I paid 900 EUR, the toll alone was 20000 HUF."
    assert "€900.00" in judged(rules, text).factors["money"]


@pytest.mark.parametrize(
    "text",
    [
        "We would like to stock your mugs in our shop, the samples cost 950 EUR.",
        "Is the 1200 EUR lamp suitable for bathrooms? Does it come in green?",
    ],
)
def test_no_money_is_at_stake_where_nobody_has_paid(rules: Rules, text: str) -> None:
    """An offer, or the price in a question before buying."""
    found = judged(rules, text)
    assert not found.unsure
    assert "money" not in found.factors


@pytest.mark.parametrize(
    ("text", "factor", "words"),
    [
        ("Mi serve entro venerdì, grazie.", "deadline", "entro venerdì"),
        ("Proszę o odpowiedź w ciągu 24 godzin.", "deadline", "w ciągu 24 godzin"),
        ("Najpóźniej do piątku.", "deadline", "Najpóźniej do piątku"),
        ("Bitte liefern Sie bis spätestens Freitag.", "deadline", "bis spätestens Freitag"),
        ("The signed paper is due by Friday.", "deadline", "due by Friday"),
        (
            "Respondan antes del 24 de noviembre, por favor.",
            "deadline",
            "antes del 24 de noviembre",
        ),
        ("On Friday my sister has her wedding.", "event", "Friday my sister has her wedding"),
    ],
)
def test_a_timed_reason_quotes_the_time_that_it_counts_by(
    rules: Rules, text: str, factor: str, words: str
) -> None:
    """“entro”, “w ciągu” and “due by” alone were half a phrase."""
    assert f"{words}”" in judged(rules, text).factors[factor]


def test_of_a_time_far_from_its_words_both_are_quoted_and_nothing_between(rules: Rules) -> None:
    found = judged(
        rules,
        "The wedding of my sister and the man from the village behind the hill, whom we all like"
        " very much, is on Friday.",
    )
    assert "“The wedding … Friday”" in found.factors["event"]


def test_each_of_two_needs_counts_by_its_own_day(rules: Rules) -> None:
    """Wednesday: the wedding is in three days, not tomorrow as the journey is."""
    text = "The wedding is this Saturday and I leave for the church at noon tomorrow, no runners."
    found = judged(rules, text)
    assert "in about 3 days" in found.factors["event"]
    assert "in about a day" in found.factors["deadline"]


def test_who_leaves_tomorrow_for_saturdays_wedding_needs_it_tomorrow(rules: Rules) -> None:
    """What comes first in the sentence counts where the day itself is near, not where it is far."""
    text = "My order never came. {} and I leave for the church at noon tomorrow."
    near = judged(rules, text.format("The wedding is this Saturday"))
    far = judged(rules, text.format("The wedding is on 28 November"))
    assert (near.severity, near.alert) == (Severity.CRITICAL, True)
    assert far.severity is Severity.HIGH


def test_the_day_of_a_dispute_counts_once(rules: Rules) -> None:
    """As the provider's deadline; the words that name it are no second need."""
    text = "A dispute was opened for order 1042. Evidence is due by November 28, 2026."
    message = a_message(text, sender="Stripe <notices@stripe.com>")
    found = assess(message, a_context(), rules=rules)
    assert "in about 10 days" in found.factors["dispute_deadline"]
    assert "deadline" not in found.factors


def test_a_time_beside_a_dispute_that_names_no_day_still_counts(rules: Rules) -> None:
    text = "A dispute was opened for order 1042. Please answer by the end of the week."
    message = a_message(text, sender="Stripe <notices@stripe.com>")
    found = assess(message, a_context(), rules=rules)
    assert "verify" in found.factors["dispute_deadline"]
    assert "deadline" in found.factors


@pytest.mark.parametrize(
    "text",
    [
        "J'ai perdu ma carte et j'ai fait opposition. Comment puis-je payer ma commande ?",
        "Je dois faire opposition, on m'a volé ma carte bleue.",
        "Votre emballage est en opposition totale avec vos valeurs. Où est ma commande ?",
        "Quero o estorno da encomenda que devolvi há um mês.",
        "Podem fazer o estorno no meu cartão?",
    ],
)
def test_a_blocked_card_and_a_plain_refund_are_no_threat(rules: Rules, text: str) -> None:
    assert "chargeback_threat" not in judged(rules, text).factors


@pytest.mark.parametrize(
    "text",
    [
        "Sans remboursement demain, je ferai opposition au prélèvement.",
        "Sinon je fais opposition auprès de ma banque.",
        "Se não responderem vou pedir o estorno ao meu banco.",
    ],
)
def test_who_will_have_the_bank_take_it_back_threatens(rules: Rules, text: str) -> None:
    assert "chargeback_threat" in judged(rules, text).factors


@pytest.mark.parametrize(
    "text",
    [
        "This is my letter before action: it broke, and I want my 40 pounds back in 14 days. Dave",
        "Par la présente, mise en demeure de me rembourser ma commande. Gérard",
        "La presente vale come messa in mora, attendo il rimborso. Paolo",
        "Deze ingebrekestelling geeft u 14 dagen om te leveren. Jan",
        "Overeenkomstig de wet stel ik u in gebreke. Jan",
        "Przedsądowe wezwanie do zapłaty za zwrócony towar. Anna",
    ],
)
def test_a_persons_formal_notice_is_high_and_no_lawyer_wrote_it(rules: Rules, text: str) -> None:
    found = judged(rules, text)
    assert "formal notice" in found.factors["formal_notice"]
    assert "legal" not in found.factors
    assert found.severity is Severity.HIGH


def test_a_notice_that_a_client_has_written_is_a_lawyers(rules: Rules) -> None:
    text = "Au nom de notre client, nous vous mettons en demeure de cesser cette vente."
    found = judged(rules, text)
    assert "lawyer" in found.factors["legal"]
    assert found.severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("Jemand hat sich in meinem Kundenkonto angemeldet und bestellt.", "fraud_now"),
        ("Quelqu'un s'est introduit dans mon compte et a commandé.", "fraud_now"),
        ("Alguien ha entrado en mi cuenta y ha pedido dos mesas.", "fraud_now"),
        ("Qualcuno è entrato nel mio account e ha ordinato.", "fraud_now"),
        ("Iemand heeft ingebroken in mijn account en besteld.", "fraud_now"),
        ("Alguém entrou na minha conta e encomendou.", "fraud_now"),
        ("Ktoś włamał się na moje konto i zamówił.", "fraud_now"),
        ("Mañana dejaré malas reseñas en cada portal.", "public_threat"),
        ("Domani lascerò recensioni negative in ogni portale.", "public_threat"),
        ("Amanhã deixo críticas negativas em cada portal.", "public_threat"),
        ("Morgen zet ik overal een review over jullie.", "public_threat"),
        ("Remboursez-moi sous huit jours.", "deadline"),
        ("Ik kreeg een stroomstoot van de lamp.", "safety"),
        ("Poraził mnie prąd z tej lampy.", "safety"),
    ],
)
def test_a_fact_is_found_in_each_language_and_number(rules: Rules, text: str, factor: str) -> None:
    """What one language knew, or figures and the singular, the others now know in words."""
    assert factor in judged(rules, text).factors
