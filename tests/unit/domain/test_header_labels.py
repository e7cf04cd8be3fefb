"""Header labels: the header lines of quoted mails are known by their words in many languages."""

from __future__ import annotations

import pytest

from app.domain.header_labels import header_of


@pytest.mark.parametrize(
    ("line", "header"),
    [
        ("From: Ann <ann@example.com>", "from"),
        ("> *Von:* Ann", "from"),
        ("Date d’envoi : mercredi 4 novembre", "sent"),
        ("Date d'envoi : mercredi 4 novembre", "sent"),
        ("Envoye le: 4 novembre", "sent"),
        ("Enviado el: 4 de noviembre", "sent"),
        ("Data wysłania: 4 listopada", "sent"),
        ("Отправлено: 4 ноября", "sent"),
        ("Кому: Jo", "to"),
        ("Copie à : Jo", "cc"),
        ("Onderwerp: ketel", "subject"),
        ("Importance: High", "other"),
        ("Reply-To: ann@example.com", "other"),
        ("My question: is it from oak?", ""),
        ("https://example.com/from: x", ""),
        ("", ""),
    ],
)
def test_a_header_line_is_known_by_its_programs_word(line: str, header: str) -> None:
    assert header_of(line) == header
