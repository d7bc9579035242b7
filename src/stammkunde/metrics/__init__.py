"""Answer who comes back, and why, from a table of orders: the public analytics library, usable without Django.

>>> from stammkunde import metrics
>>> "retention_rate" in metrics.FIGURES
True
"""

from importlib import import_module
from typing import TYPE_CHECKING

from stammkunde.kernel.periods import Period as Period

if TYPE_CHECKING:
    from stammkunde.metrics.cohort_tables import Cohort as Cohort
    from stammkunde.metrics.cohort_tables import cohort_query as cohort_query
    from stammkunde.metrics.cohort_tables import cohorts as cohorts
    from stammkunde.metrics.figure import Figure as Figure
    from stammkunde.metrics.intervals import wilson as wilson
    from stammkunde.metrics.loyalty import loyal_frequency_ratio as loyal_frequency_ratio
    from stammkunde.metrics.loyalty import revenue_share_top20 as revenue_share_top20
    from stammkunde.metrics.metric import Metric as Metric
    from stammkunde.metrics.mirror import Mirror as Mirror
    from stammkunde.metrics.purchases import average_order_value as average_order_value
    from stammkunde.metrics.purchases import customers_active as customers_active
    from stammkunde.metrics.purchases import median_days_between_orders as median_days_between_orders
    from stammkunde.metrics.purchases import orders as orders
    from stammkunde.metrics.purchases import orders_all as orders_all
    from stammkunde.metrics.purchases import purchase_frequency as purchase_frequency
    from stammkunde.metrics.purchases import repeat_purchase_rate as repeat_purchase_rate
    from stammkunde.metrics.purchases import revenue as revenue
    from stammkunde.metrics.purchases import revenue_all as revenue_all
    from stammkunde.metrics.purchases import revenue_net as revenue_net
    from stammkunde.metrics.purchases import second_order_within_90d as second_order_within_90d
    from stammkunde.metrics.registry import FIGURES as FIGURES
    from stammkunde.metrics.registry import UnknownFigure as UnknownFigure
    from stammkunde.metrics.registry import figures as figures
    from stammkunde.metrics.registry import query as query
    from stammkunde.metrics.registry import series as series
    from stammkunde.metrics.retention import Bridge as Bridge
    from stammkunde.metrics.retention import bridge as bridge
    from stammkunde.metrics.retention import churn_rate as churn_rate
    from stammkunde.metrics.retention import customers_end as customers_end
    from stammkunde.metrics.retention import customers_lost as customers_lost
    from stammkunde.metrics.retention import customers_new as customers_new
    from stammkunde.metrics.retention import customers_returned as customers_returned
    from stammkunde.metrics.retention import customers_start as customers_start
    from stammkunde.metrics.retention import retention_rate as retention_rate
    from stammkunde.metrics.retention import retention_rate_formula as retention_rate_formula
    from stammkunde.metrics.rfm_groups import GROUPS as GROUPS
    from stammkunde.metrics.rfm_groups import Group as Group
    from stammkunde.metrics.rfm_scores import RFM as RFM
    from stammkunde.metrics.rfm_scores import Thresholds as Thresholds
    from stammkunde.metrics.rfm_scores import rfm as rfm
    from stammkunde.metrics.rfm_scores import rfm_query as rfm_query
    from stammkunde.metrics.steps import Steps as Steps

_HOMES = {
    "cohort_tables": ("Cohort", "cohort_query", "cohorts"),
    "figure": ("Figure",),
    "intervals": ("wilson",),
    "loyalty": ("loyal_frequency_ratio", "revenue_share_top20"),
    "metric": ("Metric",),
    "mirror": ("Mirror",),
    "purchases": (
        "average_order_value",
        "customers_active",
        "median_days_between_orders",
        "orders",
        "orders_all",
        "purchase_frequency",
        "repeat_purchase_rate",
        "revenue",
        "revenue_all",
        "revenue_net",
        "second_order_within_90d",
    ),
    "registry": ("FIGURES", "UnknownFigure", "figures", "query", "series"),
    "retention": (
        "Bridge",
        "bridge",
        "churn_rate",
        "customers_end",
        "customers_lost",
        "customers_new",
        "customers_returned",
        "customers_start",
        "retention_rate",
        "retention_rate_formula",
    ),
    "rfm_groups": ("GROUPS", "Group"),
    "rfm_scores": ("RFM", "Thresholds", "rfm", "rfm_query"),
    "steps": ("Steps",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}
__all__ = ["Period", *_HOME_OF]


def __getattr__(name: str) -> object:
    """Load what is asked for when it is asked for, so that the command line starts quickly."""
    if name not in _HOME_OF:
        raise AttributeError(f"stammkunde.metrics has no {name!r}; it has {', '.join(sorted(_HOME_OF))}.")
    found = getattr(import_module(f"stammkunde.metrics.{_HOME_OF[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
