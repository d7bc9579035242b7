"""Look through a map for what does not hang together: targets that are missing, circles, mails without legal ground."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import SequenceMatcher

from stammkunde.conditions import BadCondition, Condition, Selector, Vocabulary
from stammkunde.conditions import check as condition_problems
from stammkunde.conditions.tokens import nearest
from stammkunde.conditions.tree import Events, kind_of
from stammkunde.journeys.document import Journey, Path, Silence, Touchpoint
from stammkunde.journeys.editing import MOST_TOUCHPOINTS
from stammkunde.journeys.problems import BadMap, Both, Problem, in_order
from stammkunde.journeys.reading import read

# Channels by which the business writes to people, so that the law wants a ground for it.
WRITTEN_CHANNELS = frozenset({"email", "mail", "e-mail", "sms", "push", "messenger", "whatsapp"})
MOST_PATHS = 1_000


def lint(journey: Journey, vocabulary: Vocabulary | None = None, *, today: date | None = None) -> tuple[Problem, ...]:
    """Return what does not hang together, in the order of the text.

    Severe problems keep a map from being published; the others are worth knowing. The vocabulary says which kinds of
    events and attributes are known: without it, and for kinds that are new, names are taken as they are. `today`
    finds targets that are overdue.
    """
    return in_order(
        [
            *_twice(journey),
            *_too_many(journey),
            *_phases(journey),
            *_targets(journey),
            *_circles(journey),
            *_touchpoints(journey, today),
            *_pointers(journey),
            *_overlaps(journey),
            *(_names(journey, vocabulary) if vocabulary else ()),
        ]
    )


def sound(text: str) -> Journey:
    """Return the map of a text that may be published; raises BadMap for its form or for what does not hang together."""
    found = read(text)
    problems = in_order([*found.problems, *(lint(found.journey) if found.journey else ())])
    if found.journey is None or any(problem.severe for problem in problems):
        raise BadMap(problems)
    return found.journey


def _twice(journey: Journey) -> Iterator[Problem]:
    groups: tuple[tuple[Both, list[tuple[str, int]]], ...] = (
        (Both("phase", "Phase"), [(one.id, one.line) for one in journey.phases]),
        (Both("touchpoint", "Kontaktpunkt"), [(one.id, one.line) for one in journey.touchpoints]),
        (Both("pain", "Schmerzpunkt"), [(one.id, one.line) for _at, one in journey.pains()]),
        (Both("opportunity", "Chance"), [(one.id, one.line) for one in journey.opportunities]),
        (Both("initiative", "Maßnahme"), [(one.id, one.line) for one in journey.initiatives]),
    )
    for what, found in groups:
        seen: dict[str, int] = {}
        for name, line in found:
            if name in seen:
                yield Problem(
                    line,
                    name,
                    Both(
                        f"The {what.en} “{name}” stands here for the second time, first in line {seen[name]}.",
                        f"„{name}“ ({what.de}) steht hier zum zweiten Mal, zuerst in Zeile {seen[name]}.",
                    ),
                    Both(
                        "Give one of the two another short name.", "Geben Sie einem von beiden einen anderen Kurznamen."
                    ),
                )
            seen.setdefault(name, line)


def _too_many(journey: Journey) -> Iterator[Problem]:
    for count, most, what, line in (
        (len(journey.touchpoints), MOST_TOUCHPOINTS, Both("touchpoints", "Kontaktpunkte"), _line(journey.touchpoints)),
        (len(journey.paths), MOST_PATHS, Both("paths", "Wege"), _line(journey.paths)),
    ):
        if count > most:
            yield Problem(
                line,
                "journey",
                Both(
                    f"The map has {count} {what.en}; {most} is the most.",
                    f"Die Karte hat {count} {what.de}; höchstens {most} sind möglich.",
                ),
                Both("Split it into several maps.", "Teilen Sie sie in mehrere Karten."),
            )


def _line(parts: tuple[Touchpoint, ...] | tuple[Path, ...]) -> int:
    return parts[-1].line if parts else 1


def _phases(journey: Journey) -> Iterator[Problem]:
    parents = {phase.id: phase.parent for phase in journey.phases}
    for phase in journey.phases:
        if phase.parent and phase.parent not in parents:
            yield _missing(phase.line, phase.id, "parent", phase.parent, parents)
        elif phase.parent and _goes_round(phase.id, parents):
            yield Problem(
                phase.line,
                phase.id,
                Both("The phase lies within itself.", "Die Phase liegt in sich selbst."),
                Both("Take `parent:` out of one of them.", "Nehmen Sie `parent:` bei einer von ihnen heraus."),
            )
        if not phase.touchpoints and phase.id not in parents.values():
            yield Problem(
                phase.line,
                phase.id,
                Both("The phase has no touchpoint.", "Die Phase hat keinen Kontaktpunkt."),
                Both("Add one, or remove the phase.", "Ergänzen Sie einen, oder entfernen Sie die Phase."),
                severe=False,
            )


def _goes_round(name: str, parents: dict[str, str]) -> bool:
    seen = set()
    while name and name not in seen:
        seen.add(name)
        name = parents.get(name, "")
    return bool(name)


def _targets(journey: Journey) -> Iterator[Problem]:
    known = [one.id for one in journey.touchpoints]
    seen: dict[tuple[str, str], int] = {}
    for path in journey.paths:
        place = f"{path.start} → {path.end}"
        for key, name in (("from", path.start), ("to", path.end)):
            if name and name not in known:
                yield _missing(path.line, place, key, name, known)
        if (path.start, path.end) in seen:
            yield Problem(
                path.line,
                place,
                Both(
                    f"This path stands here for the second time, first in line {seen[path.start, path.end]}.",
                    f"Dieser Weg steht hier zum zweiten Mal, zuerst in Zeile {seen[path.start, path.end]}.",
                ),
                Both("Keep one of the two.", "Behalten Sie einen von beiden."),
            )
        seen.setdefault((path.start, path.end), path.line)
    if journey.goal and journey.goal.touchpoint and journey.goal.touchpoint not in known:
        yield _missing(journey.goal.line or 1, "goal", "touchpoint", journey.goal.touchpoint, known)


def _missing(line: int, place: str, key: str, name: str, known: Iterable[str]) -> Problem:
    guess = nearest(name, list(known))
    return Problem(
        line,
        place,
        Both(f"`{key}: {name}` is not on the map.", f"`{key}: {name}` gibt es auf der Karte nicht."),
        Both(f"Did you mean `{guess}`?", f"Meinten Sie `{guess}`?")
        if guess
        else Both("Add it, or name one that is there.", "Ergänzen Sie es, oder nennen Sie etwas Vorhandenes."),
    )


def _circles(journey: Journey) -> Iterator[Problem]:
    for path in journey.paths:
        if path.start == path.end and path.start and not path.loop:
            yield Problem(
                path.line,
                f"{path.start} → {path.end}",
                Both("The path leads back to where it begins.", "Der Weg führt dorthin zurück, wo er beginnt."),
                Both("Add `loop: true` if that is meant.", "Ergänzen Sie `loop: true`, wenn das gemeint ist."),
            )
    for circle in _larger_circles([path for path in journey.paths if path.start != path.end and not path.loop]):
        last = max(circle, key=lambda path: path.line)
        way = " → ".join([*(path.start for path in circle), circle[0].start])
        yield Problem(
            last.line,
            f"{last.start} → {last.end}",
            Both(f"The paths go in a circle: {way}.", f"Die Wege gehen im Kreis: {way}."),
            Both("Add `loop: true` to the one that leads back.", "Ergänzen Sie `loop: true` bei dem, der zurückführt."),
            severe=False,
        )


def _larger_circles(paths: list[Path]) -> Iterator[list[Path]]:
    """Yield one circle for each path that leads back to something that is being followed (depth first)."""
    onward: dict[str, list[Path]] = defaultdict(list)
    for one in paths:
        onward[one.start].append(one)
    done: set[str] = set()
    for start in list(onward):
        way: list[Path] = []
        on_way = [start]
        rest = [iter(onward[start])] if start not in done else []
        while rest:
            path: Path | None = next(rest[-1], None)
            if path is None:
                rest.pop()
                done.add(on_way.pop())
                way = way[:-1]
            elif path.end in on_way:
                yield [*way[on_way.index(path.end) :], path]
            elif path.end not in done:
                way.append(path)
                on_way.append(path.end)
                rest.append(iter(onward.get(path.end, ())))


def _touchpoints(journey: Journey, today: date | None) -> Iterator[Problem]:
    for one in journey.touchpoints:
        if one.channel in WRITTEN_CHANNELS and one.initiator == "company" and one.consent is None:
            yield Problem(
                one.line,
                one.id,
                Both(
                    "The business writes to people here, and no legal ground is named.",
                    "Hier schreibt das Unternehmen, und es ist keine Rechtsgrundlage genannt.",
                ),
                Both(
                    "Add `consent: opt_in`, `existing_customer` or `contract`.",
                    "Ergänzen Sie `consent: opt_in`, `existing_customer` oder `contract`.",
                ),
            )
        if not one.signal.text and not one.signal.none and not one.signal.manual:
            yield Problem(
                one.line,
                one.id,
                Both("The touchpoint has no signal, so nobody is counted here.",
                     "Der Kontaktpunkt hat kein Signal, also wird hier niemand gezählt."),
                Both('Add `signal:` with a kind of event, or `{none: "why there is none"}`.',
                     'Ergänzen Sie `signal:` mit einer Ereignisart, oder `{none: "warum es keines gibt"}`.'),
                severe=False,
            )  # fmt: skip
        for target in one.targets:
            if today is not None and target.by is not None and target.by < today:
                yield Problem(
                    target.line or one.line,
                    one.id,
                    Both(f"The target for {target.metric} was due on {target.by}.",
                         f"Das Ziel für {target.metric} war am {target.by} fällig."),
                    Both("Set a new day, or remove the target.", "Setzen Sie einen neuen Tag, oder entfernen Sie es."),
                    severe=False,
                )  # fmt: skip


def _pointers(journey: Journey) -> Iterator[Problem]:
    pains = [pain.id for _at, pain in journey.pains()]
    initiatives = [one.id for one in journey.initiatives]
    pointers = [
        *((one.line, one.id, "pains", name, pains) for one in journey.opportunities for name in one.pains),
        *((one.line, one.id, "solves", name, pains) for one in journey.initiatives for name in one.solves),
        *(
            (one.line, one.id, "initiatives", name, initiatives)
            for one in journey.touchpoints
            for name in one.initiatives
        ),
    ]
    for line, place, key, name, known in pointers:
        if name not in known:
            yield _missing(line, place, key, name, known)


def overlaps(journey: Journey) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the touchpoints whose events are also those of others: the wider one, and those within it.

    That is allowed (a first purchase is a purchase, too). Two with the same signal name each other once.
    """
    selectors = [(one.id, one.signal.found) for one in journey.touchpoints]
    found: list[tuple[str, tuple[str, ...]]] = []
    for number, (name, own) in enumerate(selectors):
        within = tuple(
            other
            for place, (other, others) in enumerate(selectors)
            if place != number and own is not None and _within(others, own) and (place > number or others != own)
        )
        if within:
            found.append((name, within))
    return tuple(found)


def _within(inner: Selector | Silence | None, outer: Selector | Silence) -> bool:
    if inner is None or isinstance(inner, Silence) or isinstance(outer, Silence):
        return inner == outer
    return inner == outer or (isinstance(outer, Events) and outer.where is None and kind_of(inner) == outer.kind)


def _overlaps(journey: Journey) -> Iterator[Problem]:
    lines = {one.id: one.line for one in journey.touchpoints}
    for name, within in overlaps(journey):
        listed = Both(", ".join(f"“{one}”" for one in within), ", ".join(f"„{one}“" for one in within))
        yield Problem(
            lines[name],
            name,
            Both(f"Events of {listed.en} count here as well.", f"Ereignisse von {listed.de} zählen auch hier."),
            Both(
                "That is allowed; tell them apart by `where` if it is not meant.",
                "Das ist erlaubt; unterscheiden Sie sie mit `where`, wenn es nicht gemeint ist.",
            ),
            severe=False,
        )


def _names(journey: Journey, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Tell which kinds, attributes, traits and segments nobody knows; the data may bring them yet."""
    asked: list[tuple[int, str, Condition | Selector]] = []
    for one in journey.touchpoints:
        match one.signal.found:
            case Silence(first, missing, _length):
                asked += [(one.line, one.id, first), (one.line, one.id, missing)]
            case None:
                pass
            case found:
                asked.append((one.line, one.id, found))
    for _at, pain in journey.pains():
        asked += [(proof.line, pain.id, proof.condition) for proof in pain.evidence if proof.condition is not None]
    for line, place, condition in asked:
        yield from (_unheard_of(line, place, wrong) for wrong in condition_problems(condition, vocabulary))
    known = list(vocabulary.segments)
    if journey.segment and journey.segment not in known:
        yield _missing(1, "segment", "segment", journey.segment, known)


def _unheard_of(line: int, place: str, wrong: BadCondition) -> Problem:
    """Tell what the vocabulary does not know: it may be a slip of the pen, or something that is yet to come."""
    unknown = _UNKNOWN.fullmatch(wrong.plain)
    if unknown is None:
        return Problem(line, place, Both(wrong.plain, wrong.plain), _REREAD, severe=False, cause=wrong)
    what, name = unknown.groups()
    told = Both(f"Nobody has seen the {what} `{name}` yet.", f"{_KNOWN_AS[what]} `{name}` kennt noch niemand.")
    likely = wrong.nearest and SequenceMatcher(None, name, wrong.nearest).ratio() >= _LIKELY
    guess = (
        Both(f" Or did you mean `{wrong.nearest}`?", f" Oder meinten Sie `{wrong.nearest}`?")
        if likely
        else Both("", "")
    )
    later = Both(f"It counts as soon as the data have it.{guess.en}", f"Es zählt, sobald die Daten es haben.{guess.de}")
    return Problem(line, place, told, later, severe=False, cause=wrong)


_UNKNOWN = re.compile(r"There is no (kind of event|trait|segment) `(.+)`\.", re.DOTALL)
_KNOWN_AS = {"kind of event": "Die Ereignisart", "trait": "Das Merkmal", "segment": "Das Segment"}
_LIKELY = 0.75
_REREAD = Both("Check the condition.", "Prüfen Sie die Bedingung.")
