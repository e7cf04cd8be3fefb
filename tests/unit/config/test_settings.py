"""What the owner may set: bounds, words, and a file that stays the owner's."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config.settings import SETTINGS, Settings, described, read_settings, setting, write_setting
from app.domain.errors import NotFound, Refused


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_without_a_file_everything_has_its_default(file: Path) -> None:
    assert read_settings(file) == (Settings(), ())


def test_every_setting_has_words_and_a_default_that_it_accepts() -> None:
    for one in SETTINGS:
        assert one.label
        assert one.help.endswith(".")
        assert one.accepts(one.default), one.name
        assert one.read(str(one.default)) == one.default or one.type == "yes_no"


def test_what_is_set_is_read(file: Path) -> None:
    file.write_text('undo_seconds = 30\nshop_name = "Teal & Clay"\nalert_sound = false\n')
    settings, problems = read_settings(file)
    assert (settings.undo_seconds, settings.shop_name, settings.alert_sound) == (
        30,
        "Teal & Clay",
        False,
    )
    assert problems == ()


def _instead(found: str, allowed: str, used: str) -> str:
    return f"settings.toml: {found} but must be {allowed}; {used} is used meanwhile."


_SECONDS = "a whole number from 0 to 120"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("undo_seconds = 500", _instead("undo_seconds is 500", _SECONDS, "15")),
        ('undo_seconds = "15"', _instead('undo_seconds is "15"', _SECONDS, "15")),
        ("undo_seconds = true", _instead("undo_seconds is true", _SECONDS, "15")),
        (
            'appearance = "pink"',
            _instead('appearance is "pink"', 'one of "system", "light", "dark"', '"system"'),
        ),
        (
            "alert_sound = 1",
            "settings.toml: alert_sound is 1 but must be true or false; true is used meanwhile.",
        ),
        (
            "undo_second = 10",
            'settings.toml: "undo_second" is not a setting. Did you mean undo_seconds?',
        ),
        ("zzz = 1", 'settings.toml: "zzz" is not a setting.'),
    ],
)
def test_a_bad_value_is_one_sentence_and_its_default_stands_in(
    file: Path, line: str, sentence: str
) -> None:
    file.write_text(f'me = "Ana"\n{line}\n')
    settings, problems = read_settings(file)
    assert problems == (sentence,)
    assert settings == Settings(me="Ana")


@pytest.mark.parametrize("damage", [b"undo_seconds = \n", b"\xff\xfe", b"a = 1\na = 2\n"])
def test_a_damaged_file_is_one_sentence_and_is_never_overwritten(file: Path, damage: bytes) -> None:
    file.write_bytes(damage)
    settings, problems = read_settings(file)
    assert settings == Settings()
    (problem,) = problems
    assert problem.startswith("settings.toml cannot be read (")
    with pytest.raises(Refused, match=r"settings\.toml cannot be changed"):
        write_setting(file, "undo_seconds", 20)
    assert file.read_bytes() == damage


def test_writing_keeps_every_word_of_the_owner(file: Path) -> None:
    file.write_text(
        "# our shop\n\nundo_seconds = 10  # Ben asked for it\nzzz = 1\n\n[later]\nx = 1\n"
    )
    write_setting(file, "undo_seconds", 20)
    settings = write_setting(file, "appearance", "dark")
    text = file.read_text()
    assert "# our shop" in text
    assert "undo_seconds = 20  # Ben asked for it" in text
    assert "zzz = 1" in text
    assert "[later]\nx = 1" in text
    assert (settings.undo_seconds, settings.appearance) == (20, "dark")
    assert read_settings(file)[0] == settings


@pytest.mark.parametrize(
    ("name", "word", "value"),
    [("undo_seconds", " 20 ", 20), ("alert_sound", "no", False), ("alert_sound", "On", True)],
)
def test_words_from_a_command_line_become_values(
    file: Path, name: str, word: str, value: object
) -> None:
    assert getattr(write_setting(file, name, word), name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("undo_seconds", 121),
        ("undo_seconds", "soon"),
        ("alert_sound", "maybe"),
        ("shop_name", "two\nlines"),
        ("shop_name", "x" * 201),
        ("language", "tlh"),
        ("me", None),
    ],
)
def test_a_value_that_may_not_stand_is_refused_and_nothing_is_written(
    file: Path, name: str, value: object
) -> None:
    with pytest.raises(Refused, match="must be"):
        write_setting(file, name, value)
    assert not file.exists()


def test_an_unknown_name_gets_the_nearest_one() -> None:
    with pytest.raises(NotFound, match="Did you mean poll_seconds"):
        setting("pol_seconds")


def test_a_desk_gets_each_setting_with_its_words_and_value() -> None:
    shown = {one["name"]: one for one in described(Settings(undo_seconds=5))}
    assert shown["undo_seconds"]["value"] == 5
    assert shown["appearance"]["choices"] == ["system", "light", "dark"]
    assert len(shown) == len(SETTINGS)
