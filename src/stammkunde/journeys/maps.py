"""Keep maps: look them up, publish versions that stay as they are, go back to an earlier one, archive."""

import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from django.db import transaction
from django.db.models import Max, QuerySet

from stammkunde.accounts import audit
from stammkunde.accounts.models import ApiKey, User
from stammkunde.conditions.tokens import nearest
from stammkunde.journeys.document import Journey
from stammkunde.journeys.fields import ID
from stammkunde.journeys.fields import slug as slug_of
from stammkunde.journeys.lint import sound
from stammkunde.journeys.models import Map, MapVersion
from stammkunde.journeys.reading import read, usable
from stammkunde.journeys.writing import written
from stammkunde.kernel.errors import WrongInput

# What the addresses of pages and interface mean by these words.
RESERVED = frozenset({"new", "import", "check"})
_HEAD = re.compile(r"^journey:.*$", re.MULTILINE)
_VERSION = re.compile(r"^version:.*$", re.MULTILINE)


class NoSuchMap(WrongInput):
    """There is no map of this name; the message names the nearest one."""


class NotPublished(WrongInput):
    """The map has no version yet: it shows figures once its draft is published."""


class NameTaken(WrongInput):
    """Another map has this name already: choose another one, or publish a new version of that map."""


class BadName(WrongInput):
    """A short name cannot be used; the message says what can."""


def maps(*, archived: bool = False) -> QuerySet[Map]:
    """Return the maps by name with their current versions; archived ones only when asked for."""
    found = Map.objects.select_related("current").order_by("slug")
    return found if archived else found.filter(archived_at=None)


def find(slug: str) -> Map:
    """Return the map of this name; raises NoSuchMap."""
    found = Map.objects.select_related("current").filter(slug=slug).first()
    if found is None:
        guess = nearest(slug, list(Map.objects.values_list("slug", flat=True)))
        raise NoSuchMap(f"There is no map “{slug}”." + (f" Did you mean “{guess}”?" if guess else ""))
    return found


def version(slug: str, number: int | None = None) -> MapVersion:
    """Return the current version of a map, or the one of a number; raises NoSuchMap or NotPublished."""
    found = find(slug)
    if number is None:
        if found.current is None:
            raise NotPublished(f"Map “{slug}” is a draft only: publish it first.")
        return found.current
    numbered = MapVersion.objects.filter(map=found, number=number).first()
    if numbered is None:
        raise NoSuchMap(f"Map “{slug}” has no version {number}.")
    return numbered


def current(slug: str) -> Journey:
    """Return what the current version of a map says."""
    return journey_of(version(slug))


def journey_of(found: MapVersion) -> Journey:
    """Return what a version says."""
    return _parsed(found.text)


def digest(text: str) -> str:
    """Return the fingerprint of a text, as versions keep it."""
    return sha256(text.encode()).hexdigest()


def bring(
    text: str, *, slug: str = "", note: str = "", by: User | ApiKey | None, now: datetime
) -> tuple[MapVersion, bool]:
    """Publish a text at once: as the next version of the map it names, or of a new map.

    Returns the version, and whether it is new: a text that says what the current version says makes none. Raises
    BadMap when the text cannot be used.
    """
    name = fit_name(slug or sound(text).id)
    with transaction.atomic():
        found, _created = Map.objects.select_for_update().get_or_create(slug=name, defaults={"created_at": now})
        return put(found, text, note=note, by=by, now=now)


def put(found: Map, text: str, *, note: str = "", by: User | ApiKey | None, now: datetime) -> tuple[MapVersion, bool]:
    """Publish a text as the next version of a map; call it in a transaction that holds the map's row."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    before = found.current
    if before is not None and stamped(text, found.slug, before.number) == before.text:
        audit.nothing_changed()
        return before, False
    last: int = MapVersion.objects.filter(map=found).aggregate(last=Max("number"))["last"] or 0
    number = max(last + 1, usable(text).version)
    final = stamped(text, found.slug, number)
    journey = sound(final)
    made = MapVersion.objects.create(
        map=found,
        number=number,
        text=final,
        digest=digest(final),
        note=note[:200],
        created_at=now,
        created_by=by.user if isinstance(by, ApiKey) else by,
    )
    found.current = made
    found.title = journey.label.in_language("de")[:200]
    found.title_en = journey.label.in_language("en")[:200]
    found.archived_at = None
    found.save()
    audit.note("map.published", by=by, about=found, detail={"map": found.slug, "version": number}, now=now)
    return made, True


def roll_back(slug: str, number: int, *, by: User | ApiKey | None, now: datetime) -> MapVersion:
    """Publish what an earlier version said as the newest one; what lies between stays in the history."""
    with transaction.atomic():
        found = Map.objects.select_for_update().get(pk=find(slug).pk)
        made, _new = put(found, version(slug, number).text, note=f"= {number}", by=by, now=now)
    return made


def archive(slug: str, *, by: User | ApiKey | None, now: datetime) -> None:
    """Put a map aside; it keeps its versions and can be taken out again."""
    _mark(slug, "map.archived", by=by, now=now, archived_at=now)


def take_out(slug: str, *, by: User | ApiKey | None, now: datetime) -> None:
    """Take a map out of the archive."""
    _mark(slug, "map.taken_out", by=by, now=now, archived_at=None)


def reviewed(slug: str, *, by: User, now: datetime) -> None:
    """Remember that somebody has gone through the map with the figures in hand."""
    _mark(slug, "map.reviewed", by=by, now=now, reviewed_at=now, reviewed_by=by)


def stamped(text: str, slug: str, number: int) -> str:
    """Return the text with the map's name and the number of its version; everything else, comments too, stays."""
    journey = usable(text)
    head = f"journey: {slug}" if _VERSION.search(text) else f"journey: {slug}\nversion: {number}"
    changed = _VERSION.sub(f"version: {number}", _HEAD.sub(head, text, count=1), count=1)
    wanted = replace(journey, id=slug, version=number)
    return changed if read(changed).journey == wanted else written(wanted)


def fit_name(name: str) -> str:
    """Return the name of a map unchanged if it can be one; raises BadName."""
    if not ID.fullmatch(name):
        raise BadName(f"“{name[:80]}” is no short name: use small letters, digits, - and _, at most 64.")
    if name in RESERVED:
        raise BadName(f"“{name}” is an address of the pages: choose another name.")
    return name


def free_name(wish: str) -> str:
    """Return a short name that no map has yet, as near to the wish as can be."""
    base = slug_of(wish) or "map"
    taken = {*Map.objects.filter(slug__startswith=base[:58]).values_list("slug", flat=True), *RESERVED}
    names = (base, *(f"{base[:58]}-{count}" for count in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _mark(slug: str, action: str, *, by: User | ApiKey | None, now: datetime, **values: object) -> None:
    found = find(slug)
    with transaction.atomic():
        Map.objects.filter(pk=found.pk).update(**values)
        audit.note(action, by=by, about=found, detail={"map": slug}, now=now)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Journey:
    return usable(text)
