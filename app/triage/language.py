"""Language: which of eight languages a text is written in, by its smallest words.

The second step of the walk: phrases of other languages are then not looked for, and the reply
templates know where to begin. Too few small words, or two languages nearly level, is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.triage.words import Words

# Small words that hardly stand in the other seven, folded. Written from general knowledge of the
# languages; a word that two of them share stands under both and decides nothing between them.
_SMALL_WORDS: Mapping[str, str] = {
    "en": """the and you is was have has had with for this that not are be my it its i of on
        your at but what would could please when from if they we been will just can an order to in
        im ive dont didnt thanks hi hello which there she he our do does how or as no so get got
        still any one all""",
    "de": """der die das und ich ist nicht ein eine einen mit zu von sie wir es auf fur den dem im
        aber wie bei habe haben hat war bitte noch mir mich ihre ihr sind auch wenn nur nach oder
        aus an am was kann ihnen uns schon mein meine hallo danke vom zum zur wurde werden bin
        jetzt dass kein keine dann gar leider seit""",
    "fr": """le la les et je est pas un une de des du que qui pour vous avec mon ma mes dans ne
        ce sur il elle nous votre vos au aux en ai a j n l d c qu bonjour merci mais ou par plus
        cette etait suis fait tout si bien sans on y ete son sa se etes""",
    "es": """el la los las y que de en un una es no por para con mi me se lo su del al pero como
        he ha esta este muy mas hola gracias yo le les os nos ya si porque cuando sin hay tengo
        pedido sus fue son sobre desde usted ni eso""",
    "it": """il la lo le gli e che di un una non per con mi ho ha del della al sono si da in ma
        come piu questo questa buongiorno grazie vi ci anche i dal nel dei delle alla perche se
        quando molto era stato stata mio mia o cosa l c salve ordine""",
    "nl": """de het een en ik is niet van in op dat die te met voor er maar heb heeft mijn jullie
        zijn was aan bij naar ook nog wel als om u uw we wat hoi bedankt geen dit of dan kan wil
        deze zo al door ben hebben wij hij over graag worden je jij""",
    "pt": """o a os as e que de em um uma nao por para com meu minha me se do da no na mas como
        foi ola obrigado obrigada ja mais isso este esta eu voces seu sua ao dos das tenho quando
        ou bom dia boa tarde ha sao muito pelo pela nem encomenda""",
    "pl": """i w na nie z do sie ze to jest jak ale o po mam prosze dzien dobry czy za od moje moj
        mi juz tak dla co tylko byl byla przez sa pan panstwo jestem zamowienie moge mnie ma by
        gdy lub aby ktory ktora tej tego pozdrawiam bo u a""",
}
_LETTERS = {"ß": "de", "ł": "pl", "ą": "pl", "ę": "pl", "ż": "pl", "ś": "pl", "ñ": "es", "¿": "es",
            "ã": "pt", "õ": "pt", "œ": "fr", "ê": "fr"}  # fmt: skip

_ENOUGH = 3.0
_AHEAD = 1.25
_LETTER_WEIGHT = 2.0
_READ_WORDS = 220


def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    owners: dict[str, list[str]] = {}
    for language, text in _SMALL_WORDS.items():
        for word in text.split():
            owners.setdefault(word, []).append(language)
    return {
        word: tuple((language, 1.0 / len(languages)) for language in languages)
        for word, languages in owners.items()
    }


_WEIGHTS = _weights()


def language_of(*texts: Words) -> str:
    """en, de, fr, es, it, nl, pt or pl; an empty string when the text does not say."""
    scores = dict.fromkeys(_SMALL_WORDS, 0.0)
    for text in texts:
        for word in text.words[:_READ_WORDS]:
            for language, weight in _WEIGHTS.get(word, ()):
                scores[language] += weight
        start = text.text[:1500].lower()
        for letter, language in _LETTERS.items():
            if letter in start:
                scores[language] += _LETTER_WEIGHT
    best, second = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    if scores[best] < _ENOUGH or scores[best] < scores[second] * _AHEAD:
        return ""
    return best
