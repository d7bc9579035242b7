"""Texts in conditions stay texts: in the database that keeps them, and in the engine that counts."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings

from stammkunde.conditions import BadCondition
from stammkunde.conditions.tokens import quoted
from stammkunde.customers.models import Customer
from stammkunde.events import traits
from stammkunde.events.ingest import Draft, record
from stammkunde.events.models import Event
from stammkunde.insights import figures, mirroring, segmenting
from stammkunde.segments import asking, definitions, listing, reasons
from stammkunde.segments.models import Segment
from tests.segments import settled
from tests.staff import Enter

NOW = datetime.now(tz=UTC).replace(microsecond=0)
pytestmark = pytest.mark.django_db(transaction=True)
ATTEMPTS = (
    "' OR '1'='1",
    "'; DROP TABLE events; --",
    '"; DROP TABLE segments_segment; --',
    "') UNION SELECT customer, TRUE FROM customers_all --",
    "$p0",
    "$1",
    "%s",
    "%(now)s",
    "{ids}",
    "?",
    "\\",
    "\\' OR 1=1 --",
    "';COPY events TO '/tmp/out.csv';--",
    "/* */ -- # ;",
    "x'; ATTACH ':memory:' AS a; --",
    "Robert'); DELETE FROM customers_customer; --",
    "ÿ’‘„“ \u202e\u2028 𝕏",
    "null",
    "<script>alert(1)</script>",
    '{"$.category": 1}',
    "$.category",
    "line\nbreak\ttab",
)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path) -> Iterator[None]:
    with override_settings(HOME=tmp_path):
        yield


def a_shop() -> dict[str, int]:
    """One customer lives in a city, and bought of a category, that is named like each attempt."""
    people: dict[str, int] = {}
    drafts = []
    with transaction.atomic():
        for number, attempt in enumerate(ATTEMPTS):
            who = Customer.objects.create(city=attempt, created_at=NOW)
            people[attempt] = who.pk
            traits.note([who], now=NOW, at={who.pk: NOW - timedelta(days=9)})
            line = {"product": attempt, "category": attempt, "quantity": 1, "unit_price": 5, "line_total": 5}
            told = {"order_id": str(number), "lines": [line], "coupon": attempt, "total": 5}
            drafts.append(Draft("order.placed", NOW, "shop", str(number), who.pk, 50_000, "EUR", told))
        record(drafts, now=NOW)
    settled.wait()
    mirroring.sync()
    return people


def test_every_text_finds_exactly_the_customer_whom_it_names_and_breaks_nothing() -> None:
    people, events = a_shop(), Event.objects.count()
    mirror, known = figures.snapshot(), definitions.known()
    for attempt, customer in people.items():
        text = quoted(attempt)
        asked = [
            definitions.check(f"customer.city = {text}"),
            definitions.check(f"customer.city in ({text})"),
            definitions.check(f"customer.city starts with {text} and customer.city contains {text}"),
            definitions.check(f"any(order.placed where category = {text})"),
            definitions.check(f"any(order.placed where coupon = {text} and product = {text})"),
            definitions.check(f"last(order.placed.coupon where category contains {text}) = {text}"),
        ]
        for condition, found in zip(asked, asking.answers(mirror, asked, known=known, now=NOW), strict=True):
            assert customer in found.tolist(), attempt
            assert len(found) == 1 or "contains" in str(condition), attempt
            assert reasons.why(condition, customer, now=NOW).value is True
        consent = definitions.check(f"consent({text}, {text}) or interest({text}) > 0.5")
        assert (0,) == asking.count(mirror, [consent], known=known, now=NOW).counts
    many = [definitions.check(f"customer.city = {quoted(one)}") for one in ATTEMPTS]
    assert (1,) * len(ATTEMPTS) == asking.count(mirror, many, known=known, now=NOW).counts
    assert (len(people), events) == (Customer.objects.count(), Event.objects.count())


def test_such_texts_are_saved_kept_and_shown_as_they_are(enter: Enter) -> None:
    people = a_shop()
    for number, attempt in enumerate(ATTEMPTS):
        definitions.save(f"one-{number}", f"customer.city = {quoted(attempt)}", now=NOW)
    segmenting.keep(now=NOW)
    for number, attempt in enumerate(ATTEMPTS):
        assert [people[attempt]] == [one.customer for one in listing.members(f"one-{number}")]
    page = enter("owner").get(f"/segments/one-{ATTEMPTS.index('<script>alert(1)</script>')}").content.decode()
    assert "<script>alert" not in page
    assert len(ATTEMPTS) == Segment.objects.count()


@pytest.mark.parametrize("name", ["a' or '1", 'a"b', "a;b", "A", "", "a" * 65, "../x", "a\x00b", "ä", "a b"])
def test_names_that_are_no_names_are_refused(name: str) -> None:
    with pytest.raises(definitions.BadSegment):
        definitions.save(name, "true", now=NOW)
    assert not Segment.objects.exists()


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\ud800"])
def test_signs_that_no_database_keeps_are_refused_before_it_sees_them(sign: str, enter: Enter) -> None:
    with pytest.raises(BadCondition, match="cannot be kept"):
        definitions.save("one", f'customer.city = "a{sign}b"', now=NOW)
    with pytest.raises(BadCondition):
        definitions.save("one", f"customer.city{sign} = 'a'", now=NOW)
    if sign != "\ud800":
        sent = {"text": f'customer.city = "a{sign}"', "was": "", "title": "Eins", "do": "save"}
        assert enter("owner").post("/segments/new", sent).status_code == 422
        named = {"text": "any(order.placed)", "was": "", "title": f"Eins{sign}", "purpose": sign, "do": "save"}
        assert enter("owner").post("/segments/new", named).status_code in (302, 422)
    asked = json.dumps({"condition": f'customer.city = "{sign}"'})
    told = enter("owner").post("/api/v1/segments/test", asked, content_type="application/json")
    assert told.status_code in (400, 403, 422)


def test_ten_thousand_clauses_are_refused_with_a_message_and_long_lists_are_counted() -> None:
    a_shop()
    with pytest.raises(BadCondition, match="more than 1,000 clauses: put parts of them into segments"):
        definitions.save("long", " or ".join(f'customer.city = "{n}"' for n in range(3_000)), now=NOW)
    with pytest.raises(BadCondition, match=r"characters; 100,000 is the most"):
        definitions.save("long", " or ".join(f'customer.city = "{n}"' for n in range(10_000)), now=NOW)
    cities = ", ".join(quoted(one) for one in [*ATTEMPTS, *(f"Ort {n}" for n in range(6_000))])
    assert len(ATTEMPTS) == segmenting.count(f"customer.city in ({cities})", now=NOW).count
    thousand = " or ".join(f'customer.city = "Ort {n}"' for n in range(999)) + ' or customer.city = "$p0"'
    assert 1 == segmenting.count(thousand, now=NOW).count
