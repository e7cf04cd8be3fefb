"""The feeder brings the sample shop's mails into a folder as a mail program would."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.clock import SystemClock
from app.engine.demo import Feeder
from app.engine.sample_shop import load
from tests.support.processes import wait_until

SHOP = load(Path(__file__).parents[3] / "resources" / "sample_shop")
NOW = datetime(2031, 3, 5, 9, 30, tzinfo=UTC)
ALL = len(SHOP.mails(NOW))
LIVE = sum(mail.live_after is not None for mail in SHOP.mails(NOW))


class FixedClock:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


def arrival(path: Path) -> float:
    return path.stat().st_mtime


def wait_for(count: int, folder: Path) -> None:
    wait_until(
        lambda: len(list(folder.glob("*.eml"))) >= count, what=f"the coming of {count} mails"
    )


def test_headless_everything_is_there_and_nothing_arrived_in_the_future(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    assert Feeder(folder, SHOP, clock=FixedClock()).write_all() == ALL
    files = sorted(folder.iterdir())
    assert len(files) == ALL
    assert all(path.suffix == ".eml" for path in files)
    assert max(map(arrival, files)) == NOW.timestamp()


def test_the_time_of_a_file_is_the_arrival_of_its_mail(tmp_path: Path) -> None:
    feeder = Feeder(tmp_path, SHOP, clock=FixedClock())
    feeder.start()
    feeder.stop()
    mail = next(mail for mail in SHOP.mails(NOW) if mail.id == "broken-tide-mugs")
    assert arrival(tmp_path / "broken-tide-mugs.eml") == mail.arrives_at.timestamp()
    assert (tmp_path / "broken-tide-mugs.eml").read_bytes() == mail.to_bytes()


def test_past_mails_lie_there_at_once_and_live_ones_only_when_they_are_due(tmp_path: Path) -> None:
    feeder = Feeder(tmp_path, SHOP, clock=FixedClock())
    feeder.start()
    assert len(list(tmp_path.glob("*.eml"))) == ALL - LIVE
    feeder.stop()
    assert len(list(tmp_path.glob("*.eml"))) == ALL - LIVE


def test_live_mails_come_by_themselves_in_their_order(tmp_path: Path) -> None:
    feeder = Feeder(tmp_path, SHOP, clock=SystemClock(), speed=400)
    feeder.start()
    wait_for(ALL, tmp_path)
    feeder.stop()
    expected = [mail.id for mail in SHOP.mails(NOW) if mail.live_after]
    arrived = sorted((tmp_path / f"{name}.eml" for name in expected), key=arrival)
    assert [path.stem for path in arrived] == expected


def test_a_second_start_leaves_what_is_there(tmp_path: Path) -> None:
    Feeder(tmp_path, SHOP, clock=FixedClock()).write_all()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    feeder = Feeder(tmp_path, SHOP, clock=SystemClock(), speed=1000)
    feeder.start()
    feeder.stop()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_goes_away_ends_the_feeding_and_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "inbox"
    feeder = Feeder(folder, SHOP, clock=FixedClock(), speed=20)  # the first comes after 0.3 s
    feeder.start()
    folder.rename(tmp_path / "elsewhere")
    folder.write_text("in the way")
    with caplog.at_level(logging.WARNING):
        wait_until(lambda: caplog.records, what="a warning")
    feeder.stop()
    assert "brings no more mail" in caplog.text
