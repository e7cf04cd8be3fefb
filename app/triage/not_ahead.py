"""Not ahead: what looks like a time to come and is over, comes each week, greets or counts turns.

Beside `time_words`, for `moments`: it is taken out of a text before that is read. Patterns over
folded text, whole words; a blank stands for any white space, DAY for a weekday, NUMBER and UNIT for
a span, DONE for what somebody did (`DONE`), OTHER for a word with which nothing new begins
(`BEGINNINGS`). What is told in the past ("I ordered on Sunday") is no deadline.
"""

from __future__ import annotations

# Verbs of the past.
DONE = {
    "de": (
        "bestellt|bezahlt|angerufen|geschrieben|erhalten|zugestellt|geliefert|abgebucht"
        "|zugesagt|verschickt|versendet|angekommen|bekommen|gekommen|gemailt|gekauft"
        "|storniert|retourniert|zuruckgeschickt"
    ),
    "fr": (
        "recue?s?|commandee?s?|passee?|achetee?s?|appele|ecrit|envoyee?s?|livree?s?|debitee?"
        "|arrivee?s?|constate|dit|promis"
    ),
    "es": (
        "compre|compramos|pedi|pedimos|hice|hicimos|recibi|recibimos|encargue|llego|llegaron"
        "|entregaron|enviaron|enviasteis|mandaron|dijeron|dijisteis|contestaron|respondieron"
        "|llame|hable|escribi"
        "|devolvi|vino|vinieron|cobraron"
    ),
    "it": (
        "ordinato|ricevut[oa]|comprato|acquistato|pagato|spedito|chiamato|scritto|arrivat[oa]"
        "|consegnat[oa]|passat[oa]|detto|visto|lasciato"
    ),
    "nl": (
        "besteld|ontvangen|gekregen|aangekomen|gekomen|gebeld|gemaild|gekocht|betaald"
        "|teruggestuurd|opgehaald|gesproken|binnengekregen"
    ),
    "pt": (
        "comprei|compramos|fiz|fizemos|recebi|recebemos|encomendei|paguei|pagamos|chegou"
        "|chegaram|entregaram|enviaram|mandaram|falei|liguei|devolvi|veio|vieram|foi|tentei"
        "|disse|disseram"
    ),
    "pl": (
        "zamowil[ae]m|zlozyl[ae]m|kupil[ae]m|otrzymal[ae]m|dostal[ae]m|odebral[ae]m"
        "|przysz(?:edl|la|lo|ly)|dotarl[aoy]?|wyslal[ae]m|nadal[ae]m|dzwonil[ae]m"
        "|rozmawial[ae]m|pisal[ae]m|zaplacil[ae]m|byl[aoy]?|byl[ae]m|dostarczono|powiedziano"
        "|utknela|utknal|zostawil"
    ),
}

# After these a sentence speaks of something else: of a wish, a deadline, what is to come.
BEGINNINGS = {
    "es": "para|pa|antes|hasta|es|y|que|pero|mi",
    "pt": "para|pra|pro|p|ate|antes|e|que|mas",
    "pl": "na|do|przed|i|a|ale|ze|bo|ktory|ktora|ktore",
    "nl": "en|maar|nog|niet|niets|niks|geen|want|moet|wil|kan|voor",
    "fr": "pour|avant|d'ici|jusqu'|et|mais|il|je|on|que|qui|c'est",
    "it": "per|entro|prima|e|ma|mi|non|che",
    "en": "for|and|but|so|to|if|before|that|need",
}

NOT_AHEAD = {
    "en": (
        "DAY ?(?:to|through|till|until|thru|-) ?DAY",
        "mon\\.? ?(?:-|to) ?(?:fri|sat|sun)\\.?",
        "good morning",
        "black friday",
        "cyber monday",
        "happy DAY",
        "good friday",
        "(?:(?<!have\\s)(?<!valid\\s)(?:until|till)|as of|to|since) (?:today|now|this day)",
        "(?:last|since|past|previous|every|each) DAY",
        "(?:was|were) (?:due |already |supposed to be )?(?:on|by) DAY",
        "DAY last week",
        (
            "(?:over|more than|after|last|past|(?<!held\\s)(?<!kept\\s)(?<!valid\\s)for|took"
            "|every|each) NUMBER ?UNIT"
        ),
        (
            "NUMBER ?UNIT(?: and \\w+)? (?:ago|later|old|late|overdue|earlier|wait|delay"
            "|warranty|guarantee)"
        ),
        "(?<!in\\s)(?<!within\\s)(?<!only\\s)(?<!have\\s)one day(?! left| to )",
        "some day",
        "the other day",
        "these days",
        "earlier today",
        "day in",
        "(?:merry|happy) (?:christmas|xmas|new year)",
        (
            "(?:i|we|you|they|he|she|ve)(?: have| only| already| just)? (?:ordered|bought|paid"
            "|placed|sent|returned|called|emailed|spoke|received|got"
            "|cancelled)(?: OTHER){0,4}? DAY"
        ),
        (
            "(?:it|parcel|courier|order) (?:came|arrived|(?:was|got) (?:delivered|sent"
            "|shipped))(?: on)? DAY"
        ),
        (
            "(?:was|were) (?:due|meant|supposed|promised|scheduled|expected"
            "|told(?! to))(?: (?!(?:and|but|so|need|if)(?!\\w))\\w+){0,6}? DAY"
        ),
        "should(?: have|'ve)(?: (?!(?:and|but|so|need|if)(?!\\w))\\w+){0,5}? DAY",
        (
            "(?:i|we|just|it|parcel|order|has|have|was)(?: just| only)? (?:received|arrived"
            "|came|got|opened)(?: (?!(?:for|and|but|so|to|if)(?!\\w))\\w+){0,3}? (?:today"
            "|this afternoon|this evening)"
        ),
        "today (?:i|we) (?:received|got|opened)",
        "^\\s*received today",
    ),
    "de": (
        "DAY ?(?:bis|-) ?DAY",
        (
            "(?:guten?|schonen?|heute|gestern|jeden|diesen|eines|(?<!,\\s)der"
            "|(?<!,\\s)(?<!auf\\s)(?<!bei\\s)den|ein|am) morgen"
        ),
        "morgen (?:zusammen|allerseits|an alle)",
        "^\\s*morgen(?=[,!])",
        (
            "(?:bis|stand|seit) heute(?! abend| mittag| nachmittag| nacht| um| \\d| spatestens"
            "| zeit| antwort| noch)"
        ),
        "black friday",
        "(?:letzte[nrm]?|vergangene[nrm]?|vorige[nrm]?|gestrige[nrm]?|seit|jeden) DAY",
        "(?:war|waren) (?:schon |bereits )?am DAY",
        "(?:schonen|guten) DAY",
        "(?:seit|nach|vor|uber|mehr als|letzten|vergangenen|die letzten|alle) NUMBER ?UNIT",
        "NUMBER ?UNIT(?: und \\w+)? (?:spater|lang|alt|her|zuvor|gewartet|garantie|verspatung)",
        "(?<!innerhalb\\s)(?<!binnen\\s)eines tages",
        (
            "(?:habe|hab|haben|hat|wurde"
            "|ist) (?:(?!noch)\\w+ ){0,3}?heute (?:(?!noch)\\w+ ){0,4}?DONE(?! (?:werden|wird))"
        ),
        "heute kam",
        "kam heute",
        "heute (?:habe|ist|wurde) (?:\\w+ ){0,5}?DONE",
        (
            "(?:habe|hab|haben|hat|wurde"
            "|ist)(?: \\w+){0,4}? (?:am )?DAY(?: \\w+){0,5}? DONE(?! (?:werden|wird|sein))"
        ),
        "am DAY (?:habe|hab|haben|wurde|ist)(?: \\w+){0,6}? DONE(?! werden)",
        "(?:kam|kamen) (?:\\w+ ){0,3}?am DAY",
        "am DAY (?:kam|war|rief)",
        "war (?:\\w+ ){0,4}?(?:am|bis|fur) DAY (?:angekundigt|zugesagt)",
        "(?:frohe|schone) weihnachten",
        (
            "(?:mo|di|mi|do|fr|sa|so)\\.? ?(?:-|bis) ?(?:mo|di|mi|do|fr|sa"
            "|so)\\.?(?:[ ,:]*\\d{1,2}(?::\\d\\d)?(?: uhr)? ?(?:-"
            "|bis) ?\\d{1,2}(?::\\d\\d)?(?: uhr)?)?(?:[,;/ ]*(?:und )?(?:mo|di|mi|do|fr|sa"
            "|so)\\.?[ :]*\\d{1,2}(?::\\d\\d)? ?(?:-|bis) ?\\d{1,2}(?::\\d\\d)?(?: uhr)?){0,3}"
        ),
    ),
    "fr": (
        "(?:du )?DAY (?:au|a) DAY",
        "black friday",
        "(?:depuis|depuis le|hier|chaque|tous les|bon|bonne) DAY",
        "DAY (?:dernier|passe)(?! delai| carat)",
        "jusqu'a aujourd'?hui",
        "a ce jour",
        "recu aujourd'?hui",
        "(?:devait|devaient|aurait du|auraient du|promis)(?: \\w+){0,3} DAY",
        (
            "(?:depuis|plus de|plus d'|apres|il y a|il y a plus de|retard de|retard d'|bout de"
            "|bout d'|ces|autonomie de|garantie de|derniers|dernieres|voila|cela fait|ca fait"
            "|en) NUMBER ?UNIT"
        ),
        "NUMBER ?UNIT (?:de retard|d'attente|plus tard|apres)",
        "de NUMBER h(?:eures)? a",
        "(?<!jusqu')a demain",
        (
            "(?:j'ai|jai|nous avons|on m'a|vous avez|est|a) (?:bien |deja "
            "|ete )?DONE(?: OTHER){0,3}? DAY"
        ),
        "DAY,? (?:j'ai|nous avons|on m'a|vous m'avez) DONE",
        "(?:commande|colis|mail|message|appel|echange) de DAY",
        (
            "(?:promis|promettiez|promettez|annonce\\w*|garanti\\w*|devai(?:t"
            "|ent))(?: (?!que(?!\\w))\\w+){0,4} (?:sous|en|dans) NUMBER ?UNIT"
        ),
        "(?:attendu|passe|perdu|fallu|mis|fait|tient) (?:plus de )?NUMBER ?UNIT",
        "NUMBER ?UNIT pour (?:recevoir|avoir|obtenir|joindre|rien)",
        "bonnes? (?:fin de )?(?:journee|soiree|semaine)",
        (
            "(?<!pour\\s)(?<!avant\\s)(?<!d'ici\\s)le DAY(?! prochain| suivant| \\d"
            "| de la semaine| en huit)"
        ),
        "aujourd'?hui (?:encore|toujours)|(?:recu|livree?|appele|essaye|ecris) aujourd'?hui",
        "etai(?:t|ent) (?:prevue?s?|annoncee?s?|attendue?s?)(?: \\w+){0,2} DAY",
    ),
    "es": (
        "(?:de )?DAY a DAY",
        "black friday",
        "cyber monday",
        "(?:la|esta|misma|media|cada|una|toda|otra|esa|por la|de la) manana",
        "^\\s*hasta manana",
        "hoy en dia",
        "(?:a dia de|hasta el dia de|hasta) hoy",
        "por hoy",
        "(?:feliz|buen|los|cada|desde el|pasado) DAY",
        "DAY (?:pasado|de la semana pasada)",
        (
            "(?:mas de|despues de|retraso de|desde hace|hace|hace mas de|llevo|tras"
            "|llevo mas de|llevamos|bateria de|autonomia de|garantia de|ultimos|ultimas"
            "|cada) NUMBER ?UNIT"
        ),
        "(?:en|dentro de) NUMBER ?UNIT no (?:he|hemos)",
        "de un dia para otro",
        "feliz navidad",
        "NUMBER ?UNIT despues",
        "DONE(?: OTHER){0,4} el DAY",
        "(?:el )?DAY (?:(?:os|les|me|nos|se|le|lo|la) )?DONE",
        "(?:ayer,?|anteayer|desde|noche del) (?:este |el )?DAY",
        (
            "(?:(?:tenian?|habian?) que|debian?|deberian?|iban? a|quedaron en|quedo en"
            "|llegaba)(?: (?:(?!(?:para|pa|antes|hasta|es|y|pero|mi)\\b)\\w+)){0,4} el DAY"
        ),
        "hoy (?:(?:me|nos|lo|la|se|os|les|le) )?(?:he|hemos|ha|han|DONE)",
        "(?:he|hemos|ha|han) \\w+ hoy",
        "(?:recibido|recibir|DONE) hoy",
        "desde hoy",
        "(?:esta semana|esta tarde|esta noche) (?:(?:me|nos|se) )?(?:he|ha|han|DONE)",
        (
            "(?:descarga|agota|llego|llegaron|rompio|estropeo|tardo|pague|prometen|prometieron"
            "|dijeron)(?: (?!que\\b)\\w+){0,3} en NUMBER ?UNIT"
        ),
        "(?:dijeron|prometieron|aseguraron) que (?:\\w+ )?en NUMBER ?UNIT",
        (
            "en NUMBER ?UNIT (?:(?:no|se|me|ya|nadie) ){0,3}(?:he|hemos|ha|rompio|llego|dejo"
            "|respondio)"
        ),
    ),
    "it": (
        "(?:dal |da )?DAY (?:al|a) DAY",
        "black friday",
        "cyber monday",
        "(?:ad|tutt'|a tutt'|fino ad|dall'|giorno d') ?oggi",
        "al domani",
        "(?<!fino\\s)a domani",
        (
            "(?:buon|buona|felice|ogni|da|dal|scors[oa]|(?<!entro\\s)(?<!per\\s)il"
            "|la) DAY(?! prossim| \\d)"
        ),
        "DAY (?:scors[oa]|della settimana scorsa|passat[oa])",
        (
            "(?:da|dopo|da piu di|piu di|oltre i|ritardo di|ogni|garanzia di|ultimi|ultime"
            "|da oltre) NUMBER ?UNIT"
        ),
        "NUMBER ?UNIT (?:fa|dopo|prima|di ritardo)",
        "in NUMBER ?UNIT (?:non ho|e gia)",
        "buon natale",
        "buona? (?:fine|inizio) settimana",
        (
            "(?:doveva|dovevano|avrebbe dovuto|sarebbe dovut[oa]|era previst[oa]"
            "|era attes[oa])(?: (?!(?:e|ma|mi)(?!\\w))\\w+){0,3}? DAY"
        ),
        "(?<!non\\s)(?:ho|abbiamo|mi e|e) (?:gia )?DONE(?: OTHER){0,2}? DAY",
        "DAY,? (?:ho|abbiamo|mi hanno|mi ha) (?:gia )?DONE",
        "(?:ordine|mail|telefonata|pacco) di DAY",
        "oggi,? (?:ho|abbiamo|mi e|e) (?:gia )?DONE|DONE oggi(?!,? (?:stesso|alle))",
        "ancora oggi|a oggi|scrivo oggi",
        (
            "(?:promess[oa]|garantit[oa]|scritto|indicat[oa]|doveva|dovevano"
            "|dovut[oa] arrivare)(?: (?!che(?!\\w))\\w+){0,4} (?:in|entro) NUMBER ?UNIT"
        ),
        (
            "(?:aspettato|perso|passato|atteso|voluti|dura|fatto) (?:piu di |circa "
            "|massimo )?NUMBER ?UNIT"
        ),
        "NUMBER ?UNIT per (?:ricevere|avere|parlare)",
        "in NUMBER ?UNIT (?:si e|si sono|ho|nessun\\w*)",
    ),
    "nl": (
        "DAY (?:t/m|tot|tot en met|-) DAY",
        "black friday",
        "(?:goede|goeden|goeie|deze|gisteren|elke|iedere) morgen",
        (
            "(?:^|(?<=[.!?,]\\s)|(?<=\\n)|(?<=groetjes\\s)"
            "|(?<=\\sen\\s))tot morgen(?=\\s*(?:[.!,\\n]|$))"
        ),
        "(?<!uiterlijk\\s)tot vandaag(?! om| \\d)|de dag van vandaag",
        "(?:vorige?|afgelopen|laatste|verleden|sinds|elke|iedere|prettige|fijne) DAY",
        "DAY (?:jl|jongstleden)",
        "DAY gesloten",
        "op DAY (?:zijn wij )?gesloten",
        (
            "(?<!ik\\s)(?<!wij\\s)(?<!we\\s)(?:zou|zouden)(?: (?!(?:ik|u|je|jullie|wij|we|graag"
            "|kunnen|willen|fijn|voor|uiterlijk)(?!\\w))\\w+){0,3} DAY(?! (?:\\w+ )?(?:graag"
            "|kunnen|willen|moeten))"
        ),
        "vandaag (?:ontvangen|binnengekregen|gekregen|besteld|kwam|kreeg|krijg)",
        (
            "(?:de )?(?:afgelopen|laatste|al|sinds|na|meer dan|ruim|vertraging van|looptijd van"
            "|elke|garantie van) NUMBER ?UNIT"
        ),
        "NUMBER ?UNIT (?:geleden|later|lang|oud|te laat|vertraging|bedenktijd|was)",
        "NUMBER ?UNIT tijd niets",
        "guten morgen",
        "^\\s*morgen(?=[,!]|\\s+zusammen)",
        "(?:heb|hebben|heeft|is|zijn|werd|had)(?: OTHER){0,2} (?:op )?DAY(?: OTHER){0,3} DONE",
        "(?<!voor\\s)DAY (?:heb|hebben|is|werd|had)(?: OTHER){0,5} DONE",
        "(?:kreeg|kwam|belde|mailde|bestelde|zei)(?: ik| wij| we)? DAY",
        "DAY (?:besteld|aangekomen|kreeg|kwam|zei|zag)",
        "(?:bestelling|mail|gesprek|pakket) van DAY",
        "(?:vorige|afgelopen|verleden) week(?: op)? DAY|DAY vorige week|jl\\.? DAY",
        "\\d{1,2}(?:[.:]\\d\\d)? ?(?:uur |u )?(?:tot|-) ?\\d{1,2}(?:[.:]\\d\\d)? ?(?:uur|u)",
        (
            "(?:zou|zouden|beloofden?|beloofd|stond|site staat)(?: (?!(?:graag|ik|u"
            "|kunnen)(?!\\w))\\w+){0,4} (?:binnen|in) NUMBER ?UNIT"
        ),
        "(?:heb|is)(?: OTHER){0,2} vandaag(?: OTHER){0,3} DONE",
        "voor \\d{1,2}[:.]\\d\\d(?: ?uur)? besteld,? (?:is )?morgen(?: in huis)?",
    ),
    "pt": (
        "(?:de )?DAY (?:a|ate|as) DAY",
        "black friday",
        (
            "(?:uma|pela|na|a|essa|minha|da|primeira,) (?:segunda|terca|quarta|quinta"
            "|sexta) (?:vez|via|mao|tentativa|mensagem|encomenda|caixa|entrega|parcela|unidade"
            "|peca|parte|fatura|cobranca|compra|reclamacao|remessa|troca|devolucao)"
        ),
        "(?:segunda|terca|quarta|quinta|sexta) (?:vez|via|mao|tentativa|parcela|caixa|mensagem)",
        "quinta d[ao]s? \\w+",
        "(?:desde|ultim[oa]|passad[oa]|boa|bom|cada|tod[oa]s? [oa]s?) DAY",
        "DAY passad[oa]",
        (
            "(?:ate|desde) (?:a data de |o dia de |ao dia de )?hoje(?! as| ao| a tarde| a noite"
            "| sem falta)"
        ),
        "hoje (?:recebi|chegou)",
        "^ ?ate amanha[!.]? ?$",
        "(?:obrigad[oa]|abracos?|cumprimentos|beijos?)(?:,| e)? ate amanha",
        (
            "(?:ha|ha mais de|mais de|depois de|apos|atraso de|ha cerca de|bateria de"
            "|garantia de|passaram|ultim[oa]s|faz) NUMBER ?UNIT"
        ),
        "NUMBER ?UNIT (?:atras|depois|de atraso|que comprei)",
        "feliz natal",
        "(?:devia|deveria|prevista|previsto|era)(?: \\w+){0,3} ate DAY",
        "de um dia para o outro",
        "DONE(?: OTHER){0,4} (?:na |no )?DAY",
        "(?:na |no )?DAY (?:(?:me|lhes|vos|eu) )?DONE",
        "ontem,? DAY",
        (
            "(?:devia|deviam|deveria|deveriam|era p(?:ara|ra)|ficaram de|ficou de|vinham?|iam?"
            "|chegava)(?: OTHER){0,4} (?:na |no )?DAY"
        ),
        "(?:DONE|recebido|receber|fui) hoje",
        "hoje (?:DONE|fui|faz)",
        "hoje em dia|faz hoje|a partir de hoje",
        "em NUMBER ?UNIT (?:parou|deixou|estragou|quebrou|avariou|chegou|ninguem|nao recebi|ja)",
        (
            "(?:chegou|chegaram|acaba|descarrega|estragou|quebrou|parou|parcelei|parcelado"
            "|paguei|prometem|prometeram|disseram que|disseram)(?: \\w+){0,3} em NUMBER ?UNIT"
        ),
        "prazo de NUMBER ?UNIT (?:ja|expirou|passou|terminou)",
        (
            "(?<!ate\\s)a (?:segunda|terca|quarta|quinta|sexta)(?! ?-? ?feira| que vem| q vem"
            "| proxima| dia)"
        ),
        "(?:segunda|quarta|quinta) (?:chance|opcao|instancia|geracao|classe)",
        "tod[oa] DAY",
        "NUMBER ?UNIT que (?:espero|estou|comprei)",
    ),
    "pl": (
        "(?:od )?DAY do DAY",
        "(?:pon|pn)\\.? ?- ?pt",
        "black friday",
        (
            "(?:zeszl(?:y|a|ym|ej)|ubiegl(?:y|a|ym|ej)|ostatni(?:a|m|ej)?|minion(?:y|a|ym)|od"
            "|milej|milego|dobrej|udanej|spokojnej|kazd(?:y|a)) DAY"
        ),
        "do (?:dnia )?(?:dzis|dzisiaj|dzisiejszego)(?! do| wieczor| godz)",
        "(?:od|po|ponad|przez|ostatnich|minionych|ciagu ostatnich|co) NUMBER ?UNIT",
        "NUMBER ?UNIT (?:temu|pozniej|od zakupu|opoznienia|gwarancji)",
        "mial[aoy]?(?: \\w+){0,3} do DAY",
        "pewnego dnia",
        "(?:za|w ciagu) dnia",
        "milego weekendu",
        "DONE(?: OTHER){0,4} (?:w|we) DAY",
        "(?:w |we )?DAY(?: OTHER)?,? DONE",
        "wczoraj,? (?:w |we )?DAY",
        "(?:mial[aoy]?|mialy)(?: OTHER){0,4} (?:w|we) DAY",
        "(?:wczoraj|przedwczoraj|codziennie|rano i) wieczorem|wieczorem DONE",
        "DONE (?:dzis|dzisiaj)",
        "(?:dzis|dzisiaj)(?: po poludniu| rano)? (?:DONE|mija)",
        "(?:na|po) dzien dzisiejszy",
        "z dniem dzisiejszym|od (?:dzis|dzisiaj)",
        "w ciagu NUMBER ?UNIT (?:sie|zepsul\\w*|przestal\\w*)",
        "(?:rozladowuje|zepsul\\w*|obiecano|obiecan[aoy])(?: \\w+){0,2} w ciagu NUMBER ?UNIT",
        "(?:zaplacil[ae]m|oplata|kara|abonament) za (?:NUMBER )?UNIT",
        "w (?:soboty|srody)|(?:co|kazdej|poprzedni|zeszlego) DAY|czynne w niedziele",
    ),
}
