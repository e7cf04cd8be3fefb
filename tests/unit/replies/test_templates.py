"""Templates: how files are read, which one is offered first, and what a broken one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.assessment import Kind
from app.domain.errors import NotFound
from app.replies.templates import TemplateFault, load, read


def write(folder: Path, name: str, text: str = "Title: A title\n\nHi.\n") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_a_file_is_a_title_a_blank_line_and_the_text(tmp_path: Path) -> None:
    path = write(
        tmp_path, "late/wait.en.txt", "Title: Wait or cancel\n\nHi,\n\n{{ reply.date }}\n\n"
    )
    template = read(path)
    assert (template.id, template.kind, template.name) == ("late/wait", Kind.LATE, "wait")
    assert (template.language, template.title) == ("en", "Wait or cancel")
    assert template.body == "Hi,\n\n{{ reply.date }}"
    assert not template.own


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, "late/wait.en.txt", "\ufeffTitle: T\r\n\r\na\r\nb\r\n")
    assert read(path).body == "a\nb"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Title: T\n\nHi {{ customer.frist_name }}", "line 3, uses customer.frist_name"),
        ("Title: T\n\nHi {{ customer.frist_name }}", "nearest known name is customer.first_name"),
        ("Title: T\n\nHi {{ customer.first_name", "line 3, has braces that are no variable"),
        ("Title: T\n\na\n{{ order.number | {{ shop.name }} }}", "line 4, has braces"),
        ("Title: T\n\n{{ order.number | a\nb }}", "line 3, has braces"),
        ("Title: T\n\n{{ customer.first_name() }}", "line 3, has braces"),
        ("Title: T\n\n{{ __class__ }}", "uses __class__, unknown here"),
        ("Title: T\n\n{% for x in y %}{{ x.y }}", "uses x.y, unknown here"),
        ("Hi there", "line 1, does not begin with a title"),
        ("Title:  \n\nHi", "line 1, does not begin with a title"),
        ("Title: T\n\n \n", "line 2, has no text"),
        ("", "line 1, does not begin with a title"),
        ("Title: T\n\n" + "x" * 70_000, "longer than 64 KiB"),
    ],
)
def test_a_broken_file_says_its_name_the_line_and_what_to_do(
    tmp_path: Path, text: str, said: str
) -> None:
    path = write(tmp_path, "late/wait.en.txt", text)
    with pytest.raises(TemplateFault) as caught:
        read(path)
    assert "late/wait.en.txt" in caught.value.sentence
    assert said in caught.value.sentence
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lat/wait.en.txt", "not a kind"),
        ("late/wait.txt", "without a language"),
        ("late/wait.english.txt", "without a language"),
        ("late/.en.txt", "without a language"),
        ("late/wait.EN.txt", "without a language"),
    ],
)
def test_a_file_in_the_wrong_place_says_so(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(TemplateFault, match=said):
        read(write(tmp_path, name))


def test_what_other_programs_leave_behind_is_no_template(tmp_path: Path) -> None:
    """A file whose name begins with a dot. One that is called .txt took all templates away."""
    for name in (".txt", "._wait.en.txt", ".#wait.en.txt"):
        write(tmp_path, f"late/{name}")
    write(tmp_path, "late/wait.en.txt")
    found = load(tmp_path)
    assert (list(found.by_key), found.faults) == ([("late/wait", "en")], ())


def test_text_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, "late/wait.de.txt")
    path.write_bytes("Title: T\n\nGrüße".encode("latin-1"))
    with pytest.raises(TemplateFault, match="not UTF-8"):
        read(path)


def test_the_owners_text_wins_over_ours_for_the_same_id_and_language(tmp_path: Path) -> None:
    write(tmp_path / "ours", "late/wait.en.txt", "Title: Ours\n\na")
    write(tmp_path / "ours", "late/wait.de.txt", "Title: Unseres\n\na")
    write(tmp_path / "own", "late/wait.en.txt", "Title: Own\n\nb")
    templates = load(tmp_path / "ours", tmp_path / "own")
    assert templates.get("late/wait", "en").title == "Own"
    assert templates.get("late/wait", "en").own
    assert templates.get("late/wait", "de").title == "Unseres"


def test_a_folder_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    templates = load(tmp_path / "none")
    assert templates.ranked(Kind.LATE, "en") == ()
    assert templates.faults == ()


def test_one_broken_file_leaves_the_others_and_is_named_when_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "late/wait.en.txt")
    write(tmp_path, "late/broken.en.txt", "Title: T\n\n{{ nobody }}")
    templates = load(tmp_path)
    assert [one.id for one in templates.ranked(Kind.LATE, "en")] == ["late/wait"]
    assert len(templates.faults) == 1
    with pytest.raises(TemplateFault, match="nobody"):
        templates.get("late/broken")
    with pytest.raises(TemplateFault, match="nobody"):
        templates.get("late/broken", "de")


def test_a_broken_own_text_does_not_let_ours_go_out_in_its_place(tmp_path: Path) -> None:
    write(tmp_path / "ours", "late/wait.en.txt")
    write(tmp_path / "own", "late/wait.en.txt", "Title: T\n\n{{ nobody }}")
    templates = load(tmp_path / "ours", tmp_path / "own")
    assert templates.ranked(Kind.LATE, "en") == ()
    with pytest.raises(TemplateFault):
        templates.get("late/wait", "en")


def test_each_id_is_offered_once_in_the_customers_language_else_in_english(
    tmp_path: Path,
) -> None:
    for name in ("late/a.de", "late/a.en", "late/b.en", "late/c.fr"):
        write(tmp_path, f"{name}.txt")
    ranked = load(tmp_path).ranked(Kind.LATE, "de-AT")
    assert [(one.id, one.language) for one in ranked] == [
        ("late/a", "de"),
        ("late/b", "en"),
        ("late/c", "fr"),
    ]


def test_the_kind_comes_before_what_fits_everything_and_own_texts_before_ours(
    tmp_path: Path,
) -> None:
    for name in ("late/b.en", "other/a.en", "damaged/a.en"):
        write(tmp_path / "ours", f"{name}.txt")
    write(tmp_path / "own", "late/z.en.txt")
    templates = load(tmp_path / "ours", tmp_path / "own")
    assert [one.id for one in templates.ranked(Kind.LATE, "en")] == ["late/z", "late/b", "other/a"]
    assert [one.id for one in templates.ranked(Kind.OTHER, "en")] == ["other/a"]
    assert templates.ranked(Kind.NOT_AN_ISSUE, "en") == ()


def test_an_unknown_template_names_the_near_ones(tmp_path: Path) -> None:
    write(tmp_path, "late/wait.en.txt")
    with pytest.raises(NotFound, match="late/wait"):
        load(tmp_path).get("late/wiat")
