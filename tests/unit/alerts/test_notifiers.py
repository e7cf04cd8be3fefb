"""The chain and plyer, with notifiers that fail in every way they know."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.alerts.chain import FirstThatWorks
from app.alerts.notifier import Delivered, slot
from app.alerts.plyer_notifier import PlyerNotifier, told_to_macos
from app.domain.alert import Alert, Delivery

_ALERT = Alert(
    dedupe="a",
    issue_keys=("i1_a",),
    title="--help",
    body="line one\n<b>" + "x" * 400,
    created_at=datetime(2026, 11, 21, tzinfo=UTC),
)


class _Scripted:
    """A notifier that answers as it was told, and remembers what it was asked."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.seen: list[str] = []

    def notify(self, alert: Alert, delivered: Delivered) -> None:
        self.seen.append(alert.dedupe)
        delivered(alert, self.delivery)

    def withdraw(self, what: str) -> None:
        self.seen.append(f"withdraw {what}")

    def when_back(self, call: Callable[[], None]) -> None:
        self.seen.append("when back")

    def stop(self) -> None:
        self.seen.append("stop")


def _said(notify: Callable[[Alert, Delivered], None]) -> Delivery:
    reports: list[Delivery] = []
    done = threading.Event()

    def delivered(_alert: Alert, delivery: Delivery) -> None:
        reports.append(delivery)
        done.set()

    notify(_ALERT, delivered)
    assert done.wait(60)
    (report,) = reports
    return report


def test_the_first_that_works_is_enough() -> None:
    first = _Scripted(Delivery(shown=True, by="first"))
    second = _Scripted(Delivery(shown=True, by="second"))
    assert _said(FirstThatWorks(first, second).notify).by == "first"
    assert second.seen == []


def test_the_next_is_asked_when_one_cannot() -> None:
    first = _Scripted(Delivery(shown=False, by="", detail="No."))
    second = _Scripted(Delivery(shown=True, by="second"))
    assert _said(FirstThatWorks(first, second).notify) == Delivery(shown=True, by="second")


def test_when_none_can_every_reason_is_told() -> None:
    chain = FirstThatWorks(
        _Scripted(Delivery(shown=False, by="", detail="No bus.")),
        _Scripted(Delivery(shown=False, by="plyer", detail="No tool.")),
    )
    assert _said(chain.notify) == Delivery(shown=False, by="plyer", detail="No bus. No tool.")


def test_a_machine_without_any_notifier_is_said() -> None:
    assert _said(FirstThatWorks().notify) == Delivery(
        shown=False, by="", detail="Nothing on this machine shows pop-ups."
    )


def test_withdrawing_and_stopping_reach_everybody() -> None:
    both = [_Scripted(Delivery(shown=True, by="x")) for _ in range(2)]
    chain = FirstThatWorks(*both)
    chain.withdraw("i1_a")
    chain.stop()
    assert [one.seen for one in both] == [["withdraw i1_a", "stop"]] * 2


def test_what_goes_to_plyer_is_safe_and_it_never_claims_to_have_shown_it() -> None:
    announced: list[tuple[str, str]] = []
    notifier = PlyerNotifier(announce=lambda title, body: announced.append((title, body)))
    delivery = _said(notifier.notify)
    ((title, body),) = announced
    assert title == "–-help"
    assert "\n" not in body
    assert len(body) <= 255 + 6  # two escaped brackets
    assert (delivery.shown, delivery.by) == (False, "plyer")
    assert delivery.detail.startswith("Handed over")


def test_on_macos_what_comes_from_mails_is_no_part_of_the_script() -> None:
    """plyer shows nothing there without a bridge to Objective-C, which nobody has."""
    title, body = 'Refund" & (do shell script "id") & "', 'line\\n"end run'
    program, flag, script, *told = told_to_macos(title, body)
    assert (program, flag, told) == ("/usr/bin/osascript", "-e", [title, body])
    assert "display notification (item 2 of argv) with title (item 1 of argv)" in script


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (NotImplementedError(), "plyer knows no way to show it."),
        (ValueError("string too long"), "plyer failed (ValueError)."),
    ],
)
def test_a_plyer_that_fails_is_told_in_a_sentence(error: Exception, detail: str) -> None:
    def fail(_title: str, _body: str) -> None:
        raise error

    assert _said(PlyerNotifier(announce=fail).notify).detail == detail


def test_a_plyer_that_hangs_is_given_up_and_not_asked_again_meanwhile() -> None:
    gate = threading.Event()
    asked: list[str] = []

    def hang(title: str, _body: str) -> None:
        asked.append(title)
        gate.wait(60)

    notifier = PlyerNotifier(announce=hang, seconds=0.2)
    assert _said(notifier.notify).detail == "plyer did not come back."
    assert _said(notifier.notify).detail == "plyer still hangs on an alert before."
    assert len(asked) == 1
    gate.set()
    notifier.stop()


def test_plyer_reports_every_alert_even_when_it_ends_meanwhile() -> None:
    """A burst beyond its queue, and one after its end: each is reported once."""
    reports: list[Delivery] = []
    notifier = PlyerNotifier(announce=lambda _title, _body: None)
    for _ in range(40):
        notifier.notify(_ALERT, lambda _alert, delivery: reports.append(delivery))
    notifier.stop()
    assert _said(notifier.notify).detail == "plyer takes no more alerts."
    assert len(reports) == 40


def test_an_issue_has_its_own_place_on_the_screen_and_bundles_share_one() -> None:
    assert slot(_ALERT) == "i1_a"
    bundles = [
        Alert(dedupe=d, issue_keys=k, title="", body="", created_at=_ALERT.created_at)
        for d, k in (("b", ("i1_a", "i1_b")), ("c", ("i1_c", "i1_d")))
    ]
    assert len({slot(bundle) for bundle in bundles}) == 1


def test_a_card_that_must_be_read_for_its_names_is_replaced_by_no_other() -> None:
    cards = [
        Alert(
            dedupe=name,
            issue_keys=("i1_a", "i1_b"),
            title="",
            body="",
            created_at=_ALERT.created_at,
            by_name=True,
        )
        for name in ("digest/1", "digest/2")
    ]
    assert len({slot(one) for one in cards}) == 2
