"""Promises in words: what a mail of ours says that we will do, and by when.

On the walk: engine/given_word asks about every mail that left. Careful: a sentence counts only if
it says something to come (not "we have refunded"), binds us alone (not "once your parcel is
here"), and names a time. Quoted lines are somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from app.replies.cues import gives_money_back
from app.replies.sentences import every_sentence, own_words

_EVENING = time(18)
_LAST_MINUTE = time(23, 59)
_FARTHEST = timedelta(days=60)  # nobody means a promise of half a year
_SHOWN = 120


class Promised(StrEnum):
    """What was promised: money back, something to be sent, or another word of ours."""

    REFUND = "refund"
    PARCEL = "parcel"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise: `words` is the sentence, `due_at` the end of the day that it is for."""

    what: Promised
    words: str
    due_at: datetime


# When a sentence means, as the first time to come that it names; asked for a sentence of ours.
When = Callable[[str], datetime | None]

_TO_COME = re.compile(
    r"['’]ll\b|\b(?:will|shall|going to|we are (?:sending|shipping|refunding)|goes out|go out"
    r"|i am (?:sending|shipping|refunding)|leaves us|ships|expect|(?:have|get) (?:an|our|my) answer"
    r"|werden?|wird|erhalten sie|bekommen sie|erhältst du|bekommst du|geht|gehen"
    r"|sie (?:erhalten|bekommen)|melden?"
    r"|(?:ver)?schicken? (?:wir|ich)|verlässt|schreibe ihnen"
    r"|haben sie (?:eine|meine|unsere) antwort"
    r"|(?:wir|ich) (?:(?:ver)?schicken?|senden?|versenden?|erstatten?|überweisen?|geben?)"
    r"|senden? (?:wir|ich)|versenden? (?:wir|ich)|erstatten? (?:wir|ich)|überweisen? (?:wir|ich)"
    r"|gebe ich|geben wir|hören sie"
    r"|\w+(?:erai|erons|rons|rai|rez)|sera|seront|partira|part(?:ent)? le|allons|vais"
    r"|reviens|revenons"
    r"|\w+(?:aré|eré|iré|aremos|eremos|iremos)|recibirá\w*|tendrá\w*|salen?|saldrá|será"
    r"|vamos a"
    r"|\w+(?:erò|irò|eremo|iremo)|riceverà|partirà|sarà"
    r"|zal|zullen|wordt|gaat|ontvangt u|hoort u|sturen|stuur|laat ik|laten wij|storten"
    r"|\w+(?:arei|erei|irei)|receberá|seguirá"
    r"|wyślemy|wyślę|zwrócimy|zwrócę|otrzyma\w*|zostan\w+|odezw\w+|damy|dam)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:(?:have|has|had|was|were) (?:already |just |now |also )?(?:been )?"
    r"(?:refunded|sent|shipped|dispatched|posted|issued|credited|processed|paid)|already"
    r"|(?:habe|haben|wurden?|worden)\b.{0,80}(?:erstattet|geschickt|versandt|versendet|überwiesen"
    r"|gutgeschrieben|veranlasst)|bereits|depending on your bank|je nach bank"
    r"|(?:avons|ai|a été|ont été) (?:déjà )?(?:rembours|envoy|expédi)\w+|déjà|selon votre banque"
    r"|(?:hemos|he|ha sido|han sido) (?:reembolsado|enviado)|según su banco"
    r"|(?:abbiamo|ho|è stat[oa]) (?:già )?(?:rimborsat|inviat|spedit)\w+|già)\b",
    re.IGNORECASE,
)
# What makes it depend on somebody else, and what asks.
_DEPENDS = re.compile(
    r"\b(?:if|once|as soon as|after (?:we|you|it|your|the)|when (?:we|you|it|your|the)|unless"
    r"|would you like|could|should you|sobald|wenn|falls|nachdem|sofern|nach (?:eingang|erhalt)"
    r"|dès (?:que|réception)|lorsque|après (?:réception|retour)|cuando|tan pronto|una vez"
    r"|appena|quando|dopo (?:il|aver)|zodra|nadat|wanneer|assim que|depois de|gdy|jeśli|jak tylko"
    r"|kiedy|po otrzymaniu)\b|\?",
    re.IGNORECASE,
)
_NOT_US = re.compile(
    r"\b(?:the carrier|carrier will|your bank will|please (?:send|let|write)|you can|you may"
    r"|der paketdienst|ihre bank wird|bitte (?:senden|schicken)|können sie|le transporteur"
    r"|el transportista|il corriere|de bezorger)\b",
    re.IGNORECASE,
)
_PARCEL = re.compile(
    r"\b(?:replacement|(?:new|right|correct) (?:one|parcel|\w+)|parcel|package|order|it|item|goods"
    r"|spare|missing \w+)\b.{0,60}\b(?:goes? out|will (?:go out|leave|ship"
    r"|be (?:sent|shipped|dispatched|posted|on its way))|leaves us|ships|is going out)\b"
    r"|\b(?:send|ship|post|dispatch|sending|shipping|dispatching) (?:you |it |out |off )*"
    r"(?:\w+ ){0,4}?(?:replacement|new|parcel|package|order|item|one|ones|it|them|missing|spare)\b"
    r"|\b(?:ersatz\w*|neue[rsn]?|paket|päckchen|bestellung|ware|artikel|sendung|ersatzteil)\b.{0,60}"
    r"\b(?:geht|gehen|verschickt|versendet|versandt|geschickt|auf den weg|verlässt)\b"
    r"|\b(?:geht|gehen)\b.{0,40}\b(?:ersatz\w*|neue[rsn]?|paket|bestellung|ware)\b"
    r"|\b(?:schicken?|senden?|versenden?|verschicken?)\b.{0,60}\b(?:ersatz\w*|neue[rsn]?|paket|ware|zu)\b"
    r"|\b(?:remplacement|colis|commande|nouvelle?|article)\b.{0,60}\b(?:part|partira|expédi\w+|envoy\w+)"
    r"|\b(?:enverr|expédier)\w+.{0,60}\b(?:remplacement|colis|nouvel\w*|article)"
    r"|\b(?:enviar\w+|saldr\w+|salen?)\b.{0,60}\b(?:reemplazo|paquete|pedido|nuev[oa]|artículo)"
    r"|\b(?:reemplazo|paquete|pedido|nuev[oa])\b.{0,60}\b(?:salen?|saldrá|enviar\w+)"
    r"|\b(?:invier|spedir)\w+.{0,60}\b(?:sostitu\w+|pacco|ordine|nuov[oa]|articolo)"
    r"|\b(?:pacco|ordine|nuov[oa])\b.{0,60}\b(?:partirà|spedit\w+)"
    r"|\b(?:sturen|stuur|verzend\w*)\b.{0,60}\b(?:vervang\w*|nieuwe?|pakket|bestelling)"
    r"|\b(?:pakket|nieuwe?|bestelling)\b.{0,60}\b(?:verzonden|verstuurd|gaat)"
    r"|\b(?:enviar)\w+.{0,60}\b(?:substitu\w+|encomenda|nov[oa]|artigo)"
    r"|\bencomenda\b.{0,60}\bseguirá|\bwyśl\w+.{0,60}\b(?:now\w+|paczk\w+|zamówieni\w+)",
    re.IGNORECASE | re.DOTALL,
)
_NO_PARCEL = re.compile(
    r"\b(?:e-?mail|invoice|label|link|tracking|number|confirmation|photos?|details|receipt|message"
    r"|rechnung|etikett|sendungsnummer|bestätigung|fotos?|nachricht|facture|étiquette|numéro"
    r"|factura|etiqueta|fattura|etichetta|factuur|fatura|faktur\w+)\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\b(?:get back to you|let you know|write (?:to )?you|come back to you|be in touch|contact you"
    r"|answer you|you will (?:have|get|receive) (?:an?|our|my)(?: full)? answer|update you"
    r"|(?:hear|hearing) from (?:me|us)|call you"
    r"|melden? (?:ich )?(?:mich|uns|wir uns)|bescheid|komme auf sie zu|schreibe ihnen|hören von"
    r"|hören sie|rufe sie an|(?:reviens|revenons|reviendr\w+) vers vous|recontact\w+"
    r"|(?:(?:erhalten|bekommen|haben) sie|sie (?:erhalten|bekommen)) (?:eine|meine|unsere)"
    r"(?: vollständige)? antwort"
    r"|tiendr\w+ (?:au courant|informé)|pondr\w+ en contacto|le (?:informar|avisar)\w+"
    r"|de mes nouvelles|recevrez (?:une|ma|notre) réponse"
    r"|noticias (?:mías|nuestras)|recibirá\w* (?:una|mi|nuestra) respuesta"
    r"|(?:mie|nostre) notizie|riceverà\w* (?:una|la mia|la nostra) risposta"
    r"|hoort u van|ontvangt u (?:een|mijn|ons)(?: volledig)? antwoord"
    r"|notícias (?:minhas|nossas)|receberá\w* (?:uma|a minha|a nossa) resposta"
    r"|otrzyma\w* .{0,20}odpowiedź"
    r"|ricontatt\w+|far(?:ò|emo) sapere|contatter\w+|laat ik u weten|laten wij u weten"
    r"|neem contact|nemen contact|entrar\w+ em contact?o|voltarei|odezw\w+|damy znać|dam znać)",
    re.IGNORECASE,
)


def promises(text: str, *, when: When, sent_at: datetime) -> tuple[Promise, ...]:
    """What the text promises, the earliest of each sort; `sent_at` is in the owner's zone."""
    first: dict[Promised, Promise] = {}
    body = own_words(text)
    for start, end in every_sentence(body):
        for one in _of_sentence(" ".join(body[start:end].split()), when=when, sent_at=sent_at):
            known = first.get(one.what)
            if known is None or one.due_at < known.due_at:
                first[one.what] = one
    return tuple(first.values())


def end_of_day(day: datetime, *, sent_at: datetime) -> datetime:
    """By when something is due that is promised for a day: its evening, or its last minute."""
    evening = datetime.combine(day.date(), _EVENING, day.tzinfo)
    return evening if evening > sent_at else datetime.combine(day.date(), _LAST_MINUTE, day.tzinfo)


def _of_sentence(sentence: str, *, when: When, sent_at: datetime) -> Iterator[Promise]:
    what = _what(sentence)
    if what is None or not _TO_COME.search(sentence) or _DONE.search(sentence):
        return
    if _DEPENDS.search(sentence) or _NOT_US.search(sentence):
        return
    due_at = when(sentence)
    if due_at is not None and sent_at < due_at <= sent_at + _FARTHEST:
        words = sentence if len(sentence) <= _SHOWN else sentence[: _SHOWN - 1] + "…"
        yield Promise(what=what, words=words, due_at=due_at)


def _what(sentence: str) -> Promised | None:
    if gives_money_back(sentence):
        return Promised.REFUND
    if _PARCEL.search(sentence) and not _NO_PARCEL.search(sentence):
        return Promised.PARCEL
    return Promised.ANSWER if _ANSWER.search(sentence) else None
