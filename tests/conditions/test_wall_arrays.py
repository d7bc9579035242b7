"""Many moments at once read the same clock as one does: around changes of the clock, month ends and leap days."""

from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from stammkunde.conditions.local_clock import Duration, LocalClock, microseconds
from stammkunde.conditions.wall_arrays import later_than, wall_of
from tests.conditions.making import DURATIONS, moment

ZONES = ["Europe/Berlin", "UTC", "America/Havana", "Australia/Lord_Howe", "America/New_York", "Pacific/Apia"]


@pytest.mark.parametrize("zone", ZONES)
def test_arrays_and_single_moments_agree(zone: str) -> None:
    random, clock = Random(zone), LocalClock.of(ZoneInfo(zone))
    moments = [microseconds(moment(random)) + random.choice([-1, 0, 1, 1_800_000_000]) for _ in range(400)]
    array = np.array(moments, np.int64)
    assert [clock.wall(one) for one in moments] == wall_of(clock, array).tolist()
    for duration in [*DURATIONS, Duration(12, "month"), Duration(3, "year")]:
        assert [clock.later(one, duration) for one in moments] == later_than(clock, array, duration).tolist()
