"""Searches kept under names, over a real profile."""

from __future__ import annotations

import pytest

from app.domain.errors import NotFound, Refused
from app.engine.saved_views_desk import SavedViewsDesk
from tests.support.engine import Engine

pytestmark = pytest.mark.usefixtures("key")  # a customer wrote


@pytest.fixture
def views(engine: Engine) -> SavedViewsDesk:
    """Three of them in order."""
    desk = SavedViewsDesk(
        writer=engine.writer, clock=engine.clock, me=lambda: "", publish=engine.moved.append
    )
    for name, search in (("Mugs", "mug"), ("Late", "is:overdue"), ("Vip", "tag:vip")):
        desk.keep(f"{name} view", search)
    return desk


def _names(engine: Engine) -> list[str]:
    return [one.name for one in engine.queries.saved_views()]


def test_a_kept_search_is_there_with_what_it_finds(engine, views):
    counts = engine.queries.saved_counts(now=engine.clock.now())
    assert [(one.name, one.search, count) for one, count in counts] == [
        ("Mugs view", "mug", 1),
        ("Late view", "is:overdue", 0),
        ("Vip view", "tag:vip", 0),
    ]


def test_every_desk_is_told_by_name(engine, views):
    views.drop("Late view")
    assert engine.moved[-1].views == {"Late view"}


def test_a_view_is_renamed_and_moved_and_its_place_is_kept(engine, views):
    answer = views.rename("late VIEW", "Too late")
    assert _names(engine) == ["Mugs view", "Too late", "Vip view"]
    assert answer["before"]["name"] == "Late view"
    views.move("Vip view", 0)
    assert _names(engine) == ["Vip view", "Mugs view", "Too late"]


def test_what_was_removed_comes_back_to_its_place_by_its_own_answer(engine, views):
    before = views.drop("Late view")["before"]
    assert _names(engine) == ["Mugs view", "Vip view"]
    views.keep(**before)
    assert _names(engine) == ["Mugs view", "Late view", "Vip view"]


def test_keeping_again_replaces_the_search_where_it_stands(engine, views):
    answer = views.keep("mugs view", "blue mug")
    assert answer["before"]["search"] == "mug"
    assert next(one.search for one in engine.queries.saved_views()) == "blue mug"
    assert len(_names(engine)) == 3


@pytest.mark.parametrize(
    ("name", "search", "why"),
    [
        ("", "mug", "needs a name"),
        ("x" * 41, "mug", "more than 40"),
        ("Urgent", "mug", "always a view"),
        ("Soon", "due:soon", "due: wants a span"),
        ("Nothing", "  ", "empty"),
    ],
)
def test_what_would_not_work_is_refused_with_the_reason(engine, views, name, search, why):
    with pytest.raises(Refused, match=why):
        views.keep(name, search)
    assert len(_names(engine)) == 3


def test_a_name_is_given_once_and_must_be_there(engine, views):
    with pytest.raises(Refused, match="already"):
        views.rename("Vip view", "mugs view")
    with pytest.raises(NotFound, match="Mugs view, Late view"):
        views.drop("Other")
    assert _names(engine) == ["Mugs view", "Late view", "Vip view"]


def test_there_is_an_end_to_it(engine, views):
    for number in range(27):
        views.keep(f"View {number}", "mug")
    with pytest.raises(Refused, match="30"):
        views.keep("One more", "mug")
