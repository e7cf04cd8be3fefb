"""Time words: how each of the eight languages names a time to come, and what only looks so.

What `moments` reads with. Every field is a list of alternatives over folded text (small letters,
no accents): words or short patterns, with `|` between them; a blank stands for any white space.
Each language has its own, because "mon" is a Monday in one and "my" in the next. Add what is
missing in the list of its language.
"""

from __future__ import annotations

from dataclasses import dataclass

_NOTHING = "(?!)"  # is found nowhere


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """One language. `weekdays` from Monday, between slashes; `short_days` count only after one of
    `before_short` or before a number. `tail` may hang on to a day ("Freitagabend").

    `next_day` beside a weekday says that it is not today's; `next_week` that it is in the week to
    come; `week_on` and `a_week_from` that it is a week later. A number with a unit is ahead after
    `ahead` (then perhaps `filler`), or before `still`; a unit alone after `bare`; the words of
    `at_work` may stand before a unit, and `only_at_work` in or behind it says that no weekend
    counts. `by_clock` are times of today that are a limit, `feasts` names with month and day. What
    looks like these and is none stands in `not_ahead`.
    """

    today: str
    tomorrow: str
    day_after: str
    weekdays: str
    short_days: str = "//////"
    before_short: str = _NOTHING
    tail: str = _NOTHING
    next_day: str
    next_week: str
    week_on: str
    a_week_from: str = _NOTHING
    weekend: str
    this_week: str
    this_month: str
    working_day: str = _NOTHING
    ahead: str
    filler: str
    bare: str = _NOTHING
    still: str
    at_work: str = _NOTHING
    only_at_work: str
    numbers: str
    minutes: str
    hours: str
    days: str
    weeks: str
    fortnights: str = _NOTHING
    months: str
    ago: str
    by_clock: str
    feasts: str


EN = TimeWords(
    today="(?<!from\\s)today|tonight|tonite|2day|2nite|this afternoon|this evening",
    tomorrow="tomorrow|tomorow|tommorow|tommorrow|tomorrrow|tomorro|tmrw|tmr|tomoz|2moro|2morrow"
    "|2mro|2mrw|2morow|tmw|tomorrows",
    day_after="day after tomorrow",
    weekdays="monday/tuesday/wednesday|weds/thursday/friday/saturday/sunday",
    short_days="mon/tue|tues/wed/thu|thur|thurs/fri/sat/sun",
    before_short="on|by|this|next|until|till|before|for|from|and|or",
    tail="'s|s| morning| afternoon| evening| night| lunchtime",
    next_day="next",
    next_week="next week|the coming week|the week after",
    week_on="week",
    a_week_from="a week (?:on|from|this)",
    weekend="(?:this|the coming|this coming|next|by the|before the|for the|over the"
    "|at the) (?:weekend|wknd|wkend)",
    this_week="end of (?:the |this )?week|this week(?!'s)|week'?s end|eow",
    this_month="end of (?:the |this )?month|month end|month'?s end",
    working_day="next (?:business|working) day",
    ahead="in|within|next|inside|less than|under|have|have only|have just|period of|term of"
    "|deadline of|limit of|notice of|window of|maximum of|over the next|in the next|for the next"
    "|another|give (?:you|them)|giving you|allow(?:ing)? you|have got|ve got|final|held for"
    "|kept for|valid for",
    filler="a|an|the|of|about|around|next|less than|only|just|now|up to|maximum|at most|max",
    still="left|remaining|away|from now|from today|to go|to respond|to reply|to answer|window"
    "|notice|deadline|or else|otherwise",
    at_work="working|business|calendar|clear|full|more",
    only_at_work="working|business",
    numbers="half-an=0.5 half=0.5 one=1 a=1 an=1 two=2 couple=2 couple-of=2 three=3 few=3 four=4 "
    "five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 fourteen=14 fifteen=15 "
    "twenty=20 twenty-one=21 twenty-four=24 twenty-eight=28 thirty=30 forty-eight=48 "
    "seventy-two=72 sixty=60 ninety=90",
    minutes="minutes?|mins?",
    hours="hours?|hrs?|h",
    days="days?|d",
    weeks="weeks?|wks?|wk",
    fortnights="fortnights?",
    months="months?",
    ago="ago|later|old|late|earlier|before|since",
    by_clock="(?:by|before|until|till|at) (?:noon|midday|midnight|eod|cob"
    "|(?:the )?end of (?:the )?day|close of business|lunch(?:time)?|the evening)|(?:by|before"
    "|until|till?) \\d{1,2}(?:[:.]\\d\\d)? ?(?:am|pm)|(?:by|before) \\d{1,2}:\\d\\d",
    feasts="christmas eve=12-24; christmas|xmas=12-25; new year=12-31; halloween=10-31; "
    "valentine'?s=2-14",
)
DE = TimeWords(
    today="heute|heutigen?|heutiges?|heutiger|heut|noch heut|eod",
    tomorrow="morgen|morgn|morgigen?|morgiges?|morgiger|morgigem",
    day_after="ubermorgen|uebermorgen",
    weekdays="montags?/dienstags?/mittwochs?/donnerstags?/freitags?/samstags?"
    "|sonnabends?/sonntags?",
    short_days="mo/di/mi/do/fr/sa/so",
    before_short="bis|am|spatestens|nachsten|kommenden|diesen|fur|zum|ab",
    tail="abend|morgen|mittag|nachmittag|vormittag|nacht|fruh| abend| morgen| mittag| nachmittag"
    "| vormittag| fruh",
    next_day="nachsten?|nachster|nachstem|naechsten?|kommenden?|kommender",
    next_week="(?:der |in der )?(?:nachste[rn]?|naechste[rn]?|kommende[rn]?) woche|nw",
    week_on="in (?:einer|1) woche|in acht tagen|in 8 tagen",
    weekend="(?:am|zum|vorm|bis zum|bis|dieses|kommendes|kommende|nachstes|ubers|furs"
    "|vor dem) (?:kommenden? |nachsten? )?wochenende|(?:dieses|am|zum|ubers|furs|kommendes"
    "|bis) we",
    this_week="ende (?:der|dieser) woche|(?:noch )?diese woche|ende woche",
    this_month="ende (?:des|dieses|diesen) monats|monatsende|ultimo",
    working_day="nachste[rnm]? (?:werktag|arbeitstag)",
    ahead="innerhalb(?: von)?|binnen|in|noch|nur noch|frist von|frist|zahlungsziel|spatestens in"
    "|maximal|ab heute|gebe(?:n)? (?:ich |wir )?(?:ihnen|euch|dir)|\\w{0,12}frist(?: von)?:?"
    "|sie haben|bleiben|fur die nachsten|in den nachsten|innert",
    filler="eine?|einer|einem|eines|der|den|von|genau|nur|noch|etwa|ca\\.?|circa|rund|knapp|gut"
    "|ungefahr|maximal|hochstens|nachsten?|naechsten|kommenden|weniger als|weniger|sie|bis zu"
    "|dieser",
    still="zeit|frist|ab heute|verbleiben|ubrig",
    at_work="werk|arbeits|kalender|volle|vollen|weitere|weiteren|gesetzlichen",
    only_at_work="werkt|arbeits",
    numbers="halben?=0.5 anderthalb=1.5 ein=1 eine=1 einer=1 einem=1 einen=1 eines=1 zwei=2 "
    "drei=3 paar=3 vier=4 funf=5 fuenf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11 zwolf=12 "
    "zwoelf=12 vierzehn=14 funfzehn=15 zwanzig=20 einundzwanzig=21 vierundzwanzig=24 "
    "achtundzwanzig=28 dreissig=30 dreißig=30 achtundvierzig=48 zweiundsiebzig=72 sechzig=60",
    minutes="minuten?|min",
    hours="stunden?|std|h",
    days="tage?n?|werktage?n?|arbeitstage?n?|kalendertage?n?|tagige[rn]?",
    weeks="wochen?|wochige[rn]?",
    months="monate?n?|monats?",
    ago="zuvor|spater|lang|alt|her|vorher|gewartet|uberfallig",
    by_clock="(?:bis|bis um|vor|spatestens um|spatestens bis|spatestens) (?:mittag|mitternacht"
    "|feierabend|eod|geschaftsschluss|\\d{1,2}(?:[:.]\\d\\d)? ?(?:uhr|h))",
    feasts="heiligabend|heilig abend|heiligen abend=12-24; weihnachten=12-24; nikolaus=12-6; "
    "silvester=12-31; neujahr=1-1; valentinstag=2-14; halloween=10-31",
)
FR = TimeWords(
    today="aujourd'?hui|aujourdui|ajd|auj|ce soir|cet apres-?midi|cet aprem|ce midi|cette nuit",
    tomorrow="demain|dmain|demin",
    day_after="apres-? ?demain",
    weekdays="lundi/mardi/mercredi/jeudi/vendredi/samedi/dimanche",
    tail="s| matin| midi| apres-midi| soir",
    next_day="prochain",
    next_week="(?:de )?(?:la )?(?:semaine|sem) prochaine|de la semaine qui vient",
    week_on="en huit",
    weekend="(?:ce|avant le|pour le|d'ici le|le|ce prochain) (?:week-? ?end|we)(?: prochain)?",
    this_week="cette semaine|(?:la |en )?fin de (?:la |cette )?semaine(?! prochaine)"
    "|dans la semaine(?! qui)",
    this_month="fin (?:du|de|de ce) mois",
    working_day="prochain jour ouvre|prochain jour ouvrable",
    ahead="dans|sous|d'ici|d'ici a|delai|delai de|delai maximum de|delai legal de|reste|restent"
    "|disposez de|disposons de|avez|avons|moins de|en moins de|les prochaines|les prochains"
    "|encore|plus que",
    filler="un|une|les|des|de|d'|le|la|maximum|environ|moins de|prochaines|prochains|plus que|que"
    "|a peu pres|seulement|legal",
    still="prochaines|prochains|pour|restants|maximum|maxi|max|au plus tard",
    at_work="prochaines|prochains|petits|ouvres",
    only_at_work="ouvres|ouvrable",
    numbers="demi-=0.5 demie?=0.5 un=1 une=1 deux=2 trois=3 quelques=3 quatre=4 cinq=5 six=6 "
    "sept=7 huit=8 neuf=9 dix=10 onze=11 douze=12 quatorze=14 quinze=15 vingt=20 vingt-et-un=21 "
    "vingt-quatre=24 trente=30 quarante-huit=48 soixante-douze=72 soixante=60",
    minutes="minutes?|min|mn",
    hours="heures?|h",
    days="jours?|j|jrs",
    weeks="semaines?|sem|huitaine(?: de jours)?",
    fortnights="quinzaine(?: de jours)?",
    months="mois",
    ago="plus tard|apres|auparavant|deja",
    by_clock="(?:avant|pour|d'ici) (?:midi|minuit|\\d{1,2} ?(?:h|heures)(?: ?\\d\\d)?)"
    "|d'ici la fin de (?:la )?journee|(?:dans|ds) la (?:journee|matinee|soiree)"
    "|(?:en )?fin (?:de (?:journee|matinee)|d'apres-?midi)",
    feasts="noel=12-25; reveillon=12-31; nouvel an=12-31; saint-?valentin=2-14; halloween=10-31",
    bare="sous|sous la|dans la(?= quinz| huit)",
)
ES = TimeWords(
    today="hoy|esta tarde|esta noche|a lo largo del dia|este mediodia|(?:acabe|termine|acabar"
    "|terminar) el dia",
    tomorrow="manana|mnn|mnna|manna|mnana",
    day_after="pasado manana|pasao manana",
    weekdays="lunes/martes/miercoles/jueves/viernes/sabado/domingo",
    tail="- por la manana| por la manana| por la tarde| por la noche",
    next_day="proximo|que viene|q viene",
    next_week="(?:de )?(?:la )?(?:semana (?:que|q) viene|proxima semana|semana proxima"
    "|siguiente semana|sem que viene|prox\\.? semana)",
    week_on="en ocho",
    weekend="(?:este|el proximo|antes del|para el|el) (?:fin de semana|finde|fds)",
    this_week="esta semana|fin de (?:la |esta )semana|finales de (?:la )?semana|acabe la semana"
    "|(?:termine|acabar|terminar) la semana|esta misma semana",
    this_month="(?:fin|final|finales|fines|cierre) (?:de|del|de este) mes",
    working_day="proximo dia (?:habil|laborable)|siguiente dia habil",
    ahead="en|dentro de|plazo|plazo de|plazo maximo de|termino de|termino maximo de|menos de"
    "|en menos de|falta|faltan|queda|quedan|proximas|proximos|siguientes|disponen de|dispone de"
    "|disponeis de|maximo|plazo es de|doy|damos|tienen|teneis|tienes|de aqui a|antes de",
    filler="un|una|el|la|los|las|de|unas|unos|maximo|maximo de|menos de|solo|apenas|proximas"
    "|proximos|siguientes|aproximadamente|perentorio|improrrogable|legal|e|no superior a"
    "|no mayor [ae]",
    still="para|restantes|de plazo|como maximo",
    only_at_work="habil|laborable",
    numbers="media=0.5 medio=0.5 un=1 una=1 uno=1 dos=2 par-de=2 tres=3 unos=3 unas=3 cuatro=4 "
    "cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12 catorce=14 quince=15 "
    "veinte=20 veintiun=21 veinticuatro=24 treinta=30 cuarenta-y-ocho=48 setenta-y-dos=72 "
    "sesenta=60",
    minutes="minutos?|min",
    hours="horas?|hs|hrs|h",
    days="dias?",
    weeks="semanas?",
    months="mes|meses",
    ago="despues|atras|mas tarde",
    by_clock="(?:antes de|antes del|hasta|para) (?:mediodia|el mediodia|medianoche"
    "|las \\d{1,2}(?:[:.]\\d\\d)?(?: ?(?:hs?|hrs|am|pm))?(?! (?:personas|unidades|sillas)))",
    feasts="nochebuena=12-24; navidad|navidades=12-25; nochevieja|fin de ano=12-31; para reyes"
    "|de reyes|antes de reyes=1-6; san valentin=2-14; halloween=10-31",
)
IT = TimeWords(
    today="oggi|stasera|stanotte|questa sera|questo pomeriggio|odierno",
    tomorrow="domani|domattina|dmn|domane",
    day_after="dopodomani|dopo domani",
    weekdays="lunedi'?/martedi'?/mercoledi'?/giovedi'?/venerdi'?/sabato/domenica",
    tail=" mattina| pomeriggio| sera| notte",
    next_day="prossim[oa]",
    next_week="(?:della |la )?(?:prossima settimana|settimana prossima|settimana (?:che viene"
    "|entrante|ventura))",
    week_on="a otto|fra otto",
    weekend="(?:questo|nel|entro il|prima del|per il|il prossimo) (?:fine settimana|week-? ?end)",
    this_week="questa settimana|(?:entro )?(?:la "
    ")?(?<!il\\s)(?<!nel\\s)(?<!questo\\s)(?<!prossimo\\s)fine (?:della )?settimana(?! prossima)"
    "|in settimana",
    this_month="fine (?:del )?mese",
    working_day="prossimo giorno lavorativo",
    ahead="entro|fra|tra|in|termine di|termine perentorio di|termine|termine massimo di|oltre"
    "|prossime|prossimi|nel giro di|nell'arco di|meno di|in meno di|manca|mancano|disponete di"
    "|restano|rimangono|massimo|ho solo|abbiamo solo|decorsi",
    filler="un|un'|una|il|la|i|le|gli|di|e non oltre|non oltre|massimo|prossim[ie]|giorni|solo"
    "|circa|meno di|paio",
    still="di tempo|per|al massimo|rimanenti",
    only_at_work="lavorativ|ferial",
    numbers="mezz'=0.5 mezza=0.5 un=1 un'=1 una=1 uno=1 due=2 paio-di=2 paio-d'=2 tre=3 qualche=3 "
    "pochi=3 quattro=4 cinque=5 sei=6 sette=7 otto=8 nove=9 dieci=10 undici=11 dodici=12 "
    "quattordici=14 quindici=15 venti=20 ventuno=21 ventiquattro=24 trenta=30 quarantotto=48 "
    "settantadue=72 sessanta=60",
    minutes="minut[oi]|min",
    hours="or[ae]|h",
    days="giorn[oi]|gg",
    weeks="settiman[ae]",
    months="mes[ei]",
    ago="fa|dopo|prima|piu tardi",
    by_clock="(?:entro|prima di|prima delle|entro le|non oltre le) (?:(?:ore|h) )?(?:mezzogiorno"
    "|mezzanotte|\\d{1,2}(?:[:.,]\\d\\d)?(?! ?or[ae]| ?h| ?giorn| ?gg| ?settiman| ?mes| ?min"
    "| ?ann))|(?:in|entro la|fine) (?:giornata|mattinata|serata)|fine della giornata"
    "|nel pomeriggio",
    feasts="vigilia=12-24; natale=12-25; capodanno=12-31; befana=1-6; san valentino=2-14; "
    "halloween=10-31",
)
NL = TimeWords(
    today="vandaag|vndg|vandag|vanavond|vanmiddag|vannacht",
    tomorrow="morgen|mrgn|morgn|morge|morgen-?(?:ochtend|middag|avond|vroeg)",
    day_after="overmorgen|overmorgen(?:ochtend|middag|avond)",
    weekdays="maandag/dinsdag/woensdag/donderdag/vrijdag/zaterdag/zondag",
    tail="ochtend|middag|avond|nacht|morgen| ochtend| morgen| middag| avond",
    next_day="volgende|komende|aanstaande|eerstvolgende",
    next_week="(?:van )?(?:volgende|komende) week",
    week_on="over een week|over 1 week",
    weekend="(?:dit|(?:het )?(?:aan)?komende?|aanstaande?|voor (?:het|'t|dit)|in het|van het"
    "|volgend) (?:week-?end|weekeinde?)(?! gesloten)",
    this_week="(?:eind|einde) (?:van )?(?:de |deze )?week|deze week",
    this_month="(?:eind|einde) (?:van )?(?:de |deze )maand",
    working_day="(?:eerst)?volgende werkdag",
    ahead="over|binnen|in|termijn van|termijn|nog|nog maar|komende|eerstvolgende|minder dan"
    "|maximaal|uiterlijk over|de komende|de eerstvolgende|jullie hebben|u heeft|u hebt|je hebt"
    "|u krijgt|jullie krijgen|geef u|geef jullie",
    filler="een|de|maar|maximaal|ongeveer|circa|ca|komende|eerstvolgende|minder dan|wettelijke"
    "|slechts",
    still="de tijd|om te|te gaan|over",
    at_work="werk|volle|kalender",
    only_at_work="werkd|wrkd|wd(?!\\w)",
    numbers="half=0.5 halve=0.5 anderhalf=1.5 anderhalve=1.5 een=1 twee=2 drie=3 paar=3 enkele=3 "
    "vier=4 vijf=5 zes=6 zeven=7 acht=8 negen=9 tien=10 elf=11 twaalf=12 veertien=14 vijftien=15 "
    "twintig=20 eenentwintig=21 vierentwintig=24 dertig=30 achtenveertig=48 tweeenzeventig=72 "
    "zestig=60",
    minutes="minuten|minuut|minuutjes|min",
    hours="uur|uren|uurtjes?|u|h",
    days="dagen|dag|dagje|werkdagen|werkdag|dgn|wd|wrkdgn",
    weeks="weken|week|weekje|wkn?",
    months="maanden|maand",
    ago="geleden|later|lang|oud|tijd",
    by_clock="(?:voor|uiterlijk|tot) (?:\\d{1,2}(?:[:.]\\d\\d)? ?(?:uur|u)|middernacht"
    "|het middaguur)|(?:voor|uiterlijk|tot) \\d{1,2}:\\d\\d|einde? van de (?:dag|middag|ochtend)"
    "|in de loop van de dag",
    feasts="kerst|kerstmis|kerstavond|kerstdagen=12-25; sinterklaas|pakjesavond=12-5; oud en nieuw"
    "|oudjaar=12-31; valentijn(?:sdag)?=2-14; halloween=10-31",
)
PT = TimeWords(
    today="hoje|hj|esta tarde|esta noite|logo a noite|ate ao fim do dia|ate o fim do dia|(?:fim"
    "|final) do dia",
    tomorrow="amanha|amnh|amanhan",
    day_after="d(?:epoi|poi|p)s d'?e? ?amanha",
    weekdays="segunda-? ?feira|segunda|2\\.?[aª][ -]feira/terca-? ?feira|terca"
    "|3\\.?[aª][ -]feira/quarta-? ?feira|quarta|4\\.?[aª][ -]feira/quinta-? ?feira|quinta"
    "|5\\.?[aª][ -]feira/sexta-? ?feira|sexta|6\\.?[aª][ -]feira/sabado|sab/domingo",
    tail=" de manha| a tarde| a noite| cedo",
    next_day="proxim[oa]|que vem|q vem",
    next_week="(?:da |na )?(?:proxima semana|semana (?:que|q) vem|semana proxima)|para a semana",
    week_on="a oito",
    weekend="(?:no|este|neste|para o|antes do|ate ao|ate o|proximo|pro|nesse) (?:(?:fim"
    "|final)[ -]de[ -]semana|fds|weekend)(?! passado)",
    this_week="(?:d|n)?es[ts]a semana|(?:fim|final) d(?:a|es[ts]a) semana|acabe a semana"
    "|ainda essa semana",
    this_month="(?:fim|final) d[eo] mes|(?:fim|final) deste mes",
    working_day="proximo dia util",
    ahead="em|em ate|dentro de|daqui a|daqui|prazo|prazo de|prazo maximo de|no maximo|maximo de"
    "|dou|damos|dou-vos|falta|faltam|restam|proximas|proximos|menos de|em menos de|tenho mais"
    "|voces? tem|vcs? tem|dou-lhes|espero mais|antes de",
    filler="um|uma|o|a|os|as|de|das|dos|mais|so|ate|apenas|proxim[oa]s|maximo|maximo de|cerca de"
    "|menos de|improrrogavel|impreterivel|legal|nao superior a",
    still="para|uteis para|no maximo|restantes",
    only_at_work="uteis|util(?!\\w)",
    numbers="meia=0.5 um=1 uma=1 dois=2 duas=2 tres=3 alguns=3 algumas=3 quatro=4 cinco=5 seis=6 "
    "sete=7 oito=8 nove=9 dez=10 onze=11 doze=12 catorze=14 quatorze=14 quinze=15 vinte=20 "
    "vinte-e-um=21 vinte-e-quatro=24 trinta=30 quarenta-e-oito=48 setenta-e-duas=72 sessenta=60 "
    "par-de=2 par=2",
    minutes="minutos?|min",
    hours="horas?|hs|hrs|h",
    days="dias?",
    weeks="semanas?",
    months="mes|meses",
    ago="atras|depois|mais tarde",
    by_clock="(?:antes|ate) (?:das|as|ao|do|a|o) (?:\\d{1,2}(?:[:h]\\d\\d|h)?|meio[ -]?dia"
    "|meia[ -]?noite)(?! e ninguem| e nada)|ate (?:\\d{1,2}(?:h|:\\d\\d)(?:\\d\\d)?|meio[ -]?dia"
    "|meia[ -]?noite)",
    feasts="vespera de natal=12-24; natal=12-25; ano novo|reveillon=12-31; dia das "
    "criancas=10-12; dia dos namorados=6-12; halloween=10-31",
)
PL = TimeWords(
    today="dzis|dzisiaj|dzisiejsz(?:y|a|e|ego|ej|ym)|wieczorem|do wieczora|do konca dnia|hodie",
    tomorrow="(?:jutro|jutra|jutrem|jutrzejsz(?:y|a|e|ego|ej|ym))(?: wieczorem)?",
    day_after="pojutrze|pojutrza",
    weekdays="poniedzial(?:ek|ku|kiem|kowy|kowa)/wtor(?:ek|ku|kiem)/srod[aye]|sroda/czwart(?:ek|ku"
    "|kiem)/piat(?:ek|ku|kiem)|piatkow[yae]/sobot[aye]|sobotni[ea]?/niedziel[aei]|niedzieln[yae]",
    short_days="pon/wt/sr/czw/pt/sob/niedz",
    before_short="do|w|na|przed|we",
    tail=" rano| wieczorem| po poludniu",
    next_day="przyszl(?:y|a|ym|ej)|nastepn(?:y|a|ym|ej)|najblizsz(?:y|a|ym|ej)",
    next_week="(?:w )?(?:przyszlym|nastepnym|kolejnym) (?:tygodniu|tyg)|przyszlego tygodnia"
    "|przyszly tydzien",
    week_on="za tydzien",
    weekend="(?:w|na|przed|ten|w ten|do|na ten) weekend(?:em|u)?",
    this_week="konc(?:a|em) (?:tego )?(?:tygodnia|tyg)|koniec (?:tego )?tygodnia|w tym (?:tygodniu"
    "|tyg)",
    this_month="konc(?:a|em) (?:tego )?miesiaca|koniec (?:tego )?miesiaca",
    working_day="nastepn(?:y|ego) dzien roboczy|nastepnego dnia roboczego",
    ahead="za|w ciagu|ciagu|w terminie|terminie|termin|w przeciagu|zostaly|zostalo|zostal"
    "|pozostaly|pozostalo|macie|ma pan|ma pani|maksymalnie|daje|daje wam|najdalej|jeszcze|do",
    bare="za|w ciagu|zostal|pozostal|zostal mi|daje wam|daje panstwu",
    filler="maksymalnie|tylko|najblizszych|okolo|nie wiecej niz|wam|panstwu|jeszcze|mi|nam|ci",
    still="na zwrot|na odpowiedz|na reakcje|czasu",
    at_work="robocz(?:e|ych)|najblizszych|kolejnych|pelnych",
    only_at_work="robocz",
    numbers="pol=0.5 jeden=1 jedna=1 jednego=1 jednej=1 dwa=2 dwie=2 dwoch=2 trzy=3 trzech=3 "
    "kilka=3 kilku=3 cztery=4 czterech=4 piec=5 pieciu=5 szesc=6 szesciu=6 siedem=7 siedmiu=7 "
    "osiem=8 osmiu=8 dziewiec=9 dziewieciu=9 dziesiec=10 dziesieciu=10 dwanascie=12 dwunastu=12 "
    "czternascie=14 czternastu=14 pietnascie=15 pietnastu=15 dwadziescia=20 dwudziestu=20 "
    "dwudziestu-jeden=21 dwudziestu-czterech=24 trzydziesci=30 trzydziestu=30 "
    "czterdziestu-osmiu=48 pare=3 poltora=1.5 poltorej=1.5 kilkanascie=15",
    minutes="minut[aye]?|min",
    hours="godzin[aey]?|godz|h",
    days="dni|dzien|dnia|dob[aey]",
    weeks="tydzien|tygodni[ae]?|tyg\\.?",
    months="miesiac[ae]?|miesiecy",
    ago="temu|pozniej|po|wczesniej",
    by_clock="(?:do|przed) (?:godz(?:\\.|iny|ina)? ?\\d{1,2}|\\d{1,2}-?tej|\\d{1,2}:\\d\\d"
    "|poludnia|polnocy)",
    feasts="wigili[aeią]|bozym narodzeniem|bozego narodzenia|(?:przed|na|do) (?:swieta(?:mi)?"
    "|swiat)|pod choinke|gwiazdke=12-24; sylwestra|sylwester=12-31; mikolajk(?:i|ami)"
    "|na mikolaja=12-6; walentynki=2-14; halloween=10-31",
)
LANGUAGES = {"en": EN, "de": DE, "fr": FR, "es": ES, "it": IT, "nl": NL, "pt": PT, "pl": PL}
