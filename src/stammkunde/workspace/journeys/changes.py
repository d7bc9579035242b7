"""Say what the buttons of the editor do: each makes one change of the map, and tells what it was."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext

from stammkunde.conditions import BadCondition
from stammkunde.conditions.local_clock import Duration
from stammkunde.journeys import drafts, editing
from stammkunde.journeys.document import Journey, Label, Path, Phase, Touchpoint
from stammkunde.journeys.signals import read_duration
from stammkunde.workspace.journeys import words

Values = dict[str, str]
MOST_TITLE = 120


@dataclass(frozen=True)
class Change:
    """An operation on the map, and what it is called in the list of changes."""

    operation: drafts.Operation
    what: str


def title_sent(sent: Values, name: str) -> str:
    """Read a name from a form; raises ValueError where it is empty."""
    text = " ".join(sent.get(name, "").split())[:MOST_TITLE]
    if not text:
        raise ValueError(gettext("Please write a name."))
    return text


def _add_touchpoint(journey: Journey, phase: str, sent: Values) -> Change:
    title = title_sent(sent, f"new-{phase}")
    name = editing.free_id(journey, title)
    made = Touchpoint(id=name, label=Label(((words.language(), title),)))
    what = gettext("“%(name)s” added") % {"name": title}
    return Change(lambda one: editing.add_touchpoint(one, phase, made), what)


def _remove_touchpoint(journey: Journey, name: str, sent: Values) -> Change:
    what = gettext("“%(name)s” removed") % {"name": _named(journey, name)}
    return Change(lambda one: editing.remove_touchpoint(one, name), what)


def _within_phase(step: int) -> Callable[[Journey, str, Values], Change]:
    def make(journey: Journey, name: str, sent: Values) -> Change:
        title, phase = _named(journey, name), _phase_of(journey, name)
        place = [one.id for one in phase.touchpoints].index(name) + step
        return _to(title, phase, name, max(place, 0))

    return make


def _across_phases(step: int) -> Callable[[Journey, str, Values], Change]:
    def make(journey: Journey, name: str, sent: Values) -> Change:
        title, phase = _named(journey, name), _phase_of(journey, name)
        ids = [one.id for one in journey.phases]
        at = min(max(ids.index(phase.id) + step, 0), len(ids) - 1)
        target = journey.phases[at]
        place = [one.id for one in phase.touchpoints].index(name)
        return _to(title, target, name, min(place, len(target.touchpoints)))

    return make


def _drop(journey: Journey, name: str, sent: Values) -> Change:
    """Put a touchpoint where it was dropped: `phase` and `index`, which counts without itself."""
    target = next((one for one in journey.phases if one.id == sent.get("phase")), None)
    index = sent.get("index", "")
    if target is None or not index.isdecimal():
        raise ValueError(gettext("This place is not on the map any more."))
    return _to(_named(journey, name), target, name, int(index))


def _to(title: str, phase: Phase, name: str, place: int) -> Change:
    what = gettext("“%(name)s” moved within “%(phase)s”") if name in {one.id for one in phase.touchpoints} else ""
    what = what or gettext("“%(name)s” moved to “%(phase)s”")
    said_so = what % {"name": title, "phase": words.named(phase.label)}
    return Change(lambda one: editing.move_touchpoint(one, name, phase.id, place), said_so)


def _add_phase(journey: Journey, _name: str, sent: Values) -> Change:
    title = title_sent(sent, "new-phase")
    made = Phase(id=editing.free_id(journey, title), label=Label(((words.language(), title),)))
    return Change(lambda one: editing.add_phase(one, made), gettext("Phase “%(name)s” added") % {"name": title})


def _move_phase(step: int) -> Callable[[Journey, str, Values], Change]:
    def make(journey: Journey, name: str, sent: Values) -> Change:
        phase = _phase(journey, name)
        place = max([one.id for one in journey.phases].index(name) + step, 0)
        what = gettext("Phase “%(name)s” moved") % {"name": words.named(phase.label)}
        return Change(lambda one: editing.move_phase(one, name, place), what)

    return make


def _remove_phase(journey: Journey, name: str, sent: Values) -> Change:
    phase = _phase(journey, name)
    if len(journey.phases) == 1:
        raise ValueError(gettext("A map has at least one phase."))
    what = gettext("Phase “%(name)s” removed") % {"name": words.named(phase.label)}
    return Change(lambda one: editing.remove_phase(one, name), what)


def _add_path(journey: Journey, _name: str, sent: Values) -> Change:
    start, end = sent.get("start", ""), sent.get("end", "")
    path = Path(start, end, length_sent(sent.get("within", "")), loop=start == end)
    titles = {one.id: words.named(one.label) for one in journey.touchpoints}
    if start not in titles or end not in titles:
        raise ValueError(gettext("Please choose where the way begins and ends."))
    return Change(
        lambda one: editing.add_path(one, path), gettext("Way %(way)s added") % {"way": words.way_name(path, titles)}
    )


def _remove_path(journey: Journey, name: str, sent: Values) -> Change:
    start, _sign, end = name.partition(">")
    titles = {one.id: words.named(one.label) for one in journey.touchpoints}
    what = gettext("Way %(way)s removed") % {"way": words.way_name(Path(start, end), titles)}
    return Change(lambda one: editing.remove_path(one, start, end), what)


def _rename(journey: Journey, _name: str, sent: Values) -> Change:
    title = title_sent(sent, "title")
    label = editing.renamed(journey.label, title, words.language())
    return Change(lambda one: editing.set_journey(one, label=label), gettext("Map called “%(name)s”") % {"name": title})


def length_sent(text: str) -> Duration | None:
    """Read a length of time from a form; raises ValueError that says how to write it."""
    if not text.strip():
        return None
    try:
        return read_duration(text.strip())
    except BadCondition as wrong:
        raise ValueError(gettext("Please write the time like 7 days, 3 weeks or 12 hours.")) from wrong


def _named(journey: Journey, name: str) -> str:
    try:
        return words.named(journey.touchpoint(name).label)
    except KeyError as gone:
        raise ValueError(gettext("This touchpoint is not on the map any more.")) from gone


def _phase_of(journey: Journey, name: str) -> Phase:
    return journey.phase_of(name)


def _phase(journey: Journey, name: str) -> Phase:
    for phase in journey.phases:
        if phase.id == name:
            return phase
    raise ValueError(gettext("This phase is not on the map any more."))


CHANGES: dict[str, Callable[[Journey, str, Values], Change]] = {
    "add": _add_touchpoint,
    "remove": _remove_touchpoint,
    "up": _within_phase(-1),
    "down": _within_phase(1),
    "left": _across_phases(-1),
    "right": _across_phases(1),
    "drop": _drop,
    "add-phase": _add_phase,
    "phase-left": _move_phase(-1),
    "phase-right": _move_phase(1),
    "remove-phase": _remove_phase,
    "add-path": _add_path,
    "remove-path": _remove_path,
    "rename": _rename,
}
