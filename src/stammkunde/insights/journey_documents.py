"""Write maps and what is known of them as JSON documents, the same for the API and the command line."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from stammkunde.conditions.local_clock import Duration
from stammkunde.insights.documents import Document
from stammkunde.journeys.document import Journey, Label
from stammkunde.journeys.models import Map, MapVersion
from stammkunde.journeys.problems import Problem
from stammkunde.journeys.signals import duration_text


def maps_document(maps: Iterable[Map]) -> Document:
    """Return `{"journeys": [...]}`; `version` is null while a map is a draft only."""
    return {"journeys": [map_document(one) for one in maps]}


def map_document(found: Map) -> Document:
    """Return one map without its contents."""
    return {
        "journey": found.slug,
        "title": {"de": found.title_in("de"), "en": found.title_in("en")},
        "version": found.current.number if found.current else None,
        "published_at": found.current.created_at.isoformat() if found.current else None,
        "digest": found.current.digest if found.current else None,
        "archived": found.archived_at is not None,
        "reviewed_at": found.reviewed_at.isoformat() if found.reviewed_at else None,
    }


def version_document(found: MapVersion, journey: Journey) -> Document:
    """Return one version with its contents, and as the text that it was published as."""
    return {
        **contents(journey),
        "digest": found.digest,
        "note": found.note,
        "published_at": found.created_at.isoformat(),
        "text": found.text,
    }


def contents(journey: Journey) -> Document:
    """Return what a map says: phases with their touchpoints, paths, opportunities, initiatives."""
    return {
        "journey": journey.id,
        "version": journey.version,
        "label": dict(journey.label.texts),
        "language": journey.language,
        "goal": journey.goal.touchpoint if journey.goal else None,
        "phases": [
            {
                "id": phase.id,
                "label": dict(phase.label.texts),
                "stage": phase.stage,
                "parent": phase.parent or None,
                "touchpoints": [
                    {
                        "id": one.id,
                        "label": dict(one.label.texts),
                        "kind": one.kind,
                        "channel": one.channel,
                        "owned_by": one.owned_by,
                        "initiator": one.initiator,
                        "moment_of_truth": one.moment_of_truth,
                        "owner": one.owner,
                        "signal": one.signal.text or None,
                        "no_signal": one.signal.none or one.signal.manual or None,
                        "pains": [{"id": pain.id, "label": dict(pain.label.texts)} for pain in one.pains],
                    }
                    for one in phase.touchpoints
                ],
            }
            for phase in journey.phases
        ],
        "paths": [
            {
                "from": path.start,
                "to": path.end,
                "within": duration_text(path.within) if path.within else None,
                "loop": path.loop,
            }
            for path in journey.paths
        ],
        "opportunities": [plain(one) for one in journey.opportunities],
        "initiatives": [plain(one) for one in journey.initiatives],
    }


def problems_document(problems: Iterable[Problem]) -> Document:
    """Return `{"ok", "problems": [...]}`; worth knowing only is what is not `severe`."""
    found = list(problems)
    return {
        "ok": not any(one.severe for one in found),
        "problems": [
            {
                "line": one.line,
                "touchpoint": one.place,
                "severe": one.severe,
                "message": one.message,
                "remedy": one.remedy,
                "de": {"message": one.what.de, "remedy": one.cure.de},
            }
            for one in found
        ],
    }


def plain(value: Any) -> Any:
    """Turn frozen values into what JSON knows: names of fields as keys, lengths of time and days as texts."""
    match value:
        case Duration():
            return duration_text(value)
        case Label():
            return dict(value.texts)
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {str(key): plain(one) for key, one in value.items()}
        case tuple() | list():
            return [plain(one) for one in value]
        case _ if is_dataclass(value):
            return {one.name: plain(getattr(value, one.name)) for one in fields(value) if one.name != "line"}
        case _:
            return value
