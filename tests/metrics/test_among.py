"""Figures of some customers are the figures of a mirror in which there is nobody else."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stammkunde import metrics
from stammkunde.metrics import Mirror
from tests.metrics.making import period
from tests.metrics.storage_model import Happened, append

DAYS = pd.date_range("2024-01-03", "2025-11-20", freq="29h", tz="Europe/Berlin")


def orders() -> pd.DataFrame:
    numbers = np.arange(len(DAYS))
    return pd.DataFrame({"customer": 1 + numbers * 7 % 23, "at": DAYS, "value": 10 + numbers % 31})


@pytest.mark.parametrize("whole", [True, False], ids=["folder", "frame"])
def test_figures_of_some_are_those_of_a_mirror_without_the_others(whole: bool, tmp_path: Path) -> None:
    few = np.array([2, 3, 5, 7, 11, 13, 17, 99])
    every, frame = orders(), orders()[lambda rows: rows["customer"].isin(few)]
    asked, alone = (_folder(tmp_path, every), Mirror.of(frame)) if whole else (Mirror.of(every), Mirror.of(frame))
    some = asked.among(few)
    alone.first_day, alone.end = asked.first_day, asked.end
    for span in (period("2024-04-01", "2024-07-01"), period("2025-01-01", "2026-01-01")):
        assert metrics.figures(alone, period=span) == metrics.figures(some, period=span)
    assert metrics.cohorts(alone, by="month") == metrics.cohorts(some, by="month")
    assert metrics.cohorts(alone, by="week") == metrics.cohorts(some, by="week")
    assert metrics.rfm(alone).groups == metrics.rfm(some).groups
    assert len(frame) < len(every)
    assert [(len(every),)] == asked.sql("SELECT count(*) FROM orders")


def _folder(place: Path, rows: pd.DataFrame) -> Mirror:
    moments = [int(at.timestamp()) * 1_000_000 for at in rows["at"]]
    told = zip(rows["customer"], moments, rows["value"], strict=True)
    append(
        place / "mirror",
        [Happened(number, int(who), at, int(value) * 10_000) for number, (who, at, value) in enumerate(told, 1)],
        "1",
    )
    return Mirror.open(place / "mirror")
