"""Change a map: add, rename, move and remove its parts. Every operation returns a new map and leaves the old one."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from stammkunde.journeys.document import (
    Journey,
    Label,
    Opportunity,
    Pain,
    Path,
    Phase,
    Signal,
    Touchpoint,
)
from stammkunde.journeys.fields import slug
from stammkunde.journeys.signals import found_by
from stammkunde.kernel.errors import WrongInput

MOST_TOUCHPOINTS = 200
Part = TypeVar("Part", bound="Phase | Touchpoint | Pain | Opportunity")


class NoSuchPart(WrongInput):
    """The map has no such phase, touchpoint, path, pain or opportunity any more: load the page anew."""


class NotSo(WrongInput):
    """The map would no longer hang together; the message says what to do first."""


class Full(NotSo):
    """The map has as many touchpoints as a map can have: begin a second one."""


def names(journey: Journey) -> set[str]:
    """Return every short name that is taken by a phase or touchpoint."""
    return {phase.id for phase in journey.phases} | {one.id for one in journey.touchpoints}


def free_id(journey: Journey, wish: str, *, others: Iterable[str] = ()) -> str:
    """Return a short name made of the wish that nothing on the map has yet."""
    taken = names(journey) | {pain.id for _at, pain in journey.pains()} | set(others)
    taken |= {one.id for one in journey.opportunities} | {one.id for one in journey.initiatives}
    base = slug(wish) or "new"
    candidates = (base, *(f"{base[:58]}-{count}" for count in range(2, len(taken) + 3)))
    return next(one for one in candidates if one not in taken)


def renamed(label: Label, text: str, language: str) -> Label:
    """Return a name with another text in one language; without a text the language is left out."""
    texts = {**dict(label.texts), language: text.strip()}
    return Label(tuple((code, one) for code, one in texts.items() if one))


def signal(text: str) -> Signal:
    """Return the signal that a text says; raises BadCondition."""
    text = " ".join(text.split())
    return Signal(text, found_by(text)) if text else Signal()


def set_journey(journey: Journey, **values: Any) -> Journey:
    """Set fields of the map itself, such as `label`, `segment`, `personas`, `goal` and `entry`."""
    return replace(journey, **values)


# Phases


def add_phase(journey: Journey, phase: Phase, *, index: int | None = None) -> Journey:
    """Add a phase, at the end or before the one that stands at `index`."""
    if phase.id in names(journey):
        raise NotSo(f"“{phase.id}” is taken: choose another short name.")
    return replace(journey, phases=_inserted(journey.phases, phase, index))


def set_phase(journey: Journey, name: str, **values: Any) -> Journey:
    """Set fields of a phase: `label`, `stage`, `maps_to`, `parent`, `note`."""
    return replace(journey, phases=_changed(journey.phases, name, lambda one: replace(one, **values)))


def move_phase(journey: Journey, name: str, index: int) -> Journey:
    """Put a phase at another place among the phases."""
    phase = _part(journey.phases, name)
    rest = tuple(one for one in journey.phases if one is not phase)
    return replace(journey, phases=_inserted(rest, phase, index))


def remove_phase(journey: Journey, name: str) -> Journey:
    """Remove a phase with all its touchpoints and the paths to and from them; what was below it moves up."""
    gone = _part(journey.phases, name)
    for touchpoint in gone.touchpoints:
        journey = remove_touchpoint(journey, touchpoint.id)
    left = tuple(
        replace(one, parent=gone.parent) if one.parent == name else one for one in journey.phases if one.id != name
    )
    return replace(journey, phases=left)


# Touchpoints


def add_touchpoint(journey: Journey, phase: str, touchpoint: Touchpoint, *, index: int | None = None) -> Journey:
    """Add a touchpoint to a phase, at its end or before the one that stands at `index`."""
    if touchpoint.id in names(journey):
        raise NotSo(f"“{touchpoint.id}” is taken: choose another short name.")
    if len(journey.touchpoints) >= MOST_TOUCHPOINTS:
        raise Full(f"A map has {MOST_TOUCHPOINTS} touchpoints at most: begin a second map.")
    return _in_phase(journey, phase, lambda own: _inserted(own, touchpoint, index))


def set_touchpoint(journey: Journey, name: str, **values: Any) -> Journey:
    """Set fields of a touchpoint; another `id` is carried on to paths and the goal."""
    wish = values.get("id", name)
    if wish != name and wish in names(journey):
        raise NotSo(f"“{wish}” is taken: choose another short name.")
    phase = _phase_of(journey, name)
    journey = _in_phase(journey, phase.id, lambda own: _changed(own, name, lambda one: replace(one, **values)))
    return journey if wish == name else _repointed(journey, name, wish)


def move_touchpoint(journey: Journey, name: str, phase: str, index: int | None = None) -> Journey:
    """Put a touchpoint into a phase, or to another place within its own; `index` counts without itself."""
    touchpoint = _part(journey.touchpoints, name)
    _part(journey.phases, phase)
    journey = _in_phase(journey, _phase_of(journey, name).id, lambda own: tuple(one for one in own if one.id != name))
    return _in_phase(journey, phase, lambda own: _inserted(own, touchpoint, index))


def remove_touchpoint(journey: Journey, name: str) -> Journey:
    """Remove a touchpoint with the paths to and from it, and the goal if it was that."""
    journey = _in_phase(journey, _phase_of(journey, name).id, lambda own: tuple(one for one in own if one.id != name))
    goal = None if journey.goal and journey.goal.touchpoint == name else journey.goal
    return replace(journey, goal=goal, paths=tuple(one for one in journey.paths if name not in (one.start, one.end)))


# Paths


def add_path(journey: Journey, path: Path) -> Journey:
    """Add a path, or change how long it may take if there is one between the two already."""
    for name in (path.start, path.end):
        _part(journey.touchpoints, name)
    if path.start == path.end:
        path = replace(path, loop=True)
    rest = [one for one in journey.paths if (one.start, one.end) != (path.start, path.end)]
    places = [number for number, one in enumerate(journey.paths) if (one.start, one.end) == (path.start, path.end)]
    rest.insert(places[0] if places else len(rest), path)
    return replace(journey, paths=tuple(rest))


def remove_path(journey: Journey, start: str, end: str) -> Journey:
    """Remove the path from one touchpoint to another."""
    left = tuple(one for one in journey.paths if (one.start, one.end) != (start, end))
    if len(left) == len(journey.paths):
        raise NoSuchPart(f"There is no path from “{start}” to “{end}” any more: load the page anew.")
    return replace(journey, paths=left)


# Pains, opportunities, initiatives


def add_pain(journey: Journey, touchpoint: str, pain: Pain) -> Journey:
    """Add a pain to a touchpoint."""
    if pain.id in {one.id for _at, one in journey.pains()}:
        raise NotSo(f"There is a pain “{pain.id}” already: choose another short name.")
    return set_touchpoint(journey, touchpoint, pains=(*_part(journey.touchpoints, touchpoint).pains, pain))


def set_pain(journey: Journey, touchpoint: str, name: str, **values: Any) -> Journey:
    """Set fields of a pain."""
    own = _part(journey.touchpoints, touchpoint).pains
    return set_touchpoint(journey, touchpoint, pains=_changed(own, name, lambda one: replace(one, **values)))


def remove_pain(journey: Journey, touchpoint: str, name: str) -> Journey:
    """Remove a pain, and its name from the opportunities and initiatives that would have solved it."""
    own = _part(journey.touchpoints, touchpoint).pains
    _part(own, name)
    journey = set_touchpoint(journey, touchpoint, pains=tuple(one for one in own if one.id != name))
    return replace(
        journey,
        opportunities=tuple(replace(one, pains=_without(one.pains, name)) for one in journey.opportunities),
        initiatives=tuple(replace(one, solves=_without(one.solves, name)) for one in journey.initiatives),
    )


def add_opportunity(journey: Journey, opportunity: Opportunity) -> Journey:
    """Add an opportunity."""
    if opportunity.id in {one.id for one in journey.opportunities}:
        raise NotSo(f"There is an opportunity “{opportunity.id}” already: choose another short name.")
    return replace(journey, opportunities=(*journey.opportunities, opportunity))


def set_opportunity(journey: Journey, name: str, **values: Any) -> Journey:
    """Set fields of an opportunity."""
    return replace(journey, opportunities=_changed(journey.opportunities, name, lambda one: replace(one, **values)))


def remove_opportunity(journey: Journey, name: str) -> Journey:
    """Remove an opportunity."""
    _part(journey.opportunities, name)
    return replace(journey, opportunities=tuple(one for one in journey.opportunities if one.id != name))


# Helpers


def _part(parts: tuple[Part, ...], name: str) -> Part:
    for one in parts:
        if one.id == name:
            return one
    raise NoSuchPart(f"There is no “{name}” on the map any more: load the page anew.")


def _phase_of(journey: Journey, touchpoint: str) -> Phase:
    _part(journey.touchpoints, touchpoint)
    return journey.phase_of(touchpoint)


def _changed(parts: tuple[Part, ...], name: str, change: Callable[[Part], Part]) -> tuple[Part, ...]:
    _part(parts, name)
    return tuple(change(one) if one.id == name else one for one in parts)


def _inserted(parts: tuple[Part, ...], part: Part, index: int | None) -> tuple[Part, ...]:
    at = len(parts) if index is None else max(0, min(index, len(parts)))
    return (*parts[:at], part, *parts[at:])


def _in_phase(
    journey: Journey, name: str, change: Callable[[tuple[Touchpoint, ...]], tuple[Touchpoint, ...]]
) -> Journey:
    return replace(
        journey,
        phases=_changed(journey.phases, name, lambda one: replace(one, touchpoints=change(one.touchpoints))),
    )


def _repointed(journey: Journey, old: str, new: str) -> Journey:
    def now(name: str) -> str:
        return new if name == old else name

    goal = journey.goal
    return replace(
        journey,
        paths=tuple(replace(one, start=now(one.start), end=now(one.end)) for one in journey.paths),
        goal=replace(goal, touchpoint=now(goal.touchpoint)) if goal else None,
    )


def _without(names: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(one for one in names if one != gone)
