"""The first words of a new owner's mailbox are in the owner's language, the browser's page too."""

from __future__ import annotations

from gettext import NullTranslations
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from app.domain.account import Account, AccountType
from app.domain.translation import language, speak
from app.mail import oauth
from app.mail.folder import FolderSource
from app.mail.loopback import Loopback

pytestmark = pytest.mark.usefixtures("german")


def page(port: int, query: str) -> str:
    try:
        with urlopen(f"http://127.0.0.1:{port}/?{query}", timeout=10) as answer:
            return str(answer.read().decode())
    except HTTPError as error:
        with error:
            return error.read().decode()


class _Loud(NullTranslations):
    """A language of capitals, so that what is not put into it shows."""

    def gettext(self, message: str) -> str:
        return message.upper()

    def info(self) -> dict[str, str]:
        return {"language": "pt_BR"}


def test_the_page_that_the_browser_ends_on_speaks_the_owners_language() -> None:
    """And names it, for whoever has it read aloud."""
    speak(_Loud())
    waiting = Loopback("the-state")
    try:
        strange, taken = (
            page(waiting.port, f"state={state}&code=x") for state in ("another", "the-state")
        )
        assert "GO BACK TO FRONTBURNER" in strange
        assert "YOU CAN CLOSE THIS PAGE" in taken
        assert '<html lang="pt-BR">' in taken
    finally:
        waiting.close()


def test_one_mail_is_counted_in_the_owners_language(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(b"Subject: x\r\n\r\nx\r\n")
    account = Account(id=1, name="F", type=AccountType.FOLDER, settings={"path": str(tmp_path)})
    assert "1 Mail" in FolderSource(account).check()


@pytest.mark.parametrize("code", ["expired_token", "invalid_scope"])
def test_what_to_do_after_a_refused_sign_in_is_said_in_it(code: str) -> None:
    service = oauth.Service(name="Ada", client_id="c", auth_url="", token_url="")
    error = oauth.refusal(service, oauth.Declined(code, ""))
    assert "Sign in again" not in error.hint


def test_english_is_named_where_nothing_is_translated() -> None:
    speak(NullTranslations())
    assert language() == "en"
