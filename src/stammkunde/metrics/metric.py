"""Make a figure out of a question: a plan lets the engine reduce the orders to one row, an answer reads that row."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from stammkunde.kernel.periods import Period
from stammkunde.metrics.dialect import DUCKDB, Dialect
from stammkunde.metrics.figure import Answer, Figure, FigureUnit, unknown
from stammkunde.metrics.windows import Scope, scope
from stammkunde.metrics.wording import Sentence

if TYPE_CHECKING:
    from stammkunde.metrics.mirror import Mirror

Row = Mapping[str, float]
Kernel = Callable[["Mirror", Scope], Row]


@dataclass(frozen=True)
class Plan:
    """One SQL query, written for any engine, that returns one row of counts and sums.

    `kernel` names a function of `month_kernels` that gives the same row for periods and windows of whole months.
    """

    sql: Callable[[Dialect], str]
    kernel: str | None = None

    def text(self, dialect: Dialect = DUCKDB) -> str:
        """Return the query as the engine reads it."""
        return self.sql(dialect).strip()

    def row(self, mirror: "Mirror", scope: Scope) -> Row:
        """Return the row, by the kernel where that is possible."""
        if self.kernel and scope.whole_months:
            kernel: Kernel = getattr(import_module("stammkunde.metrics.month_kernels"), self.kernel)
            return kernel(mirror, scope)
        return self.queried_row(mirror, scope)

    def queried_row(self, mirror: "Mirror", scope: Scope) -> Row:
        """Run the query with those days that it names."""
        text = self.text()
        named = set(re.findall(r"\$(\w+)", text))
        return mirror.row(text, **{name: day for name, day in scope.parameters.items() if name in named})


@dataclass(frozen=True)
class Metric:
    """A figure's definition. Call it with a mirror and a period to get the figure."""

    name: str
    title: str
    unit: FigureUnit
    definition: str
    formula: str
    source: str
    plan: Plan = field(repr=False)
    answer: Callable[[Row], Answer] = field(repr=False)
    needs_newcomers: bool = False

    def __call__(self, mirror: "Mirror", *, period: Period, window: int | None = None) -> Figure:
        """Return the figure for the period; `window` is the number of days in which an order makes one "there"."""
        return Asking(mirror, period=period, window=window).figure(self)


class Asking:
    """Ask one mirror several questions about one period and run each plan only once."""

    def __init__(self, mirror: "Mirror", *, period: Period, window: int | None = None) -> None:
        self.mirror = mirror
        self.scope = scope(period, window=window, first_day=mirror.first_day, data_end=mirror.end)
        self._rows: dict[Plan, Row] = {}

    def row(self, plan: Plan) -> Row:
        """Return the plan's row."""
        if plan not in self._rows:
            self._rows[plan] = plan.row(self.mirror, self.scope)
        return self._rows[plan]

    def figure(self, metric: Metric) -> Figure:
        """Return one figure."""
        why = self.scope.newcomers_unknown if metric.needs_newcomers else None
        if why:
            return self.unknown(metric, why)
        return self.state(metric, metric.answer(self.row(metric.plan)))

    def unknown(self, metric: Metric, why: Sentence) -> Figure:
        """Return the figure as unknown without asking."""
        return self.state(metric, unknown(why))

    def state(self, metric: Metric, answer: Answer) -> Figure:
        """Put the answer together with all that the metric says about itself."""
        return Figure(
            name=metric.name,
            period=self.scope.period,
            value=answer.value,
            unit=metric.unit,
            n=answer.n,
            interval=answer.interval,
            definition=metric.definition,
            why_unknown=answer.why_unknown,
            note=self.scope.note,
        )
