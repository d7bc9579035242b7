"""Know every figure by name and answer for one period or for a whole series of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, cast

from stammkunde.kernel.errors import WrongInput
from stammkunde.kernel.periods import UNITS, Period, Unit
from stammkunde.metrics.dialect import DUCKDB, Dialect
from stammkunde.metrics.figure import Figure
from stammkunde.metrics.loyalty import loyal_frequency_ratio, revenue_share_top20
from stammkunde.metrics.metric import Asking, Metric
from stammkunde.metrics.purchases import (
    average_order_value,
    customers_active,
    median_days_between_orders,
    orders,
    orders_all,
    purchase_frequency,
    repeat_purchase_rate,
    revenue,
    revenue_all,
    revenue_net,
    second_order_within_90d,
)
from stammkunde.metrics.retention import (
    churn_rate,
    customers_end,
    customers_lost,
    customers_new,
    customers_returned,
    customers_start,
    retention_rate,
    retention_rate_formula,
)
from stammkunde.metrics.windows import NO_ORDERS, UnknownUnit
from stammkunde.metrics.wording import Sentence

if TYPE_CHECKING:
    from stammkunde.metrics.mirror import Mirror

MOST_UNITS = 400

FIGURES: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        customers_active,
        orders,
        revenue,
        revenue_net,
        average_order_value,
        purchase_frequency,
        repeat_purchase_rate,
        customers_start,
        customers_end,
        customers_lost,
        customers_new,
        customers_returned,
        retention_rate,
        retention_rate_formula,
        churn_rate,
        revenue_share_top20,
        loyal_frequency_ratio,
        median_days_between_orders,
        second_order_within_90d,
        revenue_all,
        orders_all,
    )
}


class UnknownFigure(WrongInput):
    """No figure has that name; the message names the nearest."""


def named(names: Iterable[str] | None = None) -> list[Metric]:
    """Return the metrics of these names, in the order asked for; all of them without names."""
    return list(FIGURES.values()) if names is None else [_find(name) for name in names]


def figures(
    mirror: "Mirror", names: Iterable[str] | None = None, *, period: Period, window: int | None = None
) -> list[Figure]:
    """Return the figures of a period, all of them unless names are given."""
    asking = Asking(mirror, period=period, window=window)
    return [asking.figure(metric) for metric in named(names)]


class TooManyUnits(WrongInput):
    """A series has so many units that nobody could read it; choose longer ones or a shorter period."""


def series(
    mirror: "Mirror",
    names: Iterable[str] | None = None,
    *,
    start: date,
    end: date,
    by: str,
    window: int | None = None,
) -> list[list[Figure]]:
    """Return one list per figure, with one figure per calendar unit.

    The first and last unit are clipped to [start, end). A unit that is not over in the data is unknown, not 0.
    """
    metrics = named(names)
    if by not in UNITS:
        raise UnknownUnit(f"A series runs by {', '.join(UNITS)}, not by {by!r}.")
    periods = list(islice(Period(start, end).split(cast(Unit, by)), MOST_UNITS + 1))
    if len(periods) > MOST_UNITS:
        raise TooManyUnits(
            f"A series has at most {MOST_UNITS} units: choose longer ones than {by}, or a shorter period."
        )
    askings = [Asking(mirror, period=period, window=window) for period in periods]
    return [[_once_over(asking, metric) for asking in askings] for metric in metrics]


def query(name: str, *, dialect: Dialect = DUCKDB) -> str:
    """Return the SQL behind a figure, as it is shown under "how this is computed"."""
    return _find(name).plan.text(dialect)


def _find(name: str) -> Metric:
    if name in FIGURES:
        return FIGURES[name]
    near = get_close_matches(name, FIGURES, n=1, cutoff=0.4)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise UnknownFigure(f"There is no figure {name!r}.{hint} Known figures: {', '.join(FIGURES)}.")


def _once_over(asking: Asking, metric: Metric) -> Figure:
    not_over = Sentence(NO_ORDERS) if asking.mirror.end is None else asking.scope.note
    return asking.unknown(metric, not_over) if not_over else asking.figure(metric)
