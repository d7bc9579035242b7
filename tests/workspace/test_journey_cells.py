"""Cells turn figures into words: phases nested as the map says, ways with their interval, feelings, pains, targets."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from stammkunde.insights.journey_values import Cell, Feeling, JourneyFigures, PainFigure, PathFigure, Share
from stammkunde.journeys.document import Journey
from stammkunde.journeys.reading import usable
from stammkunde.workspace.journeys import words
from stammkunde.workspace.journeys.cells import cell, feeling, phases, sheet
from stammkunde.workspace.journeys.sentence import map_sentence, reached_sentence
from stammkunde.workspace.journeys.signal_form import of_signal, said, sent_signal
from stammkunde.workspace.journeys.versions_page import difference
from tests.workspace.journey_shop import MAP


@pytest.fixture(autouse=True)
def german() -> None:
    translation.activate("de")


@pytest.fixture
def journey() -> Journey:
    return usable(MAP)


def counted(journey: Journey, path: PathFigure, *, letter: int = 40) -> JourneyFigures:
    cells = {one.id: Cell(one.id, None, None, "", (), None, None, None, (), ()) for one in journey.touchpoints}
    pains = (PainFigure("unheard", 20, 20, 6.6), PainFigure("boring", None, None, None))
    cells["letter"] = Cell("letter", letter, 44, "", (path,), 10.0, None, None, pains, (letter,))
    days = (date(2026, 1, 1), date(2026, 4, 1))
    now = datetime(2026, 4, 1, tzinfo=UTC)
    return JourneyFigures("shop", 1, *days, cells, (path,), Share(0.0, 40, None), 40, now, now, None)


def path_figure(journey: Journey, **values: object) -> PathFigure:
    path = journey.paths[0]
    figure = PathFigure(path.start, path.end, path.within, 40, 38, 19, 0.5, (0.35, 0.65), "matured", 10.0, None)
    return replace(figure, **values)  # type: ignore[arg-type]


def test_phases_are_nested_as_the_map_says(journey: Journey) -> None:
    top = phases(sheet(journey))
    assert [one.id for one in top] == ["meet", "buy", "stay"]
    assert [(one.id, one.depth) for one in top[2].inside] == [("again", 1)]
    assert [one.everything for one in top] == [2, 1, 2]


def test_phases_that_turn_in_a_circle_are_still_shown(journey: Journey) -> None:
    turned = replace(
        journey,
        phases=tuple(replace(one, parent="again" if one.id == "stay" else one.parent) for one in journey.phases),
    )
    assert {one.id for one in phases(sheet(turned))} >= {"meet", "buy"}
    shown = str(phases(sheet(turned)))
    assert all(f"id='{one.id}'" in shown for one in turned.touchpoints)


def test_a_way_says_share_interval_time_and_of_whom(journey: Journey) -> None:
    figures = counted(journey, path_figure(journey))
    [way] = cell(sheet(journey, figures), journey.touchpoint("letter")).ways
    assert (way.title, way.within) == ("Erster Kauf", "innerhalb von 30 Tagen")
    assert (way.range, way.usually) == ("35–65\u202f%", "10 Tagen")
    assert way.how == "von 38 Kunden, deren Zeit um ist"
    assert way.bar == (35.0, 30.0, 50.0)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"share": None, "interval": None, "method": "unknown"}, "noch zu früh"),
        ({"share": None, "interval": None, "entered": 0, "method": "unknown"}, "niemand kam vorbei"),
    ],
)
def test_what_is_not_known_of_a_way_is_said(values: dict[str, object], says: str, journey: Journey) -> None:
    figures = counted(journey, path_figure(journey, **values))
    [way] = cell(sheet(journey, figures), journey.touchpoint("letter")).ways
    assert (way.unknown, way.share) == (says, "")


def test_pains_stand_in_the_order_of_those_concerned(journey: Journey) -> None:
    view = cell(sheet(journey, counted(journey, path_figure(journey))), journey.touchpoint("letter"))
    assert [(one.title, one.says) for one in view.pains] == [
        ("Brief bleibt ohne Antwort", "20 Kunden, 7 im Monat"),
        ("Zu viel Text", "nur vermutet"),
    ]
    assert [one.state for one in view.initiatives] == ["läuft"]


def test_a_state_is_told_at_the_end_of_the_time_and_not_by_the_month(journey: Journey) -> None:
    figures = counted(journey, path_figure(journey))
    pains = (PainFigure("unheard", 371, None, 371.0, standing=371), PainFigure("boring", 9, 12, 5.0, standing=4))
    figures.cells["letter"] = replace(figures.cells["letter"], pains=pains)
    view = cell(sheet(journey, figures), journey.touchpoint("letter"))
    assert [one.says for one in view.pains] == [
        "371 Kunden betroffen, am Ende der Zeit",
        "9 Kunden, davon 4 am Ende der Zeit",
    ]


@pytest.mark.parametrize(
    ("value", "n", "says"),
    [
        (0.0, 40, "Alle 40 Kunden"),
        (0.25, 40, "waren 30 an mindestens einem Kontaktpunkt"),
        (None, 0, ""),
    ],
)
def test_how_many_the_map_reaches_is_said_of_those_it_reaches(value: float | None, n: int, says: str) -> None:
    assert says in reached_sentence(Share(value, n, None))


@pytest.mark.parametrize(
    ("metric", "mean", "filled", "bad"),
    [("nps", 100.0, 5, False), ("nps", -100.0, 1, True), ("csat", 4.2, 4, False), ("ces", 6.0, 4, True)],
)
def test_a_feeling_is_dots_on_its_own_scale(metric: str, mean: float, filled: int, bad: bool) -> None:
    view = feeling(Feeling(metric, mean, 61, None))  # type: ignore[arg-type]
    assert view is not None
    assert (sum(view.dots), view.bad) == (filled, bad)
    assert feeling(Feeling("nps", None, 0, None)) is None


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (0.0001, "weniger als einer Minute"),
        (0.003, "4 Minuten"),
        (0.09, "2 Stunden"),
        (1.2, "29 Stunden"),
        (11, "11 Tagen"),
    ],
)
def test_a_time_is_said_in_the_unit_a_person_would_choose(days: float, says: str) -> None:
    assert words.takes(days) == says


@pytest.mark.parametrize(
    "text",
    [
        "order.placed", "nth(order.placed, 3)", 'message.delivered where channel = "letter"',
        "order.placed where total = 20",
        "any(order.placed) then none(order.placed) for 60 days", 'nth(order.placed where channel = "shop", 2)',
        "order.placed where total > 20 and total < 50", "nth(order.placed, 77)",
    ],
)  # fmt: skip
def test_what_the_form_shows_of_a_signal_means_the_same_when_it_is_sent(text: str) -> None:
    signal = usable(MAP.replace("survey.sent", f"'{text}'")).touchpoint("ask").signal
    draft = of_signal(signal)
    sent = {f"signal-{name}": value for name, value in vars(draft).items() if name != "problem"}
    again = sent_signal({**sent, "signal-was": draft.text}).signal
    assert again is not None
    assert again.found == signal.found
    assert said(again)


def test_a_difference_names_what_is_gone_and_what_is_new() -> None:
    assert [line.kind for line in difference("a\nb\nc", "a\nx\nc")] == ["place", "same", "gone", "new", "same"]
    assert difference("a", "a") == []


def test_the_sentence_names_where_most_stay_but_neither_silence_nor_ways_back(journey: Journey) -> None:
    silent = MAP.replace("survey.sent", "'any(order.placed) then none(order.placed) for 60 days'").replace(
        "  - {from: first, to: second, within: 60d}",
        "  - {from: first, to: ask, within: 60d}\n  - {from: second, to: second, loop: true}",
    )
    turned = usable(silent)
    ways = tuple(
        path_figure(turned, start=one.start, end=one.end, entered=1000, share=0.01, loop=one.loop)
        for one in turned.paths[1:]
    )
    letter = path_figure(turned)
    figures = replace(counted(turned, letter), paths=(letter, *ways))
    assert "zwischen <em>Brief</em> und <em>Erster Kauf</em>: Von 38 Kunden" in map_sentence(sheet(turned, figures))
    assert "Diese Karte plant" in map_sentence(sheet(turned))
    assert "<b>40 Kunden</b> waren an 1 von 5 Kontaktpunkten" in map_sentence(sheet(turned, replace(figures, paths=())))
