"""How the whole stands, as the engine tells of it."""

from __future__ import annotations

from functools import partial

from app.config.paths import Profile
from app.config.settings import Settings
from app.domain.account import HealthState
from app.engine.readiness_desk import ReadinessDesk
from app.storage import accounts


def test_what_an_account_lacks_is_told_in_sentences(engine, tmp_path):
    """A title has no full stop of its own; what follows it would run into it."""
    (state, *_) = engine.writer.do(accounts.health)
    (account,) = (one for one in engine.writer.do(accounts.every) if one.name == state.account)
    failing = partial(
        accounts.set_health,
        account_id=account.id,
        state=HealthState.FAILING,
        title="imap.shop.example does not answer",
        message="There is no mail server at port 993.",
        hint="Check host and port",
        tried_at=engine.clock.now(),
    )
    engine.writer.do(failing)
    desk = ReadinessDesk(
        profile=Profile(tmp_path / "profile").make(),
        writer=engine.writer,
        settings=Settings,
        terms=lambda: engine.standing.terms,
        clock=engine.clock,
    )
    assert desk.health()["accounts"][0]["error"] == (
        "imap.shop.example does not answer. There is no mail server at port 993."
        " Check host and port."
    )
