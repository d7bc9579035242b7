"""Figures for programs: GET /api/v1/figures, /cohorts and /rfm say the same as the pages."""

from datetime import date, timedelta
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError

from stammkunde.accounts.access import person
from stammkunde.api.checkup import router as checkup
from stammkunde.api.journey_figures import router as journey_figures
from stammkunde.api.journeys import router as journeys
from stammkunde.api.problems import EARLIEST, LATEST, WHAT_TO_DO, problem, unfit
from stammkunde.api.segments import router as segments
from stammkunde.insights import documents, figures, segmenting
from stammkunde.kernel import clock
from stammkunde.kernel.errors import WrongInput
from stammkunde.kernel.periods import Period, Unit
from stammkunde.segments.definitions import NoSuchSegment
from stammkunde.segments.histories import NoSuchCustomer

api = NinjaAPI(
    title="Stammkunde",
    version="1",
    urls_namespace="api",
    description="Every figure of the pages, by the same names and definitions. "
    "Log in, or send an API key as `Authorization: Bearer …`.",
    docs_url=None,
)


api.add_router("/checkup", checkup)
api.add_router("/segments", segments)
api.add_router("/journeys", journeys)
api.add_router("/journeys", journey_figures)


class NothingYet(WrongInput):
    """Nothing has been imported yet; import orders first."""


@api.exception_handler(WrongInput)
def wrong_input(request: HttpRequest, error: WrongInput) -> HttpResponse:
    """Answer with a problem document that says what to do; 404 where the address itself names what there is not."""
    named_by_address = bool(request.resolver_match and request.resolver_match.kwargs)
    gone = named_by_address and isinstance(error, NoSuchSegment | NoSuchCustomer)
    return problem(404 if gone else 422, str(error))


@api.exception_handler(ValidationError)
def unfit_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer which parameter is not as it must be."""
    return unfit(error.errors)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer to what cannot be read at all."""
    return problem(error.status_code, f"{error}. {WHAT_TO_DO.get(error.status_code, '')}".strip())


@api.get("/", url_name="root", summary="What there is")
def get_root(request: HttpRequest) -> documents.Document:
    """Return the addresses of this interface, each with what it answers."""
    return {"title": api.title, "version": api.version, "description": api.description, "addresses": _addresses()}


@api.get("/figures", url_name="figures", summary="Figures of a period, or of each unit in it")
def get_figures(
    request: HttpRequest,
    name: Annotated[list[str] | None, Query(description="names of figures; all when left out")] = None,
    start: Annotated[date | None, Query(ge=EARLIEST, le=LATEST, alias="from", description="first day")] = None,
    to: Annotated[date | None, Query(ge=EARLIEST, le=LATEST, description="last day; it still counts")] = None,
    by: Annotated[Unit | None, Query(description="one figure for each of these units")] = None,
    window: Annotated[int | None, Query(ge=1, le=36_500, description="days that make somebody there")] = None,
    segment: Annotated[str | None, Query(description="only of the customers in this segment")] = None,
    where: Annotated[str | None, Query(description="only of the customers of whom this condition is true")] = None,
) -> documents.Document:
    """Return the figures; without a period those of the last complete quarter."""
    period, among = _period(start, to, whole=by is not None), _among(request, segment, where)
    if by:
        from stammkunde import metrics

        rows = figures.series(name or list(metrics.FIGURES), period=period, by=by, window=window, among=among)
        return documents.figures_document([figure for row in rows for figure in row])
    return documents.figures_document(figures.answer(name, period=period, window=window, among=among))


@api.get("/cohorts", url_name="cohorts", summary="Who came back, by the time of the first order")
def get_cohorts(
    request: HttpRequest,
    by: Annotated[Literal["month", "week", "quarter"], Query()] = "month",
    start: Annotated[date | None, Query(ge=EARLIEST, le=LATEST, alias="from", description="first day")] = None,
    to: Annotated[date | None, Query(ge=EARLIEST, le=LATEST, description="last day; it still counts")] = None,
    segment: Annotated[str | None, Query(description="only of the customers in this segment")] = None,
    where: Annotated[str | None, Query(description="only of the customers of whom this condition is true")] = None,
) -> documents.Document:
    """Return the cohorts; units that are not over yet are null."""
    return documents.cohorts_document(
        figures.cohorts(by=by, start=start, end=_after(to), among=_among(request, segment, where))
    )


@api.get("/rfm", url_name="rfm", summary="Groups by recency, frequency and monetary value")
def get_rfm(
    request: HttpRequest,
    as_of: Annotated[
        date | None, Query(ge=EARLIEST, le=LATEST, description="look from this day; the end of the data when left out")
    ] = None,
    ties: Annotated[Literal["low", "high"], Query(description="score of a value on a boundary")] = "low",
    segment: Annotated[str | None, Query(description="only of the customers in this segment")] = None,
    where: Annotated[str | None, Query(description="only of the customers of whom this condition is true")] = None,
) -> documents.Document:
    """Return the named groups and the boundaries of the scores; a segment is scored among all customers."""
    return documents.rfm_document(figures.rfm(as_of=as_of, ties=ties, among=_among(request, segment, where)))


def _addresses() -> list[documents.Document]:
    """Return what the description of the interface names, in short."""
    paths = api.get_openapi_schema()["paths"]
    return [
        {"method": method.upper(), "address": address, "answer": operation.get("summary", "")}
        for address, operations in paths.items()
        for method, operation in operations.items()
    ]


def _period(start: date | None, to: date | None, *, whole: bool) -> Period:
    current = figures.mirror()
    if current is None or current.first_day is None or current.end is None:
        raise NothingYet("Nothing has been imported yet; import orders first.")
    usual = figures.usual_period()
    if start is None and to is None and not whole and usual:
        return usual
    return Period(start or current.first_day, _after(to) or current.end)


def _among(request: HttpRequest, segment: str | None, where: str | None) -> figures.Among | None:
    personal = person(request).may("see_addresses")
    return segmenting.chosen(segment=segment, where=where, now=clock.now(), personal=personal)


def _after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None
