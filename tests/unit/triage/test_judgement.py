"""The judgement with what was learnt: mails in eight languages that it has never seen, and facts
that hold for every mail.

The mails were written for this test and stand in no example.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.assessment import IssueFacts, Kind, Severity
from app.triage.classifier import LearnedClassifier
from app.triage.model import Model
from app.triage.rules import Rules
from app.triage.scoring import rank
from app.triage.triage import assess, read_ahead
from tests.support.shipped import RULES
from tests.unit.triage.builders import NOON, a_context, a_message

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources" / "model" / "judgement.npz"
UNSEEN = [
    (
        Kind.DAMAGED,
        "Moin, die Teekanne kam mit einem Sprung im Boden an, der halbe Tisch ist nass.",
    ),
    (Kind.DAMAGED, "De rits van de rugzak is na twee wandelingen al kapot gegaan."),
    (Kind.WRONG_ITEM, "I asked for the green scarf and there is a brown hat in the parcel."),
    (Kind.WRONG_ITEM, "Manque un pied sur les quatre de la table, impossible de la monter."),
    (Kind.WRONG_SIZE, "Le scarpe sono troppo strette, mi servirebbe un numero in più."),
    (
        Kind.NOT_RECEIVED,
        "El seguimiento pone entregado ayer pero aquí no ha llegado ningún paquete.",
    ),
    (Kind.NOT_RECEIVED, "Kurier twierdzi, że dostarczył, a u mnie ani u sąsiadów paczki nie ma."),
    (Kind.LATE, "Any idea when my parcel will move again? Tracking has been stuck for nine days."),
    (Kind.LATE, "A encomenda devia ter chegado na terça, quando é que chega?"),
    (Kind.RETURN_REQUEST, "Ich möchte den Mantel zurückgeben, er gefällt mir doch nicht. Label?"),
    (Kind.REFUND_BILLING, "J'ai renvoyé les bottes il y a un mois, où est mon remboursement ?"),
    (Kind.DISPUTE, "Er is met mijn kaart bij jullie betaald maar ik heb nooit iets besteld."),
    (Kind.CHANGE_CANCEL, "Wrong house number on my order, it must be 17 not 71, please change it."),
    (Kind.SITE_ACCOUNT, "Non riesco ad accedere al mio account, la password non viene accettata."),
    (Kind.PRODUCT_QUESTION, "Czy ten garnek nadaje się na indukcję i czy można go myć w zmywarce?"),
    (Kind.LEGAL_EXECUTIVE, "We act for Mrs Holt. This is a letter before action; reply by Friday."),
    (
        Kind.OTHER,
        "Wir würden Ihre Seifen gern in unserem Laden führen. Haben Sie Preise für Händler?",
    ),
]


@pytest.fixture(scope="module")
def classifier() -> LearnedClassifier:
    return LearnedClassifier(WEIGHTS, rules=RULES)


def test_the_weights_can_be_loaded_and_know_what_they_were_learnt_from():
    """The shipped file is whole and small."""
    model = Model.load(WEIGHTS)
    assert len(model.learnt_from) == 64
    assert WEIGHTS.stat().st_size < 6_000_000


def test_plain_mails_in_eight_languages_come_out_right(classifier):
    """Of seventeen mails nobody has seen at most two are taken for another kind."""
    wrong = []
    for kind, text in UNSEEN:
        found = assess(a_message(text), a_context(), rules=RULES, classifier=classifier)
        if found.kind is not kind:
            wrong.append((kind.value, found.kind.value, text))
    assert len(wrong) <= 2, wrong


LAMP = """Hello, we switched on the desk lamp from you yesterday and after ten minutes smoke came
out of the plug and the wall socket is black. The children's room is next to it. Should we do
anything?
"""
RASSEL = """Guten Tag, heute früh hat sich von der Rassel ein kleines Teil gelöst, unser Sohn hatte
es schon im Mund und hat gewürgt. Es geht ihm gut. Vielleicht wollen Sie das wissen, bevor es
anderen passiert."""
CAISSE = """Bonjour, impossible de payer depuis ce matin, trois de mes amies ont la même erreur 500
à la caisse de votre site. Personne ne peut commander."""


@pytest.mark.parametrize(
    ("subject", "text"), [("lamp", LAMP), ("Rassel", RASSEL), ("caisse", CAISSE)]
)
def test_a_calm_word_about_danger_or_a_closed_checkout_rings(classifier, subject, text):
    """Facts before tone; what rings is at least a matter of today."""
    message = a_message(text, subject=subject)
    found = assess(message, a_context(), rules=RULES, classifier=classifier)
    assert found.alert
    assert found.severity.rank >= Severity.HIGH.rank


def test_a_danger_named_outright_is_a_matter_of_today_at_least(classifier):
    """However politely and without hurry it is told."""
    text = "There was smoke coming from the plug of the lamp. No hurry, what shall I do?"
    found = assess(a_message(text), a_context(), rules=RULES, classifier=classifier)
    assert found.severity.rank >= Severity.HIGH.rank


def test_shouting_about_little_does_not_ring(classifier):
    """Capitals and exclamation marks are no facts."""
    text = "THREE WEEKS FOR A PAIR OF SOCKS!!! THIS IS A JOKE!!! WHERE ARE THEY???"
    found = assess(a_message(text), a_context(), rules=RULES, classifier=classifier)
    assert not found.alert
    assert found.severity.rank <= Severity.HIGH.rank


def test_without_the_weights_the_rules_judge_alone(tmp_path):
    """A missing file is said, and costs no mail its judgement."""
    classifier = LearnedClassifier(tmp_path / "gone.npz", rules=RULES)
    assert "gone.npz is missing" in classifier.missing()
    found = assess(
        a_message("The jug arrived broken."), a_context(), rules=RULES, classifier=classifier
    )
    assert found.kind is Kind.DAMAGED
    assert found.severity_by_facts is found.severity


def test_a_file_that_is_no_weights_is_said_too(tmp_path):
    """Nothing in it is executed, and the rules judge alone."""
    path = tmp_path / "judgement.npz"
    path.write_bytes(b"not an array")
    classifier = LearnedClassifier(path, rules=RULES)
    assert assess(a_message("Hm."), a_context(), rules=RULES, classifier=classifier).unsure
    assert "cannot be used" in classifier.missing()


def test_an_own_rule_counts_beside_what_was_learnt(classifier, tmp_path):
    """A rule that the owner wrote moves mails that say its words."""
    (tmp_path / "patterns.toml").write_text(
        '[[pattern]]\nname = "own.tasting"\nkind = "other"\nweight = 6.0\n'
        'match = ["a seat at the tasting"]\n[pattern.phrases]\nen = ["tasting"]\n',
        encoding="utf-8",
    )
    rules = Rules.load(ROOT / "rules", tmp_path)
    owners = LearnedClassifier(WEIGHTS, rules=rules)
    message = a_message("Can you keep a seat at the tasting for me?")
    assert assess(message, a_context(), rules=rules, classifier=owners).kind is Kind.OTHER


@settings(max_examples=15, deadline=None)
@given(days=st.integers(0, 12), earlier=st.integers(1, 12))
def test_a_nearer_deadline_is_never_less_bad(days, earlier):
    """The same words read later, when less time is left, are at least as severe."""
    text = "We need the banners by 2 December 2026, it is for our fair. Order 20417."
    late = NOON + timedelta(days=days)
    early = late - timedelta(days=earlier)
    found = [
        assess(
            a_message(text, sent_at=moment), a_context(now=moment), rules=RULES, classifier=SHARED
        )
        for moment in (early, late)
    ]
    assert found[1].severity.rank >= found[0].severity.rank
    assert found[1].alert >= found[0].alert


SHARED = LearnedClassifier(WEIGHTS, rules=RULES)
FACTS = st.builds(
    IssueFacts,
    kind=st.sampled_from(list(Kind)),
    severity=st.sampled_from(list(Severity)),
    severity_by_facts=st.one_of(st.none(), st.sampled_from(list(Severity))),
    unsure=st.booleans(),
    suspicious=st.booleans(),
    factors=st.dictionaries(st.sampled_from(sorted(RULES.scoring.factors)), st.just("seen")),
    waiting_since=st.one_of(
        st.none(), st.integers(0, 300).map(lambda h: NOON - timedelta(hours=h))
    ),
    unanswered=st.integers(0, 6),
    due_at=st.one_of(st.none(), st.integers(-50, 90).map(lambda h: NOON + timedelta(hours=h))),
    customer_orders=st.integers(0, 9),
)


@given(facts=FACTS)
def test_points_always_sum_to_the_score(facts):
    """Also where the mail as a whole reads worse or less bad than its facts."""
    found = rank(facts, NOON, rules=RULES)
    assert sum(reason.points for reason in found.reasons) == found.score
    assert 0 <= found.score <= 100


@given(facts=FACTS, more=st.integers(1, 3))
def test_a_further_unanswered_mail_never_lowers_the_score(facts, more):
    """Whoever writes again does not fall behind."""
    again = replace(facts, unanswered=facts.unanswered + more)
    assert rank(again, NOON, rules=RULES).score >= rank(facts, NOON, rules=RULES).score


@given(facts=FACTS, hours=st.integers(1, 60))
def test_a_nearer_promise_never_lowers_the_score(facts, hours):
    """As the promised answer comes near, the issue rises or stays."""
    due = facts.due_at or NOON + timedelta(hours=100)
    nearer = replace(facts, due_at=due - timedelta(hours=hours))
    further = replace(facts, due_at=due)
    assert rank(nearer, NOON, rules=RULES).score >= rank(further, NOON, rules=RULES).score


def test_where_a_mail_reads_worse_than_its_facts_that_is_one_reason():
    """Named plainly, with its points."""
    facts = IssueFacts(
        kind=Kind.LATE, severity=Severity.CRITICAL, severity_by_facts=Severity.NORMAL
    )
    found = rank(facts, NOON, rules=RULES)
    points = RULES.scoring.severity
    reason = next(reason for reason in found.reasons if reason.factor == "reads_like")
    assert reason.points == points[Severity.CRITICAL] - points[Severity.NORMAL]
    assert reason.because.startswith("as a whole it reads critical: act within the hour")


def test_two_independent_mails_are_judged_alike_in_either_order(classifier):
    """Nothing is remembered from mail to mail."""
    texts = ("The jug arrived broken.", "Where is my parcel?")
    one, other = (
        [assess(a_message(t), a_context(), rules=RULES, classifier=classifier) for t in order]
        for order in (texts, texts[::-1])
    )
    assert one == other[::-1]


@pytest.mark.parametrize(
    "text",
    [
        "The mug split in my hand and I needed four stitches.",
        "Der Becher hatte einen Sprung, meine Frau hat sich daran die Hand aufgeschnitten.",
        "Ma fille s'est ouvert la main avec le bol fêlé, trois points de suture.",
        "El vaso estalló y mi hija tiene un corte en la mano, le pusieron cuatro puntos.",
        "Il bicchiere si è rotto in mano a mia moglie, tre punti di sutura.",
        "De mok brak en mijn vrouw heeft een snee in haar hand die gehecht moest worden.",
        "A caneca partiu-se e a minha mãe cortou a mão, levou três pontos.",
        "Kubek pękł i żona rozcięła sobie rękę, trzeba było szyć.",
    ],
)
def test_a_wound_rings_in_every_language_however_calmly_it_is_told(classifier, text):
    found = assess(a_message(text), a_context(), rules=RULES, classifier=classifier)
    assert found.severity is Severity.CRITICAL
    assert found.alert


@pytest.mark.parametrize(
    "text",
    [
        "On my harness there is a run of ten stitches missing, is that safe?",
        "Zum Glück hat sich niemand an der Scherbe die Hand geschnitten.",
    ],
)
def test_a_wound_that_nobody_has_is_no_certain_danger(text):
    found = assess(a_message(text), a_context(), rules=RULES)
    assert "somebody was hurt" not in " ".join(found.severity_because)


@pytest.mark.parametrize("known", [False, True])
def test_a_mail_whose_words_were_read_before_is_judged_the_same(known):
    """What is read ahead depends on the words alone: not on who writes, nor on what is passed on;
    a second judgement reads them again."""
    once, ahead = (LearnedClassifier(WEIGHTS, rules=RULES) for _ in range(2))
    for subject, text in (
        ("Mug", "The mug cut my hand when I lifted it."),
        ("Fwd: please", "see below\n\n> My parcel never came, and the wedding is on Saturday."),
    ):
        message = replace(a_message(text, subject=subject), new_text=text.split("\n")[0])
        context = replace(a_context(), known_customer=known)
        read_ahead([message], ahead)
        for _ in range(2):
            found = [assess(message, context, rules=RULES, classifier=c) for c in (once, ahead)]
            assert found[0] == found[1]


@pytest.mark.parametrize(
    "text",
    [
        "I got an electric shock from the reading lamp, its foot is live.",
        "Von eurer Leselampe habe ich einen Stromschlag bekommen, ihr Fuß steht unter Strom.",
        "J'ai pris une décharge électrique avec la lampe de lecture.",
        "La lámpara de lectura me ha dado una descarga eléctrica.",
        "Ho preso la scossa dalla lampada da lettura.",
        "Ik kreeg een schok van de leeslamp, de voet staat onder stroom.",
        "Apanhei um choque elétrico do candeeiro de leitura.",
        "Lampka do czytania: poraził mnie prąd, gdy jej dotknąłem.",
    ],
)
def test_an_electric_shock_rings_in_every_language(classifier, text):
    """Known for certain, it rings whatever the mail as a whole reads like."""
    found = assess(a_message(text), a_context(), rules=RULES, classifier=classifier)
    assert found.severity is Severity.CRITICAL
    assert found.alert
