"""Whether a reply says that something is attached, in eight languages."""

from __future__ import annotations

from datetime import date

import pytest

from app.replies.attachment_words import place
from app.replies.doubts import Content, Known, doubts

SAYS = (
    "Please find attached the return label.",
    "I have attached the invoice again.",
    "I've attached a photo of the mark to look for.",
    "We attach the label to this mail.",
    "The label is attached.",
    "You will find the form in the attachment.",
    "See attachment.",
    "Bitte finden Sie im Anhang die Rechnung.",
    "Im Anhang finden Sie das Rücksendeetikett.",
    "Anbei die Rechnung zu Ihrer Bestellung.",
    "Das Etikett habe ich angehängt.",
    "Die Rechnung ist beigefügt.",
    "In der Anlage erhalten Sie das Formular.",
    "Vous trouverez ci-joint l'étiquette de retour.",
    "Je vous envoie ci-joint la facture.",
    "La facture est en pièce jointe.",
    "Le adjunto la etiqueta de devolución.",
    "Adjuntamos la factura.",
    "In allegato trova l'etichetta per il reso.",
    "Allego la fattura.",
    "In de bijlage vindt u het retourlabel.",
    "De factuur is bijgevoegd.",
    "Segue em anexo a etiqueta de devolução.",
    "Anexei a fatura.",
    "W załączniku znajdzie Pani etykietę zwrotną.",
    "Załączam fakturę.",
)
DOES_NOT = (
    "Thank you for the photos you attached.",
    "Your attached photos show the crack well.",
    "Could you send us a photo, attached to your answer?",
    "If the label is not attached to the parcel, tell us.",
    "We are very attached to our customers.",
    "Danke für die Fotos in Ihrem Anhang.",
    "Bitte senden Sie uns im Anhang ein Foto.",
    "Ihre beigefügten Fotos zeigen den Riss gut.",
    "Leider war kein Foto beigefügt.",
    "Merci pour vos pièces jointes.",
    "Gracias por su foto adjunta.",
    "Grazie per la foto.",
    "Bedankt voor uw bijgevoegde foto.",
    "Dziękujemy za zdjęcia.",
    "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo",
)


@pytest.mark.parametrize("text", SAYS)
def test_a_promise_of_an_attachment_is_noticed(text: str) -> None:
    """Whatever the language: the writer says that they attach something."""
    assert place(f"Hello,\n\n{text}\n\nBest wishes")


@pytest.mark.parametrize("text", DOES_NOT)
def test_what_the_customer_attached_or_should_attach_is_no_promise(text: str) -> None:
    """A question for nothing would teach people to click it away."""
    assert not place(f"Hello,\n\n{text}\n\nBest wishes")


def test_a_doubt_is_raised_only_while_nothing_is_attached() -> None:
    """The sentence quotes the words, with their place; a file answers it."""
    known, words = Known(today=date(2026, 11, 20), hour=12), "The label is attached."
    (one,) = doubts(words, known, Content())
    assert one.because == "You write “is attached”, and nothing is attached."
    assert words[one.start : one.end] == "is attached"
    assert doubts(words, known, Content(), has_files=True) == ()
