"""What rang stands on one banner, each issue once; one click shows all of it or puts it away."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.account import AccountType, Health, HealthState, Wanted
from app.domain.alert import Alert, AlertLevel, Rang
from app.domain.views import Overview
from app.ui.alert_notices import of_alerts
from app.ui.notices import Ways, notices
from app.ui.widgets.banner import Notice

_NOW = datetime(2026, 11, 17, 9, tzinfo=UTC)


class Clicks:
    """What was opened and put away."""

    def __init__(self) -> None:
        self.opened: list[Alert] = []
        self.away: list[int] = []

    def notices(self, *alerts: Alert, rang: Rang | None = None) -> list[Notice]:
        return list(
            of_alerts(
                alerts,
                rang,
                open_alert=self.opened.append,
                put_away=lambda alert: self.away.append(alert.id),
            )
        )


def an_alert(number: int, *keys: str, dedupe: str = "", **given) -> Alert:
    plain = {"title": f"Urgent {number}", "body": f"Customer {number}", "created_at": _NOW}
    made = {**plain, "id": number, "dedupe": dedupe or f"a{number}", "issue_keys": keys, **given}
    return Alert(**made)


def the_afternoon() -> tuple[Alert, ...]:
    """The same chargeback on a card of what was found, reminded of, and in a storm."""
    return (
        an_alert(4, "i1_dana", title="Chargeback: 28 hours left", by_name=True),
        an_alert(3, "i1_a", "i1_dana", "i1_b", dedupe="bundle/x", title="3 urgent", body="Ann\nBo"),
        an_alert(2, "i1_dana", "i1_o", dedupe="disputes-found:1:x", title="2 disputes to answer"),
        an_alert(1, "i1_a", "i1_b", dedupe="first-reading/x", level=AlertLevel.NOTICE),
    )


def test_several_that_rang_are_one_banner_that_counts_each_issue_once() -> None:
    (one,) = Clicks().notices(*the_afternoon(), rang=Rang(issues=4, unopened=4))
    assert one.title == "4 urgent, none opened yet"
    assert one.body == "Chargeback: 28 hours left, Customer 4"
    assert one.tone == "critical"
    assert [words for words, _ in one.actions] == ["Show them"]
    assert {one.name, *one.also} == {f"now alert {number}" for number in (1, 2, 3, 4)}


def test_dates_that_run_while_nothing_waits_for_us_are_counted_as_what_they_are() -> None:
    """Answered issues whose provider still waits: no banner says that nothing is urgent."""
    (one,) = Clicks().notices(*the_afternoon(), rang=Rang(issues=0, unopened=0))
    assert one.title == "4 urgent, none opened yet"


def test_a_providers_disputes_are_counted_beside_others_and_none_of_them_is_named_for_all() -> None:
    """The title has their sum; the first one's amount behind it would be read as another."""
    (one,) = Clicks().notices(*the_afternoon())
    assert "2 disputes to answer" in one.below.split("  ·  ")


def test_what_was_opened_meanwhile_is_said() -> None:
    (some,) = Clicks().notices(*the_afternoon(), rang=Rang(issues=4, unopened=1))
    (none,) = Clicks().notices(*the_afternoon(), rang=Rang(issues=4, unopened=0))
    assert (some.title, none.title) == (
        "4 urgent, 1 not opened yet",
        "4 urgent, all opened",
    )


def test_show_lists_every_issue_under_what_it_is_and_nothing_is_left_to_close() -> None:
    clicks = Clicks()
    (one,) = clicks.notices(*the_afternoon())
    one.actions[0][1]()
    (shown,) = clicks.opened
    assert shown.title == "Alerts"
    assert shown.issue_keys == ("i1_dana", "i1_a", "i1_b", "i1_o")
    assert {*clicks.away, shown.id} == {1, 2, 3, 4}


def test_the_cross_puts_all_of_them_away_where_every_banner_has_it() -> None:
    """A banner comes under a hand that goes for another one: where that has its button, no button
    may stand that puts eight alerts away."""
    clicks = Clicks()
    (one,) = clicks.notices(*the_afternoon())
    assert len(one.actions) == 1
    assert one.close is not None
    one.close()
    assert sorted(clicks.away) == [1, 2, 3, 4]
    assert not clicks.opened


def test_an_issue_that_rang_and_was_reminded_of_is_one_banner_that_opens_it() -> None:
    clicks = Clicks()
    reminder = an_alert(2, "i1_dana", title="Chargeback: 28 hours left", by_name=True)
    (one,) = clicks.notices(an_alert(1, "i1_dana"), reminder)
    assert one.title == "Chargeback: 28 hours left"
    one.actions[0][1]()
    assert clicks.opened == [reminder]
    assert clicks.away == [1]


def test_a_first_reading_alone_keeps_its_card_and_so_does_an_incident_that_was_put_away() -> None:
    first = the_afternoon()[3]
    grows = an_alert(7, "i1_a", "i1_b", dedupe="incident:delivery:x:1", title="3 customers")
    ring = an_alert(5, "i1_c")
    assert [one.name for one in Clicks().notices(ring, grows, first)] == [
        "now alert 5", "now alert 7", "now alert 1"
    ]  # fmt: skip


def test_a_card_that_says_itself_what_it_is_about_keeps_its_words() -> None:
    (one,) = Clicks().notices(the_afternoon()[2])
    assert one.title == "2 disputes to answer"


def test_the_card_of_a_calm_sleep_is_no_urgent_one() -> None:
    """What woke up while the lid was closed is listed under what it is, beside what rang."""
    clicks = Clicks()
    slept = an_alert(5, "i1_x", "i1_y", dedupe="away/x", title="Away 3 days: 2 snoozes due")
    rang, calm = clicks.notices(*the_afternoon(), slept, rang=Rang(issues=4, unopened=4))
    assert rang.title == "4 urgent, none opened yet"
    assert calm.title == "Away 3 days: 2 snoozes due"
    calm.actions[0][1]()
    assert clicks.opened == [slept]


def test_a_silent_mailbox_is_told_beside_what_rang() -> None:
    silent = an_alert(9, title="Shop: no look since 09:00")
    names = [one.name for one in Clicks().notices(silent, *the_afternoon())]
    assert names == ["now alert 4", "now alert 9"]


def asking(wants: Wanted) -> Notice:
    health = Health(
        account="Shop", type=AccountType.IMAP, state=HealthState.ASKING, title="No", wants=wants
    )
    ways = Ways(**dict.fromkeys(Ways.__slots__, print))
    (one,) = notices(Overview(counts={}, health=(health,), proofs=()), ways)
    return one


def test_a_password_is_asked_for_only_where_one_helps() -> None:
    """Not for a folder that cannot be opened, nor for a certificate."""
    said = {wants: (asking(wants).icon, asking(wants).actions[0][0]) for wants in Wanted}
    assert said == {
        Wanted.SIGN_IN: ("key", "Sign in"),
        Wanted.FOLDERS: ("alert", "Choose folders"),
        Wanted.SERVER: ("alert", "Look"),
    }
