"""Write figures as JSON documents: the API and the command line say the same in the same words."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from stammkunde import metrics

Document = dict[str, Any]


def figures_document(figures: Sequence[metrics.Figure]) -> Document:
    """Return `{"figures": [...]}`; `to` is the last day that still counts."""
    return {"figures": [_figure(figure) for figure in figures]}


def cohorts_document(cohorts: Sequence[metrics.Cohort]) -> Document:
    """Return `{"cohorts": [...]}`; units that are not over yet are null."""
    return {
        "cohorts": [
            {
                "cohort": cohort.label,
                "size": cohort.size,
                "active": list(cohort.active),
                "truncated": cohort.truncated,
            }
            for cohort in cohorts
        ]
    }


def rfm_document(rfm: metrics.RFM) -> Document:
    """Return `{"as_of", "boundaries", "groups": [...]}`; `as_of` is the day looked from, money in currency units."""
    limits = rfm.boundaries
    return {
        "as_of": rfm.as_of.isoformat() if rfm.as_of else None,
        "boundaries": {
            "rule": limits.rule,
            "ties": limits.ties,
            "recency_days": list(limits.recency_days),
            "frequency": list(limits.frequency),
            "monetary": list(limits.monetary),
        },
        "groups": [
            {
                "name": row.name,
                "customers": row.customers,
                "revenue": row.revenue,
                "share": row.share,
                "revenue_share": row.revenue_share,
            }
            for row in rfm.groups
        ],
    }


def last_day(end: date) -> date:
    """Return the last day before the end of a half-open period."""
    return end - timedelta(days=1)


def _figure(figure: metrics.Figure) -> Document:
    return {
        "name": figure.name,
        "from": figure.period.start.isoformat(),
        "to": last_day(figure.period.end).isoformat(),
        "value": figure.value,
        "unit": figure.unit,
        "n": figure.n,
        "interval": list(figure.interval) if figure.interval else None,
        "definition": figure.definition,
        "why_unknown": figure.why_unknown,
        "grade": figure.grade,
    }
