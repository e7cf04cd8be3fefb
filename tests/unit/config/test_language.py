"""Which language is spoken, and where its words come from."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import pytest

from app.config.language import of_desktop, speak_as_set, translations
from app.domain.translation import speak, tr


@pytest.fixture(autouse=True)
def english_after() -> Iterator[None]:
    yield
    speak(NullTranslations())


@pytest.mark.parametrize(
    ("around", "spoken"),
    [
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, "en"),
        ({"LANG": "fi_FI.UTF-8", "LANGUAGE": "fi:de:en"}, "de"),
        ({"LANG": "fi_FI.UTF-8"}, "en"),
    ],
)
def test_the_desktop_tells_the_language(around: dict[str, str], spoken: str) -> None:
    """By the variables of GNU gettext, in their order; what we do not speak is English."""
    assert of_desktop(around) == spoken


@pytest.mark.parametrize(
    ("said", "spoken"),
    [
        ('window_language = "de"', "de"),
        ('window_language = "xx"', "en"),
        ("not TOML", "en"),
        ("", "en"),
    ],
)
def test_the_owners_choice_goes_before_the_desktops(tmp_path: Path, said: str, spoken: str) -> None:
    """What cannot be used, or read, is as if nothing was chosen."""
    settings = tmp_path / "settings.toml"
    settings.write_text(said)
    assert speak_as_set(settings, environ={"LANG": "en_US.UTF-8"}) == spoken
    assert tr("As the desktop has it").startswith("Wie") == (spoken == "de")


def test_a_damaged_copy_of_the_words_is_made_again(tmp_path: Path) -> None:
    """It lies in the cache; a program that was cut off while writing leaves no silence."""
    first = translations("de", cache=tmp_path)
    (copy,) = tmp_path.glob("de-*.mo")
    copy.write_bytes(copy.read_bytes()[:40])
    again = translations("de", cache=tmp_path)
    assert again.gettext("As the desktop has it") == first.gettext("As the desktop has it")


def test_the_words_are_compiled_once(tmp_path: Path) -> None:
    """And only the newest copy is kept."""
    (tmp_path / "de-0123456789abcdef.mo").write_bytes(b"old")
    translations("de", cache=tmp_path)
    (copy,) = tmp_path.glob("de-*.mo")
    assert copy.stat().st_size > 100
    before = copy.stat().st_mtime_ns
    translations("de", cache=tmp_path)
    assert copy.stat().st_mtime_ns == before


def test_a_language_without_a_file_is_english(tmp_path: Path) -> None:
    """Everything is said as it is written."""
    assert translations("xx", cache=tmp_path).gettext("As the desktop has it").startswith("As")
