"""Journey maps for programs: list, read, check and publish them."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema

from stammkunde.accounts import audit
from stammkunde.insights import journey_asking, journey_documents
from stammkunde.insights.documents import Document
from stammkunde.journeys import maps
from stammkunde.kernel import clock

router = Router()
Number = Annotated[int | None, Query(description="an earlier version")]


class Sheet(Schema):
    """A map as YAML text; `name` takes the place of the one in the text, `note` says what has changed."""

    text: str
    name: str = ""
    note: str = ""


@router.get("", url_name="journeys", summary="All maps with their current versions")
def get_journeys(request: HttpRequest, archived: bool = False) -> Document:
    """Return the maps."""
    return journey_documents.maps_document(maps.maps(archived=archived))


@router.post("", url_name="journeys", summary="Publish a map, or the next version of one")
def post_journey(request: HttpRequest, sheet: Sheet) -> Document:
    """Publish the text; what says the same already makes no new version."""
    found, new = maps.bring(sheet.text, slug=sheet.name, note=sheet.note, by=audit.who(request), now=clock.now())
    return {"journey": found.map.slug, "version": found.number, "new": new, "digest": found.digest}


@router.post("/check", url_name="journey-check", summary="What is wrong with this map?")
def check_journey(request: HttpRequest, sheet: Sheet) -> Document:
    """Return every problem with line, touchpoint and remedy; nothing is saved."""
    return journey_documents.problems_document(journey_asking.examined(sheet.text, now=clock.now()).problems)


@router.get("/{name}", url_name="journey", summary="One map: what it says, and its text")
def get_journey(request: HttpRequest, name: str, version: Number = None) -> Document:
    """Return the current version of a map, or an earlier one."""
    found = maps.version(name, version)
    return journey_documents.version_document(found, maps.journey_of(found))
