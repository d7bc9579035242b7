"""Segments are saved under plain names, refuse what cannot be meant, and come ready for what everybody asks."""

from datetime import UTC, datetime

import pytest

from stammkunde.conditions import BadCondition
from stammkunde.metrics import GROUPS
from stammkunde.segments import definitions, ready
from stammkunde.segments.definitions import BadSegment, NoSuchSegment
from stammkunde.segments.models import Segment

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_ready_segments_are_offered_once_and_stay_as_the_business_left_them() -> None:
    assert len(ready.READY) + len(GROUPS) == ready.provide(now=NOW)
    definitions.save("vip", "any(order.placed)", now=NOW)
    definitions.remove("lapsed")
    assert 0 == ready.provide(now=NOW)
    assert "any(order.placed)" == definitions.find("vip").text
    assert not Segment.objects.filter(name="lapsed").exists()


def test_two_hobbies_wait_until_the_data_know_two_categories() -> None:
    ready.provide(now=NOW, hobbies=["Tee"])
    assert not Segment.objects.filter(name="two-hobbies").exists()
    assert ready.wants_hobbies()
    assert 1 == ready.provide(now=NOW, hobbies=['Tee "grün"', "Kaffee"])
    assert 'category = "Tee \\"grün\\"", last 1 year) >= 2' in definitions.find("two-hobbies").text
    assert not ready.wants_hobbies()


def test_rfm_segments_bear_the_names_of_the_rfm_page_in_both_languages() -> None:
    ready.provide(now=NOW)
    found = definitions.find("rfm-at-risk")
    assert ("RFM: Gefährdet", "RFM: At risk", 'rfm_group = "at_risk"') == (found.title, found.title_en, found.text)


EVERY = [*ready.READY, *ready.rfm_groups(), ready.two_hobbies("Tee", "Kaffee")]


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_ready_segments_explain_themselves_in_one_sentence_in_both_languages(one: ready.Ready) -> None:
    assert one.text
    for sentence in (one.purpose, one.purpose_en):
        assert (sentence[-1], 0) == (".", sentence[:-1].count(". "))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("any(order.place)", "Did you mean `order.placed`"),
        ('customer.citi = "Wien"', "Did you mean `city`"),
        ('in segment("stamm")', "Did you mean `stammkunden`"),
        ('in segment("stammkunden")', "circle"),
        ('in segment("viel")', "circle"),
        ("any(segment.entered)", "in segment"),
        ("count(order.placed) > ", "Line 1, column 23"),
        ('sum(order.placed.coupon) > 1', "number"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_when_it_is_saved(text: str, says: str) -> None:
    definitions.save("stammkunden", "count(order.placed) >= 3", now=NOW)
    definitions.save("viel", 'in segment("stammkunden")', now=NOW)
    with pytest.raises(BadCondition, match=says):
        definitions.save("stammkunden", text, now=NOW)
    assert "count(order.placed) >= 3" == definitions.find("stammkunden").text


def test_names_are_plain_and_the_nearest_is_suggested() -> None:
    with pytest.raises(BadSegment, match="small letter"):
        definitions.save("Stamm Kunden", "true", now=NOW)
    definitions.save("stammkunden", "true", now=NOW)
    with pytest.raises(NoSuchSegment, match="“stammkunden”"):
        definitions.find("stamkunden")


def test_a_segment_that_others_use_is_not_removed() -> None:
    definitions.save("a", "true", now=NOW)
    definitions.save("b", 'in segment("a")', now=NOW)
    with pytest.raises(BadSegment, match="used by “b”"):
        definitions.remove("a")
