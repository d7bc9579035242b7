"""Read the published maps for the check-up."""

from dataclasses import dataclass
from datetime import datetime

from stammkunde.journeys import maps
from stammkunde.journeys.document import Journey


@dataclass(frozen=True)
class MapRead:
    """A published map: what it says, since when, and when somebody went through it last."""

    slug: str
    title: str
    title_en: str
    digest: str
    journey: Journey
    published_at: datetime
    reviewed_at: datetime | None


def published() -> tuple[MapRead, ...]:
    """Return the maps that are published and not put aside."""
    return tuple(
        MapRead(
            slug=one.slug,
            title=one.title_in("de"),
            title_en=one.title_in("en"),
            digest=one.current.digest,
            journey=maps.journey_of(one.current),
            published_at=one.current.created_at,
            reviewed_at=one.reviewed_at,
        )
        for one in maps.maps()
        if one.current is not None
    )
