"""Read dates as people write them, in the business's time zone; the column decides whether day or month comes first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import duckdb

Order = Literal["dmy", "mdy"]

FIRST_YEAR, LAST_YEAR = 1970, 2100
_OFFSET = "[-+](?:0\\d|1[0-4]):?[0-5]\\d"
_CLOCK = (
    "(?:[t ,]+(?:um )?(\\d{1,2})[:.h](\\d{2})(?:[:.](\\d{2})(?:[.,](\\d{1,9}))?)?)?"
    " ?(am|pm|a\\.m\\.|p\\.m\\.)?(?: ?uhr)?"
    f" ?(z|utc|gmt|cet|mez|cest|mesz|{_OFFSET}|[-+](?:0\\d|1[0-4]))?(?:\\[[a-z_/]+\\])?"
)
_CLOCK_PARTS = "'hour', 'minute', 'second', 'fraction', 'half', 'zone'"
_YMD = "(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})"
_COMPACT = "(\\d{4})(\\d{2})(\\d{2})[t ]?(?:(\\d{2}):?(\\d{2}):?(\\d{2})?(?:[.,](\\d{1,9}))?)?()" + f"(z|{_OFFSET})?"
_NUMERIC = "(\\d{1,2})[-/.] ?(\\d{1,2})[-/.] ?(\\d{4}|\\d{2})"
_DAY_NAME = "(\\d{1,2})(?:st|nd|rd|th)?[-/., ]{0,2}([a-zä]{3,10})[-/., ]{0,2}(\\d{4}|\\d{2})"
_NAME_DAY = "([a-zä]{3,10})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})"
_PATTERNS = {
    "ymd": _YMD + _CLOCK,
    "compact": _COMPACT,
    "pointed": _NUMERIC.replace("[-/.]", "\\.") + _CLOCK,
    "numeric": _NUMERIC + _CLOCK,
    "day_name": _DAY_NAME + _CLOCK,
    "name_day": _NAME_DAY + _CLOCK,
    "epoch": "1\\d{9}(\\d{3})?",
    "serial": "\\d{5}(\\.\\d+)?",
}
_PARTS = {
    "ymd": "'year', 'month', 'day'",
    "compact": "'year', 'month', 'day'",
    "pointed": "'day', 'month', 'year'",
    "day_name": "'day', 'month', 'year'",
    "name_day": "'month', 'day', 'year'",
}
_NUMERIC_PARTS = {"dmy": "'day', 'month', 'year'", "mdy": "'month', 'day', 'year'"}
_WEEKDAY = (
    "^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|"
    "freitag|samstag|sonnabend|sonntag)(?:day)?[.,]{0,2} +"
)
_MONTHS = (
    ("jan", "jän"), ("feb",), ("mar", "mär", "mae"), ("apr",), ("may", "mai"), ("jun",),
    ("jul",), ("aug",), ("sep",), ("oct", "okt"), ("nov",), ("dec", "dez"),
)  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """What the different texts of a date column say about the order of day and month."""

    day_first: int
    month_first: int
    either: int
    halves: int
    example: str


def collect(con: duckdb.DuckDBPyConnection, *, with_clock: bool) -> None:
    """Make the table `texts_at`: the different texts of the date column (and of the time of day), bare, and shape."""
    clock = "CASE WHEN trim(coalesce(time, '')) <> '' THEN ' ' || lower(trim(time)) ELSE '' END" if with_clock else "''"
    shapes = " ".join(f"WHEN regexp_full_match(bare, '{pattern}') THEN '{name}'" for name, pattern in _PATTERNS.items())
    con.execute(
        f"""
        CREATE OR REPLACE TABLE texts_at AS
        WITH distinct_texts AS (SELECT DISTINCT {_columns(with_clock)} FROM raw),
        joined AS (
            SELECT *, regexp_replace(lower(trim(coalesce("at", ''))), '{_WEEKDAY}', '') || {clock} AS joined
            FROM distinct_texts
        ),
        spaced AS (
            SELECT * EXCLUDE (joined), regexp_replace(joined, '[\\s\u00a0\u202f]+', ' ', 'g') AS bare FROM joined
        )
        SELECT *, CASE {shapes} END AS shape FROM spaced
        """
    )


def evidence(con: duckdb.DuckDBPyConnection) -> Evidence:
    """Return what the column says about the order of day and month. Points, as in 3.4.2026, always mean day first."""
    row = con.execute(
        f"""
        WITH slashed AS (
            SELECT bare, unnest(regexp_extract(bare, '^{_PATTERNS["numeric"]}$', ['a', 'b', 'year', {_CLOCK_PARTS}]))
            FROM texts_at WHERE shape = 'numeric'
        ),
        counted AS (SELECT bare, a::INTEGER AS a, b::INTEGER AS b, half <> '' AS half FROM slashed)
        SELECT count(*) FILTER (a > 12 AND b <= 12), count(*) FILTER (b > 12 AND a <= 12),
            count(*) FILTER (a <= 12 AND b <= 12 AND a <> b), count(*) FILTER (half),
            coalesce(min(bare) FILTER (a <= 12 AND b <= 12 AND a <> b), '')
        FROM counted
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
    con.execute(
        "CREATE OR REPLACE TABLE offsets AS SELECT unnest($changes, recursive := true)", {"changes": _by_month(zone)}
    )
    columns = _columns(with_clock)
    months = "CASE " + " ".join(
        f"WHEN {' OR '.join(f'''starts_with(month, '{start}')''' for start in starts)} THEN {number}"
        for number, starts in enumerate(_MONTHS, start=1)
    )
    parts = {**_PARTS, "numeric": _NUMERIC_PARTS[order]}
    taken = " UNION ALL BY NAME ".join(
        f"SELECT {columns}, bare, shape, "
        f"unnest(regexp_extract(bare, '^{_PATTERNS[name]}$', [{these}, {_CLOCK_PARTS}])) "
        f"FROM texts_at WHERE shape = '{name}'"
        for name, these in parts.items()
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE moments AS
        WITH parts AS (
            {taken} UNION ALL BY NAME
            SELECT {columns}, bare, shape FROM texts_at WHERE coalesce(shape, 'none') IN ('epoch', 'serial', 'none')
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
                WHEN shape = 'epoch' THEN make_timestamp(left(bare, 10)::BIGINT * 1000000
                    + coalesce(TRY_CAST(substr(bare, 11) AS BIGINT), 0) * 1000)
                WHEN shape = 'serial' AND bare::DOUBLE BETWEEN 20000 AND 80000 THEN
                    make_timestamp((round((bare::DOUBLE - 25569) * 86400) * 1000000)::BIGINT)
                WHEN on_clock THEN
                    make_timestamp(epoch_us(on_day::TIMESTAMP) + seconds::BIGINT * 1000000 + micros) END AS local,
                CASE WHEN shape = 'epoch' OR zone IN ('z', 'utc', 'gmt') THEN 0 WHEN zone IN ('cet', 'mez') THEN 60
                    WHEN zone IN ('cest', 'mesz') THEN 120
                    WHEN zone <> '' THEN (CASE left(zone, 1) WHEN '-' THEN -1 ELSE 1 END)
                        * (substr(zone, 2, 2)::INTEGER * 60
                            + coalesce(TRY_CAST(right(replace(substr(zone, 4), ':', ''), 2) AS INTEGER), 0)) END AS told
            FROM whole
        ),
        placed AS (
            SELECT stamped.*, CASE WHEN local >= again_at THEN again WHEN local >= then_at THEN after ELSE before END
                AS minutes
            FROM stamped LEFT JOIN offsets ON month_index = year(local) * 12 + month(local)
        )
        SELECT {columns}, epoch_us(local) - coalesce(told, minutes)::BIGINT * 60000000 AS utc,
            coalesce(told, minutes) AS utc_offset,
            CASE WHEN hour IS NULL AND shape <> 'epoch' AND local = date_trunc('day', local)
                THEN strftime(local, '%Y-%m-%d')
                ELSE strftime(local, '%Y-%m-%dT%H:%M:%S')
                    || CASE WHEN micros = 0 THEN '' ELSE '.' || lpad(micros::VARCHAR, 6, '0') END END AS stamp,
            CASE WHEN bare IN ('', '-', 'nan', 'nat', 'null', 'none', 'n/a') THEN 'missing'
                WHEN local IS NULL AND (year IS NULL OR month IS NULL) THEN 'unreadable'
                WHEN local IS NULL OR minutes IS NULL THEN 'impossible' END AS why
        FROM placed
        """
    )


def _columns(with_clock: bool) -> str:
    return '"at", time' if with_clock else '"at"'


@cache
def _by_month(zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return how far the clocks are ahead of UTC in each month (year × 12 + month), before and after its changes."""
    changes: dict[int, list[tuple[datetime, int]]] = {}
    (_, minutes), *later = _offsets(zone)
    for since, ahead in later:
        changes.setdefault(since.year * 12 + since.month, []).append((since, ahead))
    months = []
    for index in range(FIRST_YEAR * 12 + 1, LAST_YEAR * 12 + 1):
        steps: list[tuple[datetime | None, int | None]] = [*changes.get(index, []), (None, None), (None, None)]
        (then_at, after), (again_at, again) = steps[:2]
        months.append(_Month(index, minutes, then_at, after, again_at, again)._asdict())
        minutes = changes[index][-1][1] if index in changes else minutes
    return months


class _Month(NamedTuple):
    month_index: int
    before: int
    then_at: datetime | None
    after: int | None
    again_at: datetime | None
    again: int | None


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
