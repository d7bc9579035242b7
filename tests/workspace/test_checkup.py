"""The check-up in the pages, in the terminal's words and for programs: open to all, answered by those who work."""

import json

import pytest
from django.http import HttpResponse
from django.test import Client

from stammkunde.accounts.models import AuditEntry
from stammkunde.insights import figures
from stammkunde.insights.checkup import opinions, progress
from stammkunde.insights.checkup.questions import KIT, QUESTIONS
from stammkunde.insights.models import CheckupDay, Opinion
from stammkunde.kernel import clock
from tests.staff import Enter, hire
from tests.workspace.stock import WORKED_EXAMPLE, Stock, ordered

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLE = [*WORKED_EXAMPLE, *ordered("Fay", "2026-07-01")]  # so that the second quarter is over in the data


@pytest.fixture
def nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages see no data at all."""
    monkeypatch.setattr(figures, "mirror", lambda: None)
    monkeypatch.setattr(figures, "snapshot", lambda: None)


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def test_without_data_the_page_names_what_is_missing_and_says_no_to_nothing(enter: Enter, nothing: None) -> None:
    page = html(enter("owner"), "/checkup")
    assert "Von 44 Fragen sind <b>0 beantwortet</b>: 0 mit ja, 0 teilweise, 0 mit nein." in page
    assert "unbekannt heißt nicht nein" in page
    assert "Bestellungen einlesen: eine Zeile je Bestellung" in page


def test_the_page_shows_every_question_with_its_address(enter: Enter, stock: Stock) -> None:
    stock(EXAMPLE)
    page = html(enter("analyst"), "/checkup")
    assert [name for name in QUESTIONS if f'href="/checkup/{name}"' not in page] == []
    assert "67" in page  # two of three stayed


@pytest.mark.parametrize(
    ("show", "there", "away"), [("answered", "q1", "s3.1"), ("connect", "e1.2", "q1"), ("person", "s3.1", "q1")]
)
def test_the_list_can_be_narrowed(show: str, there: str, away: str, enter: Enter, stock: Stock) -> None:
    stock(EXAMPLE)
    page = html(enter("owner"), f"/checkup?show={show}")
    assert f'href="/checkup/{there}"' in page
    assert f'href="/checkup/{away}"' not in page


def test_a_question_shows_figure_interval_query_and_what_to_do_next(enter: Enter, stock: Stock) -> None:
    stock(EXAMPLE)
    page = html(enter("owner"), "/checkup/q1")
    assert 'data-figure="retention_rate"' in page
    assert "there_at_start" in page
    assert "Als Nächstes:" in page
    assert "Einen Vergleichswert der Branche" in page
    assert '<form method="post" action="/checkup/q1' not in page  # data decide alone


def test_english_readers_read_english(enter: Enter, stock: Stock) -> None:
    stock(EXAMPLE)
    page = html(enter("owner", language="en"), "/checkup/q1")
    assert "What is the retention rate" in page
    assert "Retention rate" in page
    assert "of those who were there before bought again" in page


def test_a_persons_answer_is_kept_with_name_and_note(enter: Enter, stock: Stock) -> None:
    stock(EXAMPLE)
    service = enter("service")
    assert "Was sagt eine Person dazu?" in html(service, "/checkup/e5.2")
    sent = {"state": "partly", "note": "Instagram ja, <b>Facebook</b> nein"}
    assert "/checkup/e5.2" == service.post("/checkup/e5.2", sent)["Location"]
    page = html(enter("analyst"), "/checkup/e5.2")
    assert "Instagram ja, &lt;b&gt;Facebook&lt;/b&gt; nein" in page
    assert "Sven" in page
    assert "von einer Person gesagt" in page
    assert "Was sagt eine Person dazu?" not in page  # the analyst reads, she does not answer
    assert {"question": "e5.2", "state": "partly"} == AuditEntry.objects.get(action="check.answered").detail
    assert "partly" == CheckupDay.objects.get().states["e5.2"]


def test_an_answer_can_be_taken_back(enter: Enter, nothing: None) -> None:
    owner = enter("owner")
    for state in ("yes", "unknown"):
        owner.post("/checkup/s4.1", {"state": state, "note": ""})
    page = html(owner, "/checkup/s4.1")
    assert "zurückgenommen" in page
    assert "von einer Person gesagt" not in page


@pytest.mark.parametrize(
    ("role", "question", "sent", "status"),
    [
        ("owner", "q1", {"state": "yes"}, 422),
        ("owner", "s4.1", {"state": "perhaps"}, 422),
        ("owner", "s4.1", {}, 422),
        ("owner", "s4.1", {"state": "yes", "note": "x" * 2_001}, 422),
        ("analyst", "s4.1", {"state": "yes"}, 403),
        ("owner", "x1", {"state": "yes"}, 404),
    ],
    ids=["data decide", "no such answer", "no answer", "too long", "analysts read", "no such question"],
)
def test_what_is_no_answer_changes_nothing(
    role: str, question: str, sent: dict[str, str], status: int, enter: Enter, nothing: None
) -> None:
    response: HttpResponse = enter(role).post(f"/checkup/{question}", sent)
    assert status == response.status_code
    assert 0 == Opinion.objects.count()


def test_the_kit_has_its_five_questions_on_one_page(enter: Enter, stock: Stock) -> None:
    stock(EXAMPLE)
    page = html(enter("owner"), "/checkup/kit")
    assert [name for name in KIT if f'href="/checkup/{name}"' not in page] == []
    assert "der fünf Fragen" in page


def test_how_it_went_is_drawn_from_two_days_on(enter: Enter, nothing: None) -> None:
    owner = enter("owner")
    assert "Ab heute wird der Check-up festgehalten" in html(owner, "/checkup")
    today = CheckupDay.objects.get()
    CheckupDay.objects.create(day="2026-01-05", states={**today.states, "s4.1": "yes"}, taken_at=today.taken_at)
    page = html(owner, "/checkup")
    assert "progress-of-answers" in page
    assert "Beantwortet: 1 am 05.01.2026, 0 am" in page


def test_the_list_can_be_taken_away(enter: Enter, stock: Stock) -> None:
    stock(EXAMPLE)
    text = enter("owner").get("/checkup?format=csv").content.decode("utf-8-sig")
    rows = text.splitlines()
    assert 45 == len(rows)
    assert any(row.startswith("q1;q;") and ";retention_rate;0,6666666667;" in row for row in rows)


def test_programs_read_the_same(enter: Enter, stock: Stock) -> None:
    stock(EXAMPLE)
    opinions.say("s4.1", "yes", "Mara, 5 Stunden", by=hire("owner"), now=clock.now())
    progress.take(now=clock.now())
    whole = json.loads(enter("analyst").get("/api/v1/checkup").content)
    assert 44 == len(whole["questions"]) == sum(whole["counts"].values())
    assert 1 == len(whole["history"])
    one = json.loads(enter("analyst").get("/api/v1/checkup/q1").content)
    [rate] = one["data"]["figures"]
    assert ("retention_rate", 2 / 3, 3) == (rate["name"], rate["value"], rate["n"])
    assert one in whole["questions"]
    said = json.loads(enter("analyst").get("/api/v1/checkup/s4.1").content)
    assert ("yes", "person", "Mara, 5 Stunden") == (said["state"], said["by"], said["person"]["note"])
    assert 422 == enter("analyst").get("/api/v1/checkup/x9").status_code
