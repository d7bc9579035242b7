"""The terminal, the JSON interface and the figures ask the same segments and get the same answers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from stammkunde.accounts import keys
from stammkunde.accounts.models import User
from stammkunde.accounts.roles import Role
from stammkunde.cli import main
from stammkunde.customers.identity import Hint, Key, find
from stammkunde.customers.models import Customer, Identity
from stammkunde.events import traits
from stammkunde.events.ingest import Draft, record
from stammkunde.events.models import Event
from stammkunde.insights import figures, segmenting
from stammkunde.segments import asking, definitions, listing, reasons
from tests.segments import settled

NOW = datetime.now(tz=UTC).replace(microsecond=0)
SILENT = 'count(order.placed) >= 2 and none(order.placed, last 30 days) and customer.city in ("Wien", "Graz")'
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path) -> Iterator[None]:
    with override_settings(HOME=tmp_path):
        _live()
        settled.wait()
        yield


def _live() -> None:
    """Eva bought twice and fell silent 40 days ago in Wien, Kaya bought 25 and 26 days ago in Graz, Jo once in Linz."""
    bought = (("eva", 60), ("eva", 40), ("kaya", 26), ("kaya", 25), ("jo", 3))
    with transaction.atomic():
        drafts = [
            Draft("order.placed", NOW - timedelta(days=ago), "shop", f"{who}{ago}", Hint(number=who), 500_000, "EUR")
            for who, ago in bought
        ]
        record(drafts, now=NOW)
        for who, city in (("eva", "Wien"), ("kaya", "Graz"), ("jo", "Linz")):
            Customer.objects.filter(pk=number(who)).update(city=city)
        everybody = list(Customer.objects.all())
        traits.note(everybody, now=NOW, at={one.pk: NOW - timedelta(days=90) for one in everybody})


def number(who: str) -> int:
    [found] = find([Key("number", "", who)]).values()
    return found


def told(*words: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert 0 == main([*words, "--json"])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_the_terminal_counts_saves_lists_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    counted = told("segment", "count", SILENT, capsys=capsys)
    assert (1, 3) == (counted["count"], counted["of"])
    assert {"segment": "silent", "count": 1, "of": 3} == told("segment", "save", "silent", SILENT, capsys=capsys)
    assert 1 == told("segment", "count", "silent", capsys=capsys)["count"]
    told("segment", "save", "everybody", "any(order.placed)", capsys=capsys)
    members = told("segment", "list", "silent", capsys=capsys)["members"]
    assert [number("eva")] == [member["customer"] for member in members]
    pages = [told("segment", "list", "everybody", "--limit", "2", "--after", after, capsys=capsys)
             for after in ("0", str(number("kaya")))]  # fmt: skip
    assert [[number("eva"), number("kaya")], [number("jo")]] == [[m["customer"] for m in p["members"]] for p in pages]
    assert [number("kaya"), None] == [page["next"] for page in pages]
    why = told("segment", "why", "silent", f"#{number('eva')}", capsys=capsys)
    assert why["member"] is True
    assert "Bestellung" in why["reason"]["de"]
    names = {one["name"] for one in told("segment", "list", capsys=capsys)["segments"]}
    assert {"silent", "vip", "about-to-fall-silent"} <= names


def test_why_takes_the_number_of_the_shop_before_ours(capsys: pytest.CaptureFixture[str]) -> None:
    definitions.save("silent", SILENT, now=NOW)
    eva, kaya, jo = number("eva"), number("kaya"), number("jo")
    Identity.objects.create(customer_id=kaya, kind="number", value=str(eva))
    asked = ("eva", f"#{eva}", str(eva), str(jo))
    assert [eva, eva, kaya, jo] == [told("segment", "why", "silent", who, capsys=capsys)["customer"] for who in asked]
    assert 0 == main(["segment", "why", "silent", str(eva)])
    assert capsys.readouterr().out.startswith(f"Customer #{kaya} (customer number {eva}) is not in silent")
    Identity.objects.create(customer_id=jo, kind="number", scope="stall", value="eva")
    assert 2 == main(["segment", "why", "silent", "eva"])
    assert f"#{eva}, #{jo}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("count", "any(order.place)"), "Line 1, column 5"),
        (("check", "count(order.placed) >"), "Line 1, column 22"),
        (("count", "silend"), "Did you mean “silent”"),
        (("why", "silent", "999999"), "no customer 999999"),
    ],
)
def test_what_cannot_be_meant_ends_with_two_and_says_what_to_change(
    words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    definitions.save("silent", SILENT, now=NOW)
    assert 2 == main(["segment", *words])
    assert says in capsys.readouterr().err


def test_figures_of_a_segment_are_those_of_its_customers(capsys: pytest.CaptureFixture[str]) -> None:
    told("segment", "save", "silent", SILENT, capsys=capsys)
    span = ("--from", f"{NOW - timedelta(days=100):%Y-%m-%d}", "--to", f"{NOW:%Y-%m-%d}")
    for narrowed in (("--segment", "silent"), ("--where", SILENT)):
        [revenue] = told("figures", "revenue", *span, *narrowed, capsys=capsys)["figures"]
        assert 100.0 == revenue["value"]
    [revenue] = told("figures", "revenue", *span, capsys=capsys)["figures"]
    assert 250.0 == revenue["value"]
    assert 1 == sum(cohort["size"] for cohort in told("cohorts", "--segment", "silent", capsys=capsys)["cohorts"])
    assert 1 == sum(group["customers"] for group in told("rfm", "--segment", "silent", capsys=capsys)["groups"])
    assert 2 == main(["figures", "--segment", "silent", "--where", SILENT])


def test_time_alone_brings_somebody_in_at_the_very_moment_and_tells_it_with_the_reason() -> None:
    segmenting.save("silent", SILENT, now=NOW)
    kaya, due = number("kaya"), NOW + timedelta(days=5)
    condition, known = definitions.conditions()["silent"], definitions.known()
    ahead = asking.coming(figures.snapshot(), condition, known=known, now=NOW)
    assert ((kaya,), ()) == (ahead.entering, ahead.leaving)
    before = reasons.why("silent", kaya, now=NOW)
    assert before.value is False
    assert before.until is not None
    segmenting.keep(now=before.until - timedelta(microseconds=1))
    assert [number("eva")] == [one.customer for one in listing.members("silent")]
    segmenting.keep(now=due + timedelta(days=1))
    assert [(number("eva"), "definition"), (kaya, "time")] == [
        (one.customer, one.cause) for one in listing.members("silent")
    ]
    [entered] = Event.objects.filter(kind="segment.entered", customer=kaya)
    assert (before.until, True) == (entered.at, entered.live)
    assert {"segment", "cause", "reason", "grund"} == set(entered.attributes)
    assert 1 == sum(one.entered for one in listing.movements(_synced(), now=due + timedelta(days=2))["silent"])


def _synced() -> Any:
    settled.wait()
    segmenting.keep(now=NOW + timedelta(days=7))
    return figures.snapshot()


def test_programs_list_test_page_and_ask_why(capsys: pytest.CaptureFixture[str]) -> None:
    segmenting.save("everybody", "any(order.placed)", now=NOW)
    user = User.objects.create_user("eva@example.org", password="x" * 12, name="Eva", role=Role.MARKETING)
    _, token = keys.create(user, name="test", scopes=["figures:read", "customers:read"], now=NOW)
    ask = Client(headers={"authorization": f"Bearer {token}"})
    [listed] = ask.get("/api/v1/segments").json()["segments"]
    assert ("everybody", 3, 3) == (listed["name"], listed["count"], listed["of"])
    assert listed == ask.get("/api/v1/segments/everybody").json()
    first = ask.get("/api/v1/segments/everybody/members?limit=2").json()
    second = ask.get(f"/api/v1/segments/everybody/members?limit=2&after={first['next']}").json()
    assert ([2, 1], None) == ([len(page["members"]) for page in (first, second)], second["next"])
    tried = ask.post("/api/v1/segments/test", {"condition": SILENT}, content_type="application/json").json()
    assert (1, 3) == (tried["count"], tried["of"])
    wrong = ask.post("/api/v1/segments/test", {"condition": "any("}, content_type="application/json")
    assert (422, True) == (wrong.status_code, "Line 1" in wrong.json()["detail"])
    assert ask.get(f"/api/v1/segments/everybody/why/{number('jo')}").json()["member"] is True
    for missing in ("/api/v1/segments/nobody", "/api/v1/segments/everybody/why/999999"):
        told_so = ask.get(missing)
        assert (404, "application/problem+json") == (told_so.status_code, told_so["Content-Type"])
    for unreadable in ("/api/v1/segments/everybody/members?limit=0", "/api/v1/figures?segment=nobody"):
        told_so = ask.get(unreadable)
        assert (422, "application/problem+json") == (told_so.status_code, told_so["Content-Type"])
    garbled = ask.post("/api/v1/segments/test", "{", content_type="application/json")
    assert (400, "application/problem+json") == (garbled.status_code, garbled["Content-Type"])
    span = f"from={NOW - timedelta(days=100):%Y-%m-%d}&to={NOW:%Y-%m-%d}"
    [revenue] = ask.get(f"/api/v1/figures?name=revenue&segment=everybody&{span}").json()["figures"]
    assert 250.0 == revenue["value"]
