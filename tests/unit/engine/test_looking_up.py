"""What is known of an address before a password is typed."""

from __future__ import annotations

from app.domain.errors import NotFound
from app.engine.looking_up import looked_up

FOUND = {"host": "mail.shop.example", "port": "993"}


def never(address: str) -> dict[str, str]:
    raise AssertionError(f"nobody is dialled for {address}")


def nowhere(address: str) -> dict[str, str]:
    raise NotFound("not found", "Tried: imap.shop.example does not exist", "")


def test_a_known_provider_is_told_and_nobody_is_dialled():
    answer = looked_up("shop@gmail.com", "", find_servers=never)
    assert answer["preset"]["host"] == "imap.gmail.com"


def test_a_server_that_is_named_is_looked_up_by_its_name():
    answer = looked_up("a@shop.example", "imap.gmail.com", find_servers=never)
    assert answer["preset"]["name"] == "Gmail"


def test_for_an_own_domain_the_usual_names_are_tried():
    """The window shows what answered, as the command line always did."""
    answer = looked_up("a@shop.example", "", find_servers=lambda _: FOUND)
    assert (answer["preset"], answer["servers"]) == (None, FOUND)


def test_a_known_provider_behind_an_own_domain_is_told_with_all_that_is_known_of_it():
    """Such as that it takes app passwords only."""
    answer = looked_up("a@shop.example", "", find_servers=lambda _: {"host": "imap.gmail.com"})
    assert (answer["preset"]["name"], answer["preset"]["app_password"]) == ("Gmail", True)


def test_what_was_tried_in_vain_is_told():
    answer = looked_up("a@shop.example", "", find_servers=nowhere)
    assert "servers" not in answer
    assert answer["tried"] == "Tried: imap.shop.example does not exist"


def test_a_slip_of_the_finger_is_told_beside_it():
    assert looked_up("a@gmial.com", "", find_servers=nowhere)["meant"] == "a@gmail.com"
