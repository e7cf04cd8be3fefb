"""What the engine says and writes down about an issue is in the language that it speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from gettext import NullTranslations

import pytest

from app.config.language import translations
from app.domain.deadline import Deadline
from app.domain.translation import speak
from app.engine.retelling import Retelling
from app.storage import deadlines, issues, messages
from tests.support.engine import Engine, a_letter, an_engine
from tests.support.ringing import an_injury, queued
from tests.support.spoken import Nobodys

_SAID = re.compile(r"⟦[^⟦⟧]*⟧")
_WORD = re.compile(r"[^\W\d_]{2,}")
_UNITS = {"min", "UTC", "Etc"}
_SWINDLE = a_letter(
    "Your payouts are ON HOLD. Confirm your identity: https://stripe-desk.example/login",
    subject="URGENT: chargeback of 1,249.00 EUR",
    sender="Stripe <alerts@stripe-desk.example>",
    message_id="<swindle@stripe-desk.example>",
)
_NOTICE = a_letter(
    "A customer disputed a payment of 184.00 USD. Submit your evidence in time.",
    subject="Dispute opened",
    sender="Stripe <notifications@stripe.com>",
    message_id="<dispute@stripe.com>",
    auto_submitted="auto-generated",
)


@pytest.fixture
def engine(tmp_path) -> Iterator[Engine]:
    with an_engine(tmp_path) as made:
        # An odd instant: why something is due then is kept by nobody for another test.
        made.clock.forward(minutes=7, seconds=13)
        yield made
    speak(NullTranslations())


def _left(sentences: Iterable[str], data: str) -> dict[str, list[str]]:
    """The words of each sentence that were not translated, and are none of the mail's own."""
    known = {*_WORD.findall(data), *_UNITS}
    found = {}
    for sentence in sentences:
        rest, before = sentence, ""
        while rest != before:
            before, rest = rest, _SAID.sub(" ", rest)
        if words := [word for word in _WORD.findall(rest) if word not in known]:
            found[sentence] = words
    return found


def _deadlines(engine: Engine, key: str) -> tuple[Deadline, ...]:
    return engine.writer.do(lambda db: deadlines.of_issue(db, issues.by_key(db, key)))


@pytest.mark.parametrize("mail", [an_injury(), _SWINDLE, _NOTICE], ids=["hurt", "swindle", "clock"])
def test_nothing_about_a_judged_issue_is_said_past_the_language(
    engine: Engine, mail: bytes
) -> None:
    """Reasons, what gives a swindle away, why it is due then, what it is called, the pop-up."""
    speak(Nobodys())
    engine.receive(mail)
    key = engine.only_key()
    engine.clock.forward(hours=70)
    engine.watch.look()
    view = engine.issue(key)
    promised = _deadlines(engine, key)
    said = [
        *(one.because for one in view.reasons),
        *view.suspicious_because,
        *(line for one in promised for line in (*one.explanation, one.title, one.consequence)),
        *(line for one in queued(engine) for line in (one.title, *one.body.splitlines())),
        *(one.joined_because for one in view.messages),
    ]
    assert len(said) > 3
    assert _left(said, mail.decode()) == {}


def test_a_german_shop_reads_german(engine: Engine, tmp_path) -> None:
    """The same, as the file of the language has it."""
    speak(translations("de", cache=tmp_path / "cache"))
    engine.receive(an_injury())
    view = engine.issue(engine.only_key())
    (promise,) = _deadlines(engine, view.row.key)
    (alert,) = queued(engine)
    assert view.reasons[0].because.startswith("kritisch: binnen einer Stunde handeln (jemand wurde")
    assert promise.title == "Erste Antwort"
    assert promise.explanation[0] == "P1, kritisch: eine erste Antwort ist in 1 Std. zugesagt."
    assert alert.title.startswith("Rechtliches, Antwort bis ")


def test_why_a_mail_was_joined_is_kept_in_one_language_and_said_in_another(
    engine: Engine, tmp_path
) -> None:
    """A reason that a person took apart is found again, whatever was spoken when."""
    speak(translations("de", cache=tmp_path / "cache"))
    engine.receive(a_letter())
    engine.clock.forward(minutes=5)
    again = "Anything new? Order MM-10227."
    engine.receive(a_letter(again, subject="Hello", message_id="<second@customer.example>"))
    view = engine.issue(engine.only_key())
    kept = engine.writer.do(lambda db: messages.of_issue(db, issues.by_key(db, view.row.key)))
    assert view.messages[-1].joined_because.startswith("derselbe Kunde ")
    assert kept[-1].joined_because.startswith("the same customer ")


def _retelling(engine: Engine, language: list[str]) -> Retelling:
    return Retelling(
        database=engine.database,
        writer=engine.writer,
        judging=engine.judging,
        language=lambda: language[-1],
    )


def _reasons(engine: Engine) -> set[str]:
    return {one.because for row in engine.rows() for one in engine.issue(row.key).reasons}


def test_after_a_change_of_language_what_is_open_says_its_reasons_in_the_new_one(
    engine: Engine, tmp_path
) -> None:
    """Seven issues, two transactions; scores, kinds and what a person decided stay."""
    for number in range(7):
        about = f"The {number}th mug arrived smashed. Order MM-1022{number}, I want a refund."
        sender = f"C{number} <c{number}@customer.example>"
        id_ = f"<{number}@customer.example>"
        engine.receive(a_letter(about, subject="Broken", sender=sender, message_id=id_))
    engine.desk.override(engine.rows()[0].key, severity="critical")
    stands = [(row.key, row.kind, row.severity, row.score) for row in engine.rows()]
    english = _reasons(engine)
    speak(translations("de", cache=tmp_path / "cache"))
    retelling = _retelling(engine, ["de"])
    engine.moved.clear()
    retelling.tell()
    assert _reasons(engine) == english, "nobody has asked for it"
    retelling.begin()
    retelling.tell()
    assert not _reasons(engine) & english
    assert len(engine.moved) == 2
    assert [(row.key, row.kind, row.severity, row.score) for row in engine.rows()] == stands
    engine.moved.clear()
    retelling.tell()
    assert engine.moved == [], "it is done once"


def test_what_an_engine_did_not_finish_the_next_one_does(engine: Engine, tmp_path) -> None:
    """And nothing is told in a language that another engine happens to speak."""
    engine.receive(a_letter("The mug arrived smashed. Order MM-10227, I want a refund."))
    english = _reasons(engine)
    speak(translations("de", cache=tmp_path / "cache"))
    _retelling(engine, ["de"]).begin()
    _retelling(engine, ["en"]).tell()
    assert _reasons(engine) == english
    _retelling(engine, ["de"]).tell()
    assert not _reasons(engine) & english


def test_what_was_said_before_the_desktop_spoke_another_language_is_said_anew(
    engine: Engine, tmp_path
) -> None:
    """Nobody chose anything in the settings; the next engine notices by itself, and once."""
    _retelling(engine, ["en"]).compare()
    engine.receive(a_letter("The mug arrived smashed. Order MM-10227, I want a refund."))
    english = _reasons(engine)
    again = _retelling(engine, ["en"])
    again.compare()
    again.tell()
    assert _reasons(engine) == english
    speak(translations("de", cache=tmp_path / "cache"))
    engine.moved.clear()
    for _ in range(2):
        german = _retelling(engine, ["de"])
        german.compare()
        german.tell()
    assert not _reasons(engine) & english
    assert len(engine.moved) == 1
