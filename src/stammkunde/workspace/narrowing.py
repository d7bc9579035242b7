"""Let the reader look at one segment instead of all customers; the choice lives in the address (`?segment=`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from stammkunde.insights import segmenting
from stammkunde.insights.figures import Among
from stammkunde.segments import definitions
from stammkunde.segments.models import Segment
from stammkunde.segments.privacy import names_members


@dataclass(frozen=True)
class Narrowing:
    """The segments to choose from, the chosen one, and its customers; None means everybody."""

    choices: list[tuple[str, str]]
    name: str = ""
    among: Among | None = None

    @property
    def title(self) -> str:
        """Return what the chosen segment is called."""
        return dict(self.choices).get(self.name, "")


def segment_titles(*, naming: bool = False, personal: bool = True) -> list[tuple[str, str]]:
    """Return the names and titles of all segments, by title.

    For lists that name customers (`naming`) those are left out whose members may not be named to the reader.
    """
    language = (get_language() or "de")[:2]
    known = definitions.conditions() if naming and not personal else {}
    titles = [
        (segment.name, segment.title_in(language))
        for segment in Segment.objects.all()
        if names_members(segment.name, known, personal=personal or not naming)
    ]
    return sorted(titles, key=lambda one: one[1].casefold())


def narrowing(query: Mapping[str, str], *, now: datetime) -> Narrowing:
    """Read the segment from an address; one that does not exist is as if it were not asked."""
    choices, name = segment_titles(), query.get("segment", "")
    if name not in dict(choices):
        return Narrowing(choices)
    return Narrowing(choices, name, segmenting.chosen(segment=name, where=None, now=now))
