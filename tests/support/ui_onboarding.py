"""What the engine says of providers while an account is connected, and what the page then says."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

GMAIL = {
    "preset": {
        "name": "Gmail",
        "host": "imap.gmail.com",
        "port": 993,
        "security": "tls",
        "smtp_host": "smtp.gmail.com",
        "smtp_port": 465,
        "smtp_security": "tls",
        "hint": "Create an app password, then sign in again.",
        "help": "Make an app password under Security.",
    }
}


GOOGLE = {
    "name": "Google",
    "client_secret": True,
    "password": True,
    "help": "1. Make a project.\n2. Copy the client id.",
}
WITH_GOOGLE = {"preset": {**GMAIL["preset"], "oauth": GOOGLE}}
MICROSOFT = {
    "preset": {
        "name": "Outlook",
        "host": "outlook.office365.com",
        "port": 993,
        "help": "No passwords here.",
        "oauth": {"name": "Microsoft", "password": False, "help": "1. Register an app."},
    }
}
BEGUN = {"sign_in": "n1", "url": "https://id.example/a?x=1", "code": "", "provider": "Google"}


def words_of(widget: QWidget) -> str:
    """All that is written on it and can be seen."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())
