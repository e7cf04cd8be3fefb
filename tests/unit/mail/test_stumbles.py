"""Whatever a server falls over, everything else is listed, and no more is asked than needed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import KnownError
from app.mail.failures import SaidNo
from app.mail.fetching import Fetched
from app.mail.stumbles import MOST_UNLISTED, listed_apart


class Server:
    """Lists what it is asked for up to the first bad one; or nothing at all then."""

    def __init__(self, bad: frozenset[int], *, tells_before: bool) -> None:
        self.bad = bad
        self.tells_before = tells_before
        self.failures = 0

    def ask(self, uids: Sequence[int], found: dict[int, Fetched]) -> KnownError | None:
        first = next((uid for uid in uids if uid in self.bad), None)
        if first is None or self.tells_before:
            told = [uid for uid in uids if first is None or uid < first]
            found.update({uid: Fetched(uid=uid, size=1) for uid in told})
        self.failures += first is not None
        return None if first is None else SaidNo("no")


def listed(server: Server, uids: Sequence[int]) -> tuple[set[int], list[int]]:
    fell: list[int] = []
    return set(listed_apart(uids, ask=server.ask, fell=fell.append)), fell


@given(
    there=st.sets(st.integers(1, 500), max_size=60),
    bad=st.frozensets(st.integers(1, 500), max_size=MOST_UNLISTED),
    tells_before=st.booleans(),
)
def test_each_mail_is_listed_or_named_once_as_one_that_is_not(there, bad, tells_before):
    found, fell = listed(Server(bad, tells_before=tells_before), sorted(there))
    assert found == there - bad
    assert sorted(fell) == sorted(there & bad)


def test_a_bad_mail_among_100_000_costs_two_answers_that_break_off():
    """Each may be a connection, where the server hangs up."""
    server = Server(frozenset((70_000,)), tells_before=True)
    found, fell = listed(server, range(1, 100_001))
    assert (len(found), fell, server.failures) == (99_999, [70_000], 2)


def test_a_server_that_lists_none_is_soon_believed():
    server = Server(frozenset(range(1, 10_001)), tells_before=False)
    with pytest.raises(SaidNo):
        listed(server, range(1, 10_001))
    assert server.failures < 4 * MOST_UNLISTED
