"""Every kind can be taught, in three languages: a mail that follows is judged as its like were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.assessment import Assessment, Kind
from app.triage.classifier import LearnedClassifier
from app.triage.learner import refit
from app.triage.lesson import Lesson, Said
from app.triage.looking import look
from app.triage.triage import assess
from tests.support.shipped import RULES
from tests.unit.triage.builders import NOON, a_context, a_message

ROOT = Path(__file__).parents[3]
# Mails of one sort, which a shop may file under any kind; the last of each is never taught.
SORTS = {
    "en": (
        (
            "Tuning our piano",
            (
                "Hello, we bought an upright from you in spring and it could do with a tuning.\n"
                "Does somebody come to the house? Mornings suit us best.\n\nRuth Amory"
            ),
        ),
        (
            "piano tuner",
            (
                "Hi there\n\nthe E above middle C has gone sour. Could your tuner look in\n"
                "when he's next round our way? We're in Frome.\n\nThanks, Colin"
            ),
        ),
        (
            "tuning before the concert season",
            (
                "Dear all, the school's two uprights need their yearly tuning. Any week in\n"
                "January would do. Please say what you'd need from us.\n\nP. Okafor, music"
            ),
        ),
        (
            "Is the tuner free?",
            (
                "Good morning, we'd like our piano tuned at home, an upright again, the one\n"
                "with the candle holders. Which mornings does your tuner have?\n\nMrs Lovell"
            ),
        ),
    ),
    "de": (
        (
            "Klavier stimmen",
            (
                "Guten Tag, unser Klavier von Ihnen müsste einmal gestimmt werden. Kommt da\n"
                "jemand ins Haus? Vormittags wäre es uns am liebsten.\n\nRenate Amrhein"
            ),
        ),
        (
            "Stimmer",
            (
                "Hallo, das E klingt schief. Kann Ihr Klavierstimmer vorbeischauen, wenn er\n"
                "wieder in der Gegend ist? Wir wohnen in Fulda.\n\nViele Grüße, Kolja"
            ),
        ),
        (
            "Stimmung der Schulklaviere",
            (
                "Sehr geehrte Damen und Herren, die beiden Klaviere der Schule brauchen wie\n"
                "jedes Jahr eine Stimmung, eine Woche im Januar passt.\n\nP. Ott"
            ),
        ),
        (
            "Hat der Stimmer Zeit?",
            (
                "Guten Morgen, wir möchten unser Klavier zu Hause stimmen lassen, das mit den\n"
                "Kerzenhaltern. An welchen Vormittagen kommt Ihr Stimmer?\n\nFrau Lotz"
            ),
        ),
    ),
    "fr": (
        (
            "Accorder le piano",
            (
                "Bonjour, notre piano acheté chez vous aurait besoin d'être accordé. Quelqu'un\n"
                "vient-il à domicile ? Plutôt le matin.\n\nRenée Amiel"
            ),
        ),
        (
            "accordeur",
            (
                "Bonjour\n\nle mi sonne faux. Votre accordeur pourrait-il passer quand il sera\n"
                "dans le coin ? Nous sommes à Dole.\n\nMerci, Colin"
            ),
        ),
        (
            "Pianos de l'école",
            (
                "Madame, Monsieur, les deux pianos de l'école doivent être accordés comme chaque\n"
                "année, une semaine de janvier conviendrait. Que vous faut-il ?\n\nP. Oudot"
            ),
        ),
        (
            "L'accordeur est-il libre ?",
            (
                "Bonjour, nous voudrions faire accorder notre piano à la maison, celui aux\n"
                "bougeoirs. Quels matins votre accordeur vient-il ?\n\nMme Lovat"
            ),
        ),
    ),
}


@pytest.fixture(scope="module")
def loaded() -> LearnedClassifier:
    return LearnedClassifier(ROOT / "resources" / "model" / "judgement.npz", rules=RULES)


@pytest.fixture
def classifier(loaded: LearnedClassifier) -> Iterator[LearnedClassifier]:
    yield loaded
    loaded.adjust(None)


def a_lesson(
    classifier: LearnedClassifier, place: int, mail: tuple[str, str], kind: Kind
) -> Lesson:
    """The word of the owner about a mail; each comes from another customer."""
    message, context = a_letter(place, mail), a_context()
    said = Said(at=NOON + timedelta(minutes=place), kind=kind)
    opinion = classifier.opinion(message, look(message, context, rules=RULES), context)
    heard = opinion.heard if opinion else None
    assert heard is not None, classifier.missing()
    return Lesson.from_bytes(heard.mail, said)


def a_letter(place: int, mail: tuple[str, str]):
    subject, text = mail
    return a_message(text, subject=subject, sender=f"Someone <customer{place}@example.com>")


def judged(classifier: LearnedClassifier, place: int, mail: tuple[str, str]) -> Assessment:
    return assess(a_letter(place, mail), a_context(), rules=RULES, classifier=classifier)


@pytest.mark.parametrize("kind", list(Kind), ids=lambda kind: kind.value)
@pytest.mark.parametrize("language", list(SORTS))
def test_what_was_said_of_three_is_done_with_the_fourth(classifier, language, kind):
    """Whole mails of different customers: those that were corrected, and one that never was."""
    sort = SORTS[language]
    lessons = [a_lesson(classifier, at, mail, kind) for at, mail in enumerate(sort[:3])]
    model = classifier.model()
    assert model is not None
    classifier.adjust(refit(lessons, model).adjustment, lessons)
    assert [judged(classifier, at, mail).kind for at, mail in enumerate(sort)] == [kind] * 4


@pytest.mark.parametrize("language", list(SORTS))
def test_what_is_taught_in_one_language_holds_in_another(classifier, language):
    """Corrected in one language, a mail of the same sort in the two others follows."""
    kind = Kind.CHANGE_CANCEL
    lessons = [a_lesson(classifier, at, mail, kind) for at, mail in enumerate(SORTS[language])]
    model = classifier.model()
    assert model is not None
    classifier.adjust(refit(lessons, model).adjustment, lessons)
    others = [SORTS[other][3] for other in SORTS if other != language]
    assert [judged(classifier, 9, mail).kind for mail in others] == [kind, kind]
