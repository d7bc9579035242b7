"""Ready maps are complete in both languages, and say what of them the data know already."""

from collections.abc import Collection
from dataclasses import dataclass, field

import pytest

from stammkunde.conditions.kinds import KNOWN_KINDS
from stammkunde.conditions.tree import kind_of
from stammkunde.journeys import ready
from stammkunde.journeys.connecting import connect
from stammkunde.journeys.document import Journey, Silence
from stammkunde.journeys.lint import lint
from stammkunde.journeys.reading import read, usable
from stammkunde.journeys.writing import written

NAMES = [one.name for one in ready.templates(demo=True)]


@dataclass(frozen=True)
class Attribute:
    name: str
    values: Collection[tuple[str, int]]


@dataclass(frozen=True)
class Seen:
    kind: str
    events: int = 5
    attributes: Collection[Attribute] = field(default=())


def test_there_is_one_for_everybody() -> None:
    assert {"three-stations", "five-steps", "b2b", "service-business", "local-shop", "online-shop"} == set(NAMES) - {
        ready.DEMO
    }
    assert ready.DEMO not in [one.name for one in ready.templates()]
    for one in ready.templates():
        assert one.title.de != one.title.en
        assert one.purpose.de != one.purpose.en


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_ready_map_may_be_published_as_it_is(name: str, language: str) -> None:
    found = read(ready.text(name, language))
    assert found.journey is not None
    assert () == found.problems
    assert [] == [problem for problem in lint(found.journey) if problem.severe]
    assert language == found.journey.language
    assert usable(written(found.journey)) == found.journey


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_told_in_german_and_english(name: str) -> None:
    journey = ready.journey(name)
    labels = [journey.label, *(phase.label for phase in journey.phases)]
    labels += [one.label for one in journey.touchpoints] + [pain.label for _at, pain in journey.pains()]
    labels += [one.label for one in journey.opportunities] + [one.label for one in journey.initiatives]
    assert [] == [label for label in labels if {"de", "en"} != dict(label.texts).keys()]


@pytest.mark.parametrize("name", NAMES)
def test_plain_texts_change_with_the_language(name: str) -> None:
    german, english = _plain_texts(ready.journey(name)), _plain_texts(ready.journey(name, "en"))
    assert [] == [one for one, other in zip(german, english, strict=True) if one == other]


def _plain_texts(journey: Journey) -> list[str]:
    """Return every text that stands on a map in one language only."""
    texts = [
        journey.note,
        *(phase.note for phase in journey.phases),
        *(one.design_reason for one in journey.initiatives),
    ]
    for one in journey.touchpoints:
        texts += [one.signal.none, one.note, one.thinks]
    texts += [proof.text for _at, pain in journey.pains() for proof in pain.evidence if proof.sort != "condition"]
    return [text for text in texts if text]


@pytest.mark.parametrize("name", NAMES)
def test_every_signal_names_a_known_kind(name: str) -> None:
    for one in ready.journey(name).touchpoints:
        found = one.signal.found
        kinds = [found.first, found.missing] if isinstance(found, Silence) else [found] if found else []
        assert [] == [kind for kind in map(kind_of, kinds) if kind not in KNOWN_KINDS]


def test_data_show_at_once_what_they_know() -> None:
    letters = Seen("message.delivered", 6323, (Attribute("channel", (("letter", 6323),)),))
    fitted = ready.fitted(ready.journey("local-shop"), [Seen("order.placed", 16_510), letters])
    states = {match.touchpoint: match.state for match in fitted.matches}
    assert {
        "window": "none", "letter": "seen", "first_purchase": "seen", "card": "missing", "voucher": "missing",
        "second_purchase": "seen", "third_purchase": "seen", "stamp": "missing", "silence": "seen",
    } == states  # fmt: skip
    assert (5, ["card", "voucher", "stamp"]) == (fitted.seen, [match.touchpoint for match in fitted.missing])
    assert "Newsletter-Anmeldung" in fitted.missing[0].how.de


def test_a_value_that_does_not_occur_is_told_with_those_that_do() -> None:
    letters = Seen("message.delivered", 10, (Attribute("channel", (("letter", 9), ("sms", 1))),))
    matches = {one.touchpoint: one for one in ready.fitted(ready.journey("online-shop"), [letters]).matches}
    assert ("other", 10) == (matches["mails"].state, matches["mails"].events)
    assert "häufig sind „letter“, „sms“" in matches["mails"].how.de
    assert ("other", True) == (matches["thanks"].state, "keines trägt `flow`" in matches["thanks"].how.de)


def test_without_data_everything_says_how_to_connect_it() -> None:
    fitted = ready.fitted(ready.journey("b2b"), [])
    assert 0 == fitted.seen
    assert {"missing", "manual"} == {match.state for match in fitted.matches}
    assert all(match.how.de and match.how.en for match in fitted.matches)


@pytest.mark.parametrize("kind", [*KNOWN_KINDS, "sauna.visited"])
def test_every_kind_says_where_it_comes_from(kind: str) -> None:
    how = connect(kind)
    assert how.de != how.en


def test_an_unknown_template_names_the_nearest() -> None:
    with pytest.raises(ready.NoSuchTemplate, match="Did you mean “five-steps”"):
        ready.text("fiv-steps")
