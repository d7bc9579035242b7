"""Does this text fit? The rules count and compare words, in German and English, and say why."""

import pytest

from stammkunde.segments.rules.text_fit import Note, Picture, notes

EVA = Picture(
    tone="du",
    words="„Ich will mal abschalten“\nBadezeit, kleine Auszeit",
    never="Wellness-Oase, Conversion",
    pains="Nach der Arbeit keine Ruhe. Pakete kommen zu spät",
    wishes="Ein schönes Bad am Abend",
    objections="Das ist mir zu teuer\nMeine Haut ist empfindlich",
    proof="Proben zum Testen",
)
CARL = Picture(
    tone="",
    words="peace and quiet",
    never="leverage",
    pains="parcels arrive late",
    objections="too expensive for a candle",
    proof="a free sample",
)


def found(text: str, picture: Picture) -> dict[str, Note]:
    return {note.rule: note for note in notes(text, picture)}


def test_nothing_is_said_of_an_empty_text() -> None:
    assert [] == notes("  \n", EVA)


@pytest.mark.parametrize(
    ("text", "tone", "rule"),
    [
        ("Schön, dass du da bist.", "du", "tone_right"),
        ("Schön, dass Sie da sind.", "sie", "tone_right"),
        ("Schön, dass Sie da sind.", "du", "tone_wrong"),
        ("Schön, dass du da bist.", "sie", "tone_wrong"),
        ("Schön, dass du da bist. Wir danken Ihnen.", "du", "tone_mixed"),
        ("Die Seife schäumt.", "du", "nobody_addressed"),
    ],
)
def test_the_form_of_address_is_seen(text: str, tone: str, rule: str) -> None:
    assert rule in found(text, Picture(tone=tone))


def test_sie_at_the_beginning_of_a_sentence_may_be_they_and_is_not_counted() -> None:
    assert "tone_mixed" not in found("Du magst Rosen. Sie duften am Abend.", Picture(tone="du"))


def test_her_words_are_found_in_other_forms_and_the_words_she_never_uses() -> None:
    said = found("Gönn dir deine kleine Auszeit in der Wellness-Oase.", EVA)
    assert ("kleine Auszeit",) == said["own_words"].seen
    assert ("Wellness-Oase",) == said["never_words"].seen
    assert "no_own_words" in found("Jetzt bestellen.", EVA)


def test_pains_wishes_and_objections_are_touched_by_the_same_word_or_the_same_theme() -> None:
    said = notes("Das Paket ist morgen bei dir: ein Bad für 5 Euro.", EVA)
    assert Note("pain_touched", "Pakete kommen zu spät", ("Paket",)) in said
    assert Note("objection_answered", "Das ist mir zu teuer", ("Euro",)) in said
    assert Note("objection_open", "Meine Haut ist empfindlich") in said
    assert [False, True] == sorted({note.good for note in said})
    assert said == sorted(said, key=lambda note: note.good), "what to look at comes first"


def test_who_speaks_of_us_more_than_of_her_in_long_loud_sentences_is_told() -> None:
    text = "Wir, unser Haus und unsere Leute! Wir! Unser Stolz!" + " und" * 30
    assert {"more_we", "long_sentences", "shouting", "nobody_addressed"} <= set(found(text, Picture()))


def test_english_texts_follow_the_same_rules() -> None:
    said = found("Your parcel is here tomorrow: a candle for the price of a coffee, and peace and quiet.", CARL)
    assert {"own_words", "pain_touched", "objection_answered", "no_proof"} == set(said)
    assert "never_words" in found("We leverage our synergies.", CARL)
    assert "more_we" in found("We leverage our synergies.", CARL)


@pytest.mark.parametrize("text", ["(((", "\\", "*" * 2000, "ß" * 5000, "„“" * 300, "a.b!c?d" * 500])
def test_any_text_may_be_sent(text: str) -> None:
    notes(text, EVA)
    notes("Du magst das.", Picture(words=text, never=text, pains=text, objections=text))
