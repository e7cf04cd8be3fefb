"""Verdict: how far the opinion may fall below the facts, and what lets a certain danger ring."""

from __future__ import annotations

import pytest

from app.domain.assessment import Kind, Severity, Taught
from app.domain.message import Message
from app.triage.looking import look
from app.triage.opinion import Opinion, Thresholds
from app.triage.rules import Rules
from app.triage.verdict import Verdict, weighed
from tests.unit.triage.builders import a_context, a_message

FORGED = "mx.shop.example; spf=fail; dkim=none; dmarc=fail header.from=stripe.com"
STOP = "Bitte noch eine Karte dazu, bevor es heute rausgeht, danke!"
LOW = {Severity.CRITICAL: 0.0, Severity.HIGH: 0.1, Severity.NORMAL: 0.2, Severity.LOW: 1.0}
LIMITS = Thresholds(
    sure=0.5,
    second=0.3,
    idle=0.9,
    idle_too=0.5,
    alert=0.5,
    levels={Severity.CRITICAL: 0.5, Severity.HIGH: 0.5, Severity.NORMAL: 0.5, Severity.LOW: 0.0},
)


def said(rules: Rules, text: str, *, sure: float, taught: Taught | None = None) -> Verdict:
    """The verdict where the opinion is that it is low, and of a change of an order."""
    rest = (1 - sure) / (len(Kind) - 1)
    kinds = {kind: sure if kind is Kind.CHANGE_CANCEL else rest for kind in Kind}
    opinion = Opinion(
        kinds=kinds, levels=LOW, alert=0.0, thresholds=LIMITS, taught=taught or Taught()
    )
    context = a_context()
    return weighed(look(a_message(text), context, rules=rules), context, opinion, rules)


def test_nothing_is_unimportant_while_nobody_knows_what_it_is_about(rules: Rules) -> None:
    text = "Hello there, could somebody have a look at it?"
    assert said(rules, text, sure=0.3).severity is Severity.NORMAL
    assert said(rules, text, sure=0.9).severity is Severity.LOW


def test_what_the_clock_makes_a_matter_of_today_is_not_put_last(rules: Rules) -> None:
    """ "Before it leaves today" was high by its facts, and low all in all."""
    found = said(rules, STOP, sure=0.9)
    assert found.bad.severity is Severity.HIGH
    assert found.severity is Severity.NORMAL


@pytest.mark.parametrize("sure", [0.3, 0.9])
def test_what_the_owner_called_low_is_low(rules: Rules, sure: float) -> None:
    found = said(rules, STOP, sure=sure, taught=Taught(severity=("entry",)))
    assert found.severity is Severity.LOW


def test_without_a_clock_or_a_threat_the_opinion_may_call_it_low(rules: Rules) -> None:
    """A second mail about it is high by its facts, and perhaps only says thank you."""
    found = said(rules, "This is my second email about the colour.", sure=0.9)
    assert (found.bad.severity, found.severity) == (Severity.HIGH, Severity.LOW)


@pytest.mark.parametrize(
    ("text", "headers", "is_idle"),
    [
        (STOP, {}, False),
        ("Si mañana no hay respuesta dejaré malas reseñas.", {}, False),
        ("Thanks again, it was lovely to hear from you.", {}, True),
        (STOP, {"List-Unsubscribe": "<x>"}, True),
    ],
)
def test_who_says_what_they_will_do_waits_for_an_answer_however_idle_it_reads(
    rules: Rules, text: str, headers: dict[str, str], is_idle: bool
) -> None:
    """ "Stop it before it leaves, thanks" was put aside; a newsletter's last chance still is."""
    assert reads_idle(rules, a_message(text, headers=headers)) is is_idle


PAYOUT_FAILED = "Your payout of 812.40 EUR could not be completed because your bank rejected it."


@pytest.mark.parametrize(
    ("sender", "text", "headers", "is_idle"),
    [
        ("notifications@stripe.com", PAYOUT_FAILED, {}, False),
        ("notifications@stripe.com", "Your payout is on the way.", {}, True),
        ("notifications@stripe.com", PAYOUT_FAILED, {"List-Unsubscribe": "<x>"}, True),
        ("notifications@stripe.com", PAYOUT_FAILED, {"Authentication-Results": FORGED}, True),
        ("no-reply@payouts-desk.example", PAYOUT_FAILED, {}, True),
    ],
)
def test_a_providers_notice_that_stops_the_shop_is_not_put_aside_like_its_others(
    rules: Rules, sender: str, text: str, headers: dict[str, str], is_idle: bool
) -> None:
    """A payout that the bank had rejected was put aside with those that are on their way."""
    mail = a_message(text, sender=sender, headers=headers)
    assert reads_idle(rules, mail) is is_idle


def reads_idle(rules: Rules, mail: Message) -> bool:
    """Whether it is put aside where the opinion is that nobody waits for an answer."""
    kinds = {kind: 0.97 if kind is Kind.NOT_AN_ISSUE else 0.0023 for kind in Kind}
    opinion = Opinion(kinds=kinds, levels=LOW, alert=0.0, thresholds=LIMITS)
    looked = look(mail, a_context(), rules=rules)
    return weighed(looked, a_context(), opinion, rules).judged.kind is Kind.NOT_AN_ISSUE
