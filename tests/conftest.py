"""What every test stands on: the same examples on every machine, and the long ones first.

A property is tried with examples that follow from its code, so that a check that passed here
passes there. To look for new ones: pytest --hypothesis-profile=search. Nor does it matter in which
surroundings the tests run: the person's language, their proxy and the modes of their files are
none of a test's business.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import pytest
from hypothesis import settings

import app.triage  # noqa: F401 - says how numpy counts, before another part asks for it
from app.config.language import translations
from app.domain.translation import speak
from tests.support import mistakes

os.umask(0o022)  # the servers that tests start work as other users, and read what was written
os.environ["LC_ALL"] = "C.UTF-8"
for name in ("LANGUAGE", "http_proxy", "https_proxy", "all_proxy"):
    os.environ.pop(name, None)
    os.environ.pop(name.upper(), None)

settings.register_profile("check", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("check")
mistakes.show_them()


@pytest.fixture
def german(tmp_path: Path) -> Iterator[None]:
    """What is said while this test runs is said in German."""
    speak(translations("de", cache=tmp_path))
    yield
    speak(NullTranslations())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What may take long begins first, so that the others need not wait for it in the end."""
    items.sort(key=_longest, reverse=True)
    if config.getoption("loadgroup", default=False):
        for item in items:
            _keep_together(item)


def _longest(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0


def _keep_together(item: pytest.Item) -> None:
    """Name the group after the "@", where pytest-xdist looks for it.

    It writes that down itself, but at a place where pytest 9.2 no longer reads: the groups were
    scattered over all workers, and each of them made what a group is to share.
    """
    marker = item.get_closest_marker("xdist_group")
    if marker is None or item.nodeid.endswith(f"@{marker.args[0]}"):
        return
    item._id = type(item._id).parse(f"{item.nodeid}@{marker.args[0]}")
    if not item.nodeid.endswith(f"@{marker.args[0]}"):
        raise pytest.UsageError("this pytest keeps no group of tests in one worker")
