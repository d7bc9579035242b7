"""Spell out what the columnar engine is asked in a condition: texts, numbers, JSON and clocks in its own words."""

from collections.abc import Sequence
from dataclasses import dataclass

from stammkunde.conditions.local_clock import Duration, LocalClock, Stretch
from stammkunde.conditions.tree import Operator, Sign

UNKNOWN = "CAST(NULL AS BOOLEAN)"
_DAY = "(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"
_NUMBERS = "('BIGINT', 'UBIGINT', 'DOUBLE', 'HUGEINT')"


@dataclass(frozen=True)
class Column:
    """A value of a row in SQL: as a number, a text, a flag or a day, whichever it can be."""

    number: str | None = None
    text: str | None = None
    flag: str | None = None
    day: str | None = None

    def as_day(self) -> str | None:
        """Return it as a day; a text such as 2026-03-31 is one."""
        if self.day or not self.text:
            return self.day
        return f"(CASE WHEN regexp_full_match({self.text}, '{_DAY}') THEN try_cast({self.text} AS DATE) END)"


def parameter(name: str) -> str:
    """Name a value that is handed over when the query runs."""
    return f"${name}"


def from_json(name: str, column: str = "attributes") -> Column:
    """Read an attribute out of the JSON text of an event."""
    path = f"'$.\"{name}\"'"
    sort, text = f"json_type({column}, {path})", f"json_extract_string({column}, {path})"
    return Column(
        number=f"(CASE WHEN {sort} IN {_NUMBERS} THEN CAST({text} AS DOUBLE) END)",
        text=f"(CASE WHEN {sort} = 'VARCHAR' THEN {text} END)",
        flag=f"(CASE WHEN {sort} = 'BOOLEAN' THEN {text} = 'true' END)",
    )


def money(amount: str) -> str:
    """Return an amount of 1/10,000 in currency units."""
    return f"(CAST({amount} AS DOUBLE) / CAST(10000 AS DOUBLE))"


def compare(operator: Operator, left: Column, right: Column) -> str:
    """Compare two values; unknown unless both are of one type."""
    sign = "<>" if operator == "!=" else operator
    if left.day or right.day:
        first, second = left.as_day(), right.as_day()
        return f"({first} {sign} {second})" if first and second else UNKNOWN
    sorts = [(left.number, right.number)]
    if operator in ("=", "!="):
        sorts += [(left.text, right.text), (left.flag, right.flag)]
    tests = [f"({first} {sign} {second})" for first, second in sorts if first and second]
    if not tests:
        return UNKNOWN
    return tests[0] if len(tests) == 1 else f"coalesce({', '.join(tests)})"


def reckon(sign: Sign, left: Column, right: Column) -> Column:
    """Add, subtract, multiply or divide; dividing by zero is unknown."""
    if left.number is None or right.number is None:
        return Column(number="CAST(NULL AS DOUBLE)")
    second = f"nullif({right.number}, 0)" if sign == "/" else right.number
    return Column(number=f"({left.number} {sign} {second})")


def one_of(value: Column, texts: Sequence[str], numbers: Sequence[str]) -> str:
    """Ask whether a value is one of several."""
    tests = []
    for column, options in ((value.text, texts), (value.number, numbers)):
        if options:
            tests.append(f"{column} IN ({', '.join(options)})" if column else UNKNOWN)
    return f"({' OR '.join(tests)})"


def joined(word: str, parts: Sequence[str]) -> str:
    """Join conditions by AND or OR."""
    return "(" + f" {word} ".join(parts) + ")"


def wall(clock: LocalClock, moment: str, until: int) -> str:
    """Return what the wall of the business shows at a moment up to `until`."""
    stretches = [stretch for stretch in clock.stretches if stretch.start <= until] or list(clock.stretches[:1])
    return _wall(stretches, moment)


def _wall(stretches: list[Stretch], moment: str) -> str:
    if len(stretches) == 1:
        [stretch] = stretches
        shown = f"{moment} + ({stretch.offset})"
        return f"({shown})" if stretch.floor < -(2**61) else f"greatest({shown}, {stretch.floor})"
    middle = len(stretches) // 2
    earlier, later = _wall(stretches[:middle], moment), _wall(stretches[middle:], moment)
    return f"(CASE WHEN {moment} < {stretches[middle].start} THEN {earlier} ELSE {later} END)"


def within(clock: LocalClock, start: str, end: str, limit: Duration, until: int) -> str:
    """Ask whether a moment comes no later than so much time after another."""
    if limit.exact:
        return f"({end} - {start} <= {limit.length})"
    shown, before = wall(clock, start, until), wall(clock, f"({end} - 1)", until)
    return f"({before} < {_forward(shown, limit)})"


def _forward(shown: str, limit: Duration) -> str:
    if limit.length is not None:
        return f"{shown} + {limit.length}"
    month = f"date_trunc('month', make_timestamp({shown}))"
    target = f"({month} + INTERVAL {limit.months} MONTH)"
    missing = f"day(make_timestamp({shown})) > day(last_day({target}))"
    return (
        f"(CASE WHEN {missing} THEN epoch_us({target} + INTERVAL 1 MONTH)"
        f" ELSE epoch_us({target}) + ({shown} - epoch_us({month})) END)"
    )
