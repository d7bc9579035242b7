"""Segments in the pages: built by form or text, counted at once, explained for each member, taken away, deleted."""

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, override_settings

from stammkunde.accounts.models import AuditEntry, Business
from stammkunde.customers.models import Customer, Identity
from stammkunde.events import traits
from stammkunde.events.ingest import Draft, record
from stammkunde.insights import figures, mirroring
from stammkunde.insights.segment_course import course
from stammkunde.kernel import clock
from stammkunde.segments import definitions, membership
from stammkunde.segments.models import Persona, Segment
from tests.staff import Enter

pytestmark = pytest.mark.django_db(transaction=True)
TWICE = "count(order.placed, last 90 days) >= 2"
SILENT = f'{TWICE} and not any(order.placed, last 30 days) and customer.city in ("Wien", "Graz")'


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[dict[str, int]]:
    """Eva in Wien bought twice and is silent for 32 days; Kaya in Graz for 28; Jo in Linz has never ordered."""
    now = clock.now()
    with override_settings(HOME=tmp_path):
        business = Business.current()
        business.currency = "EUR"
        business.save()
        people = {
            "Eva": _person("Eva", "Wien", now, tone="du"),
            "Kaya": _person("Kaya", "Graz", now, tone="sie"),
            "Jo": _person("Jo", "Linz", now),
        }
        drafts = [_order(people["Eva"], days, now) for days in (80, 32)]
        drafts += [_order(people["Kaya"], days, now) for days in (70, 28)]
        drafts += [
            _trait(people[name], city, now) for name, city in (("Eva", "Wien"), ("Kaya", "Graz"), ("Jo", "Linz"))
        ]
        with transaction.atomic():
            record(drafts, now=now)
        _sync(len(drafts))
        yield people


def _person(name: str, city: str, now: datetime, *, tone: str = "") -> int:
    person = Customer.objects.create(given_name=name, family_name="Muster", city=city, tone=tone, created_at=now)
    Identity.objects.create(customer=person, kind="number", scope="shop", value=f"=N-{name}")
    return person.pk


def _order(customer: int, days_ago: int, now: datetime) -> Draft:
    line = {"product": "T1", "category": "Tee", "quantity": 1, "unit_price": 20, "line_total": 20}
    attributes = {"order_id": f"{customer}-{days_ago}", "lines": [line], "total": 20, "channel": "shop"}
    at = now - timedelta(days=days_ago, hours=1)
    return Draft("order.placed", at, "shop", f"{customer}-{days_ago}", customer, 200_000, "EUR", attributes)


def _trait(customer: int, city: str, now: datetime) -> Draft:
    at = now - timedelta(days=200)
    return Draft("trait.changed", at, "shop", f"city-{customer}", customer, None, "", {"trait": "city", "after": city})


def _sync(events: int) -> None:
    for _ in range(200):
        mirroring.sync()
        mirror = figures.snapshot()
        if mirror is not None and [(events,)] == mirror.sql("SELECT count(*) FROM events"):
            return
        time.sleep(0.05)
    raise AssertionError("the mirror does not catch up")


def _segment(name: str, text: str, title: str) -> Segment:
    segment = definitions.save(name, text, title=title, title_en=title, now=clock.now())
    membership.tick(figures.snapshot(), now=clock.now())
    return segment


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def _form(**changes: str) -> dict[str, str]:
    """Return what the browser sends for: at least 2 orders in 90 days, then silent for 30 days."""
    rows = {
        "join": "and",
        "row-0-kind": "orders", "row-0-was": "orders", "row-0-op": ">=", "row-0-n": "2",
        "row-0-amount": "90", "row-0-unit": "days",
        "row-1-kind": "silent", "row-1-was": "silent", "row-1-amount": "30", "row-1-unit": "days",
    }  # fmt: skip
    return {**rows, "text": "", "was": "", **changes}


def _text(response: HttpResponse) -> str:
    return str(response.content.decode())


def test_without_a_segment_the_list_teaches_and_leads_to_the_builder(enter: Enter) -> None:
    html(enter("owner"), "/segments")
    Segment.objects.all().delete()
    assert "Ein Segment sind alle" in html(enter("owner"), "/segments")
    assert "/segments/new" in html(enter("owner"), "/segments")
    assert "/segments/new" not in html(enter("service"), "/segments")


def test_the_form_is_counted_at_once_and_writes_the_text(enter: Enter, shop: dict[str, int]) -> None:
    rows = {"row-2-kind": "lives", "row-2-yes": "yes", "row-2-place": "city", "row-2-names": "Wien, Graz"}
    page = _text(enter("owner").post("/segments/new", _form(do="check", **rows)))
    assert "<b>1</b> von 3 Kunden" in page
    assert "customer.city in (&quot;Wien&quot;, &quot;Graz&quot;)</textarea>" in page
    assert "mindestens 2 Bestellungen in den letzten 90 Tagen" in page
    assert "kommen in den nächsten 7 Tagen 1 dazu" in page
    assert Segment.objects.count() == 0


def test_a_changed_text_wins_over_the_form_and_fills_it(enter: Enter, shop: dict[str, int]) -> None:
    page = _text(enter("marketing").post("/segments/new", _form(do="check", text='customer.city = "Linz"', was="x")))
    assert '<option value="lives" selected>' in page
    assert "<b>1</b> von 3 Kunden" in page


def test_what_no_row_can_say_is_kept_as_text(enter: Enter, shop: dict[str, int]) -> None:
    text = "any(order.placed) then none(order.placed) for 60 days and customer.city = &quot;Wien&quot;"
    asked = text.replace("&quot;", '"')
    page = _text(enter("owner").post("/segments/new", _form(do="check", text=asked, was="")))
    assert f">{text}</textarea>" in page
    assert '<option value="own" selected>' in page


def test_errors_name_the_place_and_the_nearest_name(enter: Enter, shop: dict[str, int]) -> None:
    page = _text(enter("owner").post("/segments/new", _form(do="check", text="true and\nany(order.plced)", was="")))
    assert "Zeile 2, Spalte 5:" in page
    assert "<code>order.placed</code>" in page


def test_a_row_is_added_and_taken_away(enter: Enter) -> None:
    owner = enter("owner")
    assert "row-2-kind" in _text(owner.post("/segments/new", _form(do="add")))
    assert "row-1-kind" not in _text(owner.post("/segments/new", _form(do="remove-0")))


def test_saving_leaves_an_entry_and_a_short_address(enter: Enter, shop: dict[str, int]) -> None:
    response = enter("marketing").post("/segments/new", _form(do="save", title="Still & treu", text=SILENT, was=""))
    assert (response.status_code, response["Location"]) == (302, "/segments/still-und-treu")
    saved = Segment.objects.get()
    assert (saved.title, saved.text) == ("Still & treu", SILENT)
    entry = AuditEntry.objects.get(action="segment.created")
    assert entry.detail["text"]["after"] == SILENT


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"title": "", "text": "true", "was": ""}, "Bitte geben Sie dem Segment einen Namen"),
        ({"title": "X", "text": "count(", "was": ""}, "noch nicht speichern"),
        ({"title": "X", "text": 'in segment("nobody")', "was": ""}, "noch nicht speichern"),
    ],
    ids=["no name", "unreadable", "unknown segment"],
)
def test_what_cannot_be_saved_is_refused(enter: Enter, sent: dict[str, str], said: str) -> None:
    response = enter("owner").post("/segments/new", _form(do="save", **sent))
    assert response.status_code == 422
    assert said in _text(response)
    assert Segment.objects.count() == 0


def test_a_circle_is_refused(enter: Enter, shop: dict[str, int]) -> None:
    _segment("one", TWICE, "Eins")
    _segment("two", 'in segment("one")', "Zwei")
    sent = {"do": "save", "title": "Eins", "text": 'in segment("two")', "was": TWICE}
    response = enter("owner").post("/segments/one/edit", sent)
    assert response.status_code == 422
    assert Segment.objects.get(name="one").text == TWICE


def test_the_segment_says_who_is_in_it_why_and_until_when(enter: Enter, shop: dict[str, int]) -> None:
    _segment("silent", SILENT, "Verstummt")
    page = html(enter("owner"), "/segments/silent")
    assert "<b>1 Kunde</b> ist jetzt in diesem Segment" in page
    assert "Eva Muster" in page
    assert "2 Bestellungen in den letzten 90 Tagen" in page
    assert "Kaya Muster" in page.split("kommen dazu")[1].split("</ul>")[0]
    assert "Tee (100" in page


def test_the_query_of_all_customers_stands_below_the_condition(enter: Enter, shop: dict[str, int]) -> None:
    _segment("silent", SILENT, "Verstummt")
    page = unescape(html(enter("analyst"), "/segments/silent"))
    query = page.split('aria-label="Abfrage"><code>')[1].split("</code>")[0]
    assert query.startswith(f"-- {SILENT}\n")
    assert "'Wien'" in query
    mirror = figures.snapshot()
    assert mirror is not None
    assert [shop["Eva"]] == [customer for customer, holds in mirror.sql(query) if holds]


def test_the_analyst_sees_no_names(enter: Enter, shop: dict[str, int]) -> None:
    _segment("twice", TWICE, "Zweimal")
    page = html(enter("analyst"), "/segments/twice")
    assert "Muster" not in page
    assert "=N-Eva" not in page, "this number is a name"
    assert f"/customers/{shop['Eva']}#segments" in page
    assert "2 Bestellungen in den letzten 90 Tagen" in page


def test_who_may_not_see_addresses_does_not_learn_who_is_in_a_segment_that_asks_for_one(
    enter: Enter, shop: dict[str, int]
) -> None:
    _segment("twice", TWICE, "Zweimal")
    _segment("silent", SILENT, "Verstummt")
    _segment("both", 'in segment("silent") and in segment("twice")', "Beides")
    eva, analyst = shop["Eva"], enter("analyst")
    for hidden in ("silent", "both"):
        page = html(analyst, f"/segments/{hidden}")
        assert "<b>1 Kunde</b> ist jetzt in diesem Segment" in page
        assert "wird hier niemand genannt" in page
        assert f"/customers/{eva}" not in page
        assert "Kunde =N-" not in page
    mine = html(analyst, f"/customers/{eva}")
    assert ("Zweimal" in mine, "Verstummt" in mine, "Beides" in mine) == (True, False, False)
    listed = html(analyst, "/customers?segment=silent")
    assert 'value="twice"' in listed
    assert 'value="silent"' not in listed
    assert f"/customers/{shop['Jo']}" in listed, "the filter is as if it were not asked"
    assert 'value="silent" selected' in html(analyst, "/figures?segment=silent"), "figures are for everybody"
    service = enter("service")
    assert "Verstummt" in html(service, f"/customers/{eva}")
    assert "Eva Muster" in html(service, "/segments/both")


def test_programs_of_such_a_person_ask_saved_segments_but_write_no_condition_on_addresses(
    enter: Enter, shop: dict[str, int]
) -> None:
    _segment("silent", SILENT, "Verstummt")
    analyst = enter("analyst")
    assert analyst.get("/api/v1/figures?segment=silent").status_code == 200
    assert analyst.get("/api/v1/figures", {"where": TWICE}).status_code == 200
    for asked in ('customer.city = "Wien"', 'in segment("silent") and true'):
        refused = analyst.get("/api/v1/figures", {"where": asked})
        assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
        assert "does not see addresses" in refused.json()["detail"]
    assert enter("owner").get("/api/v1/figures", {"where": 'customer.city = "Wien"'}).status_code == 200


def test_the_timeline_says_which_trait_changed_and_which_segment_was_entered_and_why(
    enter: Enter, shop: dict[str, int]
) -> None:
    eva, now = shop["Eva"], clock.now()
    with transaction.atomic():
        traits.change([traits.Change(eva, "city", "Graz", now, "Wien")], now=now)
        traits.change([traits.Change(eva, "rfm_group", "at_risk", now, "loyal")], now=now, source="rfm")
        traits.change([traits.Change(eva, "recency_score", 2.0, now, 4.0)], now=now, source="rfm")
        told = {"segment": "silent", "cause": "time", "reason": "no order", "grund": "seit Langem still"}
        record([Draft("segment.entered", now, "segments", "one", eva, None, "", told)], now=now)
    _segment("silent", SILENT, "Verstummt")
    page = html(enter("owner"), f"/customers/{eva}")
    for said in ("Stadt: „Graz“ statt „Wien“", "RFM-Gruppe: „Gefährdet“ statt „Treue Kunden“", "seit Langem still"):
        assert said in page
    assert "Kam in das Segment „Verstummt“" in page
    assert "Aktualität (RFM)" not in page
    page = html(enter("analyst"), f"/customers/{eva}")
    assert "RFM-Gruppe: „Gefährdet“" in page
    for hidden in ("Wien", "Graz", "Verstummt", "seit Langem still"):
        assert hidden not in page


def test_the_list_shows_sizes_and_overlap(enter: Enter, shop: dict[str, int]) -> None:
    _segment("twice", TWICE, "Zweimal")
    _segment("all", "true", "Alle zusammen")
    page = html(enter("analyst"), "/segments")
    assert "Das größte ist „Alle zusammen“ mit 3 Kunden" in page
    assert "2 aus „Alle zusammen“ sind auch in „Zweimal“" in page


def test_ready_segments_are_there_from_the_first_visit_and_stay_away_once_deleted(enter: Enter) -> None:
    owner = enter("owner")
    assert "Ein Segment sind alle" not in html(owner, "/segments")
    assert 'rfm_group = "at_risk"' == Segment.objects.get(name="rfm-at-risk").text
    name = Segment.objects.filter(ready=True).order_by("name").values_list("name", flat=True)[0]
    owner.post(f"/segments/{name}/delete")
    html(owner, "/segments")
    assert not Segment.objects.filter(name=name).exists()


def test_figures_and_the_list_narrow_down_to_a_segment(enter: Enter, shop: dict[str, int]) -> None:
    _segment("silent", SILENT, "Verstummt")
    analyst = enter("analyst")
    for address in ("/", "/figures", "/figures/cohorts", "/figures/revenue", "/customers/rfm"):
        assert "im Segment „Verstummt“" in html(analyst, f"{address}?segment=silent")
        assert "im Segment „Verstummt“" not in html(analyst, f"{address}?segment=nobody")
    page = html(enter("service"), "/customers?segment=silent")
    assert "1 von 3 Kundinnen und Kunden" in page
    assert "Kaya Muster" not in page


def test_the_customer_page_says_in_which_segments_she_is(enter: Enter, shop: dict[str, int]) -> None:
    _segment("silent", SILENT, "Verstummt")
    assert "Verstummt" in html(enter("service"), f"/customers/{shop['Eva']}")
    assert "Zurzeit in keinem Segment" in html(enter("service"), f"/customers/{shop['Jo']}")


def test_taking_members_away_is_noted_and_nothing_in_the_file_runs(enter: Enter, shop: dict[str, int]) -> None:
    _segment("silent", SILENT, "Verstummt")
    response = enter("marketing").get("/segments/silent.csv")
    assert isinstance(response, StreamingHttpResponse)
    told = b"".join(response.streaming_content).decode()  # type: ignore[arg-type]
    assert "'=N-Eva;Eva Muster" in told
    assert told.startswith("\ufeffid;customer_number;name;email;city;since")
    assert AuditEntry.objects.get(action="segment.exported").detail == {"name": "silent", "members": 1}
    assert enter("service").get("/segments/silent.csv").status_code == 403


def test_the_sheet_is_kept(enter: Enter, shop: dict[str, int]) -> None:
    _segment("silent", SILENT, "Verstummt")
    owner = enter("owner")
    owner.post("/segments/silent/sheet", {"ideas": "Eine Karte schreiben", "lifestyle": " "})
    assert Segment.objects.get().sheet == {"ideas": "Eine Karte schreiben"}
    assert "Eine Karte schreiben" in html(enter("analyst"), "/segments/silent")
    assert AuditEntry.objects.get(action="segment.described").detail["fields"] == ["ideas"]


def test_a_segment_that_others_use_stays(enter: Enter, shop: dict[str, int]) -> None:
    _segment("one", TWICE, "Eins")
    _segment("two", 'in segment("one")', "Zwei")
    owner = enter("owner")
    owner.post("/segments/one/delete")
    assert Segment.objects.filter(name="one").exists()
    owner.post("/segments/two/delete")
    owner.post("/segments/one/delete")
    assert not Segment.objects.exists()
    assert AuditEntry.objects.filter(action="segment.deleted").count() == 2


def test_an_unknown_segment_is_not_found(enter: Enter) -> None:
    assert enter("owner").get("/segments/nobody").status_code == 404


def test_a_persona_is_held_against_the_real_customers(enter: Enter, shop: dict[str, int]) -> None:
    _segment("twice", TWICE, "Zweimal")
    owner = enter("owner")
    assert "/personas/new" in html(owner, "/personas")
    sent = {
        "name": "Eva", "segment": str(Segment.objects.get().pk), "tone": "du", "city": "Wien", "category": "Seife",
        "order_value": "20.00", "per_year": "", "words": "„Nur was Kleines.“",
    }  # fmt: skip
    response = owner.post("/personas/new", sent)
    assert response["Location"] == "/personas/eva"
    page = html(enter("service"), "/personas/eva")
    assert "Eva steht für <b>2 Kunden</b>" in page
    assert "In <em>1 Punkt</em> sind sie anders" in page
    assert "du: 50" in page
    assert "„Nur was Kleines.“" in page
    assert "weicht in 1 Punkt ab" in html(owner, "/personas")
    owner.post("/personas/eva/edit", {**sent, "category": "Tee"})
    assert Persona.objects.get().picture == {"city": "Wien", "category": "Tee", "order_value": "20"}
    owner.post("/personas/eva/delete")
    assert not Persona.objects.exists()
    assert {"persona.created", "persona.changed", "persona.deleted"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


def test_a_persona_needs_a_name(enter: Enter) -> None:
    assert enter("owner").post("/personas/new", {"name": ""}).status_code == 422


def test_a_text_is_held_against_a_persona_and_kept_nowhere(enter: Enter) -> None:
    owner = enter("owner")
    owner.post("/personas/new", {"name": "Eva", "tone": "du", "words": "Badezeit", "objections": "Zu teuer"})
    entries = AuditEntry.objects.count()
    page = _text(enter("service").post("/personas/eva", {"text": "<b>Wie schön, dass Sie da sind.</b>"}))
    assert "&lt;b&gt;Wie schön" in page
    assert "Die Anrede soll du sein; hier steht „Sie“." in page
    assert "„Zu teuer“: Der Text sagt nichts dazu." in page
    assert "3 Stellen zum Ansehen." in page
    assert "Stellen zum Ansehen" not in _text(owner.post("/personas/eva", {"text": " "}))
    assert (entries, Persona.objects.get().answers["words"]) == (AuditEntry.objects.count(), "Badezeit")


def test_the_course_of_a_segment_saved_just_now_knows_the_last_weeks(enter: Enter, shop: dict[str, int]) -> None:
    _segment("silent", SILENT, "Verstummt")
    _segment("twice", TWICE, "Zweimal")
    weeks = course(definitions.conditions()["twice"], now=clock.now())
    assert ([2, 0, 2], 5) == ([sum(week.entered for week in weeks), weeks[-1].left, weeks[-1].members], len(weeks))
    [week] = course(definitions.conditions()["silent"], now=clock.now())
    assert (1, 0, 1) == (week.entered, week.left, week.members)
    page = html(enter("analyst"), "/segments/silent/course")
    assert "0 Kunden am" in page
    assert "1 heute: 1 kamen dazu, 0 fielen heraus" in page
    assert 'hx-get="/segments/silent/course"' in html(enter("analyst"), "/segments/silent")


def test_the_page_shows_what_the_members_bring_and_leads_on_to_their_figures(
    enter: Enter, shop: dict[str, int]
) -> None:
    _segment("silent", SILENT, "Verstummt")
    page = html(enter("owner"), "/segments/silent")
    assert 'data-figure="retention_rate"' in page
    for address in ("/?from=", "/figures?from=", "/figures/cohorts?segment=silent", "/customers/rfm?segment=silent"):
        assert f'href="{address}' in page
    assert 'href="/customers?segment=silent"' in page
    figures_page = html(enter("owner"), "/figures?segment=silent")
    assert "/figures/revenue?from=" in figures_page
    assert "segment=silent" in figures_page.split("/figures/revenue?")[1][:80]


def test_a_page_says_when_days_without_data_look_like_days_without_orders(enter: Enter, shop: dict[str, int]) -> None:
    owner, builder = enter("owner"), "/segments/new?text=any(order.placed)"
    assert "Die Daten enden am" in owner.get(builder).content.decode()
    with transaction.atomic():
        record([_order(shop["Jo"], 0, clock.now())], now=clock.now())
    _sync(8)
    assert "Die Daten enden am" not in owner.get(builder).content.decode()


def test_of_two_who_change_a_segment_at_once_the_second_is_told(enter: Enter, shop: dict[str, int]) -> None:
    _segment("stille", TWICE, "Stille")
    owner, marketing = enter("owner"), enter("marketing")
    page = owner.get("/segments/stille/edit").content.decode()
    opened = re.search('name="opened" value="([0-9a-f]+)"', page)
    assert opened is not None
    theirs = {"text": SILENT, "was": TWICE, "title": "Ihre", "do": "save", "opened": opened[1]}
    assert 302 == marketing.post("/segments/stille/edit", theirs).status_code
    ours = {"text": "any(order.placed)", "was": TWICE, "title": "Meine", "do": "save", "opened": opened[1]}
    refused = owner.post("/segments/stille/edit", ours)
    assert 409 == refused.status_code
    again = re.search('name="opened" value="([0-9a-f]+)"', refused.content.decode())
    assert "Jemand anderes" in refused.content.decode()
    assert again is not None
    assert "Ihre" == Segment.objects.get(name="stille").title
    assert 302 == owner.post("/segments/stille/edit", ours | {"opened": again[1]}).status_code
    assert "any(order.placed)" == Segment.objects.get(name="stille").text
