"""A map is begun from a template and changed: moved, described, connected without code, undone, published, printed."""

import pytest
from django.test import Client

from stammkunde.accounts.models import AuditEntry
from stammkunde.journeys import drafts, maps
from stammkunde.journeys.document import Journey, Silence
from stammkunde.journeys.models import Map
from stammkunde.kernel import clock
from tests.staff import Enter
from tests.workspace.journey_shop import MAP, days, html, shop

__all__ = ["shop"]
pytestmark = pytest.mark.django_db(transaction=True)
EDIT = "/journeys/shop/edit"


@pytest.fixture
def owner(enter: Enter) -> Client:
    maps.bring(MAP, by=None, now=clock.now())
    return enter("owner")


def drafted() -> Journey:
    draft = drafts.draft_of(maps.find("shop"))
    assert draft is not None
    return drafts.journey_of(draft)


def order(journey: Journey) -> dict[str, list[str]]:
    return {phase.id: [one.id for one in phase.touchpoints] for phase in journey.phases}


def do(client: Client, what: str, **sent: str) -> str:
    response = client.post(EDIT, {"do": what, **sent}, follow=True)
    assert response.status_code == 200, what
    return str(response.content.decode())


def test_a_template_says_what_matches_and_begins_a_map(enter: Enter, shop: dict[str, int]) -> None:
    owner = enter("owner")
    page = html(owner, "/journeys/new")
    assert "Vom Schaufenster zur Stammkundschaft" in page
    assert "stehen sofort in den Daten" in page
    response = owner.post("/journeys/new", {"template": "local-shop", "title": "Mein Laden"})
    assert response["Location"] == "/journeys/mein-laden/edit"
    found = Map.objects.get()
    assert found.current is None
    assert "Mein Laden" in html(owner, "/journeys")
    assert "Entwurf" in html(owner, "/journeys/mein-laden")
    draft = drafts.draft_of(found)
    assert draft is not None
    owner.post("/journeys/mein-laden/versions", {"do": "publish", "turn": str(draft.turn), "note": "Anfang"})
    assert maps.version("mein-laden").note == "Anfang"
    assert owner.post("/journeys/new", {"template": "nothing"}).status_code == 422
    assert owner.post("/journeys/new", {"template": "b2b", "title": "Import"})["Location"] != "/journeys/import/edit"


def test_touchpoints_move_by_buttons_and_back_by_undo(owner: Client) -> None:
    do(owner, "right:letter")
    assert order(drafted())["buy"] == ["first", "letter"]
    do(owner, "up:letter")
    assert order(drafted())["buy"] == ["letter", "first"]
    do(owner, "drop:letter", phase="again", index="1")
    assert order(drafted())["again"] == ["second", "letter", "ask"]
    page = do(owner, "undo")
    assert "Zurückgenommen: „Brief“ nach „Wiederkommen“ verschoben" in page
    do(owner, "undo")
    assert order(drafted())["buy"] == ["first", "letter"]
    do(owner, "redo")
    assert order(drafted())["buy"] == ["letter", "first"]
    assert AuditEntry.objects.filter(action="map.changed").count() == 6


def test_phases_touchpoints_and_ways_come_and_go(owner: Client) -> None:
    do(owner, "add:buy", **{"new-buy": "Warenkorb"})
    do(owner, "add-phase", **{"new-phase": "Weitersagen"})
    do(owner, "add-path", start="letter", end="warenkorb", within="2 weeks")
    journey = drafted()
    assert order(journey)["buy"] == ["first", "warenkorb"]
    assert journey.phases[-1].id == "weitersagen"
    assert [(one.start, one.end) for one in journey.paths][-1] == ("letter", "warenkorb")
    do(owner, "phase-left:weitersagen")
    do(owner, "remove-path:letter>warenkorb")
    do(owner, "remove:warenkorb")
    do(owner, "remove-phase:weitersagen")
    do(owner, "rename", title="Ganz anders")
    assert order(drafted()) == order(maps.current("shop"))
    assert drafted().label.in_language("de") == "Ganz anders"
    assert maps.current("shop").label.in_language("de") == "Vom Brief zum zweiten Kauf"


@pytest.mark.parametrize(
    ("what", "sent", "says"),
    [
        ("add:buy", {"new-buy": " "}, "Bitte einen Namen schreiben"),
        ("add-path", {"start": "letter", "end": "nowhere"}, "wo der Weg beginnt und endet"),
        ("add-path", {"start": "letter", "end": "first", "within": "bald"}, "Bitte die Zeit wie"),
        ("right:nowhere", {}, "steht nicht mehr auf der Karte"),
        ("drop:letter", {"phase": "nowhere", "index": "0"}, "gibt es auf der Karte nicht mehr"),
        ("undo", {}, "nichts zurückzunehmen"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    what: str, sent: dict[str, str], says: str, owner: Client
) -> None:
    response = owner.post(EDIT, {"do": what, **sent})
    assert response.status_code == 422
    assert says in response.content.decode()
    draft = drafts.draft_of(maps.find("shop"))
    assert draft is None or draft.step == 0


def test_whoever_saw_an_older_state_is_told(owner: Client) -> None:
    do(owner, "right:letter")
    response = owner.post(EDIT, {"do": "right:talk", "turn": "0"})
    assert response.status_code == 422
    assert "Jemand anderes hat den Entwurf inzwischen geändert" in response.content.decode()
    assert order(drafted())["meet"] == ["talk"]


def test_only_editors_edit(owner: Client, enter: Enter) -> None:
    for role in ("service", "analyst"):
        for address in (EDIT, f"{EDIT}/text", f"{EDIT}/touchpoints/letter", f"{EDIT}/phases/meet"):
            assert enter(role).get(address).status_code == 403
            assert enter(role).post(address, {"do": "undo"}).status_code == 403
    assert EDIT not in html(enter("service"), "/journeys/shop")


def form(**changes: str) -> dict[str, str]:
    """Return what the browser sends for the letter as it stands."""
    return {
        "do": "save", "title": "Brief", "phase": "meet", "kind": "contact", "channel": "letter", "owned_by": "brand",
        "initiator": "company", "consent": "existing_customer", "metric": "nps",
        "signal-sort": "events", "signal-kind": "message.delivered", "signal-attribute": "channel",
        "signal-value": "letter", "signal-text": "", "signal-was": "",
        "pain-0-id": "unheard", "pain-0-label": "Brief bleibt ohne Antwort", "pain-0-severity": "low",
        "pain-0-status": "in_work", "pain-0-sort": "condition",
        "pain-0-text": "any(message.delivered) and none(order.placed)",
        "pain-1-id": "boring", "pain-1-label": "", "pain-1-sort": "assumption",
        "pain-2-id": "", "pain-2-label": "Kommt zu spät", "pain-2-severity": "high", "pain-2-status": "open",
        "pain-2-sort": "interview", "pain-2-text": "5 Gespräche",
        **changes,
    }  # fmt: skip


LETTER = f"{EDIT}/touchpoints/letter"


def test_a_touchpoint_is_described_with_its_pains(owner: Client) -> None:
    page = html(owner, LETTER)
    assert 'value="channel" selected' in page
    response = owner.post(LETTER, form(phase="buy", moment_of_truth="on", reached_within="7d", owner="Mara"))
    assert response["Location"] == EDIT
    letter = drafted().touchpoint("letter")
    assert drafted().phase_of("letter").id == "buy"
    assert letter.moment_of_truth
    assert letter.signal.text == 'message.delivered where channel = "letter"'
    assert [(pain.id, pain.severity, pain.status) for pain in letter.pains] == [
        ("unheard", "low", "in_work"),
        ("kommt-zu-spaet", "high", "open"),
    ]
    assert letter.pains[1].evidence[0].text == "5 Gespräche"


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ({"signal-kind": "order.placed", "signal-attribute": "", "signal-which": "2"}, "nth(order.placed, 2)"),
        (
            {"signal-sort": "silence", "signal-kind": "order.placed", "signal-missing": "order.placed",
             "signal-amount": "60", "signal-unit": "days"},
            "any(order.placed) then none(order.placed) for 60 days",
        ),
        ({"signal-text": "order.placed where total > 20", "signal-was": "x"}, "order.placed where total > 20"),
    ],
)  # fmt: skip
def test_a_signal_is_chosen_or_written(sent: dict[str, str], text: str, owner: Client) -> None:
    owner.post(LETTER, form(**sent))
    signal = drafted().touchpoint("letter").signal
    assert signal.text == text
    assert isinstance(signal.found, Silence) == text.startswith("any(")
    assert "selected" in html(owner, LETTER)


def test_a_signal_shows_at_once_what_it_finds(owner: Client, shop: dict[str, int]) -> None:
    page = html(owner, LETTER)
    assert "40 Ereignisse, 40 Kunden" in page
    checked = owner.post(LETTER, form(do="check", **{"signal-kind": "lead.created", "signal-attribute": ""}))
    assert checked.status_code == 200
    assert "Dieses Signal findet" in checked.content.decode()
    assert drafts.draft_of(maps.find("shop")) is None


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"title": ""}, "Es fehlt etwas"),
        ({"reached_within": "bald"}, "Bitte die Zeit wie"),
        ({"signal-text": "order.plced(", "signal-was": "x"}, "passt hier nicht"),
        ({"signal-sort": "silence", "signal-amount": "viele"}, "ganze Zahl"),
        ({"pain-2-sort": "condition", "pain-2-text": "any("}, "Es fehlt etwas"),
    ],
)
def test_what_is_missing_in_the_form_is_marked(sent: dict[str, str], says: str, owner: Client) -> None:
    response = owner.post(LETTER, form(**sent))
    assert response.status_code == 422
    assert says in response.content.decode()
    assert drafts.draft_of(maps.find("shop")) is None


def test_a_phase_is_described_but_never_put_into_itself(owner: Client) -> None:
    address = f"{EDIT}/phases/stay"
    html(owner, address)
    sent = {
        "title": "Treue",
        "other_title": "Loyalty",
        "stage": "postpurchase",
        "parent": "",
        "note": "Die kennen mich.",
    }
    assert owner.post(address, sent).status_code == 302
    stay = next(one for one in drafted().phases if one.id == "stay")
    assert stay.label.texts == (("de", "Treue"), ("en", "Loyalty"))
    assert stay.note == "Die kennen mich."
    assert owner.post(address, {**sent, "parent": "again"}).status_code == 422


def test_the_draft_is_written_as_text(owner: Client) -> None:
    page = html(owner, f"{EDIT}/text")
    assert "journey: shop" in page
    assert owner.post(f"{EDIT}/text", {"text": MAP.replace("Zu viel Text", "Weniger")}).status_code == 302
    assert "Weniger" in drafted().touchpoint("letter").pains[1].label.in_language("de")
    broken = owner.post(f"{EDIT}/text", {"text": MAP.replace("phases:", "phasen:")})
    assert broken.status_code == 422
    assert "phasen" in broken.content.decode()
    owner.post("/journeys/shop/versions", {"do": "discard", "turn": "1"})
    assert drafts.draft_of(maps.find("shop")) is None


@pytest.mark.parametrize("form", ["pdf", "svg", "png", "html"])
def test_the_poster_comes_in_every_form(form: str, owner: Client, shop: dict[str, int]) -> None:
    starts = {"pdf": b"%PDF", "svg": b"<svg", "png": b"\x89PNG", "html": b"<!doctype html>"}
    for query in (days(160, 60), "?plain=1"):
        response = owner.get(f"/journeys/shop/poster.{form}{query}")
        assert response.status_code == 200
        assert response.content.startswith(starts[form])
        assert f"shop.{form}" in response["Content-Disposition"]
    if form == "html":
        text = owner.get(f"/journeys/shop/poster.html{days(160, 60)}").content.decode()
        assert "<b>40</b>" in text
        assert "Brief bleibt ohne Antwort" in text
        assert "<script" not in text
        assert "http" not in text
    assert owner.get("/journeys/shop/poster.exe").status_code == 404
