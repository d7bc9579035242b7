"""Say whether a text fits a persona: address, her words, her pains, her objections; every note explains itself.

The rules count and compare words, nothing more: they point at places to look at and never say that a text is good.

>>> [note.rule for note in notes("Liebe Eva, du sparst Zeit. Rufen Sie uns an!", Picture(tone="du"))]
['tone_mixed']
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from stammkunde.segments.rules.wordlists import COMMON, DU, SIE, THEMES, WE, YOU

Rule = Literal[
    "tone_mixed", "tone_wrong", "tone_right", "nobody_addressed", "own_words", "no_own_words", "never_words",
    "pain_touched", "no_pain", "wish_touched", "no_wish", "objection_answered", "objection_open", "proof_given",
    "no_proof", "more_we", "long_sentences", "shouting",
]  # fmt: skip
GOOD: frozenset[Rule] = frozenset(
    {"tone_right", "own_words", "pain_touched", "wish_touched", "objection_answered", "proof_given"}
)
LONG_SENTENCE = 24
LOUD = 2
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…:])\s+|\n+")
_SAID_APART = re.compile(r"[\n;]+|(?<=[.!?])\s+")
_LISTED_APART = re.compile(r"[\n;,]+|(?<=[.!?])\s+")
_QUOTES = " \t\"'„“”‚‘’«»–-•*.!?,…"
_ENDINGS = ("ungen", "ung", "heit", "keit", "lich", "ern", "en", "er", "em", "es", "ing", "ed", "e", "n")
_LEAST = 4


@dataclass(frozen=True)
class Picture:
    """What a persona says that a text can be held against: answers in one's own words, and how she is addressed."""

    tone: str = ""
    words: str = ""
    never: str = ""
    pains: str = ""
    wishes: str = ""
    objections: str = ""
    proof: str = ""


@dataclass(frozen=True)
class Note:
    """One thing to be seen in a text: the rule, what it is about (`about`, from the picture), where it was seen."""

    rule: Rule
    about: str = ""
    seen: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Tell whether this speaks for the text."""
        return self.rule in GOOD


def notes(text: str, picture: Picture) -> list[Note]:
    """Return what there is to say about a text, what to look at first; nothing of an empty text."""
    if not text.strip():
        return []
    found = [
        *_tone(text, picture.tone),
        *_words(text, picture),
        *_touched(text, picture.pains, "pain_touched", "no_pain"),
        *_touched(text, picture.wishes, "wish_touched", "no_wish"),
        *_objections(text, picture.objections),
        *_touched(text, picture.proof, "proof_given", "no_proof"),
        *_manner(text),
    ]
    return sorted(found, key=lambda note: note.good)


def _tone(text: str, tone: str) -> Iterable[Note]:
    du, sie = _seen(text, DU), _formal(text)
    if du and sie:
        yield Note("tone_mixed", seen=(*du[:3], *sie[:3]))
    elif tone == "du" and sie:
        yield Note("tone_wrong", "du", sie[:5])
    elif tone == "sie" and du:
        yield Note("tone_wrong", "sie", du[:5])
    elif tone and (du or sie):
        yield Note("tone_right", tone, (du or sie)[:5])
    elif not du and not sie and not _seen(text, YOU):
        yield Note("nobody_addressed")


def _seen(text: str, words: frozenset[str]) -> tuple[str, ...]:
    """Return which of the words stand in the text, each once, as they are written there."""
    return tuple(dict.fromkeys(word for word in _WORD.findall(text) if word.lower() in words))


def _formal(text: str) -> tuple[str, ...]:
    """Return the formal words of address; the first word of a sentence says nothing."""
    return tuple(
        dict.fromkeys(word for sentence in _sentences(text) for word in _WORD.findall(sentence)[1:] if word in SIE)
    )


def _words(text: str, picture: Picture) -> Iterable[Note]:
    mine = [phrase for phrase in _phrases(picture.words, _LISTED_APART) if _says(text, phrase)]
    if mine:
        yield Note("own_words", seen=tuple(mine[:6]))
    elif picture.words.strip():
        yield Note("no_own_words", seen=tuple(_phrases(picture.words, _LISTED_APART)[:4]))
    never = [phrase for phrase in _phrases(picture.never, _LISTED_APART) if _stands_in(text, phrase)]
    if never:
        yield Note("never_words", seen=tuple(never[:6]))


def _touched(text: str, told: str, touched: Rule, missing: Rule) -> Iterable[Note]:
    every = _phrases(told, _SAID_APART)
    found = [(phrase, by) for phrase in every if (by := _bridge(text, phrase))]
    if found:
        yield from (Note(touched, phrase, by) for phrase, by in found[:3])
    elif every:
        yield Note(missing, seen=tuple(every[:3]))


def _objections(text: str, told: str) -> Iterable[Note]:
    for phrase in _phrases(told, _SAID_APART)[:8]:
        by = _bridge(text, phrase)
        yield Note("objection_answered", phrase, by) if by else Note("objection_open", phrase)


def _manner(text: str) -> Iterable[Note]:
    we, her = (
        _count(text, WE),
        _count(text, DU | YOU)
        + sum(word in SIE for sentence in _sentences(text) for word in _WORD.findall(sentence)[1:]),
    )
    if we > her and we > 1:
        yield Note("more_we", seen=(str(we), str(her)))
    long = [sentence for sentence in _sentences(text) if len(_WORD.findall(sentence)) > LONG_SENTENCE]
    if long:
        yield Note("long_sentences", seen=tuple(_shortened(sentence) for sentence in long[:3]))
    if text.count("!") > LOUD:
        yield Note("shouting", seen=(str(text.count("!")),))


def _bridge(text: str, phrase: str) -> tuple[str, ...]:
    """Return by which words of the text it speaks of what the phrase says: the same word, or one of the same theme."""
    wanted = _stems(phrase)
    same = tuple(dict.fromkeys(word for word in _telling(text) if _stem(word) in wanted))
    if same:
        return same[:3]
    lowered, said = text.lower(), phrase.lower()
    for beginnings in THEMES.values():
        if any(_begins(said, one) for one in beginnings):
            found = [one for one in beginnings if _begins(lowered, one)]
            if found:
                return tuple(_whole(text, one) for one in found[:3])
    return ()


def _says(text: str, phrase: str) -> bool:
    """Tell whether a text says a phrase: literally, or all its telling words."""
    telling, stems = [_stem(word) for word in _telling(phrase)], _stems(text)
    return _stands_in(text, phrase) or (bool(telling) and all(word in stems for word in telling))


def _stands_in(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase.lower())}(?!\w)", text.lower()) is not None


def _begins(text: str, beginning: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(beginning)}", text) is not None


def _whole(text: str, beginning: str) -> str:
    """Return the word of the text that begins so."""
    match = re.search(rf"(?<!\w){re.escape(beginning)}\w*", text, re.IGNORECASE)
    return match[0] if match else beginning


def _telling(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if len(word) >= _LEAST and word.lower() not in COMMON]


def _stem(word: str) -> str:
    """Cut the usual endings off a word, so that forms of one word meet: Preise and Preis."""
    low = word.lower()
    for ending in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= _LEAST:
            return low.removesuffix(ending)
    return low


def _stems(text: str) -> frozenset[str]:
    """Return the stems of the telling words, each also with and without the s of plurals and genitives."""
    stems = {_stem(word) for word in _telling(text)}
    return frozenset(stems | {f"{stem}s" for stem in stems} | {stem.removesuffix("s") for stem in stems})


def _phrases(told: str, apart: re.Pattern[str]) -> list[str]:
    found = (phrase.strip(_QUOTES) for phrase in apart.split(told))
    return list(dict.fromkeys(phrase for phrase in found if len(phrase) > 1))


def _sentences(text: str) -> Sequence[str]:
    return [sentence for sentence in _SENTENCE_END.split(text) if sentence.strip()]


def _count(text: str, words: frozenset[str]) -> int:
    return sum(word.lower() in words for word in _WORD.findall(text))


def _shortened(sentence: str) -> str:
    words = sentence.split()
    return " ".join(words[:8]) + (" …" if len(words) > 8 else "")
