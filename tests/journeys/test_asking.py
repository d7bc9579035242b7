"""The terminal and the JSON interface say the same of a map, and refuse what cannot be used."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from stammkunde.accounts import keys
from stammkunde.accounts.models import AuditEntry, User
from stammkunde.accounts.roles import Role
from stammkunde.cli import main
from stammkunde.customers.identity import Hint
from stammkunde.events.ingest import Draft, record
from stammkunde.events.models import Event
from stammkunde.insights import mirroring
from stammkunde.journeys import maps
from tests.journeys.sheets import SMALL, SOAP
from tests.segments import settled

NOW = datetime.now(tz=UTC).replace(microsecond=0)
QUIET = SMALL.replace(
    "paths:", "      - {id: quiet, label: Still, initiator: customer, "
    "signal: any(order.placed) then none(order.placed) for 60 days}\npaths:",
)  # fmt: skip
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _shop(tmp_path: Path) -> Iterator[None]:
    """Eva bought 300 and 250 days ago, Kaya 200 days ago, Jo 10 days ago."""
    with override_settings(HOME=tmp_path):
        bought = (("eva", 300), ("eva", 250), ("kaya", 200), ("jo", 10))
        with transaction.atomic():
            drafts = [
                Draft(
                    "order.placed", NOW - timedelta(days=ago), "shop", f"{who}{ago}", Hint(number=who), 500_000, "EUR"
                )
                for who, ago in bought
            ]
            record(drafts, now=NOW)
        settled.wait()
        mirroring.sync()
        yield


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    file = tmp_path / "map.yaml"
    file.write_text(QUIET, encoding="utf-8")
    return file


def told(*words: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert 0 == main(["journey", *words, "--json"])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def program(*scopes: str, role: str = Role.MARKETING) -> Client:
    user = User.objects.create_user(f"{role}@example.org", password="x" * 12, role=role)
    _, token = keys.create(user, name="test", scopes=list(scopes), now=NOW)
    return Client(headers={"authorization": f"Bearer {token}"})


def test_a_file_is_checked_published_listed_shown_and_given_out(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checked = told("check", str(sheet), capsys=capsys)
    assert (True, []) == (checked["ok"], checked["problems"])
    made = told("import", str(sheet), "--note", "zum ersten Mal", capsys=capsys)
    assert ("small", 1, True, maps.digest(QUIET)) == (made["journey"], made["version"], made["new"], made["digest"])
    assert not told("import", str(sheet), capsys=capsys)["new"]
    assert "other" == told("import", str(sheet), "--name", "other", capsys=capsys)["journey"]
    assert ["other", "small"] == [one["journey"] for one in told("list", capsys=capsys)["journeys"]]
    shown = told("show", "small", capsys=capsys)
    assert ["first", "second", "quiet"] == [one["id"] for one in shown["phases"][0]["touchpoints"]]
    assert 0 == main(["journey", "export", "small"])
    assert QUIET == capsys.readouterr().out
    copy = sheet.with_name("copy.yaml")
    assert 0 == main(["journey", "export", "small", "--version", "1", "--output", str(copy)])
    assert QUIET == copy.read_text(encoding="utf-8")
    assert 0 == main(["journey", "show", str(sheet)])
    assert "second" in capsys.readouterr().out


def test_figures_of_a_file_say_who_was_where_and_moved_on(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told("figures", str(sheet), capsys=capsys)
    assert ("small", 1) == (found["journey"], found["version"])
    assert [("first", 3, 3), ("second", 1, 1), ("quiet", 2, 2)] == [
        (one["id"], one["customers"], one["events"]) for one in found["touchpoints"]
    ]
    [path] = found["paths"]
    assert ("first", "second", "90d", 3) == (path["from"], path["to"], path["within"], path["entered"])
    assert {"matured", "moved_on", "share", "interval", "median_days"} <= path.keys()
    span = ("--from", f"{NOW - timedelta(days=30):%Y-%m-%d}", "--to", f"{NOW:%Y-%m-%d}")
    assert [1, 0, 0] == [one["customers"] for one in told("figures", str(sheet), *span, capsys=capsys)["touchpoints"]]
    twice = ("--where", "count(order.placed) >= 2")
    assert [1, 1, 1] == [one["customers"] for one in told("figures", str(sheet), *twice, capsys=capsys)["touchpoints"]]
    assert 0 == main(["journey", "figures", str(sheet)])
    assert "quiet" in capsys.readouterr().out


def test_ready_maps_are_listed_and_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    names = [one["name"] for one in told("ready", capsys=capsys)["ready"]]
    assert ["three-stations", "five-steps", "online-shop", "local-shop", "service-business", "b2b"] == names
    assert 0 == main(["journey", "ready", "local-shop", "--language", "en"])
    mine = tmp_path / "mine.yaml"
    mine.write_text(capsys.readouterr().out, encoding="utf-8")
    assert told("check", str(mine), capsys=capsys)["ok"]
    figures = told("figures", str(mine), capsys=capsys)
    assert [3, 1] == [
        one["customers"] for one in figures["touchpoints"] if one["id"] in ("first_purchase", "second_purchase")
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("show", "smal"), "Did you mean “small”"),
        (("show", "gone.yaml"), "There is no file gone.yaml"),
        (("figures", "{bad}"), "Line 18, first → nobody"),
        (("import", "{bad}"), "Line 18, first → nobody"),
        (("import", "gone.yaml"), "gone.yaml cannot be read"),
        (("import", "{latin}"), "save it as a plain text in UTF-8"),
        (("export", "small", "--version", "9"), "has no version 9"),
        (("ready", "b3b"), "Did you mean “b2b”"),
        (("poster", "small", "--output", "{folder}/map.doc"), "end it with .pdf"),
        (("figures", "small", "--segment", "nobody"), "no segment “nobody”"),
    ],
)
def test_what_cannot_be_used_ends_with_two_and_says_what_to_change(
    words: tuple[str, ...], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    maps.bring(SMALL, by=None, now=NOW)
    bad, latin = tmp_path / "bad.yaml", tmp_path / "latin.yaml"
    bad.write_text(SMALL.replace("to: second", "to: nobody"), encoding="utf-8")
    latin.write_bytes(SOAP.encode("cp1252", "replace"))
    told_words = [word.format(bad=bad, latin=latin, folder=tmp_path) for word in words]
    assert 2 == main(["journey", *told_words])
    assert says in capsys.readouterr().err


def test_a_check_tells_every_problem_and_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        SMALL.replace("to: second", "to: secnd").replace("placed, 2)", "plaaced, 2)").replace("stage: p", "stage: q"),
        encoding="utf-8",
    )
    assert 2 == main(["journey", "check", str(bad), "--json"])
    document = json.loads(capsys.readouterr().out)
    assert not document["ok"]
    assert [(7, "buy", True), (13, "second", False), (18, "first → secnd", True)] == [
        (one["line"], one["touchpoint"], one["severe"]) for one in document["problems"]
    ]
    assert "Did you mean `second`?" == document["problems"][2]["remedy"]
    assert "Meinten Sie `second`?" == document["problems"][2]["de"]["remedy"]
    assert 2 == main(["journey", "check", str(bad)])
    printed = capsys.readouterr()
    assert ("Line 18" in printed.err, "Note: Line 13" in printed.out) == (True, True)


def test_programs_publish_read_check_and_ask() -> None:
    ask = program("figures:read", "journeys:write")
    made = ask.post("/api/v1/journeys", {"text": QUIET, "note": "neu"}, content_type="application/json").json()
    assert ("small", 1, True) == (made["journey"], made["version"], made["new"])
    assert [("map.published", "neu")] == [
        (entry.action, maps.version("small").note) for entry in AuditEntry.objects.filter(action="map.published")
    ]
    [listed] = ask.get("/api/v1/journeys").json()["journeys"]
    assert ("small", 1, made["digest"]) == (listed["journey"], listed["version"], listed["digest"])
    whole = ask.get("/api/v1/journeys/small").json()
    assert (QUIET, "first") == (whole["text"], whole["phases"][0]["touchpoints"][0]["id"])
    figures = ask.get("/api/v1/journeys/small/figures").json()
    assert [3, 1, 2] == [one["customers"] for one in figures["touchpoints"]]
    ways = ask.get("/api/v1/journeys/small/paths").json()
    assert 3 == ways["customers"]
    assert {"unexplained", "dead", "unknown_paths"} <= ask.get("/api/v1/journeys/small/drift").json().keys()
    assert {"pains", "opportunities"} <= ask.get("/api/v1/journeys/small/pains").json().keys()
    wrong = ask.post("/api/v1/journeys/check", {"text": "journey: ["}, content_type="application/json").json()
    assert (False, "YAML") == (wrong["ok"], wrong["problems"][0]["touchpoint"])
    refused = ask.post("/api/v1/journeys", {"text": "journey: ["}, content_type="application/json")
    assert (422, True) == (refused.status_code, "This is no YAML" in refused.json()["detail"])
    assert 422 == ask.get("/api/v1/journeys/nobody/figures").status_code
    assert 422 == ask.get("/api/v1/journeys/small?version=7").status_code


def test_who_may_only_read_publishes_nothing() -> None:
    maps.bring(SMALL, by=None, now=NOW)
    analyst = program("figures:read", role=Role.ANALYST)
    assert 200 == analyst.get("/api/v1/journeys/small/figures").status_code
    assert 403 == analyst.post("/api/v1/journeys", {"text": SMALL}, content_type="application/json").status_code
    reader = program("figures:read")
    assert 403 == reader.post("/api/v1/journeys", {"text": SMALL}, content_type="application/json").status_code


def test_without_data_a_map_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str], sheet: Path) -> None:
    with override_settings(HOME=tmp_path / "empty"):
        (tmp_path / "empty").mkdir()
        Event.objects.all().delete()
        assert 2 == main(["journey", "figures", str(sheet)])
        assert "import orders first" in capsys.readouterr().err
        assert told("check", str(sheet), capsys=capsys)["ok"]
