"""Reading: from the bodies of a mail to what a person reads, and what of that is new.

Third step of an e-mail's walk: what an issue is judged by is the new part only, while the quoted
order number stays within reach in the whole text.
"""

from __future__ import annotations

from app.mail.html_text import has_quotes, html_to_text
from app.mail.quoting import fresh

__all__ = ["html_new_part", "html_to_text", "new_part"]


def new_part(text: str) -> str:
    """The text without quoted mail and signature (en, de, fr, es, it, nl, pt, pl and more)."""
    return fresh(text)


def html_new_part(html: str, text: str) -> str:
    """The new part of an HTML mail whose whole text is `text`: its quote containers left out."""
    if has_quotes(html):
        own = html_to_text(html, quotes=False)
        if own.strip():
            return fresh(own)
    return fresh(text)
