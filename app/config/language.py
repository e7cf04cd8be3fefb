"""Language: which one this process speaks, and its words out of `resources/translations`.

One PO file a language (GNU gettext), which any translator's program opens. It is compiled once,
into the user's cache, and again when it changed.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from contextlib import suppress
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from app.config import toml_text
from app.config.desktop import desktop_languages
from app.config.paths import caches, resources
from app.config.system import write_private
from app.domain.translation import speak

AS_THE_DESKTOP = "system"
SOURCE = "en"


def languages() -> tuple[str, ...]:
    """What can be spoken: English, and every language that has a file."""
    return (SOURCE, *sorted(path.stem for path in _folder().glob("*.po")))


def speak_as_set(settings: Path, *, environ: Mapping[str, str] | None = None) -> str:
    """Speak what the owner's settings say, else what the desktop does; the language."""
    language = as_set(settings, environ=environ)
    speak(translations(language))
    return language


def as_set(settings: Path, *, environ: Mapping[str, str] | None = None) -> str:
    """The language that the owner's settings name, else the desktop's."""
    chosen = _set_in(settings)
    return of_desktop(environ) if chosen == AS_THE_DESKTOP else chosen


def of_desktop(environ: Mapping[str, str] | None = None) -> str:
    """The language of this person's desktop if it can be spoken, else English."""
    known = languages()
    spoken = (name[:2].lower() for name in desktop_languages(environ))
    return next((name for name in spoken if name in known), SOURCE)


def translations(language: str, *, cache: Path | None = None) -> NullTranslations:
    """The words of a language; English for one that has no file."""
    file = _folder() / f"{language}.po"
    try:
        source = file.read_bytes()
    except OSError:
        return NullTranslations()
    # A cache that cannot be read or is damaged is made again.
    kept = (cache or caches()) / f"{language}-{hashlib.sha256(source).hexdigest()[:16]}.mo"
    with suppress(OSError, ValueError, struct.error):
        return GNUTranslations(BytesIO(kept.read_bytes()))
    compiled = _compiled(source, language)
    with suppress(OSError):
        _forget_older(kept, language)
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_private(kept, compiled)
    return GNUTranslations(BytesIO(compiled))


def _compiled(source: bytes, language: str) -> bytes:
    from babel.messages.mofile import write_mo  # 40 ms, once for every change of a file
    from babel.messages.pofile import read_po

    out = BytesIO()
    write_mo(out, read_po(BytesIO(source), locale=language))
    return out.getvalue()


def _forget_older(kept: Path, language: str) -> None:
    for old in kept.parent.glob(f"{language}-*.mo"):
        old.unlink()


def _folder() -> Path:
    return resources() / "translations"


def _set_in(settings: Path) -> str:
    """What the file says; anything odd in it is told where all settings are read."""
    try:
        said = toml_text.loads(settings.read_text("utf-8")).get("window_language", AS_THE_DESKTOP)
    except (OSError, ValueError):
        return AS_THE_DESKTOP
    return said if said in languages() else AS_THE_DESKTOP
