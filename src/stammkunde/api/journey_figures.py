"""What is known of a map, for programs: figures, ways, pains, and where it has drifted."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from stammkunde.insights import (
    figures,
    journey_asking,
    journey_documents,
    journey_drift,
    journey_figures,
    journey_paths,
    journey_priorities,
    segmenting,
)
from stammkunde.insights.documents import Document
from stammkunde.journeys import maps
from stammkunde.kernel import clock

router = Router()
Start = Annotated[date | None, Query(alias="from", description="first day")]
Last = Annotated[date | None, Query(description="last day; it still counts")]
Segment = Annotated[str | None, Query(description="only of the customers in this segment")]
Where = Annotated[str | None, Query(description="only of the customers of whom this condition is true")]
Number = Annotated[int | None, Query(description="an earlier version")]


@router.get("/{name}/figures", url_name="journey-figures", summary="Who was where, and how many moved on")
def get_figures(
    request: HttpRequest,
    name: str,
    start: Start = None,
    to: Last = None,
    segment: Segment = None,
    where: Where = None,
    version: Number = None,
) -> Document:
    """Return the figures of a map's touchpoints and paths in a period; without one, of all data."""
    now, period = clock.now(), journey_asking.period(start, to)
    among = segmenting.chosen(segment=segment, where=where, now=now)
    journey = maps.journey_of(maps.version(name, version))
    found = journey_figures.figures(
        journey,
        figures.snapshot(),
        start=period.start,
        end=period.end,
        among=among,
        now=now,
    )
    document: Document = journey_figures.as_json(found)
    return document


@router.get("/{name}/paths", url_name="journey-paths", summary="The ways really taken, beside those planned")
def get_paths(request: HttpRequest, name: str, start: Start = None, to: Last = None) -> Document:
    """Return the most frequent ways, transitions, drop-off points and the share of customers off the map."""
    period = journey_asking.period(start, to)
    found = journey_paths.ways(
        maps.current(name), figures.snapshot(), start=period.start, end=period.end, now=clock.now()
    )
    document: Document = journey_documents.plain(found)
    return document


@router.get("/{name}/drift", url_name="journey-drift", summary="Where map and reality have grown apart")
def get_drift(request: HttpRequest, name: str) -> Document:
    """Return events that no touchpoint explains, touchpoints without events, and ways that the map does not know."""
    document: Document = journey_documents.plain(
        journey_drift.drift(maps.current(name), figures.snapshot(), now=clock.now())
    )
    return document


@router.get("/{name}/pains", url_name="journey-pains", summary="Pains and opportunities, the most worthwhile first")
def get_pains(request: HttpRequest, name: str, start: Start = None, to: Last = None) -> Document:
    """Return whom each pain concerns per month, and what doing something about it is worth."""
    period = journey_asking.period(start, to)
    found = journey_priorities.priorities(
        maps.current(name), figures.snapshot(), start=period.start, end=period.end, now=clock.now()
    )
    document: Document = journey_documents.plain(found)
    return document
