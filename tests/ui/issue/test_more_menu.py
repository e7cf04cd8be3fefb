"""What is done to an issue less often: giving it away, merging it, taking a mail out of it."""

from __future__ import annotations

from PySide6.QtGui import QAction

from app.domain.errors import Refused
from app.domain.journal import State
from app.ui.issue.more_menu import MoreMenu
from tests.support import ui_issue_fakes as fakes

OTHER = fakes.issue(row=fakes.row(id=2, key="i1_other", subject="Second parcel", assignee="Lena"))
PUT_AWAY = fakes.issue(row=fakes.row(id=3, key="i1_away", state=State.RESOLVED))
SOMEBODY_ELSES = fakes.issue(
    row=fakes.row(id=4, key="i1_else", customer=fakes.SHOP, subject="Not Ben's")
)
ME = {"settings": [{"name": "shop_name", "value": "Oak"}, {"name": "me", "value": "Tom"}]}


def _opened(panel_of, asked, *views) -> MoreMenu:
    asked.answers["settings"] = ME
    panel = panel_of(*(views or (fakes.issue(), OTHER, PUT_AWAY, SOMEBODY_ELSES)))
    panel.page.header.more_asked.emit(False)
    menu: MoreMenu = panel.page.header.more
    return menu


def _words(menu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def _choose(menu, words: str) -> None:
    action = next(one for one in menu.actions() if one.text().startswith(words))
    assert isinstance(action, QAction)
    action.trigger()


def test_the_owner_whoever_has_issues_and_whoever_can_be_told_are_offered(panel_of, asked):
    """Mia is a contact, and nobody gave her anything yet."""
    menu = _opened(panel_of, asked)
    assert menu.names == ("Tom", "Lena", "Mia")


def test_a_name_that_was_written_small_is_offered_once_as_the_contact_is_called(panel_of, asked):
    small = fakes.issue(row=fakes.row(id=5, key="i1_small", assignee="mia"))
    assert _opened(panel_of, asked, fakes.issue(), small).names == ("Tom", "Mia")


def test_an_issue_is_given_to_somebody_and_undo_takes_it_back(panel_of, asked, qtbot):
    asked.answers["assign"] = {"changes": {}, "entry": "e9"}
    panel = panel_of(fakes.issue(), OTHER)
    panel.page.header.more_asked.emit(False)
    with qtbot.waitSignal(panel.decided) as said:
        _choose(panel.page.header.more.people, "Lena")
    assert asked.args_of("assign") == {"key": fakes.KEY, "to": "Lena"}
    assert said.args == ["Given to Lena", "e9"]


def test_any_other_name_can_be_written(panel_of, asked):
    _opened(panel_of, asked).people.write_name(" Ada ")
    assert asked.args_of("assign")["to"] == "Ada"


def test_what_somebody_has_can_be_given_to_nobody(panel_of, asked):
    menu = _opened(panel_of, asked, OTHER)
    _choose(menu.people, "Nobody")
    assert asked.args_of("assign") == {"key": "i1_other", "to": ""}


def test_only_the_same_customers_open_issues_can_take_it_in(panel_of, asked):
    menu = _opened(panel_of, asked)
    assert _words(menu.others) == ["Second parcel, today"]


def test_with_no_other_issue_the_menu_says_so(panel_of, asked):
    menu = _opened(panel_of, asked, fakes.issue())
    assert menu.others.title() == "No other issue of theirs"
    assert not menu.others.isEnabled()


def test_merging_keeps_what_was_begun_and_leads_to_the_issue_that_stays(panel_of, asked, qtbot):
    """And Undo is offered, with the entry that takes it back."""
    asked.answers["merge"] = {"changes": {}, "entry": "e1"}
    panel = panel_of(fakes.issue(), OTHER)
    panel.page.reply.editor.insertPlainText("Dear Ben")
    panel.page.header.more_asked.emit(False)
    told: list[tuple[str, str]] = []
    panel.decided.connect(lambda words, entry: told.append((words, entry)))
    with qtbot.waitSignals([panel.decided, panel.went_into]):
        _choose(panel.page.header.more.others, "Second parcel")
    assert told == [("Merged", "e1")]
    assert asked.args_of("merge") == {"key": fakes.KEY, "into": "i1_other"}
    verbs = asked.verbs()
    assert verbs.index("save_draft") < verbs.index("merge")


def test_a_mail_becomes_an_issue_of_its_own(panel_of, asked):
    panel = panel_of(fakes.long_issue(3))
    card = panel.page.timeline.cards()[0]
    card.split_asked.emit(card.message.id)
    assert asked.args_of("split") == {"key": "i1_long", "messages": [card.message.id]}


def test_the_only_mail_of_an_issue_offers_no_menu(panel_of):
    panel = panel_of(fakes.long_issue(1))
    (card,) = panel.page.timeline.cards()
    assert not card.can_split
    assert all(one.can_split for one in panel_of(fakes.long_issue(2)).page.timeline.cards())


def test_a_refused_merge_is_said_beside_the_verbs(panel_of, asked):
    asked.answers["merge"] = Refused("An issue cannot be merged with itself")
    panel = panel_of(fakes.issue(), OTHER)
    panel.page.header.more.merged.emit("i1_other")
    assert "cannot be merged" in panel.page.trouble.text()
