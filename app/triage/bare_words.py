"""Bare words: what may stand around a bare number that is an order, and what makes it another's.

Part of the entities: the words of eight languages, folded, for `bare_numbers`.
"""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that lead up to an order, folded: each language's small words, and what one does with it.
LEADS = _set(
    """for about regarding re on was were is its thats with of to with cancel return returning
    refund refunding exchange place placed got get bought one ones where wheres says said reads
    zu fur wegen kommt kommen ist sind war waren bzgl betr betrifft betreffs lautet bleibt zur zum
    storniert stornieren mit von aus um bei
    pour sur la est etait concernant concerne du de des annuler dans
    del para por es era sobre con el cancelar
    per di e su riguardo il dell annullare
    van voor over met om annuleren
    do da o a sobre com
    za dla to z ze w sprawie anulowac dotyczy"""
)
NUMBER_WORDS = _set("number numbers no nr nummer numero numer numerem num n")
OURS = _set(
    "my the this with is mine die meine der mit ma la le avec el mi con il mio mia het mijn met o a"
    " minha com moj moje z ze"
)
COUNTS = _set("two three both zwei drei deux trois dos tres due tre twee drie duas dwa trzy")
# What may follow without making it a number of something.
FOLLOWS = _set(
    """and or which that but because please pls is was has have hasnt isnt still not to i we you my
    the it as when from came arrived never thanks thank asap since if so this been back with
    showed shows says went didnt doesnt should would could turned got had looks seems only just
    nothing today yesterday regards best kind cheers sincerely
    und oder bitte ist war wurde noch nicht ich wir mit von aus zum zur da weil aber kam kommt seit
    ging fehlt sind soll sollte nichts immer heute gestern danke gruss grusse lg mfg vg viele liebe
    et ou est a pas je nous que qui car mais merci pour avec depuis svp toujours encore rien
    cordialement bien bonne
    y o es fue no pero porque por con desde gracias se ha esta llego sigue nada aun todavia
    saludos un
    e ed non ho che ma perche per da grazie si sono ancora niente mai saluti cordiali distinti
    en of niet ik wij dat die maar want met van heeft graag aub al nog groet groeten mvg
    vriendelijke
    nao mas com obrigado obrigada ainda foi chegou nada cumprimentos atenciosamente
    i lub nie jest ale bo od mam prosze dziekuje czy jeszcze nadal nic pozdrawiam"""
)
# In a line with one of these a row of digits is something else.
ELSE = re.compile(
    r"\b(?:tel|telefon\w*|phone|mobile?|mob|handy|call|fax|whatsapp|movil|telemovel|tlf|hp"
    r"|iban|kont[oa]\w*|serien?nummer\w*|cost cent(?:re|er)|kostenstelle"
    r"|pin|code|kod|codigo|codice|passwor\w*|otp|zip|plz|cap|postcode|cedex|vat|ust"
    r"|nif|nip|siret|kvk|ending|ended|ends|endet|endend\w*|endziffer\w*|finisc\w*|termina\w*|eindig\w*|acaba\w*"
    r"|konczac\w*|letzten|str|strasse|\w+str|\w+strasse|street|road|rd|ave\w*|rue|via|viale|calle"
    r"|ulica|ul|straat|\w+straat|laan|\w+laan|rua|piazza|platz|lane|drive|po box|postfach|apartado"
    r"|invoices?|rechnung\w*|factur\w*|fattur\w*|factuur|fatur\w*|faktur\w*)\b"
)
# Directly behind these it is their number.
THEIRS = re.compile(
    r"\b(?:account|bank|case|ticket|claim|fall|vorgang|dossier|caso|sprawa|model\w*|modele?"
    r"|article|artikel|articulo|articolo|item|art|room|apt|flat|unit|lot|batch|charge|version|serial|serie|sku|ref|size|tracking"
    r"|sendung|colis|since|until|seit|bis|depuis|desde|dal|sinds|year|jahr|ano|anno|jaar|over|uber"
    r"|plus|than|als|almost|nearly|etwa|circa|chargeback|dispute|litige|disputa|build"
    r"|clients?|customer|kunde\w*|clientes?|klant\w*|klient\w*|reclama(?:cion|cao)|reklamacj[ai]"
    r"|contestazione|credit note|gutschrift|nota de credito|delivery note"
    r"|lieferschein|instead of|ext|extension|durchwahl|folio|id(?: [^\W\d]+)?|bordero|ddt"
    r"|bordereau|pakbon|albaran|wz)"
    r"(?:[ -](?:no|nr|n|number|nummer|numero)\.?)?(?: (?:is|ist|lautet|es|est|jest|to))?"
    r"\W{0,3}º?\W{0,2}$"
    # "on my card, 10588 and 10589" is what was paid with it.
    r"|\b(?:card|karte|carte|tarjeta|carta|kaart|cartao|kart[ay]|visa|amex)"
    r"(?:[ -](?:no|nr|n|number|nummer|numero))?[^\w,]{0,3}º?[^\w,]{0,2}$"
)
