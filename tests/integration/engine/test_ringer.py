"""When what was decided to ring is shown: quiet hours, a used-up hour, a sleep, and once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.alerts.notifier import Action
from app.domain.alert import Alert
from app.domain.errors import DiskFull
from app.engine.ringer import STATE_OF
from app.storage import alerts
from tests.support.engine import NOON, a_letter
from tests.support.ringing import PlayedDesktop, an_injury, ringer_of


def an_alert(
    engine, name: str, *, about: str = "", passes: bool = False, by_name: bool = False
) -> None:
    alert = Alert(
        dedupe=name,
        issue_keys=(about or f"key-{name}",),
        title=f"Urgent {name}",
        body="",
        created_at=engine.clock.now(),
        passes=passes,
        by_name=by_name,
    )
    engine.writer.do(lambda db: alerts.queue(db, alert))


def be_quiet(engine, hours: str) -> None:
    engine.settings = replace(engine.settings, quiet_hours=hours)


def awake(engine, ringer, **span: float) -> None:
    """Time passes, and the machine does not sleep."""
    ends = engine.clock.now() + timedelta(**span)
    while engine.clock.now() < ends:
        engine.clock.forward(minutes=5)
        ringer.look()


def titles(desktop) -> list[str]:
    return [alert.title for alert in desktop.taken]


def test_quiet_hours_hold_and_end_in_one_card(engine, desktop, ringer):
    """Three at night are one card in the morning, with all their issues; nothing is lost."""
    be_quiet(engine, "11:00-20:00")
    for name in "abc":
        an_alert(engine, name)
        ringer.look()
    assert desktop.taken == []
    awake(engine, ringer, hours=8)
    (card,) = desktop.taken
    assert card.title == "3 alerts waited"
    assert card.issue_keys == ("key-a", "key-b", "key-c")
    ringer.look()
    assert len(desktop.taken) == 1


def test_a_card_of_what_waited_begins_with_what_stands_highest(engine, desktop, ringer):
    """However early a lesser matter came; of what is about one issue, the older first."""
    be_quiet(engine, "11:00-20:00")
    engine.receive(a_letter("Is the blue kettle safe for a dishwasher?", subject="Kettle"))
    (lesser,) = engine.rows()
    engine.receive(an_injury())
    highest = next(row for row in engine.rows() if row.key != lesser.key)
    ringer.look()
    desktop.taken.clear()  # the injury's own
    for name, row in (("a", lesser), ("b", lesser), ("c", highest)):
        an_alert(engine, name, about=row.key)
    awake(engine, ringer, hours=8)
    (card,) = (one for one in desktop.taken if "waited" in one.title)
    assert card.body.splitlines() == ["Urgent c", "Urgent a"], "an issue is told once"


def test_a_single_one_that_waited_is_shown_as_itself(engine, desktop, ringer):
    """A card about one would say less than the one."""
    be_quiet(engine, "11:00-20:00")
    an_alert(engine, "a")
    awake(engine, ringer, hours=9)
    assert titles(desktop) == ["Urgent a"]


def test_what_passes_rings_at_night(engine, desktop, ringer):
    """Danger to somebody does not wait for the morning; the rest does."""
    be_quiet(engine, "11:00-20:00")
    engine.receive(an_injury())
    an_alert(engine, "other")
    ringer.look()
    (alert,) = desktop.taken
    assert alert.passes
    assert alert.title != "Urgent other"


def test_a_card_of_what_passes_rings_at_night_though_it_was_interrupted(engine, desktop):
    """A desktop that went down with it said nothing; the next engine does not wait for morning."""
    be_quiet(engine, "11:00-20:00")
    for name in "abcd":
        an_alert(engine, name, passes=True)
    ringer_of(engine, PlayedDesktop(says=False)).look()
    ringer_of(engine, desktop).look()
    assert titles(desktop) == ["4 alerts waited"]


def test_a_crash_at_night_loses_nothing(engine, desktop):
    """The next engine holds what the first one held."""
    be_quiet(engine, "11:00-20:00")
    an_alert(engine, "a")
    ringer_of(engine, desktop).look()
    another = ringer_of(engine, desktop)
    another.look()
    assert desktop.taken == []
    awake(engine, another, hours=9)
    assert titles(desktop) == ["Urgent a"]


def test_more_than_the_hours_number_waits_and_comes_as_one_card(engine, desktop, ringer):
    """Two an hour: the third and fourth stand on one card when the hour is over."""
    engine.settings = replace(engine.settings, alerts_per_hour=2)
    for name in "abcd":
        an_alert(engine, name)
        ringer.look()
        engine.clock.forward(minutes=5)
    assert titles(desktop) == ["Urgent a", "Urgent b"]
    awake(engine, ringer, minutes=45)
    assert titles(desktop)[2:] == ["2 alerts waited"]


def test_after_a_sleep_there_is_one_card(engine, desktop, ringer):
    """Case 118: it says how long, how many urgent, which deadlines passed, which snoozes ended."""
    engine.receive(a_letter())
    (row,) = engine.rows()
    engine.desk.snooze(row.key, (NOON + timedelta(hours=10)).isoformat())
    ringer.look()
    engine.clock.forward(days=3)
    for name in "ab":
        an_alert(engine, name)
    ringer.look()
    assert desktop.taken == []  # the mailboxes are looked into first
    engine.clock.forward(seconds=50)
    ringer.look()
    (card,) = desktop.taken
    assert card.title == "Away 3 days: 2 urgent, 1 deadline passed, 1 snooze due"
    ringer.look()
    assert len(desktop.taken) == 1


def test_what_was_queued_before_anybody_said_that_it_slept_is_on_the_card(engine, desktop, ringer):
    """Whichever thread wakes first: what passes is told at once and on one card, too."""
    ringer.look()
    engine.clock.forward(hours=60)
    for name in "abcde":
        an_alert(engine, name, passes=True)
    for name in "fghi":
        an_alert(engine, name)
    ringer.look()
    assert titles(desktop) == ["5 alerts waited"]
    engine.clock.forward(seconds=50)
    ringer.look()
    assert titles(desktop)[1:] == ["Away 2 days: 4 urgent"]


def test_two_cards_of_one_moment_are_both_shown(engine, desktop, ringer):
    """What passes and what waited are gathered in the same look; neither takes the other's place.

    The second card once had the name of the first, so it was not made, and its alerts were lost.
    """
    for name in "abcd":
        an_alert(engine, name, passes=True)
    for name in "ef":
        an_alert(engine, name)
    engine.clock.forward(minutes=2)
    ringer.look()
    assert titles(desktop) == ["4 alerts waited", "2 alerts waited"]
    assert desktop.taken[1].issue_keys == ("key-e", "key-f")


@pytest.mark.parametrize("passes", [False, True])
def test_on_a_crowded_morning_every_date_of_others_is_read_by_its_name(
    engine, desktop, ringer, passes
):
    """Thirty of them and a dozen others: within the hour each was a line on a card of its own."""
    be_quiet(engine, "11:00-20:00")
    ringer.look()
    engine.clock.forward(hours=7)
    names = [f"date{number:02}" for number in range(30)]
    for name in names:
        an_alert(engine, name, passes=passes, by_name=True)
    for number in range(12):
        an_alert(engine, f"other{number}")
    engine.clock.forward(hours=1, minutes=1)
    for _ in range(12):
        ringer.look()
        engine.clock.forward(minutes=5)
    read = "\n".join(one.body for one in desktop.taken)
    assert [name for name in names if f"Urgent {name}" not in read] == []
    assert all(len(one.body) <= 255 for one in desktop.taken)


def test_a_card_of_names_that_a_crash_kept_back_is_shown_as_it_is(engine, desktop):
    """It does not become one line among others."""
    for number in range(5):
        an_alert(engine, f"date{number}", by_name=True)
    ringer_of(engine, PlayedDesktop(says=False)).look()
    for name in "abcd":
        an_alert(engine, name)
    engine.clock.forward(minutes=5)
    ringer_of(engine, desktop).look()
    read = "\n".join(one.body for one in desktop.taken)
    assert all(f"Urgent date{number}" in read for number in range(5))


def test_several_that_nobody_took_are_one_card_again(engine, desktop, ringer):
    """Each burst is repeated as one card, and the last one replaces the one before."""
    for number in (1, 2, 3):
        engine.receive(an_injury(number))
    ringer.look()
    shown = len(desktop.taken)
    for _ in range(5):
        engine.clock.forward(minutes=11)
        ringer.look()
    assert titles(desktop)[shown:] == ["3 critical ones still wait for you"] * 3
    standing = [one.title for one in engine.writer.do(alerts.unseen)]
    assert standing.count("3 critical ones still wait for you") == 1


def test_more_than_three_in_ten_minutes_are_one_card(engine, desktop, ringer):
    """Nobody reads the fourth; it waits a few minutes and comes with the fifth and sixth."""
    for name in "abcdef":
        an_alert(engine, name)
        ringer.look()
        engine.clock.forward(minutes=1)
    awake(engine, ringer, minutes=10)
    assert titles(desktop) == ["Urgent a", "Urgent b", "Urgent c", "3 alerts waited"]


def test_a_nap_is_no_journey(engine, desktop, ringer):
    """After a quarter of an hour things ring as always."""
    ringer.look()
    engine.clock.forward(minutes=15)
    an_alert(engine, "a")
    ringer.look()
    assert titles(desktop) == ["Urgent a"]


def test_what_is_critical_and_unseen_rings_again_three_times_at_most(engine, desktop, ringer):
    """Every ten minutes, until somebody takes it up."""
    engine.receive(an_injury())
    ringer.look()
    for _ in range(6):
        engine.clock.forward(minutes=11)
        ringer.look()
    assert len(desktop.taken) == 4


def test_what_is_critical_in_a_storm_rings_again_too(engine, desktop, ringer):
    """Five injuries on one card once rang a single time, where one alone rings four times; those
    that somebody opened or took are not on the card that comes again."""
    engine.settings = replace(engine.settings, alerts_per_hour=100)
    engine.receive(*(an_injury(number) for number in range(5)))
    ringer.look()
    (card,) = desktop.taken
    engine.desk.acknowledge(card.issue_keys[0])
    engine.desk.seen(card.issue_keys[1])
    awake(engine, ringer, hours=2)
    again = desktop.taken[1:]
    assert [one.title for one in again] == ["3 critical ones still wait for you"] * 3
    assert {one.issue_keys for one in again} == {card.issue_keys[2:]}
    assert "Person" in again[0].body


def test_a_critical_issue_that_rang_twice_is_repeated_three_times_and_no_more(
    engine, desktop, ringer
):
    """As each of its alerts may be; the card of the two was repeated itself, all night long."""
    engine.receive(an_injury())
    key = engine.only_key()
    an_alert(engine, "reminder", about=key)
    awake(engine, ringer, hours=6)
    assert titles(desktop)[:2] == ["Legal, answer by 13:00", "Urgent reminder"]
    assert len(desktop.taken) <= 2 + 3 + 3


def test_the_last_critical_one_of_a_storm_rings_again_as_itself(engine, desktop, ringer):
    engine.receive(*(an_injury(number) for number in range(5)))
    ringer.look()
    (card,) = desktop.taken
    for key in card.issue_keys[1:]:
        engine.desk.acknowledge(key)
    awake(engine, ringer, minutes=12)
    (again,) = desktop.taken[1:]
    assert again.issue_keys == card.issue_keys[:1]
    assert again.title.startswith("Person")
    (kept,) = engine.writer.do(alerts.unseen)
    assert kept.title == card.title, "the card in the window keeps its words"


def test_what_somebody_took_up_rings_no_more(engine, desktop, ringer):
    """Acknowledged in the window is seen."""
    engine.receive(an_injury())
    ringer.look()
    engine.desk.acknowledge(engine.rows()[0].key)
    engine.clock.forward(minutes=11)
    ringer.look()
    assert len(desktop.taken) == 1


def test_no_repeats_where_none_are_wanted(engine, desktop, ringer):
    """0 minutes is never."""
    engine.settings = replace(engine.settings, repeat_minutes=0)
    engine.receive(an_injury())
    for _ in range(3):
        ringer.look()
        engine.clock.forward(minutes=30)
    assert len(desktop.taken) == 1


def test_what_no_desktop_has_shown_is_shown_when_one_comes(engine, desktop, ringer):
    """At sign-in the program that shows pop-ups may come up after the first alert."""
    desktop.shows = False
    an_alert(engine, "a")
    ringer.look()
    desktop.shows = True
    ringer.look()
    assert len(desktop.taken) == 1, "nothing is tried while nothing has changed"
    desktop.comes_back()
    ringer.look()
    assert titles(desktop) == ["Urgent a", "Urgent a"]
    desktop.comes_back()
    ringer.look()
    assert len(desktop.taken) == 2, "what was shown is not shown again"


def test_what_went_away_with_its_desktop_is_shown_by_the_next_one_a_few_times(
    engine, desktop, ringer
):
    """A pop-up that brings its desktop down is not shown for ever."""
    an_alert(engine, "a")
    ringer.look()
    for _ in range(10):
        (shown,) = engine.writer.do(alerts.unseen)
        ringer.close((shown.id,), STATE_OF[Action.LOST])
        engine.clock.forward(minutes=20)
        desktop.comes_back()
        ringer.look()
    assert titles(desktop) == ["Urgent a"] * 4


def test_what_was_dealt_with_is_not_offered_again(engine, desktop, ringer):
    desktop.shows = False
    engine.receive(an_injury())
    ringer.look()
    engine.desk.acknowledge(engine.only_key())
    desktop.comes_back()
    ringer.look()
    assert len(desktop.taken) == 1


def test_a_disk_that_stays_full_is_one_pop_up_that_needs_no_room(engine, desktop, ringer):
    """Nobody may sit at the window; a moment without room is none."""
    (pages,) = engine.writer.do(lambda db: db.execute("PRAGMA page_count").fetchone())
    engine.writer.do(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    with pytest.raises(DiskFull):
        engine.receive(a_letter("x " * 100_000))
    ringer.look()
    assert desktop.taken == []
    for _ in range(3):
        ringer.look()
    assert titles(desktop) == ["New mail is not stored: The disk is full"]
    engine.writer.do(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchone())
    engine.receive(a_letter())
    ringer.look()
    assert [one for one in titles(desktop) if "disk" in one] == titles(desktop)[:1]


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(days=3650)])
def test_what_rang_while_the_clock_was_ahead_keeps_nothing_quiet_when_it_is_right(
    engine, desktop, ringer, ahead
):
    """A battery is empty, or two systems differ about the zone; then the network sets it right."""
    engine.clock.at += ahead
    awake(engine, ringer, minutes=30)
    for name in "abc":
        an_alert(engine, name)
        ringer.look()
    desktop.taken.clear()
    engine.clock.at -= ahead
    an_alert(engine, "d")
    ringer.look()
    assert titles(desktop) == ["Urgent d"]


def test_a_clock_that_jumped_and_came_back_is_no_sleep(engine, desktop, ringer):
    """What is new is not gathered until the hour comes that it showed."""
    ringer.look()
    engine.clock.forward(days=3650)
    ringer.look()
    engine.clock.forward(days=-3650)
    ringer.look()
    an_alert(engine, "a")
    ringer.look()
    assert titles(desktop) == ["Urgent a"]
