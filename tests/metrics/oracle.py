"""Compute every figure a second way, in plain pandas and Python sets, without a look at the library's SQL.

Orders are a frame of (customer, at, value), one row per order, `at` in local time; returns likewise.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd


@dataclass(frozen=True)
class Shop:
    """The orders and returns of a shop."""

    orders: pd.DataFrame
    returns: pd.DataFrame

    @property
    def known(self) -> pd.DataFrame:
        return self.orders[self.orders["customer"].notna()]


def shop(orders: pd.DataFrame, returns: pd.DataFrame | None = None) -> Shop:
    nothing = pd.DataFrame({"customer": [], "at": pd.to_datetime([]), "value": []})
    return Shop(
        *(frame.assign(day=frame["at"].dt.normalize()) for frame in (orders, nothing if returns is None else returns))
    )


def within(frame: pd.DataFrame, start: date, end: date) -> pd.DataFrame:
    return frame[(frame["day"] >= pd.Timestamp(start)) & (frame["day"] < pd.Timestamp(end))]


def people(frame: pd.DataFrame) -> set[object]:
    return set(frame["customer"])


def preceding(start: date, end: date) -> date:
    """Return where the period before begins: a calendar unit when this is one, else as many days."""
    for months in (1, 3, 6, 12):
        aligned = start.day == 1 and (start.month - 1) % months == 0
        if aligned and pd.Timestamp(start) + pd.DateOffset(months=months) == pd.Timestamp(end):
            return (pd.Timestamp(start) - pd.DateOffset(months=months)).date()
    return start - (end - start)


def figures(of: Shop, start: date, end: date, window: int | None = None) -> dict[str, float | None]:
    return {**activity(of, start, end), **bridge(of, start, end, window), **habits(of, start, end)}


def activity(of: Shop, start: date, end: date) -> dict[str, float | None]:
    bought, everything = within(of.known, start, end), within(of.orders, start, end)
    back = within(of.returns, start, end)
    revenue, active = bought["value"].sum(), bought["customer"].nunique()
    by_customer = bought.groupby("customer")["value"].sum().sort_values(ascending=False)
    top = by_customer.head(math.ceil(round(0.2 * active, 9)))
    return {
        "customers_active": active,
        "orders": len(bought),
        "revenue": revenue,
        "revenue_net": revenue - back.loc[back["customer"].notna(), "value"].sum(),
        "average_order_value": revenue / len(bought) if len(bought) else None,
        "purchase_frequency": len(bought) / active if active else None,
        "revenue_share_top20": top.sum() / revenue if active else None,
        "orders_all": len(everything),
        "revenue_all": everything["value"].sum(),
    }


def bridge(of: Shop, start: date, end: date, window: int | None) -> dict[str, float | None]:
    start_from = start - timedelta(days=window) if window else preceding(start, end)
    end_from = end - timedelta(days=window) if window else start
    at_start, at_end = people(within(of.known, start_from, start)), people(within(of.known, end_from, end))
    first = of.known.groupby("customer")["day"].min()
    fresh = set(first[(first >= pd.Timestamp(start)) & (first < pd.Timestamp(end))].index)
    lost, new = at_start - at_end, fresh & at_end
    known = len(of.orders) > 0 and of.orders["day"].min() <= pd.Timestamp(start_from)
    n = len(at_start)
    return {
        "customers_start": n,
        "customers_end": len(at_end),
        "customers_lost": len(lost),
        "customers_new": len(new) if known else None,
        "customers_returned": len(at_end - at_start - new) if known else None,
        "retention_rate": len(at_start & at_end) / n if n else None,
        "retention_rate_formula": (len(at_end) - len(new)) / n if n and known else None,
        "churn_rate": len(lost) / n if n else None,
        "loyal_frequency_ratio": _loyalty(within(of.known, start, end), fresh) if known else None,
    }


def _loyalty(bought: pd.DataFrame, fresh: set[object]) -> float | None:
    is_new = bought["customer"].isin(fresh)
    per_customer = [
        len(part) / part["customer"].nunique() if len(part) else None for part in (bought[~is_new], bought[is_new])
    ]
    loyal, new = per_customer
    return None if loyal is None or new is None else loyal / new


def habits(of: Shop, start: date, end: date) -> dict[str, float | None]:
    so_far = of.known[of.known["day"] < pd.Timestamp(end)].groupby("customer").size()
    days = of.known.drop_duplicates(["customer", "day"]).sort_values(["customer", "day"])
    gaps = days.groupby("customer")["day"].diff().dt.days
    gaps = gaps[(days["day"] >= pd.Timestamp(start)) & (days["day"] < pd.Timestamp(end))].dropna()
    return {
        "repeat_purchase_rate": (so_far >= 2).mean() if len(so_far) else None,
        "median_days_between_orders": gaps.median() if len(gaps) else None,
        "second_order_within_90d": _second_orders(of, days),
    }


def _second_orders(of: Shop, days: pd.DataFrame) -> float | None:
    first = days.groupby("customer")["day"].nth(0)
    first = pd.Series(first.to_numpy(), index=days.loc[first.index, "customer"])
    second = days.groupby("customer")["day"].nth(1)
    second = pd.Series(second.to_numpy(), index=days.loc[second.index, "customer"])
    ripe = first[first <= of.orders["day"].max() - pd.Timedelta(days=90)]
    later = (second.reindex(ripe.index) - ripe).dt.days
    return float((later <= 90).mean()) if len(ripe) else None


def cohorts(of: Shop, by: str) -> dict[date, list[int | None]]:
    """Return, per cohort, the customers active in each unit up to the last of the data; None once it is not over."""
    frequency = {"month": "M", "quarter": "Q", "week": "W-SUN"}[by]
    table = of.known.assign(unit=of.known["day"].dt.to_period(frequency))
    table["cohort"] = table.groupby("customer")["unit"].transform("min")
    active = table.groupby(["cohort", "unit"])["customer"].nunique().unstack(fill_value=0)
    last = of.orders["day"].max()
    return {
        cohort.start_time.date(): [
            int(row.get(unit, 0)) if unit.end_time.normalize() <= last else None
            for unit in pd.period_range(cohort, last.to_period(frequency), freq=frequency)
        ]
        for cohort, row in active.iterrows()
    }


def rfm(of: Shop, as_of: date, ties: str = "low") -> pd.DataFrame:
    """Return recency, frequency, monetary and their scores per customer."""
    bought = of.known[of.known["day"] < pd.Timestamp(as_of)]
    table = bought.groupby("customer").agg(last=("day", "max"), frequency=("day", "size"), monetary=("value", "sum"))
    table["recency"] = (pd.Timestamp(as_of) - table.pop("last")).dt.days
    for measure, score in (("recency", "r"), ("frequency", "f"), ("monetary", "m")):
        limits = [round(table[measure].quantile(share), 6) for share in (0.2, 0.4, 0.6, 0.8)]
        values = table[measure].round(6)
        table[score] = 1 + sum((values > limit if ties == "low" else values >= limit).astype(int) for limit in limits)
    table["r"] = 6 - table["r"]
    return table.sort_index()
