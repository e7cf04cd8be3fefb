"""The clocks that providers, carriers and the law set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.config.paths import rules
from app.domain.assessment import Kind
from app.domain.clock import instant
from app.domain.deadline import Deadline, Metric, nearest
from app.domain.errors import KnownError
from app.domain.money import Money
from app.domain.order import Order
from app.escalation.clocks import ClockRules, Situation, Word, reminders
from app.escalation.hours import Calendars
from tests.support.shipped import RULES

CAME = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
NOW = CAME + timedelta(hours=1)
DAY = timedelta(days=1)
CLOCKS = ClockRules.load(rules())


def notice(domain: str = "stripe.com", dates: tuple[str, ...] = (), *, machine: bool = True):
    return Word(at=CAME, sender_domain=domain, by_machine=machine, dates=dates)


def paypals(*dates: str, after: timedelta = timedelta(), **more) -> Word:
    """A notice of PayPal's that names these days, so long after the first."""
    return Word(at=CAME + after, sender_domain="paypal.com", by_machine=True, dates=dates, **more)


def an_order(**more) -> Order:
    return Order(
        platform="shopify",
        platform_id="1",
        number="1001",
        customer_name="Ben",
        customer_email="ben@customer.example",
        placed_at=CAME - 9 * DAY,
        total=Money(4000, "EUR"),
        **more,
    )


def running(
    *words: Word,
    kind: Kind = Kind.DISPUTE,
    country: str = "",
    home: Path | None = None,
    now: datetime = NOW,
    **more,
) -> tuple[Deadline, ...]:
    folders = (rules(), home) if home else (rules(),)
    if home and country:
        (home / "calendar.toml").write_text(f'[calendar.shop]\ncountry = "{country}"\n')
    situation = Situation(kind=kind, words=words, **more)
    return CLOCKS.running(situation, calendars=Calendars.load(*folders), now=now)


def test_a_providers_own_date_beats_the_usual_length() -> None:
    (found,) = running(notice(dates=("2026-11-02", "2026-12-09")))
    assert found.planned_at == instant("2026-12-09T00:00:00Z")
    assert not found.verify
    assert "names Wed 9 Dec 2026; we go by the day alone" in found.explanation[0]


def test_a_day_with_an_hour_counts_from_its_beginning_and_nothing_is_said_of_the_hour() -> None:
    """We read no hour; a notice that says 11:59 PM was told to name none."""
    (found,) = running(notice(dates=("2026-12-09",)))
    told = " ".join(found.explanation)
    assert "we go by the day alone" in told
    assert "not the hour" not in told
    assert "before that day begins" in told


def test_a_notice_that_names_its_own_day_is_due_at_once_and_rings() -> None:
    (found,) = running(paypals("2026-11-20"))
    assert (found.planned_at, found.verify) == (CAME, False)
    assert found.explanation[0].endswith("the day on which it came.")
    assert found.warn_ahead == (timedelta(),)
    assert found.warn_at == CAME


def test_which_day_it_is_counts_by_the_shops_clock(tmp_path: Path) -> None:
    """At nine in the evening in New York it is tomorrow in UTC; that day is still ahead."""
    (tmp_path / "calendar.toml").write_text('[calendar.shop]\ntz = "America/New_York"\n')
    evening = instant("2026-11-21T02:00:00Z")
    said = paypals("2026-11-21", after=evening - CAME)
    (found,) = running(said, home=tmp_path, now=evening)
    assert found.planned_at == instant("2026-11-21T05:00:00Z")
    assert "before that day begins" in found.explanation[1]


def test_a_reminder_names_the_date_that_the_first_notice_did_not() -> None:
    (found,) = running(paypals(), paypals("2026-11-24", after=2 * DAY))
    assert (found.planned_at, found.verify) == (instant("2026-11-24T00:00:00Z"), False)


@pytest.mark.parametrize(
    ("first", "later"), [("2026-12-20", "2026-11-27"), ("2026-11-30", "2026-12-08")]
)
def test_a_date_that_a_later_notice_moves_is_moved(first: str, later: str) -> None:
    (found,) = running(paypals(first), paypals(later, after=3 * DAY))
    assert found.planned_at == instant(f"{later}T00:00:00Z")


def test_a_later_mail_that_asks_for_nothing_moves_nothing_back() -> None:
    """That the money comes on 12 December is no new date for an answer."""
    told = paypals("2026-12-12", after=3 * DAY, asks=False)
    (found,) = running(paypals("2026-11-30"), told)
    assert found.planned_at == instant("2026-11-30T00:00:00Z")


def test_of_two_disputes_in_one_issue_the_nearer_date_stays() -> None:
    first = paypals("2026-11-24", about=frozenset(("1001", "USD 184.00")))
    second = paypals("2026-12-08", after=DAY, about=frozenset(("1002",)))
    (found,) = running(first, second)
    assert found.planned_at == instant("2026-11-24T00:00:00Z")


def test_a_reminder_moves_the_date_of_its_own_dispute_alone() -> None:
    """One that names no order is about the first."""
    first = paypals("2026-11-24", about=frozenset(("1001", "USD 184.00")))
    second = paypals("2026-12-03", after=DAY, about=frozenset(("1002",)))
    moved = paypals("2026-12-08", after=2 * DAY, about=frozenset(("1001",)))
    (found,) = running(first, second, moved)
    assert found.planned_at == instant("2026-12-03T00:00:00Z")
    (found,) = running(first, second, paypals("2026-12-01", after=2 * DAY))
    assert found.planned_at == instant("2026-12-01T00:00:00Z")


def test_of_two_disputes_that_name_no_date_the_one_with_less_time_counts() -> None:
    first = paypals(within=9 * DAY, about=frozenset(("1001",)))
    second = paypals(after=DAY, within=3 * DAY, about=frozenset(("1002",)))
    (found,) = running(first, second)
    assert found.planned_at == CAME + 4 * DAY


IN_FIVE_DAYS, IN_A_MONTH = "2026-11-25", "2026-12-20"


@pytest.mark.parametrize(
    ("first", "later", "due"),
    [
        (paypals(IN_A_MONTH), paypals(after=DAY), IN_A_MONTH),
        (paypals(within=3 * DAY), paypals(after=DAY), CAME + 3 * DAY),
        (paypals(), paypals(after=DAY, within=3 * DAY), CAME + 4 * DAY),
        (paypals(within=5 * DAY), paypals(after=DAY, within=9 * DAY), CAME + 5 * DAY),
        (paypals(within=3 * DAY), paypals(IN_A_MONTH, after=DAY, asks=False), IN_A_MONTH),
        (paypals(IN_A_MONTH), paypals(IN_FIVE_DAYS, after=DAY, asks=False), IN_FIVE_DAYS),
        (paypals(IN_FIVE_DAYS), paypals(after=DAY, within=9 * DAY), IN_FIVE_DAYS),
        (paypals(IN_A_MONTH), paypals(after=DAY, within=3 * DAY), CAME + 4 * DAY),
    ],
    ids=[
        "no word of time moves no date",
        "nor a length",
        "a length beats the usual one",
        "a length is only made shorter",
        "a date beats a length",
        "who asks for nothing may name a nearer date",
        "a length moves no date back",
        "but nearer",
    ],
)
def test_what_two_notices_about_one_matter_come_to(
    first: Word, later: Word, due: datetime | str
) -> None:
    (found,) = running(first, later)
    assert found.planned_at == (instant(f"{due}T00:00:00Z") if isinstance(due, str) else due)


def test_of_several_days_in_one_notice_the_nearest_that_is_ahead_counts() -> None:
    (found,) = running(notice(dates=("2026-12-09", "2026-11-28", "2026-11-02")))
    assert found.planned_at == instant("2026-11-28T00:00:00Z")


def test_a_date_of_somebody_elses_machine_is_none_of_the_banks() -> None:
    bank = Word(at=CAME, sender_domain="bank.example", by_machine=True, dates=("2026-12-09",))
    parcel = Word(at=CAME + DAY, sender_domain="ups.com", by_machine=True, dates=("2026-11-23",))
    (found,) = running(bank, parcel)
    assert found.planned_at == instant("2026-12-09T00:00:00Z")


def test_how_long_a_notice_gives_in_words_beats_the_usual_length_and_says_verify() -> None:
    (found,) = running(paypals(within=3 * DAY))
    assert (found.planned_at, found.verify) == (CAME + 3 * DAY, True)
    assert found.explanation[0] == "Their mail gives 3 d; we count every day."


def test_days_are_looked_for_only_where_a_clock_goes_by_them() -> None:
    read = {kind for kind in Kind if CLOCKS.reads_dates(kind, of_machine=True)}
    assert read == {Kind.DISPUTE, Kind.NOT_RECEIVED, Kind.DAMAGED, Kind.WRONG_ITEM}
    letters = {kind for kind in Kind if CLOCKS.reads_dates(kind, of_machine=False)}
    assert letters == {Kind.LEGAL_EXECUTIVE}


def test_an_unknown_date_is_the_shortest_usual_one_and_says_verify() -> None:
    (found,) = running(notice())
    assert found.planned_at == CAME + 7 * DAY
    assert found.verify
    assert found.explanation[-1] == "Their mail names no date: verify it with them."
    assert (found.metric, found.name) == (Metric.PROVIDER_CLOCK, "stripe_dispute")
    assert found.consequence
    assert "2026-11-21" in found.source


@pytest.mark.parametrize(
    ("domains", "name"),
    [
        (("paypal.pt", "paypal.be", "paypal.at", "paypal.ch", "mail.paypal.de"), "paypal_dispute"),
        (("amazon.pl", "amazon.se", "amazon.ca", "amazon.nl"), "amazon_claim"),
    ],
)
def test_a_provider_has_its_own_clock_in_each_country(domains: tuple[str, ...], name: str) -> None:
    """Amazon takes an answer for three days in Poland too, not for the seven of any dispute."""
    for domain in domains:
        (found,) = running(notice(domain))
        assert found.name == name
        assert domain in RULES.provider_domains or domain.startswith("mail.")


def test_a_provider_that_nobody_knows_has_a_clock_too() -> None:
    (found,) = running(notice("disputes.bank.example"))
    assert found.name == "any_dispute"


def test_a_person_who_writes_of_a_dispute_sets_no_clock_of_a_provider() -> None:
    assert running(notice("customer.example", machine=False)) == ()


def test_reminders_come_72_and_24_hours_ahead_and_at_the_end() -> None:
    (found,) = running(notice())
    assert found.warn_ahead == (timedelta(hours=72), timedelta(hours=24), timedelta())
    assert found.warn_at == found.planned_at - timedelta(hours=72)


@pytest.mark.parametrize(
    ("days", "hours_ahead"),
    [
        (7, [72, 24, 0]), (5, [72, 24, 0]), (4, [72, 24, 0]),
        (3, [72, 24, 0]), (2, [48, 24, 0]), (1, [24, 6, 0]),
    ],
)  # fmt: skip
def test_a_short_clock_is_told_of_at_its_start(days: int, hours_ahead: list[int]) -> None:
    """Else one of three days that begins before a weekend is first heard of when it is over."""
    made = reminders(("72 h", "24 h"), days * DAY)
    assert [one / timedelta(hours=1) for one in made] == hours_ahead


def test_a_clock_rings_at_its_end_too_and_stays_to_be_seen() -> None:
    (found,) = running(notice(), now=CAME + 8 * DAY)
    assert found.breached_at == found.planned_at
    assert found.warn_at is not None


def test_a_clock_stops_when_the_issue_is_put_away() -> None:
    (found,) = running(notice(), done_at=CAME + DAY)
    assert (found.met_at, found.breached_at, found.runs) == (CAME + DAY, None, False)


def test_the_law_counts_only_where_the_shop_is(tmp_path: Path) -> None:
    asked = notice("customer.example", machine=False)
    assert running(asked, kind=Kind.RETURN_REQUEST) == ()
    (found,) = running(asked, kind=Kind.RETURN_REQUEST, country="DE", home=tmp_path)
    assert (found.metric, found.planned_at) == (Metric.LEGAL_CLOCK, CAME + 14 * DAY)


def test_working_days_leave_out_weekends_and_holidays(tmp_path: Path) -> None:
    """Seven working days from a Friday over Thanksgiving: Tuesday in the second week."""
    asked = notice("customer.example", machine=False)
    order = an_order()
    (found,) = running(asked, kind=Kind.CHANGE_CANCEL, country="US", home=tmp_path, order=order)
    assert found.planned_at == CAME + 12 * DAY


def test_a_carriers_clock_runs_from_the_day_of_delivery(tmp_path: Path) -> None:
    asked = notice("customer.example", machine=False)
    order = an_order(carrier="UPS Standard", delivered_at=CAME - 2 * DAY)
    (found,) = running(asked, kind=Kind.DAMAGED, country="AT", home=tmp_path, order=order)
    assert found.planned_at == CAME + 12 * DAY
    assert "when order 1001 was delivered" in found.explanation[1]
    assert "verify" not in " ".join(found.explanation)


@pytest.mark.parametrize("kind", [Kind.PRODUCT_QUESTION, Kind.DAMAGED])
@pytest.mark.parametrize("country", ["de", "pl"])
def test_whatever_a_buyer_asks_through_amazon_is_answered_within_two_days(
    kind: Kind, country: str
) -> None:
    (found,) = running(notice(f"marketplace.amazon.{country}", machine=False), kind=kind)
    assert (found.planned_at, found.verify) == (CAME + 2 * DAY, False)


def test_the_nearer_wins() -> None:
    near = Deadline(metric=Metric.FIRST_RESPONSE, planned_at=CAME + DAY)
    (clock,) = running(notice())
    assert nearest((clock, near)) == near
    assert nearest((clock,)) == clock


def test_the_owner_stops_a_clock_or_gives_it_another_length(tmp_path: Path) -> None:
    shipped = (rules() / "clocks.toml").read_text()
    begin = shipped.index('id = "any_dispute"')
    own = "[[clock]]\n" + shipped[begin : shipped.index("[[clock]]", begin)]
    (tmp_path / "clocks.toml").write_text(own + "off = true\n")
    names = [one.id for one in ClockRules.load(rules(), tmp_path).clocks]
    assert "any_dispute" not in names
    assert "stripe_dispute" in names


def test_every_shipped_clock_says_where_it_is_from() -> None:
    assert all(one.source and one.consequence and one.verified_on for one in CLOCKS.clocks)


@pytest.mark.parametrize("broken", ['length = "soon"', "lenght = 3", 'kinds = ["flood"]'])
def test_a_clock_that_cannot_be_used_is_named(tmp_path: Path, broken: str) -> None:
    (tmp_path / "clocks.toml").write_text(
        '[[clock]]\nid = "x"\ntitle = "X"\nset_by = "law"\nstarts = "request"\n'
        f'consequence = "y"\nsource = "z"\nverified_on = 2026-11-21\n{broken}\n'
    )
    with pytest.raises(KnownError, match=r"clocks\.toml cannot be used"):
        ClockRules.load(rules(), tmp_path)
