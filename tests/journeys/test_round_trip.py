"""Whatever a map says, it says the same after it was written and read again."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stammkunde.journeys.document import Journey
from stammkunde.journeys.lint import lint
from stammkunde.journeys.reading import read
from stammkunde.journeys.writing import written
from tests.journeys.chance import JOURNEYS
from tests.journeys.sheets import SOAP


@given(journey=JOURNEYS)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_map_comes_back_as_it_was(journey: Journey) -> None:
    text = written(journey)
    found = read(text)
    assert () == found.problems, text
    assert journey == found.journey
    assert text == written(journey)


@given(journey=JOURNEYS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_map_makes_lint_stumble(journey: Journey) -> None:
    lint(journey)


@given(text=st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_text_makes_reading_stumble(text: str) -> None:
    read(text)


@given(
    at=st.integers(0, len(SOAP)),
    gone=st.integers(0, 40),
    put=st.text(st.sampled_from("{}[]:,-#&*!|>'\"% \n\tab1"), max_size=6),
)
@settings(max_examples=500, deadline=None)
def test_no_slip_of_the_pen_makes_reading_or_lint_stumble(at: int, gone: int, put: str) -> None:
    found = read(SOAP[:at] + put + SOAP[at + gone :])
    if found.journey is not None:
        lint(found.journey)
        assert read(written(found.journey)).journey is not None
    else:
        assert found.problems
