"""The pages of `help`: whoever works by command finds every command there."""

from __future__ import annotations

import argparse
import re

import pytest

from app.cli.arguments import parser
from app.cli.guide import page
from app.domain.errors import NotFound


def pages() -> list[str]:
    return [line.split()[1] for line in page("").splitlines()]


def test_every_command_stands_on_a_page():
    (commands,) = (one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    told = set(re.findall(r"[a-z]+", " ".join(page(topic) for topic in pages())))
    assert set(commands.choices) - told == {"help"}


@pytest.mark.parametrize("topic", pages())
def test_a_page_begins_with_what_it_is_about_and_fits_a_terminal(topic):
    lines = page(topic).splitlines()
    assert ":" in lines[0]
    assert max(map(len, lines)) <= 110


def test_a_page_that_is_not_there_is_said_with_those_that_are():
    with pytest.raises(NotFound, match="rules"):
        page("cooking")
