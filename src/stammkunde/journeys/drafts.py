"""Change a map without haste: a draft that all editors share, with undo and redo, until it is published."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from stammkunde.accounts import audit
from stammkunde.accounts.models import ApiKey, User
from stammkunde.journeys.document import Journey
from stammkunde.journeys.maps import NameTaken, find, fit_name, put, stamped, version
from stammkunde.journeys.models import Map, MapDraft, MapDraftStep, MapVersion
from stammkunde.journeys.reading import usable
from stammkunde.journeys.writing import written
from stammkunde.kernel.errors import WrongInput

MOST_STEPS = 200
Operation = Callable[[Journey], Journey]


class ChangedMeanwhile(WrongInput):
    """Somebody else has changed the draft meanwhile: look at it as it stands now, then make your change again."""


class Overtaken(ChangedMeanwhile):
    """Another version was published since the draft began; publishing it once more is taken as meant."""


class NothingToUndo(WrongInput):
    """There is no earlier (or later) state to go to."""


def create(slug: str, text: str, *, by: User | ApiKey | None, now: datetime) -> Map:
    """Begin a new map with a draft of this text; raises NameTaken or BadMap."""
    text = stamped(text, fit_name(slug), 1)
    journey = usable(text)
    with transaction.atomic():
        titles = {"title": journey.label.in_language("de")[:200], "title_en": journey.label.in_language("en")[:200]}
        found, created = Map.objects.get_or_create(slug=slug, defaults={**titles, "created_at": now})
        if not created:
            raise NameTaken(f"There is a map “{slug}” already: choose another name.")
        _begin(found, 0, text, by=by, now=now)
        audit.note("map.created", by=by, about=found, detail={"map": slug}, now=now)
    return found


def draft_of(found: Map) -> MapDraft | None:
    """Return the draft of a map, if there is one."""
    return MapDraft.objects.filter(map=found).first()


def open_draft(found: Map, *, by: User | ApiKey | None, now: datetime) -> MapDraft:
    """Return the draft of a map; where there is none, it begins with the current version."""
    with transaction.atomic():
        locked = Map.objects.select_for_update().get(pk=found.pk)
        draft = draft_of(locked)
        if draft is not None:
            return draft
        base = version(locked.slug)
        return _begin(locked, base.number, base.text, by=by, now=now)


def journey_of(draft: MapDraft) -> Journey:
    """Return what a draft says."""
    return usable(draft.text)


def edit(
    found: Map, operation: Operation, *, what: str, turn: int, by: User | ApiKey | None, now: datetime
) -> MapDraft:
    """Change a draft by one operation of `editing`; raises ChangedMeanwhile when it is no longer at this turn."""
    with transaction.atomic():
        draft = _at_turn(found, turn)
        changed = operation(usable(draft.text))
        return _step(draft, written(changed), what, by=by, now=now)


def replace_text(found: Map, text: str, *, what: str, turn: int, by: User | ApiKey | None, now: datetime) -> MapDraft:
    """Put another text in place of a draft's; raises BadMap when it cannot be read."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    journey = usable(text)
    with transaction.atomic():
        draft = _at_turn(found, turn)
        final = text if journey.id == found.slug else stamped(text, found.slug, journey.version)
        return _step(draft, final, what, by=by, now=now)


def undo(found: Map, *, turn: int, by: User | ApiKey | None, now: datetime) -> MapDraft:
    """Take back the last change; raises NothingToUndo."""
    return _moved(found, -1, turn=turn, by=by, now=now)


def redo(found: Map, *, turn: int, by: User | ApiKey | None, now: datetime) -> MapDraft:
    """Make the change again that was taken back last; raises NothingToUndo."""
    return _moved(found, 1, turn=turn, by=by, now=now)


def ways(draft: MapDraft) -> tuple[str | None, str | None]:
    """Return what undo would take back and what redo would make again; None where nothing would."""
    names = dict(
        MapDraftStep.objects.filter(draft=draft, seq__in=(draft.step, draft.step + 1)).values_list("seq", "what")
    )
    first = MapDraftStep.objects.filter(draft=draft, seq=draft.step - 1).exists()
    return (names.get(draft.step) if first else None), names.get(draft.step + 1)


def discard(found: Map, *, turn: int, by: User | ApiKey | None, now: datetime) -> None:
    """Throw a draft away; a map that was never published goes with it."""
    with transaction.atomic():
        draft = _at_turn(found, turn)
        audit.note("map.discarded", by=by, about=found, detail={"map": found.slug}, now=now)
        draft.delete()
        if found.current_id is None:
            found.delete()


def publish(
    found: Map, *, note: str = "", turn: int | None = None, by: User | ApiKey | None, now: datetime
) -> MapVersion:
    """Make the draft the current version and close it.

    Raises BadMap; ChangedMeanwhile when it is not at `turn`; Overtaken, once, when its base is no longer the newest.
    """
    with transaction.atomic():
        locked = Map.objects.select_for_update().get(pk=found.pk)
        draft = draft_of(locked)
        if draft is None or (turn is not None and draft.turn != turn):
            raise ChangedMeanwhile(_CHANGED.format(slug=found.slug))
        newest = locked.current.number if locked.current else 0
        if draft.base == newest:
            made, _new = put(locked, draft.text, note=note, by=by, now=now)
            draft.delete()
        else:
            MapDraft.objects.filter(pk=draft.pk).update(base=newest)
    found.refresh_from_db()
    if draft.base != newest:
        raise Overtaken(
            f"Version {newest} was published after this draft began with version {draft.base}: look at what it says. "
            "Publishing the draft once more puts it in its place."
        )
    return made


_CHANGED = (
    "Somebody has changed or published the draft of “{slug}” meanwhile: look at it as it stands now, then make your "
    "change again."
)


def _begin(found: Map, base: int, text: str, *, by: User | ApiKey | None, now: datetime) -> MapDraft:
    who = by.user if isinstance(by, ApiKey) else by
    draft = MapDraft.objects.create(map=found, base=base, text=text, updated_at=now, updated_by=who)
    MapDraftStep.objects.create(draft=draft, seq=0, text=text, what="")
    return draft


def _at_turn(found: Map, turn: int) -> MapDraft:
    """Return the draft if it is still at this turn, and hold its row."""
    draft = MapDraft.objects.select_for_update().filter(map=found, turn=turn).first()
    if draft is None:
        raise ChangedMeanwhile(_CHANGED.format(slug=find(found.slug).slug))
    return draft


def _step(draft: MapDraft, text: str, what: str, *, by: User | ApiKey | None, now: datetime) -> MapDraft:
    """Keep the text as the next step; one that could not be read again is refused."""
    if text == draft.text:
        audit.nothing_changed()
        return draft
    usable(text)
    MapDraftStep.objects.filter(draft=draft, seq__gt=draft.step).delete()
    seq = draft.step + 1
    MapDraftStep.objects.create(draft=draft, seq=seq, text=text, what=what[:200])
    MapDraftStep.objects.filter(draft=draft, seq__lt=seq - MOST_STEPS).delete()
    return _set(draft, seq, text, what, by=by, now=now)


def _moved(found: Map, by_steps: int, *, turn: int, by: User | ApiKey | None, now: datetime) -> MapDraft:
    with transaction.atomic():
        draft = _at_turn(found, turn)
        step = MapDraftStep.objects.filter(draft=draft, seq=draft.step + by_steps).first()
        if step is None:
            word = "earlier" if by_steps < 0 else "later"
            raise NothingToUndo(f"There is no {word} state of this draft.")
        return _set(draft, step.seq, step.text, "undo" if by_steps < 0 else "redo", by=by, now=now)


def _set(draft: MapDraft, step: int, text: str, what: str, *, by: User | ApiKey | None, now: datetime) -> MapDraft:
    changed = MapDraft.objects.filter(pk=draft.pk, turn=draft.turn).update(
        step=step,
        turn=draft.turn + 1,
        text=text,
        updated_at=now,
        updated_by=by.user if isinstance(by, ApiKey) else by,
    )
    if not changed:
        raise ChangedMeanwhile(_CHANGED.format(slug=draft.map.slug))
    audit.note("map.changed", by=by, about=draft.map, detail={"map": draft.map.slug, "change": what[:200]}, now=now)
    draft.refresh_from_db()
    return draft
