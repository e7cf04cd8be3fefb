"""Quoting words: how mail programs announce in their users' languages what they quote. Data only.

English, German, French, Spanish, Italian, Dutch, Portuguese and Polish, as written by Gmail, Apple
Mail, Outlook, Thunderbird, Yahoo and the mail programs of telephones, and what their neighbours
write. Each entry is a bounded pattern; letters count the same in either case.
"""

from __future__ import annotations

# The verb before the colon: "... wrote:".
WROTE = (
    r"wrote", r"writes",
    r"schrieb", r"schreibt", r"geschrieben",
    r"a [eé]crit", r"[eé]crit",
    r"escribi[oó]",
    r"ha scritto", r"scritto",
    r"schreef", r"geschreven",
    r"escreveu",
    r"napisa[łl]a?", r"pisze",
    r"skrev", r"kirjoitti", r"napsal", r"написала?", r"пишет",
)  # fmt: skip

# How such a line begins, other than with a date or an address.
BEGINNINGS = (
    r"on", r"at", r"mon", r"tue", r"wed", r"thu", r"fri", r"sat", r"sun",
    r"am", r"den", r"mo", r"di", r"mi", r"do", r"fr", r"sa", r"so",
    r"le", r"el", r"il", r"in data", r"op", r"em", r"no dia", r"a",
    r"w dniu", r"dnia", r"pon", r"wt", r"śr", r"czw", r"pt", r"sob", r"niedz",
    r"dne", r"seg", r"ter", r"qua", r"qui", r"sex", r"s[aá]b", r"dom",
)  # fmt: skip

# Months and days of the week, as they stand in such a line when it names no year and no time; of
# most the beginning is enough.
DAYS = (
    r"jan\w{0,7}", r"feb\w{0,7}", r"mar(?:ch|s|zo|ço|ca|t|\.)", r"m[aä]r[zr]?\w{0,2}", r"maart",
    r"marzec", r"apr\w{0,4}", r"avr\w{0,3}", r"abr\w{0,2}", r"kwie\w{0,6}", r"may", r"mai[oe]?",
    r"mayo", r"mei", r"maggio", r"maja?", r"jun[ei]?o?", r"juin", r"giugno", r"czerw\w{0,4}",
    r"jul[yi]?o?", r"juil\w{0,4}", r"luglio", r"lip\w{0,4}", r"aug\w{0,4}", r"ago(?:sto)?",
    r"ao[uû]t", r"sierp\w{0,4}", r"sep\w{0,7}", r"set(?:tembre|embro|\.)?", r"wrze\w{0,6}",
    r"o[ckt]t\w{0,6}", r"out(?:ubro|\.)?", r"ottobre", r"pa[zź]dz\w{0,8}", r"nov\w{0,6}",
    r"listop\w{0,4}", r"de[czs]\w{0,6}", r"d[ié][cz]\w{0,6}", r"grud\w{0,4}", r"stycz\w{0,4}",
    r"lut\w{0,4}", r"genn\w{0,4}", r"ene(?:ro|\.)?", r"janv\w{0,4}", r"f[eé]v\w{0,6}",
    r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day", r"(?:mon|diens|donners|frei|sams|sonn)tag",
    r"mittwoch", r"sonnabend", r"lundi", r"mardi", r"mercredi", r"jeudi", r"vendredi", r"samedi",
    r"dimanche", r"lunes", r"martes", r"mi[eé]rcoles", r"jueves", r"viernes", r"s[aá]bado",
    r"domingo", r"luned[iì]", r"marted[iì]", r"mercoled[iì]", r"gioved[iì]", r"venerd[iì]",
    r"sabato", r"domenica", r"(?:maan|dins|woens|donder|vrij|zater|zon)dag",
    r"(?:segunda|ter[cç]a|quarta|quinta|sexta)(?:-feira)?", r"poniedzia\w{1,4}", r"wtor\w{1,3}",
    r"[sś]rod\w", r"czwart\w{1,3}", r"pi[aą]t\w{1,3}", r"sobot\w", r"niedziel\w",
)  # fmt: skip

# With these begins what only looks like the name of who wrote: "On Monday I wrote:".
NO_NAMES = frozenset((
    "i", "we", "you", "he", "she", "they", "it", "your", "my", "our", "the", "somebody", "someone",
    "ich", "wir", "sie", "er", "es", "ihr", "ihre", "ihren", "mein", "meine", "unser", "unsere",
    "der", "die", "das", "ein", "eine", "mir", "man", "euer", "eure", "dein", "deine",
    "je", "j'ai", "nous", "vous", "il", "elle", "on", "votre", "mon", "ma", "notre", "un", "une",
    "yo", "usted", "él", "ella", "su", "mi", "nuestro", "nuestra", "io", "lei", "lui", "noi",
    "suo", "sua", "mio", "mia", "ik", "wij", "jij", "u", "hij", "uw", "mijn", "ons", "onze",
    "eu", "você", "ele", "ela", "seu", "meu", "minha", "ja", "pan", "pani", "on", "ona", "mój",
    "le", "la", "les", "el", "los", "o", "a", "os", "as", "de", "het", "een",
))  # fmt: skip

# Nobody but a person who tells a story says one of these of who wrote: "wrote to me:".
TOLD = frozenset((
    "me", "us", "my", "your", "our", "mir", "uns", "mich", "mein", "meine", "meinem", "unser",
    "unsere", "euer", "eure", "votre", "notre", "nous", "m'a", "m’a", "nos", "nuestro", "nuestra",
    "vuestro", "vostro", "vostra", "nostro", "nostra", "mij", "ons", "onze", "uw", "mijn",
    "seu", "sua", "nosso", "nossa", "meu", "minha", "nam", "mnie", "wasz", "wasza", "państwa",
))  # fmt: skip

# How a letter begins, before the name ...
HELLO = (
    r"hi", r"hello", r"hey", r"dear", r"good (?:day|morning|afternoon|evening)", r"greetings",
    r"hallo", r"guten (?:tag|morgen|abend)", r"sehr geehrte[rs]?", r"liebe[rs]?", r"moin",
    r"servus", r"grüezi", r"grüß gott", r"bonjour", r"bonsoir", r"madame", r"monsieur", r"cher",
    r"chère?s?", r"hola", r"buen[oa]s (?:días|tardes|noches)", r"estimad[oa]s?", r"ciao", r"salve",
    r"buon ?giorno", r"buona ?sera", r"gentil[ei]", r"egregi[oa]?", r"spettabile", r"beste",
    r"geachte", r"goede(?:n|r)?(?: ?dag|morgen|middag|n?avond)?", r"olá", r"oi", r"bom dia",
    r"boa (?:tarde|noite)", r"car[oa]s?", r"prezad[oa]s?", r"dzień dobry", r"witam", r"cześć",
    r"szanown[aei]", r"drog[ai]",
)  # fmt: skip
# ... and what may stand there without a capital letter.
GREETED = frozenset((
    "there", "all", "everyone", "everybody", "team", "again", "sir", "madam", "or", "and", "&",
    "zusammen", "und", "ihr", "alle", "allerseits", "à", "a", "tous", "toutes", "et", "y", "todos",
    "e", "tutti", "en", "allen", "heer", "mevrouw", "dames", "heren", "os", "senhores", "i",
    "państwo", "państwu",
))  # fmt: skip

# "-----Original Message-----"
ORIGINAL = (
    r"original message", r"original e-?mail", r"forwarded message", r"reply message",
    r"urspr(?:ü|ue)ngliche (?:nachricht|mail)", r"original-?nachricht",
    r"weitergeleitete nachricht",
    r"message d['’]origine", r"message original", r"message transf[eé]r[eé]",
    r"mensaje original", r"mensaje reenviado",
    r"messaggio originale", r"messaggio inoltrato",
    r"oorspronkelijk bericht", r"doorgestuurd bericht",
    r"mensagem original", r"mensagem encaminhada",
    r"(?:oryginalna wiadomość|wiadomość oryginalna)",
    r"(?:przekazana wiadomość|wiadomość przekazana)",
)  # fmt: skip

# The words of Apple Mail above a mail passed on: "Begin forwarded message:".
FORWARDED = (
    r"begin forwarded message",
    r"anfang der weitergeleiteten (?:nachricht|e-mail)",
    r"début du message (?:réexpédié|transféré)",
    r"inicio del mensaje reenviado",
    r"inizio (?:del )?messaggio inoltrato",
    r"begin doorgestuurd bericht",
    r"início da mensagem (?:re)?encaminhada",
    r"początek przekazanej wiadomości",
)

_DEVICE = (
    r"(?:my|the|a|an|for|on|via|app|mobile|phone|smart\w{0,6}|device|tablet|handheld|wireless|iphone|"
    r"ipad|ipod|ios|apple|watch|mac|android|galaxy|samsung|xiaomi|huawei|nokia|motorola|pixel|"
    r"oneplus|sony|blackberry|windows|verizon|at&t|t-mobile|sprint|4g|5g|lte|yahoo|outlook|proton|"
    r"mail|gmail|aol|workspace)"
)

# The line that a telephone adds below.
MOBILE = (
    rf"sent from {_DEVICE}(?:[ ,]{{1,2}}{_DEVICE}){{0,7}}",
    r"get outlook for \w{2,10}.{0,60}", r"sent (?:with|via|using) \S.{0,50}",
    r"(?:diese nachricht wurde )?von me(?:inem|iner) .{1,50} gesendet\.?",
    r"gesendet (?:mit|von|aus|über) .{1,60}", r"outlook für .{1,60}",
    r"envoy[eé]e? (?:de|depuis|avec|à partir de) .{1,60}",
    r"(?:télécharger|obtenir) outlook.{0,60}",
    r"enviado (?:desde|con) .{1,60}", r"obtener outlook.{0,60}",
    r"inviato (?:da |dal |dall['’]|con ).{1,60}", r"(?:ottieni|scarica) outlook.{0,60}",
    r"(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via) .{1,60}", r"outlook voor .{1,60}",
    r"(?:mensagem )?enviad[ao] (?:do|da|de|pelo|a partir d[oe]) .{1,60}", r"obter o outlook.{0,60}",
    r"wysłan[aeoy] (?:z|ze|za pomocą) .{1,60}", r"pobierz outlook.{0,60}",
)  # fmt: skip
