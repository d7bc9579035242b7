"""Find the map that an address names, and what it says now."""

from django.http import Http404
from django.utils.translation import gettext

from stammkunde.journeys import drafts, maps
from stammkunde.journeys.document import Journey
from stammkunde.journeys.models import Map
from stammkunde.journeys.problems import BadMap


def map_or_404(slug: str) -> Map:
    """Return the map of this name, or answer that there is none."""
    try:
        return maps.find(slug)
    except maps.NoSuchMap as missing:
        raise Http404(gettext("There is no map of this name.")) from missing


def shown(found: Map) -> Journey:
    """Return what a map says: its current version or, before the first one, its draft."""
    if found.current is not None:
        return maps.journey_of(found.current)
    draft = drafts.draft_of(found)
    if draft is None:
        raise Http404(gettext("There is no map of this name."))
    try:
        return drafts.journey_of(draft)
    except BadMap as wrong:
        raise Http404(str(wrong)) from wrong


def title(found: Map, journey: Journey, language: str) -> str:
    """Return what a map is called, as it stands in the map itself."""
    return journey.label.in_language(language) or found.title_in(language)
