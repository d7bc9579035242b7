"""Segments for programs: list them, count, read members page by page, test a condition, ask why."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AfterValidator

from stammkunde.accounts.access import person
from stammkunde.api.problems import bearable_moment, bearable_text
from stammkunde.conditions import describe
from stammkunde.insights import documents, segmenting
from stammkunde.kernel import clock
from stammkunde.segments import definitions, listing, reasons
from stammkunde.segments.histories import NoSuchCustomer

router = Router()


class Test(Schema):
    """A condition to be tried out, and the moment as of which it is asked (now, when left out)."""

    condition: Annotated[str, AfterValidator(bearable_text)]
    as_of: Annotated[datetime | None, AfterValidator(bearable_moment)] = None


@router.get("", url_name="segments", summary="All segments with their sizes")
def get_segments(request: HttpRequest) -> documents.Document:
    """Return the segments as they were counted last."""
    return documents.segments_document(listing.listed())


@router.post("/test", url_name="segment-test", summary="Try a condition: read it, say it in words, count")
def test_condition(request: HttpRequest, asked: Test) -> documents.Document:
    """Return what a condition says in words and of how many customers it is true; nothing is saved."""
    condition = segmenting.allowed(asked.condition, personal=person(request).may("see_addresses"))
    as_of = asked.as_of or clock.now()
    found = segmenting.count(asked.condition, now=as_of if as_of.tzinfo else as_of.astimezone())
    words = {"de": describe(condition, "de"), "en": describe(condition, "en")}
    return {"count": found.count, "of": found.of, "as_of": found.as_of.isoformat(), "words": words}


@router.get("/{name}", url_name="segment", summary="One segment with its size")
def get_segment(request: HttpRequest, name: str) -> documents.Document:
    """Return one segment."""
    definitions.find(name)
    [found] = listing.listed([name])
    return documents.segment_document(found)


@router.get("/{name}/members", url_name="segment-members", summary="The members, page by page")
def get_members(
    request: HttpRequest,
    name: str,
    after: Annotated[int, Query(ge=0, le=2**63 - 1, description="the last customer of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=10_000, description="so many at most")] = 100,
) -> documents.Document:
    """Return members in the order of their numbers; `next` is the `after` of the following page, null at the end."""
    members = listing.members(name, after=after, limit=limit)
    following = members[-1].customer if len(members) == limit else None
    return {**documents.members_document(members), "next": following}


@router.get("/{name}/why/{int:customer}", url_name="segment-why", summary="Why is this customer in it, or not?")
def get_why(request: HttpRequest, name: str, customer: int) -> documents.Document:
    """Return whether the customer is in the segment, since when, until when, and why."""
    return documents.why_document(reasons.why(name, NoSuchCustomer.unless_known(customer), now=clock.now()))
