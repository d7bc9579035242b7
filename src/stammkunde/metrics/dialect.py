"""Spell out the few things that columnar engines say differently; all other SQL is the same everywhere."""

from typing import Literal, Protocol

Unit = Literal["week", "month", "quarter"]


class Dialect(Protocol):
    """What a plan asks of an engine; every method returns a piece of SQL."""

    def parameter(self, name: str) -> str:
        """Name a value that is handed over when the plan runs."""

    def unit_start(self, unit: Unit, day: str) -> str:
        """Take a day back to the first day of its week (Monday), month or quarter."""

    def units_between(self, unit: Unit, first: str, second: str) -> str:
        """Count the units from one first-of-unit day to another."""

    def days_between(self, first: str, second: str) -> str:
        """Count the days from one day to another."""

    def quantile(self, share: str, value: str) -> str:
        """Find the exact quantile, linear between neighbours (type 7)."""


class DuckDB:
    """Speak DuckDB."""

    def parameter(self, name: str) -> str:
        return f"${name}"

    def unit_start(self, unit: Unit, day: str) -> str:
        return f"cast(date_trunc('{unit}', {day}) as date)"

    def units_between(self, unit: Unit, first: str, second: str) -> str:
        return f"date_diff('{unit}', {first}, {second})"

    def days_between(self, first: str, second: str) -> str:
        return f"date_diff('day', {first}, {second})"

    def quantile(self, share: str, value: str) -> str:
        return f"quantile_cont({value}, {share})"


class Spark:
    """Speak Spark SQL."""

    def parameter(self, name: str) -> str:
        return f":{name}"

    def unit_start(self, unit: Unit, day: str) -> str:
        return f"cast(date_trunc('{unit}', {day}) as date)"

    def units_between(self, unit: Unit, first: str, second: str) -> str:
        if unit == "week":
            return f"cast(datediff({second}, {first}) / 7 as int)"
        months = f"cast(round(months_between({second}, {first})) as int)"
        return months if unit == "month" else f"cast({months} / 3 as int)"

    def days_between(self, first: str, second: str) -> str:
        return f"datediff({second}, {first})"

    def quantile(self, share: str, value: str) -> str:
        return f"percentile({value}, {share})"


DUCKDB: Dialect = DuckDB()
SPARK: Dialect = Spark()
