"""RFM groups: the limits are stated, equal values share a score, and groups lead to their customers."""

import re

import pytest
from django.utils import translation

from stammkunde.metrics import Thresholds, rfm
from stammkunde.metrics.rfm_scores import Boundaries
from stammkunde.workspace.rfm_choice import RFMChoice, RFMForm, Ties, rfm_choice
from stammkunde.workspace.rfm_limits import frequency_parts, limit_rows, recency_parts
from tests.staff import Enter
from tests.workspace.stock import Order, Stock, ordered


def shop() -> list[Order]:
    """Sixty customers: the later their number, the more often and the more recently they buy."""
    return [
        order
        for number in range(60)
        for k in range(1 + number // 6)
        for order in ordered(
            f"K{number}", f"2026-{1 + number // 12:02}-{1 + (k * 3 + number) % 28:02}", value=5.0 + number
        )
    ]


def test_the_sentence_names_the_best_and_those_gone_quiet(enter: Enter, stock: Stock) -> None:
    stock(shop())
    html = enter("analyst").get("/customers/rfm").content.decode()
    assert re.search(r"<h1><b>\d+ Kund", html)
    assert "des Umsatzes" in html


def test_groups_add_up_and_lead_to_their_customers(enter: Enter, stock: Stock) -> None:
    stock(shop())
    client = enter("owner")
    lines = client.get("/customers/rfm?format=csv").content.decode("utf-8-sig").splitlines()
    rows = [line.split(";") for line in lines[1:]]
    assert sum(int(row[2]) for row in rows) == 60
    assert abs(sum(float(row[3].replace(",", ".")) for row in rows) - 1) < 1e-6
    html = client.get("/customers/rfm").content.decode()
    peopled = {row[0] for row in rows if int(row[2])}
    assert set(re.findall(r"\?group=(\w+)", html)) == peopled


def test_other_limits_are_said_to_be_others_and_do_not_lead_to_the_usual_list(enter: Enter, stock: Stock) -> None:
    stock(shop())
    html = enter("owner").get("/customers/rfm?rule=thresholds&recency0=10&recency1=20&recency2=40").content.decode()
    assert "?group=" not in html
    assert "An den festen Grenzen, die Sie gewählt haben." in html


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("rule=thresholds&recency0=90&recency1=30", id="not rising"),
        pytest.param("rule=thresholds&frequency0=often", id="no number"),
        pytest.param("rule=thresholds&monetary0=nan", id="not a number at all"),
        pytest.param("rule=thresholds&monetary3=1e999", id="endless"),
        pytest.param("rule=magic", id="no such rule"),
        pytest.param("ties=sideways", id="no such ties"),
    ],
)
def test_limits_that_cannot_be_used_are_named_and_the_usual_groups_shown(
    enter: Enter, stock: Stock, asked: str
) -> None:
    stock(shop())
    answer = enter("owner").get(f"/customers/rfm?{asked}")
    assert answer.status_code == 200
    assert 'class="errorlist"' in answer.content.decode() or 'class="errors"' in answer.content.decode()


def test_the_form_reads_what_is_asked() -> None:
    assert rfm_choice(RFMForm({})) == RFMChoice()
    assert rfm_choice(RFMForm({"ties": "high"})) == RFMChoice(ties="high")
    chosen = rfm_choice(RFMForm({"rule": "thresholds", "monetary3": "500"})).thresholds
    assert chosen is not None
    assert chosen.monetary == (50, 100, 250, 500)


def test_limits_are_stated_so_that_everybody_finds_her_score() -> None:
    limits = Boundaries((10.0, 24.0, 53.6, 134.8), (1.0, 1.0, 2.0, 4.0), (9.9, 25.0, 50.0, 113.1), "quantiles", "low")
    with translation.override("en"):
        rows = limit_rows(limits, currency="")
    assert [row.score for row in rows] == [5, 4, 3, 2, 1]
    assert [row.recency for row in rows] == [
        "1–10 days ago", "11–24 days ago", "25–53 days ago", "54–134 days ago", "135 days or more ago",
    ]  # fmt: skip
    assert [row.frequency for row in rows] == ["5 orders or more", "3–4 orders", "2 orders", "–", "1 order"]
    assert rows[0].monetary == "over 113.10"
    assert rows[4].monetary == "up to 9.90"


def test_with_ties_high_a_limit_belongs_to_the_score_above() -> None:
    limits = Boundaries((10.0, 24.0, 53.6, 134.8), (1.0, 2.0, 3.0, 4.0), (9.9, 25.0, 50.0, 113.1), "quantiles", "high")
    with translation.override("en"):
        rows = limit_rows(limits, currency="")
    assert rows[0].frequency == "4 orders or more"
    assert rows[4].frequency == "–"
    assert rows[0].recency == "1–9 days ago"
    assert rows[0].monetary == "113.10 or more"


@pytest.mark.parametrize("thresholds", [None, Thresholds()], ids=["quantiles", "thresholds"])
@pytest.mark.parametrize("ties", ["low", "high"])
def test_the_stated_limits_hold_for_every_customer(stock: Stock, ties: Ties, thresholds: Thresholds | None) -> None:
    scored = rfm(stock(shop()), ties=ties, thresholds=thresholds)
    recent, often = recency_parts(scored.boundaries), frequency_parts(scored.boundaries)
    for days, orders, r, f in zip(scored.recency_days, scored.frequency, scored.r, scored.f, strict=True):
        for value, (first, last) in ((days, recent[5 - r]), (orders, often[f - 1])):
            assert first <= value
            assert last is None or value <= last


def test_few_customers_are_warned_about(enter: Enter, stock: Stock) -> None:
    stock(ordered("Ada", "2026-01-05", "2026-02-05"))
    assert "Bei so wenigen Kunden sagen Gruppen" in enter("owner").get("/customers/rfm").content.decode()
