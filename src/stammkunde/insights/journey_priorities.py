"""Rank pains and opportunities: how many customers a month they concern, times what it would bring, per effort."""

from collections.abc import Mapping
from datetime import date, datetime

from stammkunde.insights.figures import Among
from stammkunde.insights.journey_pains import DAYS_PER_MONTH, pain_figures, reach_together
from stammkunde.insights.journey_values import OpportunityPriority, PainFigure, PainPriority, Priorities
from stammkunde.journeys.document import Journey, Opportunity
from stammkunde.metrics.mirror import Mirror


def priorities(
    journey: Journey, mirror: Mirror | None, *, start: date, end: date, now: datetime, among: Among | None = None
) -> Priorities:
    """Return pains and opportunities, the most worthwhile first.

    Priority = reach × impact × confidence ÷ effort in weeks; reach is the mean number of customers a month in the
    period, measured; a pain takes impact, confidence and effort from the opportunity that promises most for it.
    """
    measured = {} if mirror is None else pain_figures(journey, mirror, start=start, end=end, among=among, now=now)
    figures = {(name, figure.pain): figure for name, found in measured.items() for figure in found}
    pains = [
        _pain(journey, touchpoint.id, figures.get((touchpoint.id, pain.id), PainFigure(pain.id, None, None, None)))
        for touchpoint, pain in journey.pains()
    ]
    together = {} if mirror is None else reach_together(journey, mirror, start=start, end=end, among=among, now=now)
    opportunities = [_opportunity(one, figures, together) for one in journey.opportunities]
    return Priorities(
        tuple(sorted(pains, key=lambda one: (-_or_least(one.priority), -_or_least(one.reach), one.pain))),
        tuple(sorted(opportunities, key=lambda one: (-_or_least(one.priority), one.opportunity))),
        (end - start).days / DAYS_PER_MONTH,
    )


def priority(opportunity: Opportunity, reach: float | None) -> float | None:
    """Return reach × impact × confidence ÷ effort; None where the reach is unknown or the effort is none.

    >>> from stammkunde.journeys.document import Label
    >>> priority(Opportunity("x", Label(()), impact=2.0, confidence=0.5, effort_weeks=4.0), 100.0)
    25.0
    """
    if reach is None or opportunity.effort_weeks <= 0:
        return None
    return reach * opportunity.impact * opportunity.confidence / opportunity.effort_weeks


def _pain(journey: Journey, touchpoint: str, figure: PainFigure) -> PainPriority:
    reach = figure.per_month
    worth = [
        (_or_least(priority(one, reach)), one.id, priority(one, reach))
        for one in journey.opportunities
        if figure.pain in one.pains
    ]
    _, name, best = max(worth, default=(0.0, "", None))
    return PainPriority(figure.pain, touchpoint, figure, name, reach, best)


def _opportunity(
    opportunity: Opportunity, figures: Mapping[tuple[str, str], PainFigure], together: Mapping[str, float]
) -> OpportunityPriority:
    known = {pain for (_, pain), figure in figures.items() if figure.per_month is not None}
    unknown = tuple(pain for pain in opportunity.pains if pain not in known)
    reach = together.get(opportunity.id) if known & set(opportunity.pains) else None
    return OpportunityPriority(opportunity.id, reach, priority(opportunity, reach), unknown)


def _or_least(value: float | None) -> float:
    return -1.0 if value is None else value
