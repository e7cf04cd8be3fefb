"""What the owner did stands against what is read, until the engine has answered."""

from __future__ import annotations

from app.ui.inbox.expected import Expected


def _as_left(expected: Expected, ids: list[int], listed: list[int]) -> list[int]:
    return list(expected.as_left(ids, listed=listed, answered=expected.answered))


def test_an_issue_is_kept_where_it_stands_and_one_that_is_done_is_kept_away():
    expected = Expected()
    expected.expect(2, listed=True)
    expected.expect(5, listed=False)
    assert _as_left(expected, [1, 3, 5, 9], [1, 2, 3]) == [1, 2, 3, 9]


def test_what_is_as_it_was_left_is_handed_back_untouched():
    expected, ids = Expected(), [1, 2, 3]
    expected.expect(2, listed=True)
    assert expected.as_left(ids, listed=ids, answered={}) is ids


def test_what_was_asked_after_the_answer_is_believed_and_ends_it():
    expected = Expected()
    expected.expect(2, listed=True)
    expected.was_answered([2, 7])
    assert _as_left(expected, [1], [1, 2]) == [1]
    assert expected.read([], expected.answered) == {2}
    assert expected.read([2], expected.answered) == set()


def test_an_answer_to_what_came_before_says_nothing_of_what_came_after():
    """Done, answered, read; and taken back while it was being read."""
    expected = Expected()
    expected.expect(2, listed=False)
    expected.was_answered([2])
    answered = expected.answered
    expected.expect(2, listed=True)
    assert list(expected.as_left([1], listed=[1, 2], answered=answered)) == [1, 2]
    assert expected.read([2], answered) == {2}
    assert expected.is_open(2, answered)


def test_of_what_was_done_elsewhere_only_the_next_news_counts():
    expected = Expected()
    expected.expect(2, listed=None)
    assert not expected.is_open(2, {})
    assert expected.read([3], {}) == {2}
    assert expected.read([2], {}) == {2}
    assert expected.read([2], {}) == set()
