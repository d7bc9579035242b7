"""Write the figures of a map as JSON, the same for the command line and the API."""

from stammkunde.insights.documents import Document
from stammkunde.insights.journey_values import Cell, JourneyFigures, PathFigure
from stammkunde.journeys.signals import duration_text


def as_json(figures: JourneyFigures) -> Document:
    """Return customers and events of each touchpoint, and how many moved on along each path.

    `customers` and `events` are null where they are unknown, and `unknown` says why. `matured` entered long enough
    before the end to be judged, `moved_on` counts among them; `method` says what `share` rests on.
    """
    return {
        "journey": figures.journey,
        "version": figures.version,
        "touchpoints": [_touchpoint(cell) for cell in figures.cells.values()],
        "paths": [_path(path) for path in figures.paths],
    }


def _touchpoint(cell: Cell) -> Document:
    if cell.unknown:
        return {"id": cell.touchpoint, "customers": None, "events": None, "unknown": str(cell.unknown)}
    return {"id": cell.touchpoint, "customers": cell.customers, "events": cell.events}


def _path(path: PathFigure) -> Document:
    return {
        "from": path.start,
        "to": path.end,
        "within": duration_text(path.within) if path.within else None,
        "entered": path.entered,
        "matured": path.matured,
        "moved_on": path.moved_on,
        "share": path.share,
        "interval": list(path.interval) if path.interval else None,
        "median_days": round(path.median_days, 4) if path.median_days is not None else None,
        "method": path.method,
        "horizon_days": path.horizon_days,
    }
