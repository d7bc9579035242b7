"""Save segments and look them up: names, what they say, and that they do not go in a circle."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import md5
from typing import cast
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from stammkunde.accounts.models import Business
from stammkunde.conditions import (
    BadCondition,
    Condition,
    check_segments,
    concerns,
    parse,
)
from stammkunde.conditions import check as problems_of
from stammkunde.conditions.tokens import nearest
from stammkunde.conditions.writing import written
from stammkunde.kernel.errors import WrongInput
from stammkunde.metrics import Mirror
from stammkunde.segments.models import Segment, Watch
from stammkunde.segments.vocabulary import vocabulary

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
OWN_KINDS = frozenset({"segment.entered", "segment.left"})


class BadSegment(WrongInput):
    """A segment cannot be saved or removed like this; the message says what to change."""


class NoSuchSegment(WrongInput):
    """There is no segment of this name; the message names the nearest one."""


@dataclass(frozen=True)
class Known:
    """All segments as they stand: their conditions by name, and the time zone in which they count days."""

    conditions: Mapping[str, Condition]
    zone: ZoneInfo

    def fingerprint(self, name: str) -> str:
        """Return a text that changes when the segment, one within it, or the time zone does."""
        inner = sorted(concerns(self.conditions[name], self.conditions).segments - {name})
        parts = [str(self.zone), *(written(self.conditions[one]) for one in (name, *inner))]
        return md5("\x1f".join(parts).encode(), usedforsecurity=False).hexdigest()


def known() -> Known:
    """Return all segments as they stand now."""
    texts = Segment.objects.order_by("name").values_list("name", "text")
    return Known({name: _parsed(text) for name, text in texts}, Business.current().zone)


def conditions() -> dict[str, Condition]:
    """Return the conditions of all segments by name."""
    return dict(known().conditions)


def changed_at() -> datetime | None:
    """Return when a segment was saved last; a worker that has counted since need not look again for that."""
    newest = Segment.objects.aggregate(newest=Max("updated_at"))["newest"]
    return cast("datetime | None", newest)


def find(name: str) -> Segment:
    """Return the segment of this name; raises NoSuchSegment."""
    found = Segment.objects.filter(name=name).first()
    if found is None:
        guess = nearest(name, list(Segment.objects.values_list("name", flat=True)))
        raise NoSuchSegment(f"There is no segment “{name}”." + (f" Did you mean “{guess}”?" if guess else ""))
    return found


def check(text: str, *, name: str = "", mirror: Mirror | None = None) -> Condition:
    """Return the condition that the text says; raises BadCondition for the first thing that is wrong with it.

    `name` is that of the segment it is to become. The mirror tells which custom kinds and traits the log knows.
    """
    condition = parse(text)
    others = conditions()
    problems = problems_of(condition, vocabulary(mirror, segments=[*others, name] if name else list(others)))
    if not problems:
        problems = check_segments({**others, name: condition} if name else {**others, "": condition})
    if problems:
        raise problems[0]
    if name and concerns(condition, others).kinds & OWN_KINDS:
        raise BadCondition(
            "A segment cannot ask who enters or leaves segments, for that depends on it in turn: "
            'ask `in segment("…")` instead.'
        )
    return condition


def save(
    name: str,
    text: str,
    *,
    now: datetime,
    title: str | None = None,
    title_en: str | None = None,
    purpose: str | None = None,
    purpose_en: str | None = None,
    mirror: Mirror | None = None,
) -> Segment:
    """Create the segment or change what is given of it; raises BadSegment or BadCondition before anything changes."""
    if not _NAME.fullmatch(name):
        raise BadSegment(
            f"{name!r} is no name of a segment: begin with a small letter, then letters, digits, - and _; at most 64."
        )
    with transaction.atomic():
        check(text, name=name, mirror=mirror)
        told = {"title": title, "title_en": title_en, "purpose": purpose, "purpose_en": purpose_en}
        values = {field: value for field, value in told.items() if value is not None}
        segment, created = Segment.objects.select_for_update().get_or_create(
            name=name, defaults={**values, "text": text.strip(), "created_at": now, "updated_at": now}
        )
        if not created:
            Segment.objects.filter(pk=segment.pk).update(**values, text=text.strip(), updated_at=now)
            segment.refresh_from_db()
        Watch.objects.get_or_create(segment=segment)
    return segment


def remove(name: str) -> None:
    """Delete a segment and its memberships; refused while other segments refer to it."""
    with transaction.atomic():
        segment = find(name)
        users = sorted(one for one, condition in conditions().items() if name in concerns(condition).segments)
        if users:
            raise BadSegment(f"“{name}” is used by {', '.join(f'“{one}”' for one in users)}: change these first.")
        segment.delete()


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Condition:
    return parse(text)
