"""A dispute's own part of an issue: folded three lines, unfolded all that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.dispute_views import DisputeRow
from app.domain.errors import NotFound, Refused
from app.ui.disputes.case_card import CaseCard
from app.ui.disputes.checklist import Checklist
from app.ui.theme import Theme
from tests.support import ui_issue_fakes as fakes
from tests.support.ui_disputes import EVIDENCE, FIGURES, WRITTEN, every_kind

CASES = every_kind(fakes.NOW)
SEVERAL = tuple(
    one for one in CASES if one.dispute.platform_id in {"dp_dateless", "dp_soon", "dp_saved"}
)


@pytest.fixture
def engine() -> fakes.FakeBridge:
    answers = {"evidence": EVIDENCE, "dispute_figures": FIGURES, "packet": WRITTEN}
    return fakes.FakeBridge(answers)


@pytest.fixture
def card_of(theme: Theme, engine: fakes.FakeBridge) -> Iterator[Callable[..., CaseCard]]:
    """Makes the card of an issue with this dispute, or with none."""
    made: list[CaseCard] = []

    def make(platform_id: str = "dp_soon", *, unfold: bool = False, **more) -> CaseCard:
        card = CaseCard(
            bridge=engine, theme=theme, read=lambda: CASES,
            ask_path=lambda _parent, name: f"/home/jo/{name}",
            ask_files=lambda _parent: ["/home/jo/label.pdf"], **more,
        )  # fmt: skip
        made.append(card)
        card.resize(700, 500)
        card.show_view(fakes.issue(disputes=a_case(platform_id)), fakes.NOW)
        if unfold:
            card.toggle.click()
        return card

    yield make
    for card in made:
        shiboken6.delete(card)


def a_case(platform_id: str) -> tuple[DisputeRow, ...]:
    return tuple(one for one in CASES if one.dispute.platform_id == platform_id)


def test_an_issue_without_a_dispute_has_no_card(card_of):
    assert card_of("none").isHidden()


def test_folded_it_says_what_until_when_and_that_nothing_was_submitted(card_of):
    card = card_of()
    assert not card.isHidden()
    said = card.accessibleName()
    assert "Chargeback, $184.00 at Stripe" in said
    assert "Answer by" in said
    assert not card.is_unfolded


def test_where_there_is_little_room_it_is_one_line_with_the_way_in(card_of, until):
    """Unfolded it says everything again; with room it is as it was."""
    card = card_of()
    card.show()
    lines = (card._reason, card._turn, card.toggle)
    card.set_low(True)
    assert [one.isVisible() for one in lines] == [False, False, True]
    until(lambda: card.toggle.y() < card._title.geometry().bottom())
    card.toggle.click()
    assert all(one.isVisible() for one in lines)
    card.toggle.click()
    card.set_low(False)
    assert all(one.isVisible() for one in lines)


def test_the_checklist_is_asked_for_when_somebody_looks(card_of, engine: fakes.FakeBridge):
    card = card_of()
    assert "evidence" not in engine.verbs()
    card.toggle.click()
    assert engine.args_of("evidence") == {"key": fakes.KEY, "dispute": "dp_soon"}
    assert card.findChild(Checklist) is not None
    names = [child.accessibleName() for child in card.checklist.findChildren(type(card.toggle))]
    assert "Add a file for: Delivery" in names
    assert "Take sign.png out of the packet" in names


def test_a_warning_is_decided_for_nobody_waits_for_an_answer(card_of):
    assert card_of("w_1").toggle.text() == "Decide"
    assert card_of("dp_soon").toggle.text() == "Answer it"


def test_a_missing_text_of_the_shop_is_chosen_here_and_no_folder_is_spoken_of(card_of, engine):
    missing = {
        **EVIDENCE["items"][0], "id": "shipping_policy", "title": "Shipping terms",
        "said": "Put a file whose name begins with shipping into the profile's folder policies.",
        "policy": "shipping",
    }  # fmt: skip
    engine.answers["evidence"] = {**EVIDENCE, "items": [missing]}
    engine.answers["add_evidence"] = EVIDENCE
    card = card_of(unfold=True)
    said = "\n".join(one.text() for one in card.checklist.findChildren(QLabel))
    assert "Not here yet. Choose the page of your shop" in said
    assert "folder" not in said
    buttons = {one.text(): one for one in card.checklist.findChildren(QPushButton)}
    buttons["Choose file"].click()
    assert engine.args_of("add_evidence")["item"] == "shipping_policy"


def test_adding_and_taking_out_files_go_to_the_engine(card_of, engine: fakes.FakeBridge):
    card = card_of(unfold=True)
    engine.answers["add_evidence"] = engine.answers["remove_evidence"] = EVIDENCE
    buttons = {one.accessibleName(): one for one in card.checklist.findChildren(type(card.toggle))}
    buttons["Add a file for: Delivery"].click()
    assert engine.args_of("add_evidence") == {
        "key": fakes.KEY, "dispute": "dp_soon", "item": "delivery", "path": "/home/jo/label.pdf"
    }  # fmt: skip


def test_the_packet_is_saved_and_never_said_to_be_submitted(card_of, engine: fakes.FakeBridge):
    card = card_of(unfold=True)
    card.packet.make.click()
    assert engine.args_of("packet")["path"] == "/home/jo/dispute_dp_soon.pdf"
    said = card.packet.said.text()
    assert said.startswith("Saved to /home/jo/dispute.pdf: 8 pages, 1.4 MB.")
    assert "Left out: locked.pdf is locked." in said
    assert "Nothing was submitted" in said


def test_more_than_the_provider_takes_is_asked_about(card_of, engine: fakes.FakeBridge):
    card = card_of(unfold=True)
    engine.answers["packet"] = Refused("The provider would not take this packet", asks=True)
    card.packet.make.click()
    assert not card.packet.anyway.isHidden()
    engine.answers["packet"] = WRITTEN
    card.packet.anyway.click()
    assert engine.args_of("packet")["insist"] is True
    assert card.packet.anyway.isHidden()


def test_what_the_engine_cannot_do_is_said_in_its_words(card_of, engine: fakes.FakeBridge):
    engine.answers["evidence"] = NotFound("This issue has no dispute")
    card = card_of(unfold=True)
    assert any(
        "This issue has no dispute" in child.text()
        for child in card.findChildren(type(card.packet.said).__mro__[1])
    )


def test_the_link_to_the_provider_opens_only_on_a_click(card_of):
    opened: list[str] = []
    card = card_of(open_link=opened.append)
    assert opened == []
    card.elsewhere.click()
    assert opened == ["https://stripe.example/d"]
    assert card_of("dp_dateless").elsewhere.isHidden()


def test_another_issue_is_folded_again(card_of):
    card = card_of(unfold=True)
    row = fakes.row(key="i1_other")
    card.show_view(fakes.issue(row=row, disputes=a_case("dp_review")), fakes.NOW)
    assert not card.is_unfolded
    assert card.toggle.text() == "What there is"


def test_an_answer_about_another_issue_is_not_shown(card_of, engine: fakes.FakeBridge):
    engine.answers["evidence"] = None
    card = card_of(unfold=True)
    row = fakes.row(key="i1_other")
    card.show_view(fakes.issue(row=row, disputes=a_case("dp_review")), fakes.NOW)
    engine.answer("evidence", EVIDENCE)
    assert card.checklist.findChildren(type(card.toggle)) == []


def test_the_reasons_make_room_while_somebody_answers(theme: Theme, qtbot):
    from app.ui.issue.panel import IssuePanel

    bridge = fakes.answering()
    bridge.answers.update({"evidence": EVIDENCE, "dispute_figures": FIGURES})
    view = fakes.issue(disputes=a_case("dp_soon"))
    queries = fakes.FakeQueries(view)
    queries.cases = CASES
    panel = IssuePanel(bridge=bridge, queries=queries, theme=theme, clock=fakes.FixedClock())
    qtbot.addWidget(panel)
    panel.resize(760, 900)
    panel.show()
    panel.show_issue(fakes.KEY)
    high = panel.page.why.height()
    panel.page.case.toggle.click()
    qtbot.waitUntil(lambda: panel.page.why.height() < high)


def test_what_is_decided_is_not_weighed_any_more(card_of):
    card = card_of("dp_lost", unfold=True)
    assert card.sum.isHidden()
    assert not card_of("dp_soon", unfold=True).sum.isHidden()


def test_to_a_banks_warning_there_is_no_packet_to_upload(card_of):
    assert card_of("w_1", unfold=True).packet.isHidden()
    assert not card_of("dp_soon", unfold=True).packet.isHidden()


def test_of_several_files_those_that_are_refused_stay_told(card_of, engine: fakes.FakeBridge):
    """The photo that was taken came last, and hid that the first two were not."""
    paths = ["/p/IMG_1.HEIC", "/p/terms.docx", "/p/label.pdf"]
    card = card_of(unfold=True)
    engine.answers["add_evidence"] = None
    card.checklist.added.emit("delivery", paths)
    for _, _, failed in engine.held[:2]:
        assert failed is not None
        failed(Refused("It cannot be added", "Save it as PDF"))
    then = engine.held[2][1]
    assert then is not None
    then(EVIDENCE)
    card.show_view(fakes.issue(disputes=a_case("dp_soon")), fakes.NOW)
    assert not card._trouble.isHidden()
    assert card._trouble.text().count("Save it as PDF") == 2
    card.checklist.removed.emit("delivery", "label.pdf")
    assert card._trouble.isHidden()


def test_a_packet_is_named_as_what_it_is(card_of, engine: fakes.FakeBridge):
    """A bank's page takes no file without an ending."""
    card = card_of(unfold=True)
    card.packet._ask_path = lambda _parent, _name: "/home/jo/answer"
    card.packet.ask()
    assert engine.asked[-1][1]["path"] == "/home/jo/answer.pdf"


def test_each_dispute_of_an_issue_is_reached_with_its_own_deadline_and_packet(
    card_of, engine: fakes.FakeBridge
):
    card = card_of()
    assert card.which.isHidden(), "there is nothing to choose"
    card.show_view(fakes.issue(disputes=SEVERAL), fakes.NOW)
    assert not card.which.isHidden()
    offered = [card.which.itemText(at) for at in range(card.which.count())]
    assert "1 of 3: Chargeback, $184.00 at Stripe  ·  ask when" in offered
    assert "2 of 3: Chargeback, $184.00 at Stripe  ·  31 h left" in offered
    card.toggle.click()
    card.which.setCurrentIndex(card.which.findData("dp_saved"))
    card.which.activated.emit(card.which.currentIndex())
    assert card.is_unfolded
    assert "Inquiry, €61.00 at PayPal" in card.accessibleName()
    assert engine.args_of("evidence") == {"key": fakes.KEY, "dispute": "dp_saved"}
    card.packet.make.click()
    assert engine.args_of("packet")["dispute"] == "dp_saved"
    assert engine.args_of("packet")["path"] == "/home/jo/dispute_dp_saved.pdf"


def test_a_chosen_dispute_stays_chosen_while_the_issue_moves_on(card_of):
    card = card_of()
    card.choose("dp_saved")
    for _ in range(2):
        card.show_view(fakes.issue(disputes=SEVERAL), fakes.NOW)
        assert "Inquiry, €61.00 at PayPal" in card.accessibleName()


def test_what_was_asked_about_one_dispute_is_not_shown_with_another(
    card_of, engine: fakes.FakeBridge
):
    card = card_of()
    card.show_view(fakes.issue(disputes=SEVERAL), fakes.NOW)
    engine.answers["evidence"] = NotFound("late")
    card.toggle.click()
    card._hear((fakes.KEY, "another"), EVIDENCE)
    assert not card.checklist.findChildren(QPushButton)
