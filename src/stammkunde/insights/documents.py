"""Write figures as JSON documents: the API and the command line say the same in the same words."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from stammkunde import metrics
from stammkunde.segments.listing import Listed, Member
from stammkunde.segments.reasons import Why

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


def segments_document(segments: Sequence[Listed]) -> Document:
    """Return `{"segments": [...]}`; `count` is null while a segment has not been counted."""
    return {"segments": [segment_document(one) for one in segments]}


def segment_document(one: Listed) -> Document:
    """Return one segment with its texts, its condition and its size."""
    segment = one.segment
    return {
        "name": segment.name,
        "title": {"de": segment.title_in("de"), "en": segment.title_in("en")},
        "purpose": {"de": segment.purpose_in("de"), "en": segment.purpose_in("en")},
        "condition": segment.text,
        "ready": segment.ready,
        "count": one.members if one.filled else None,
        "of": one.of,
        "as_of": one.checked_at.isoformat() if one.checked_at else None,
    }


def members_document(members: Sequence[Member]) -> Document:
    """Return `{"members": [...]}` in the order of customer numbers."""
    return {
        "members": [{"customer": one.customer, "since": one.since.isoformat(), "cause": one.cause} for one in members]
    }


def why_document(why: Why) -> Document:
    """Return whether a customer is a member, since and until when, and why in both languages."""
    return {
        "customer": why.customer,
        "member": why.value is True,
        "value": why.value,
        "since": why.since.isoformat() if why.since else None,
        "until": why.until.isoformat() if why.until else None,
        "reason": why.reason,
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
