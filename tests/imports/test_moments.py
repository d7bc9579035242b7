"""Dates are read as people write them, in the business's time zone, across the changes of the clocks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from stammkunde.events.imports import moments, staging

BERLIN = ZoneInfo("Europe/Berlin")
WRITTEN = {
    "2026-01-03": "2026-01-02 23:00 +60 d",
    "2026-01-03 10:05": "2026-01-03 09:05 +60",
    "2026-01-03T10:05:30": "2026-01-03 09:05:30 +60",
    "2026-01-03T10:05:30Z": "2026-01-03 10:05:30 +0",
    "2026-01-03 10:05:30 UTC": "2026-01-03 10:05:30 +0",
    "2026-01-03T10:05:30+02:00": "2026-01-03 08:05:30 +120",
    "2026-01-03 10:05:30 -0500": "2026-01-03 15:05:30 -300",
    "2026-01-03 10:05:30+00": "2026-01-03 10:05:30 +0",
    "2026-01-03T10:05:30.250+01:00": "2026-01-03 09:05:30.250000 +60",
    "2026/1/3": "2026-01-02 23:00 +60 d",
    "20260103": "2026-01-02 23:00 +60 d",
    "20260103100530": "2026-01-03 09:05:30 +60",
    "03.01.2026": "2026-01-02 23:00 +60 d",
    "3.1.26": "2026-01-02 23:00 +60 d",
    "3. 1. 2026 9:05": "2026-01-03 08:05 +60",
    "03.01.2026, 09:05 Uhr": "2026-01-03 08:05 +60",
    "Sa. 03.01.2026": "2026-01-02 23:00 +60 d",
    "3. Januar 2026": "2026-01-02 23:00 +60 d",
    "3 März 2026": "2026-03-02 23:00 +60 d",
    "3 March 2026 1:05 PM": "2026-03-03 12:05 +60",
    "Mar 3, 2026 12:05 am": "2026-03-02 23:05 +60",
    "03-Dez-2025": "2025-12-02 23:00 +60 d",
    "Sat, 3 Jan 2026 10:00:00 +0100": "2026-01-03 09:00 +60",
    "31/12/2025": "2025-12-30 23:00 +60 d",
    "13/2/2026": "2026-02-12 23:00 +60 d",
    "1767434531": "2026-01-03 10:02:11 +0",
    "1767434531250": "2026-01-03 10:02:11.250000 +0",
    "46025": "2026-01-02 23:00 +60 d",
    "2026-03-29 02:30": "2026-03-29 01:30 +60",
    "2026-03-29 03:00": "2026-03-29 01:00 +120",
    "2026-10-25 02:30": "2026-10-25 00:30 +120",
    "2026-10-25 03:00": "2026-10-25 02:00 +60",
    "": "missing",
    "nan": "missing",
    "gestern": "unreadable",
    "12": "unreadable",
    "3 foo 2026": "unreadable",
    "2026-02-30": "impossible",
    "31.04.2026": "impossible",
    "2026-13-01": "impossible",
    "2026-01-03 25:00": "impossible",
    "1899-12-30": "impossible",
    "0001-01-01": "impossible",
    "9999-12-31": "impossible",
}


def read(texts: list[str], zone: ZoneInfo = BERLIN, order: moments.Order = "dmy") -> dict[str, str]:
    with staging.workbench() as con:
        con.execute('CREATE TABLE raw AS SELECT unnest($texts::VARCHAR[]) AS "at"', {"texts": texts})
        moments.collect(con, with_clock=False)
        moments.read(con, order=order, zone=zone, with_clock=False)
        rows = con.execute('SELECT "at", utc, utc_offset, stamp, why FROM moments').fetchall()
    return {text: why or _told(utc, offset, stamp) for text, utc, offset, stamp, why in rows}


def _told(utc: int, offset: int, stamp: str) -> str:
    text = f"{datetime.fromtimestamp(0, UTC) + moments.timedelta(microseconds=utc):%Y-%m-%d %H:%M:%S.%f}"
    return f"{text.removesuffix('.000000').removesuffix(':00')} {offset:+d}{'' if 'T' in stamp else ' d'}"


def test_dates_as_people_write_them() -> None:
    assert WRITTEN == read(list(WRITTEN))


@pytest.mark.parametrize(
    "name", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "America/Sao_Paulo"]
)
def test_every_time_means_what_the_library_of_time_zones_says(name: str) -> None:
    zone = ZoneInfo(name)
    texts = [f"{year}-{month:02}-{day:02} {hour:02}:30" for year in (1985, 2018, 2026) for month in (3, 4, 10, 11)
             for day in range(1, 31) for hour in (0, 1, 2, 3, 12)]  # fmt: skip
    wrong = []
    for text, told in read(texts, zone).items():
        expected = datetime.fromisoformat(text).replace(tzinfo=zone)
        said = f"{expected.astimezone(UTC):%Y-%m-%d %H:%M} {round(expected.utcoffset().total_seconds() / 60):+d}"
        if said != told:
            wrong.append((text, told, said))
    assert wrong == []


@pytest.mark.parametrize(
    ("texts", "fallback", "order", "doubt"),
    [
        (["31/12/2025", "03/04/2026"], "mdy", "dmy", False),
        (["12/31/2025", "03/04/2026"], "dmy", "mdy", False),
        (["03/04/2026", "05/04/2026"], "dmy", "dmy", True),
        (["03/04/2026", "05/04/2026"], "mdy", "mdy", True),
        (["03/04/2026 1:05 PM"], "dmy", "mdy", True),
        (["03.04.2026"], "mdy", "mdy", False),
        (["04/04/2026"], "dmy", "dmy", False),
        (["2026-04-03"], "dmy", "dmy", False),
    ],
)
def test_the_column_tells_whether_day_or_month_comes_first(
    texts: list[str], fallback: moments.Order, order: str, doubt: bool
) -> None:
    with staging.workbench() as con:
        con.execute('CREATE TABLE raw AS SELECT unnest($texts::VARCHAR[]) AS "at"', {"texts": texts})
        moments.collect(con, with_clock=False)
        settled, warnings = moments.settle(moments.evidence(con), told=None, fallback=fallback)
    assert (order, doubt) == (settled, bool(warnings))
    assert not doubt or texts[0].lower() in warnings[0]


def test_points_always_mean_day_first() -> None:
    assert {"03.04.2026": "2026-04-02 22:00 +120 d"} == read(["03.04.2026"], order="mdy")


def test_the_time_of_day_may_stand_in_its_own_column() -> None:
    with staging.workbench() as con:
        con.execute("""CREATE TABLE raw AS SELECT '03/01/2026' AS "at", unnest(['14:05:10', '2:05 PM', '']) AS time""")
        moments.collect(con, with_clock=True)
        moments.read(con, order="dmy", zone=BERLIN, with_clock=True)
        rows = dict(con.execute("SELECT time, stamp FROM moments").fetchall())
    assert {"14:05:10": "2026-01-03T14:05:10", "2:05 PM": "2026-01-03T14:05:00", "": "2026-01-03"} == rows
