"""What is wrong with a signal is told in the reader's own language, with the line in which it stands."""

import pytest
from django.utils import translation

from stammkunde.journeys.reading import read
from stammkunde.workspace.journeys.files import problem_views
from tests.journeys.sheets import SMALL

SIGNALS = {
    "any(order.placed)": "Ein Signal nennt die Ereignisse selbst: Schreiben Sie „order.placed“.",
    "any(order.placed, last 9 days) then none(order.placed) for 60d": "Lassen Sie den Zeitraum weg.",
    "any(order.placed) then any(order.returned) within 9d": "gehört in die Wege",
    "order.placed where": "Am Ende fehlt etwas",
}


@pytest.mark.parametrize("signal", SIGNALS)
def test_in_german(signal: str) -> None:
    problems = read(SMALL.replace("nth(order.placed, 1)", signal)).problems
    with translation.override("de"):
        [told] = problem_views(problems, SMALL)
    assert (12, "first") == (told.line, told.place)
    assert told.message.startswith("Das Signal ist nicht lesbar")
    assert SIGNALS[signal] in told.message
