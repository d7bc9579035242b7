"""The map and what stands around it: figures in the cells, comparison, one touchpoint, ways, pains, versions, files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from stammkunde.accounts.models import AuditEntry
from stammkunde.customers.models import Customer
from stammkunde.journeys import drafts, maps
from stammkunde.journeys.models import Map
from stammkunde.kernel import clock
from stammkunde.segments import definitions
from tests.staff import Enter
from tests.workspace.journey_shop import MAP, days, html, shop

__all__ = ["shop"]
pytestmark = pytest.mark.django_db(transaction=True)
THEN = days(160, 60)
PAGES = ("", "/paths", "/pains", "/versions", "/poster", "/touchpoints/letter")


def publish(text: str = MAP) -> None:
    maps.bring(text, by=None, now=clock.now())


def actions() -> set[str]:
    return set(AuditEntry.objects.values_list("action", flat=True))


def test_without_a_map_the_list_teaches_and_leads_to_the_first_one(enter: Enter) -> None:
    assert "Eine Karte erzählt den Weg" in html(enter("owner"), "/journeys")
    assert "/journeys/new" in html(enter("owner"), "/journeys")
    assert "/journeys/new" not in html(enter("analyst"), "/journeys")


def test_without_data_the_map_shows_what_is_planned(enter: Enter) -> None:
    publish()
    owner = enter("owner")
    page = html(owner, "/journeys/shop")
    assert "Diese Karte plant <b>5 Kontaktpunkte</b>" in page
    assert "keine Daten" in page
    assert "/imports" in page
    for address in PAGES:
        html(owner, f"/journeys/shop{address}")


def test_every_cell_tells_what_happened(enter: Enter, shop: dict[str, int]) -> None:
    publish()
    page = html(enter("analyst"), f"/journeys/shop{THEN}")
    letter = page.split('id="tp-letter"')[1].split("</ul>")[0]
    assert "<dd>40</dd>" in letter
    assert "Brief · als Bestandskunde · mara" in letter
    assert "Kampagnenbriefe" in letter
    assert "<b>Brief bleibt ohne Antwort</b> · 20 Kunden" in letter
    assert "<b>Zu viel Text</b> · nur vermutet" in letter
    assert "Erster Kauf</a> innerhalb von 30 Tagen" in page
    assert "meist nach 10 Tage" in page
    assert "Moment der Wahrheit" in page.split('id="tp-first"')[1].split("</article>")[0]
    assert "380" in page.split('id="tp-first"')[1].split("</article>")[0]
    assert "nicht messbar; Näherung: Umfrage" in page
    assert 'class="unknown">unbekannt' in page.split('id="tp-ask"')[1].split("</article>")[0]
    assert "Die meisten bleiben zurück zwischen <em>Brief</em> und <em>Erster Kauf</em>" in page


def test_what_is_unknown_is_never_a_zero(enter: Enter, shop: dict[str, int]) -> None:
    publish()
    ask = html(enter("owner"), f"/journeys/shop{THEN}").split('id="tp-ask"')[1].split("</article>")[0]
    assert "<dd>0</dd>" not in ask
    assert "survey.sent" in ask


def test_the_page_speaks_english(enter: Enter, shop: dict[str, int]) -> None:
    publish()
    page = html(enter("owner", language="en"), f"/journeys/shop{THEN}")
    assert "Most stay behind between <em>Letter</em> and <em>First order</em>" in page
    assert "go on to" in page


def test_two_periods_and_two_segments_are_compared(enter: Enter, shop: dict[str, int]) -> None:
    publish()
    definitions.save("buyers", "any(order.placed)", title="Käufer", title_en="Buyers", now=clock.now())
    owner = enter("owner")
    before = html(owner, f"/journeys/shop{THEN}&with=before")
    assert "40 <small" in before
    narrowed = html(owner, f"/journeys/shop{THEN}&who=segment:buyers")
    assert "<dd>20</dd>" in narrowed.split('id="tp-letter"')[1].split("</article>")[0]
    both = html(owner, f"/journeys/shop{THEN}&who=segment:buyers&with=all")
    assert "gegen 40" in both.split('id="tp-letter"')[1].split("</article>")[0]
    assert "<dd>40</dd>" in html(owner, f"/journeys/shop{THEN}&who=segment:nobody&with=nothing")


def test_the_map_is_taken_away_as_a_table(enter: Enter, shop: dict[str, int]) -> None:
    publish()
    text = enter("analyst").get(f"/journeys/shop{THEN}&format=csv").content.decode()
    assert "Kennenlernen;Brief;40;40;" in text


def test_one_touchpoint_shows_who_was_there_and_where_they_went(enter: Enter, shop: dict[str, int]) -> None:
    publish()
    page = html(enter("service"), f"/journeys/shop/touchpoints/first{THEN}")
    assert "<b>19 Kunden</b> waren" in page
    assert "Kundin5 Muster" in page
    assert "noch nicht verbunden" in page
    assert ">Brief</a>" in page.split("unmittelbar davor")[1].split("unmittelbar danach")[0]
    assert ">Zweiter Kauf</a>" in page.split("unmittelbar danach")[1]
    assert "Muster" not in html(enter("analyst"), f"/journeys/shop/touchpoints/first{THEN}")
    html(enter("owner"), "/journeys/shop/touchpoints/nowhere", status=404)


def test_ways_show_what_was_not_planned_and_what_the_map_does_not_know(enter: Enter, shop: dict[str, int]) -> None:
    publish()
    owner = enter("owner")
    page = html(owner, f"/journeys/shop/paths{THEN}")
    assert "wie geplant" in page
    assert "lead.created" in page.split('id="drift"')[1]
    response = owner.post(
        "/journeys/shop/paths",
        {"do": "add-touchpoint", "kind": "lead.created", "signal": "lead.created", "phase": "meet"},
    )
    assert response["Location"] == "/journeys/shop/edit"
    draft = drafts.draft_of(maps.find("shop"))
    assert draft is not None
    assert "lead.created" in [one.signal.text for one in drafts.journey_of(draft).phases[0].touchpoints]
    owner.post("/journeys/shop/paths", {"do": "add-path", "start": "letter", "end": "second"})
    draft = drafts.draft_of(maps.find("shop"))
    assert draft is not None
    assert ("letter", "second") in [(one.start, one.end) for one in drafts.journey_of(draft).paths]
    assert "map.changed" in actions()
    assert enter("analyst").post("/journeys/shop/paths", {"do": "add-path"}).status_code == 403


def test_pains_are_ranked_and_an_opportunity_is_written_down(enter: Enter, shop: dict[str, int]) -> None:
    publish()
    owner = enter("owner")
    page = html(owner, f"/journeys/shop/pains{THEN}")
    assert page.index("Brief bleibt ohne Antwort") < page.index("Zu viel Text")
    assert "Am lohnendsten: <b>Kürzer schreiben</b>" in page
    sent = {"do": "add-opportunity", "title": "Anrufen", "pains": ["unheard", "nobody"], "impact": "1,5",
            "confidence": "0.4", "effort": "1", "status": "planned"}  # fmt: skip
    assert owner.post("/journeys/shop/pains", sent).status_code == 302
    owner.post("/journeys/shop/pains", {"do": "status:boring", "status": "accepted"})
    draft = drafts.draft_of(maps.find("shop"))
    assert draft is not None
    journey = drafts.journey_of(draft)
    made = journey.opportunities[-1]
    assert (made.impact, made.pains, made.status) == (1.5, ("unheard",), "planned")
    assert [pain.status for _at, pain in journey.pains()] == ["open", "accepted"]
    assert "Ein Entwurf enthält Änderungen" in html(owner, "/journeys/shop/pains")
    owner.post("/journeys/shop/pains", {**sent, "impact": "viel"})
    owner.post("/journeys/shop/pains", {"do": f"remove-opportunity:{made.id}"})
    text = owner.get(f"/journeys/shop/pains{THEN}&format=csv").content.decode()
    assert "Zu viel Text;Brief;medium;open;;" in text


def test_versions_show_what_changed_and_lead_back(enter: Enter) -> None:
    publish()
    publish(MAP.replace("Zu viel Text", "Viel zu viel Text"))
    owner = enter("owner")
    page = html(owner, "/journeys/shop/versions")
    assert "<b>2 Fassungen</b>" in page
    assert 'class="gone"' in page
    assert "Viel zu viel Text" in page
    response = owner.post("/journeys/shop/versions", {"do": "back", "number": "1"})
    assert response.status_code == 302
    assert maps.version("shop").number == 3
    assert "Zu viel Text" in maps.version("shop").text
    owner.post("/journeys/shop/versions", {"do": "archive"})
    assert "Vom Brief" not in html(owner, "/journeys")
    assert "Vom Brief" in html(owner, "/journeys?archived=1")
    owner.post("/journeys/shop/versions", {"do": "take-out"})
    assert "Vom Brief" in html(owner, "/journeys")
    assert {"map.published", "map.archived", "map.taken_out"} <= actions()
    assert enter("service").post("/journeys/shop/versions", {"do": "archive"}).status_code == 403


def test_going_through_the_map_is_noted(enter: Enter) -> None:
    publish()
    enter("marketing").post("/journeys/shop/reviewed")
    assert Map.objects.get().reviewed_at is not None
    assert "map.reviewed" in actions()
    assert "Mara" in html(enter("marketing"), "/journeys/shop").split("Zuletzt mit den Zahlen")[1]


def test_a_text_goes_out_and_comes_in_again(enter: Enter) -> None:
    publish()
    owner = enter("owner")
    text = owner.get("/journeys/shop.yaml").content.decode()
    assert text == maps.version("shop").text
    file = SimpleUploadedFile("map.yaml", text.replace("journey: shop", "journey: other").encode())
    response = owner.post("/journeys/import", {"file": file, "do": "take"})
    assert response["Location"] == "/journeys/other/edit"
    owner.post("/journeys/import", {"text": text.replace("Zu viel Text", "Neu"), "do": "take"})
    draft = drafts.draft_of(maps.find("shop"))
    assert draft is not None
    assert "Neu" in draft.text
    assert "Neu" not in maps.version("shop").text
    owner.post("/journeys/import", {"text": text, "do": "as-new"})
    assert Map.objects.filter(slug="shop-2").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Es kam nichts an"),
        ("journey: [", "Zeile"),
        ("- nur\n- eine\n- Liste\n", "Das ist keine Karte"),
        (MAP.replace("within: 30d}", "within: bald}"), "Zeile"),
        (MAP.replace("to: first", "to: frist"), "first"),
        (MAP.replace("nth(order.placed, 2)", "order.plced"), "order.placed"),
        (MAP.replace("channel: offline", "channel: &anker offline"), "Zeile"),
        ("x: &a [1]\ny: *a\n", "Zeile"),
    ],
    ids=["nothing", "no YAML", "a list", "no time", "a lost target", "an unknown kind", "an anchor", "an alias"],
)
def test_a_broken_text_is_shown_with_its_lines_and_nothing_is_kept(text: str, says: str, enter: Enter) -> None:
    response = enter("owner").post("/journeys/import", {"text": text, "do": "check"})
    page = response.content.decode()
    assert says in page
    assert not Map.objects.exists()


def test_traps_of_yaml_stay_texts(enter: Enter) -> None:
    owner = enter("owner")
    text = MAP.replace("Zu viel Text", "no").replace("owner: mara", "owner: 2026-01-01")
    owner.post("/journeys/import", {"text": text, "do": "take"})
    draft = drafts.draft_of(maps.find("shop"))
    assert draft is not None
    letter = drafts.journey_of(draft).touchpoint("letter")
    assert letter.owner == "2026-01-01"
    assert letter.pains[1].label.in_language("de") == "no"


def test_a_map_of_two_hundred_touchpoints_is_shown(enter: Enter, shop: dict[str, int]) -> None:
    publish(huge())
    owner = enter("owner")
    assert html(owner, f"/journeys/huge{THEN}").count('<article class="tp') == 200
    html(owner, "/journeys/huge/edit")
    html(owner, f"/journeys/huge/paths{THEN}")


def huge() -> str:
    """Return a map as large as a map may be."""
    lines = ["journey: huge", "version: 1", "label: {de: Riesig, en: Huge}", "phases:"]
    for phase in range(10):
        lines += [f"  - id: p{phase}", f"    label: Phase {phase}", "    touchpoints:"]
        lines += [
            f"      - {{id: t{phase}-{n}, label: Ort {phase}.{n}, signal: 'nth(order.placed, {phase * 20 + n + 1})'}}"
            for n in range(20)
        ]
    lines += ["paths:"]
    lines += [f"  - {{from: t{phase}-0, to: t{phase}-1, within: 30d}}" for phase in range(10)]
    return "\n".join(lines) + "\n"


def test_names_are_never_markup(enter: Enter, shop: dict[str, int]) -> None:
    publish(MAP.replace("Zu viel Text", '"<script>alert(1)</script>"').replace("owner: mara", 'owner: "<b>x</b>"'))
    owner = enter("owner")
    for address in (*PAGES, "/edit", "/edit/touchpoints/letter"):
        page = html(owner, f"/journeys/shop{address}")
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page


def test_an_unknown_map_is_not_found(enter: Enter) -> None:
    for address in (*PAGES, "/edit", ".yaml", "/poster.pdf"):
        assert enter("owner").get(f"/journeys/none{address}").status_code == 404


def test_nobody_without_customers_breaks_the_map(enter: Enter) -> None:
    publish()
    assert not Customer.objects.exists()
    html(enter("analyst"), "/journeys/shop?from=2026-01-01&to=2025-01-01&who=x&with=y")


def test_a_file_that_is_no_map_but_an_export_is_turned_away(enter: Enter) -> None:
    file = SimpleUploadedFile("orders.yaml", b"x" * 3_000_000)
    response = enter("owner").post("/journeys/import", {"file": file, "do": "take"})
    assert response.status_code == 422
    assert "zu groß" in response.content.decode()


def test_a_way_leads_to_the_cell_on_the_map_and_to_the_page_elsewhere(enter: Enter, shop: dict[str, int]) -> None:
    publish()
    owner = enter("owner")
    assert '<a href="#tp-second">Zweiter Kauf</a>' in html(owner, f"/journeys/shop{THEN}")
    alone = html(owner, f"/journeys/shop/touchpoints/first{THEN}")
    assert '<a href="/journeys/shop/touchpoints/second?from=' in alone
