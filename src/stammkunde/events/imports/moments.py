"""Read dates as people write them, in the business's time zone; the column decides whether day or month comes first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import duckdb

Order = Literal["dmy", "mdy"]

FIRST_YEAR, LAST_YEAR = 1970, 2100
_CLOCK = (
    "(?:[t ,]+(?:um )?(\\d{1,2})[:.h](\\d{2})(?:[:.](\\d{2})(?:[.,](\\d{1,9}))?)?)?"
    " ?(am|pm|a\\.m\\.|p\\.m\\.)?(?: ?uhr)?"
    " ?(z|utc|gmt|cet|mez|cest|mesz|[-+]\\d{2}:?\\d{2}|[-+]\\d{2})?(?:\\[[a-z_/]+\\])?"
)
_CLOCK_PARTS = "'hour', 'minute', 'second', 'fraction', 'half', 'zone'"
_YMD = "(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})"
_COMPACT = "(\\d{4})(\\d{2})(\\d{2})[t ]?(?:(\\d{2}):?(\\d{2}):?(\\d{2})?(?:[.,](\\d{1,9}))?)?()(z|[-+]\\d{2}:?\\d{2})?"
_NUMERIC = "(\\d{1,2})[-/.] ?(\\d{1,2})[-/.] ?(\\d{4}|\\d{2})"
_DAY_NAME = "(\\d{1,2})(?:st|nd|rd|th)?[-/., ]{0,2}([a-zä]{3,10})[-/., ]{0,2}(\\d{4}|\\d{2})"
_NAME_DAY = "([a-zä]{3,10})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})"
_SHAPES = {
    "ymd": (_YMD + _CLOCK, "'year', 'month', 'day'"),
    "compact": (_COMPACT, "'year', 'month', 'day'"),
    "numeric": (_NUMERIC + _CLOCK, "'first', 'other', 'year'"),
    "day_name": (_DAY_NAME + _CLOCK, "'day', 'name', 'year'"),
    "name_day": (_NAME_DAY + _CLOCK, "'name', 'day', 'year'"),
}
_WEEKDAY = (
    "^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|"
    "freitag|samstag|sonnabend|sonntag)(?:day)?[.,]{0,2} +"
)
_MONTHS = (
    ("jan", "jän"), ("feb",), ("mar", "mär", "mae"), ("apr",), ("may", "mai"), ("jun",),
    ("jul",), ("aug",), ("sep",), ("oct", "okt"), ("nov",), ("dec", "dez"),
)  # fmt: skip
_SERIAL = "\\d{5}(\\.\\d+)?"
_EPOCH = "1\\d{9}(\\d{3})?"


@dataclass(frozen=True)
class Evidence:
    """What the different texts of a date column say about the order of day and month."""

    day_first: int
    month_first: int
    either: int
    halves: int
    example: str


def collect(con: duckdb.DuckDBPyConnection, *, with_clock: bool) -> None:
    """Make the table `texts_at` of the different texts in the date column (and the column of the time of day)."""
    clock = "CASE WHEN trim(coalesce(time, '')) <> '' THEN ' ' || lower(trim(time)) ELSE '' END" if with_clock else "''"
    columns = '"at", time' if with_clock else '"at"'
    reads = ", ".join(
        f"regexp_extract(bare, '^{shape}$', [{parts}, {_CLOCK_PARTS}]) AS {name}"
        for name, (shape, parts) in _SHAPES.items()
    )
    fits = ", ".join(f"{name}.year <> '' AS is_{name}" for name in _SHAPES)
    con.execute(
        f"""
        CREATE OR REPLACE TABLE texts_at AS
        WITH distinct_texts AS (SELECT DISTINCT {columns} FROM raw),
        bare AS (
            SELECT *, regexp_replace(lower(trim(coalesce("at", ''))), '{_WEEKDAY}', '') || {clock} AS joined
            FROM distinct_texts
        ),
        spaced AS (SELECT * EXCLUDE (joined), regexp_replace(joined, '[\\s\u00a0\u202f]+', ' ', 'g') AS bare FROM bare),
        taken AS (SELECT *, {reads} FROM spaced)
        SELECT *, {fits}, regexp_full_match(bare, '{_EPOCH}') AS is_epoch,
            regexp_full_match(bare, '{_SERIAL}') AS is_serial
        FROM taken
        """
    )


def evidence(con: duckdb.DuckDBPyConnection) -> Evidence:
    """Return what the column says about the order of day and month. Points, as in 3.4.2026, always mean day first."""
    row = con.execute(
        """
        WITH slashed AS (
            SELECT bare, TRY_CAST(numeric.first AS INTEGER) AS a, TRY_CAST(numeric.other AS INTEGER) AS b,
                numeric.half <> '' AS half
            FROM texts_at WHERE is_numeric AND bare NOT LIKE '%.%.%'
        )
        SELECT count(*) FILTER (a > 12 AND b <= 12), count(*) FILTER (b > 12 AND a <= 12),
            count(*) FILTER (a <= 12 AND b <= 12 AND a <> b), count(*) FILTER (half),
            coalesce(min(bare) FILTER (a <= 12 AND b <= 12 AND a <> b), '')
        FROM slashed
        """
    ).fetchall()[0]
    return Evidence(*row)


def settle(seen: Evidence, *, told: Order | None, fallback: Order) -> tuple[Order, list[str]]:
    """Return whether day or month comes first, and a warning when it had to be assumed."""
    if told:
        return told, []
    if seen.day_first != seen.month_first:
        return ("dmy" if seen.day_first > seen.month_first else "mdy"), []
    order: Order = "mdy" if seen.halves else fallback
    if not seen.either:
        return order, []
    taken = f"Dates such as {seen.example} can be read in two ways; the first number was taken for the "
    return order, [taken + ("day" if order == "dmy" else "month") + ". If that is wrong, say which comes first."]


def read(con: duckdb.DuckDBPyConnection, *, order: Order, zone: ZoneInfo, with_clock: bool) -> None:
    """Make the table `moments`: the texts, utc (microseconds), utc_offset (minutes), stamp (local, as text) and why.

    `why` is null, or 'missing', 'unreadable' or 'impossible'. A time that the clocks jump over counts as if they had
    not jumped; of a time that comes twice the first is meant.
    """
    since, minutes = zip(*_offsets_of(zone), strict=True)
    con.execute(
        "CREATE OR REPLACE TABLE offsets AS "
        "SELECT unnest($since::TIMESTAMP[]) AS since, unnest($minutes::INTEGER[]) AS minutes",
        {"since": list(since), "minutes": list(minutes)},
    )
    month_and_day = ("other", "first") if order == "dmy" else ("first", "other")
    months = "CASE " + " ".join(
        f"WHEN {' OR '.join(f'''starts_with(month, '{start}')''' for start in starts)} THEN {number}"
        for number, starts in enumerate(_MONTHS, start=1)
    )
    columns = '"at", time' if with_clock else '"at"'
    con.execute(
        f"""
        CREATE OR REPLACE TABLE moments AS
        WITH parts AS (
            SELECT {columns}, bare, is_epoch, is_serial, unnest(CASE
                WHEN is_ymd THEN {_parts("ymd", "year", "month", "day")}
                WHEN is_compact THEN {_parts("compact", "year", "month", "day")}
                WHEN is_numeric AND bare LIKE '%.%.%' THEN {_parts("numeric", "year", "other", "first")}
                WHEN is_numeric THEN {_parts("numeric", "year", *month_and_day)}
                WHEN is_day_name THEN {_parts("day_name", "year", "name", "day")}
                WHEN is_name_day THEN {_parts("name_day", "year", "name", "day")}
            END)
            FROM texts_at
        ),
        numbers AS (
            SELECT * REPLACE (
                CASE WHEN length(year) = 2 AND year < '70' THEN '20' || year WHEN length(year) = 2 THEN '19' || year
                    ELSE year END AS year,
                CASE WHEN regexp_full_match(month, '\\d+') THEN month
                    ELSE ({months} END)::VARCHAR END AS month,
                CASE WHEN hour = '' THEN NULL WHEN starts_with(half, 'p') AND hour::INTEGER < 12 THEN hour::INTEGER + 12
                    WHEN starts_with(half, 'a') AND hour = '12' THEN 0 ELSE hour::INTEGER END AS hour)
            FROM parts
        ),
        whole AS (
            SELECT *, TRY_CAST(year || '-' || lpad(month, 2, '0') || '-' || lpad(day, 2, '0') AS DATE) AS on_day,
                coalesce(hour, 0) * 3600 + coalesce(TRY_CAST(minute AS INTEGER), 0) * 60
                    + coalesce(TRY_CAST(second AS INTEGER), 0) AS seconds,
                coalesce(TRY_CAST(rpad(left(fraction, 6), 6, '0') AS INTEGER), 0) AS micros,
                coalesce(hour, 0) < 24 AND coalesce(TRY_CAST(minute AS INTEGER), 0) < 60
                    AND coalesce(TRY_CAST(second AS INTEGER), 0) < 61 AS on_clock
            FROM numbers
        ),
        stamped AS (
            SELECT *, CASE
                WHEN is_epoch THEN make_timestamp(left(bare, 10)::BIGINT * 1000000
                    + coalesce(TRY_CAST(substr(bare, 11) AS BIGINT), 0) * 1000)
                WHEN is_serial AND bare::DOUBLE BETWEEN 20000 AND 80000 THEN
                    make_timestamp((round((bare::DOUBLE - 25569) * 86400) * 1000000)::BIGINT)
                WHEN on_clock THEN
                    make_timestamp(epoch_us(on_day::TIMESTAMP) + seconds::BIGINT * 1000000 + micros) END AS local,
                CASE WHEN is_epoch THEN 0 WHEN zone IN ('z', 'utc', 'gmt') THEN 0 WHEN zone IN ('cet', 'mez') THEN 60
                    WHEN zone IN ('cest', 'mesz') THEN 120
                    WHEN zone <> '' THEN (CASE left(zone, 1) WHEN '-' THEN -1 ELSE 1 END)
                        * (substr(zone, 2, 2)::INTEGER * 60
                            + coalesce(TRY_CAST(right(replace(substr(zone, 4), ':', ''), 2) AS INTEGER), 0)) END AS told
            FROM whole
        )
        SELECT {", ".join(f"stamped.{column}" for column in columns.split(", "))},
            epoch_us(local) - coalesce(told, minutes)::BIGINT * 60000000 AS utc, coalesce(told, minutes) AS utc_offset,
            CASE WHEN hour IS NULL AND NOT is_epoch AND local = date_trunc('day', local)
                THEN strftime(local, '%Y-%m-%d')
                ELSE strftime(local, '%Y-%m-%dT%H:%M:%S')
                    || CASE WHEN micros = 0 THEN '' ELSE '.' || lpad(micros::VARCHAR, 6, '0') END END AS stamp,
            CASE WHEN bare IN ('', '-', 'nan', 'nat', 'null', 'none', 'n/a') THEN 'missing'
                WHEN local IS NULL AND (year IS NULL OR month IS NULL) THEN 'unreadable'
                WHEN local IS NULL OR minutes IS NULL OR year(local) >= {LAST_YEAR} THEN 'impossible' END AS why
        FROM stamped ASOF LEFT JOIN offsets ON stamped.local >= offsets.since
        """
    )


def _parts(shape: str, year: str, month: str, day: str) -> str:
    clock = ", ".join(f"{part}: {shape}.{part}" for part in ("hour", "minute", "second", "fraction", "half", "zone"))
    return f"{{year: {shape}.{year}, month: {shape}.{month}, day: {shape}.{day}, {clock}}}"


@cache
def _offsets_of(zone: ZoneInfo) -> tuple[tuple[datetime, int], ...]:
    return tuple(_offsets(zone))


def _offsets(zone: ZoneInfo) -> Iterator[tuple[datetime, int]]:
    """Yield from which local time on the clocks of the zone stand how many minutes ahead of UTC."""
    start = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    offset = _minutes(start, zone)
    yield start.replace(tzinfo=None), offset
    step = timedelta(days=7)
    while start.year < LAST_YEAR:
        after = start + step
        if _minutes(after, zone) != offset:
            change = _change(start, after, zone)
            before, offset = offset, _minutes(change, zone)
            yield change.replace(tzinfo=None) + timedelta(minutes=max(before, offset)), offset
        start = after


def _change(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """Find the moment between the two at which the clocks change."""
    before = _minutes(early, zone)
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle == early:
            break
        early, late = (middle, late) if _minutes(middle, zone) == before else (early, middle)
    return late


def _minutes(moment: datetime, zone: ZoneInfo) -> int:
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    return round(offset.total_seconds() / 60)
