"""Pictures drawn by hand: to scale, escaped, told in words, and honest about gaps."""

import re
from datetime import date
from xml.etree import ElementTree

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from stammkunde.kernel.periods import Period
from stammkunde.metrics import Bridge
from stammkunde.workspace.bridge_view import bridge_view
from stammkunde.workspace.pictures.columns import draw_columns
from stammkunde.workspace.pictures.lines import Line, draw_lines, ticks
from stammkunde.workspace.pictures.points import Point
from stammkunde.workspace.pictures.shares import Pair, draw_pairs
from stammkunde.workspace.pictures.svg import element, wrapped

QUARTER = Period(date(2026, 4, 1), date(2026, 7, 1))


def tree(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def test_texts_are_escaped() -> None:
    assert element("text", "<b>&", title='"x"') == '<text title="&quot;x&quot;">&lt;b&gt;&amp;</text>'


def test_the_bridge_is_drawn_to_scale_and_told_in_words() -> None:
    with translation.override("de"):
        view = bridge_view(Bridge(QUARTER, start=2000, lost=800, new=400, returned=500, end=2100))
    drawn = tree(view.picture)
    bars = {bar.get("class"): float(bar.get("height") or 0) for bar in drawn.iter("rect")}
    assert abs(bars["minus"] / bars["plus"] - 2) < 0.01
    assert abs(bars["plus again"] / bars["plus"] - 1.25) < 0.01
    assert drawn.findtext("title") == "Wer kam, wer ging"
    assert drawn.findtext("desc") == "2.000 Kunden davor − 800 nicht wieder + 400 neu + 500 zurück = 2.100 jetzt"


def test_nobody_new_nobody_lost_draws_too() -> None:
    view = bridge_view(Bridge(QUARTER, start=0, lost=0, new=0, returned=0, end=0))
    assert tree(view.picture).get("role") == "img"


def test_an_unknown_month_is_a_gap_not_a_column_of_zero() -> None:
    points = [Point("Jan", 10.0, "10"), Point("Feb", None, ""), Point("Mar", 0.0, "0")]
    columns = list(tree(draw_columns(points, title="Revenue", description="")).iter("rect"))
    assert len(columns) == 2


def test_a_line_breaks_where_nothing_is_known() -> None:
    points = [Point(str(i), value, "", (value - 0.1, value + 0.1) if value else None)
              for i, value in enumerate([0.5, 0.6, None, 0.4, 0.5, None, 0.7])]  # fmt: skip
    drawn = tree(draw_lines([Line(points)], ticks=[(0.0, "0"), (1.0, "1")], title="Rate", description=""))
    assert len(list(drawn.iter("polyline"))) == 2
    assert len(list(drawn.iter("polygon"))) == 3
    assert len([line for line in drawn.iter("line") if "reach" in (line.get("class") or "")]) == 1
    assert len(list(drawn.iter("circle"))) == 5


def test_two_shares_stand_on_one_scale() -> None:
    pairs = [Pair("Champions", 0.1, 0.4, "10 %", "40 %"), Pair("Lost", 0.2, 0.05, "20 %", "5 %")]
    widths = [
        float((bar.get("width") or "").rstrip("%"))
        for bar in tree(draw_pairs(pairs, title="", description="")).iter("rect")
    ]
    assert widths == [20.0, 80.0, 40.0, 10.0]


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_ticks_are_round_few_and_hold_the_range(one: float, other: float) -> None:
    low, high = sorted((one, other))
    marks = ticks(low, high)
    assert 2 <= len(marks) <= 7
    assert marks[0] <= low + 1e-6 * max(high, 1)
    assert marks[-1] >= high - 1e-6 * max(high, 1)


def test_names_break_at_spaces() -> None:
    assert wrapped("3. Quartal 2026", 11) == "3. Quartal\n2026"
    assert re.search(r"\s", wrapped("Donaudampfschiff", 5)) is None
