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

# What stands before the colon of a quoted header line, and which header it is.
LABELS = {
    **dict.fromkeys(("from", "von", "de", "da", "van", "od", "mittente", "desde", "от"), "from"),
    **dict.fromkeys((
        "sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "date d'envoi", "enviado",
        "enviado el", "fecha", "inviato", "data", "verzonden", "enviada em", "enviado em",
        "enviada", "wysłano", "data wysłania", "отправлено", "дата",
    ), "sent"),
    **dict.fromkeys(
        ("to", "an", "à", "a", "pour", "para", "aan", "do", "destinatario", "naar", "кому"), "to"
    ),
    **dict.fromkeys(("cc", "kopie", "copie à", "dw", "cópia", "copia", "bcc"), "cc"),
    **dict.fromkeys((
        "subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "assunto", "temat", "тема",
    ), "subject"),
    **dict.fromkeys(
        ("reply-to", "antwort an", "importance", "wichtigkeit", "attachments", "anlagen"), "other"
    ),
}  # fmt: skip

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
