"""Shopify query: the questions that are asked of Shopify's Admin API, from resources/shopify.

Each file holds one query or the fragments of one record; what a query names is put behind it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from app.config.paths import resources

VERSION = "2026-10"
QUERIES = ("orders", "orders_by_id", "children", "disputes", "disputes_by_id", "shop")
_FRAGMENTS = ("order", "dispute")
_COMMENT = re.compile(r"#[^\n]*")
_FRAGMENT = re.compile(r"fragment\s+(\w+)\s+on\s+\w+\s*\{")
_SPREAD = re.compile(r"\.\.\.\s*([A-Z]\w*)")


@cache
def query(name: str) -> str:
    """A question with all fragments that it needs, and none besides."""
    text = _read(name)
    known = _fragments()
    wanted = list(_SPREAD.findall(text))
    used: dict[str, str] = {}
    while wanted:
        one = wanted.pop()
        if one not in used:
            used[one] = known[one]
            wanted += _SPREAD.findall(known[one])
    return " ".join((text, *used.values()))


@cache
def _fragments() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _FRAGMENTS:
        text = _read(name)
        starts = [*_FRAGMENT.finditer(text)]
        ends = [*(one.start() for one in starts[1:]), len(text)]
        for one, end in zip(starts, ends, strict=True):
            found[one[1]] = text[one.start() : end].strip()
    return found


def _read(name: str) -> str:
    text = _folder().joinpath(f"{name}.graphql").read_text(encoding="utf-8")
    return " ".join(_COMMENT.sub("", text).split())


def _folder() -> Path:
    return resources() / "shopify"
