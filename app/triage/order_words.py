"""Order words: what an order is called in eight languages, and what stands before its number.

Part of the entities: pieces of patterns, for `called_numbers`.
"""

from __future__ import annotations

WORDS = (
    r"orders?(?:number|nummer|nr|no|id|bevestiging)?|purchase|po(?=\s?\#)"
    r"|bestell(?:-?nummern?|ung|ungen|nr|best[aä]tigung|id)"
    r"|bestell?(?:ungs)?\.?[ -]{1,2}(?:nr|id|nummer)|best\.? ?-? ?nr|(?:ab|b\.)[ -]nr|auftr[aä]g\w*"
    r"|commandes?|cde|cmd|pedidos?|[oó]rden(?:es)?|ordin[ei]|bestelling(?:en|snummer)?"
    r"|bestelnummers?|bestelnr|encomendas?|zam[oó]wieni\w*|zam\.?|acquisto|aankoop|zakup|zleceni[ea]"
    r"|compras?(?=[\s:]{1,3}(?:n|\#|com\b|\d{4}))"
    r"|r[eé]f(?:erence|erencia|erenz|erentie)?\.?|rif\.?|r[eé]f[eé]rence|riferimento"
    r"|(?:order )?confirmation(?: de commande)?|conferma d.ordine"
    r"|confirma[cç][aã]o da encomenda|confirmaci[oó]n del pedido|potwierdzeni\w+ zam[oó]wieni\w*"
)
INITIALS = "abceoóprz"
# "Orders: 4,212" counts them.
MANY = (
    r"(?:orders|commandes|pedidos|[oó]rdenes|ordini|bestellungen|auftr[aä]ge|bestellingen|encomendas"
    r"|zam[oó]wie[nń])\b"
)
# An order or its parcel is spoken of.
ABOUT_ORDERS = (
    r"(?:order|bestell|auftrag|command|pedid|ordin|encomend|zam[oó]wi|compr|achat|deliver|parcel"
    r"|liefer|livrais|colis|env[ií]o|spedizion|levering|dostaw)"
)
MARK = (
    r"\#|n\.?[°ºo]s?\.?|n\.|nrs?\.?|n[uú]m(?:ber|[eé]ro|er)?s?\.?|n[uú]meros?|nummern?|nummers"
    r"|numer(?:em|ze|u|y|i)"
)
FILLING = (
    rf"(?:[\s:;.,(=\"„“”«*<\[–—-]|['’]s?|{MARK}|r[eé]f(?:erence)?\.?|id|name|my|mein\w*|is|was|are"
    r"|ist(?: die)?|(?<=: )(?:il|die)|war|est|es|era|[eéè](?: a| il)?|lautet|of|mit|der|del|do|with"
    r"|di|da|placed|o|com o|con(?= n)|z(?= n)|(?<=ie )to|van|met|het|la|le|el|portant|in question"
    r"|referencia|r[eé]f[eé]renc[eé]e?|code|c[oó]dice|c[oó]digo|kod|antig[ao]|anterior|previ[ao]"
    r"|pr[eé]c[eé]dente?|ant[eé]rieure|initiale|originale?|precedenti?|vecchio)"
)
AND = r"(?:and|und|et|y|e|en|i|oraz|sowie|plus|or|oder|ou|o|lub|as well as|ainsi que)"
SIGNS_OFF = (
    r"(?:regards|best|kind|many|thank|cheers|please|bitte|mit|viele|liebe|gr[uü]|danke|merci"
    r"|cordial|bien|salud|gracias|salut|distinti|grazie|met|groet|vriend|cumprim|obrig|atenc|pozdr)"
)
THE_OTHER = (
    r"(?:the other(?: one)?|die andere|l['’]autre|(?:la|el) otr[ao]|l['’]altr[ao]"
    r"|(?:de|het) andere?|[ao] outr[ao]|drug[ai]e?)"
)
