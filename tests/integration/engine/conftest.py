"""An engine with a letter in it, a desktop that it rings on, and the office of people who are told
when nobody takes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engine.ringer import Ringer
from tests.support.certificates import Authority
from tests.support.engine import Engine, a_letter, an_engine
from tests.support.office import Office, an_office, set_on_fire
from tests.support.packing_bench import Bench
from tests.support.ringing import PlayedDesktop, ringer_of
from tests.support.watched_copies import Watched


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the certificate of its mail server."""
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def office(tmp_path: Path, authority: Authority) -> Iterator[Office]:
    """Nobody is in it yet."""
    with an_office(tmp_path, authority) as made:
        yield made


@pytest.fixture
def burning(office: Office) -> Office:
    """Ada can be told by mail, Ben by a service; a critical mail rang at noon."""
    return set_on_fire(office)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """The parts of an engine over a profile of its own."""
    with an_engine(tmp_path) as made:
        yield made


@pytest.fixture
def key(engine: Engine) -> str:
    """The key of the only issue: Ben's mugs are broken."""
    engine.receive(a_letter())
    return engine.only_key()


@pytest.fixture
def desktop() -> PlayedDesktop:
    """Takes what is to be shown."""
    return PlayedDesktop()


@pytest.fixture
def ringer(engine: Engine, desktop: PlayedDesktop) -> Ringer:
    """Shows on that desktop what the engine has to tell."""
    return ringer_of(engine, desktop)


@pytest.fixture
def bench(engine: Engine, tmp_path: Path) -> Bench:
    """What a packet is made of, and on."""
    return Bench(engine, tmp_path)


@pytest.fixture
def disputed(bench: Bench) -> str:
    """Ines asked for her mugs, was answered, and went to the bank."""
    return bench.went_to_the_bank()


@pytest.fixture
def watched(engine: Engine) -> Watched:
    """Regular copies over a profile with a letter in it, and all that moves them."""
    engine.receive(a_letter())
    return Watched(engine)
