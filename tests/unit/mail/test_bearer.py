"""Showing a token: the words of XOAUTH2 and OAUTHBEARER, and the reasons that servers give."""

from __future__ import annotations

import base64

import pytest

from app.domain.errors import Refused
from app.mail import bearer


def test_xoauth2_is_said_as_google_documents_it():
    words = bearer.opening("XOAUTH2", user="a@b.example", token="t0k", host="h", port=993)
    assert words == "user=a@b.example\x01auth=Bearer t0k\x01\x01"


def test_oauthbearer_is_said_as_rfc_7628_has_it():
    """Section 4.1, with the user name escaped after RFC 5801."""
    words = bearer.opening(
        "OAUTHBEARER", user="u=,@example.com", token="vF9dft4", host="server.example.com", port=143
    )
    assert words == (
        "n,a=u=3D=2C@example.com,\x01host=server.example.com\x01port=143\x01"
        "auth=Bearer vF9dft4\x01\x01"
    )


def test_a_user_name_cannot_bring_a_token_of_its_own():
    with pytest.raises(Refused):
        bearer.opening("XOAUTH2", user="a\x01auth=Bearer x", token="t", host="h", port=1)


@pytest.mark.parametrize(
    ("offered", "host", "chosen"),
    [
        (["PLAIN", "XOAUTH2", "OAUTHBEARER"], "imap.gmail.com", "OAUTHBEARER"),
        (["plain", "xoauth2"], "imap.gmail.com", "XOAUTH2"),
        (["XOAUTH2", "OAUTHBEARER"], "outlook.office365.com", "XOAUTH2"),
        (["OAUTHBEARER"], "mail.own.example", "OAUTHBEARER"),
        (["PLAIN", "LOGIN"], "mail.own.example", ""),
    ],
)
def test_the_standard_is_preferred_but_not_at_microsoft(offered, host, chosen):
    assert bearer.mechanism(offered, host) == chosen


@pytest.mark.parametrize(
    ("challenge", "words"),
    [
        (
            b'{"status":"401","schemes":"bearer","scope":"mail"}',
            "status 401, schemes bearer, scope mail",
        ),
        (b'{"status":"invalid_token","openid-configuration":"x"}', "status invalid_token"),
        (b"plain words\x1b[31m", "plain words [31m"),
        (b"[1, 2]", "[1, 2]"),
        (b"\xff\xfe", "��"),
        (b"", ""),
    ],
)
def test_a_reason_becomes_plain_words(challenge, words):
    assert bearer.reason(challenge) == words
    assert bearer.encoded_reason(base64.b64encode(challenge)) == words


def test_a_reason_that_is_no_base64_is_shown_as_it_is():
    assert bearer.encoded_reason(b"5.7.3 nope!") == "5.7.3 nope!"


def test_a_refused_oauthbearer_is_closed_as_the_rfc_wants_and_xoauth2_with_an_empty_line():
    assert bearer.closing("OAUTHBEARER") == "\x01"
    assert bearer.closing("XOAUTH2") == ""
