"""Guide: the pages that `help TOPIC` prints, one file each, for who works by command."""

from __future__ import annotations

from pathlib import Path

from app.config.paths import resources
from app.domain.errors import NotFound

_PAGES = resources() / "help"


def page(topic: str) -> str:
    """The page of that name; without one, which there are. Raises NotFound."""
    pages = {path.stem: path for path in sorted(_PAGES.glob("*.txt"))}
    if not topic:
        return "\n".join(f"help {name:<10} {_title(_text(path))}" for name, path in pages.items())
    if topic not in pages:
        raise NotFound(f"There is no page about {topic}", f"There are: {', '.join(pages)}")
    return _text(pages[topic])


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").rstrip()


def _title(text: str) -> str:
    return text.partition("\n")[0]
