"""Photos in a mail are shown small, from plain points; a click shows them larger."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from PySide6.QtGui import QColor

from app.domain.message import Attachment
from app.ui.issue.thumbnail import LargePicture, Thumbnail, is_picture, picture_of
from tests.support import ui_issue_fakes as fakes

PHOTO = Attachment(filename="mug.jpg", content_type="image/jpeg", size=90_000, part=2)


def answer(width: int, height: int, colour: bytes = b"\xff\x00\x00") -> dict[str, object]:
    points = base64.b64encode(colour * (width * height)).decode()
    return {"width": width, "height": height, "points": points}


def test_a_photo_stands_in_its_row_and_its_room_was_kept_for_it(panel_of, asked, until):
    asked.answers["thumbnail"] = answer(88, 44)
    card = panel_of(fakes.issue()).page.timeline.cards()[1]
    (thumbnail,) = card.findChildren(Thumbnail)  # the program beside it has none
    before = thumbnail.size()
    assert not thumbnail.isEnabled()
    until(lambda: thumbnail.picture is not None)
    assert thumbnail.size() == before
    assert asked.args_of("thumbnail") == {"message": 2, "part": 2, "side": before.width()}
    middle = thumbnail.grab().toImage().pixelColor(before.width() // 2, before.height() // 2)
    assert middle == QColor("#ff0000")
    assert thumbnail.accessibleName() == "Show the picture crushed-box.jpg larger"


def test_a_click_shows_it_larger_and_escape_puts_it_away(panel_of, asked, until):
    asked.answers["thumbnail"] = answer(300, 200)
    thumbnail = panel_of(fakes.issue()).page.timeline.cards()[1].findChild(Thumbnail)
    until(lambda: thumbnail.picture is not None)
    thumbnail.click()
    (large,) = thumbnail.window().findChildren(LargePicture)
    assert asked.args_of("thumbnail")["side"] == 900
    assert large.isVisible()
    assert large.accessibleName() == "The picture crushed-box.jpg"
    large.reject()


def test_what_is_no_picture_stays_a_clip_and_takes_no_click(panel_of, asked, qtbot):
    asked.answers["thumbnail"] = {"width": 0, "height": 0, "points": ""}
    thumbnail = panel_of(fakes.issue()).page.timeline.cards()[1].findChild(Thumbnail)
    qtbot.waitUntil(lambda: "thumbnail" in asked.verbs())
    assert thumbnail.picture is None
    assert not thumbnail.isEnabled()


@pytest.mark.parametrize(
    "wrong", [{}, {**answer(4, 4), "width": 5}, {**answer(4, 4), "points": ""}, answer(0, 9)]
)
def test_points_that_do_not_fit_are_no_picture(wrong):
    assert picture_of(wrong) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"content_type": "image/svg+xml"},
        {"content_type": "application/pdf"},
        {"section": "2"},
        {"size": 30_000_000},
    ],
    ids=["svg", "no picture", "still on the server", "too large"],
)
def test_for_these_nothing_is_asked(changes):
    assert is_picture(PHOTO)
    assert not is_picture(replace(PHOTO, **changes))
