"""Hold what one customer did, and what was done for her, in order of time."""

import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stammkunde.conditions.scalars import Scalar, money, money_text, scalar
from stammkunde.conditions.tree import LINE_ATTRIBUTES, LINE_MONEY, LINED

TRAIT_CHANGED = "trait.changed"
CONSENT_GIVEN = "consent.given"
CONSENT_ENDED = ("consent.withdrawn", "consent.objected")
Line = Mapping[str, object]


@dataclass(frozen=True)
class Event:
    """One event: number in the log, kind, moment (microseconds UTC), value (in 1/10,000), attributes."""

    id: int
    kind: str
    at: int
    value: int | None = None
    attributes: Mapping[str, object] = field(default_factory=dict)

    @property
    def lines(self) -> list[Line]:
        """Return the lines of an order or return."""
        lines = self.attributes.get("lines") if self.kind in LINED else None
        return [line for line in lines if isinstance(line, Mapping)] if isinstance(lines, list | tuple) else []

    def attribute(self, name: str, line: Line | None) -> Scalar:
        """Return what an attribute says; those of lines come from the line given."""
        if name == "value":
            return money(self.value)
        if self.kind in LINED and name in LINE_ATTRIBUTES:
            return line_attribute(line, name)
        return scalar(self.attributes.get(name))


def line_attribute(line: Line | None, name: str) -> Scalar:
    """Return what an attribute of a line says."""
    if line is None:
        return None
    if name in LINE_MONEY:
        return money(money_text(line.get(name.removeprefix("line_") if name == "line_discount" else name)))
    told = line.get(name)
    if name == "quantity":
        return _quantity(told)
    return told if told is None or isinstance(told, str) else json.dumps(told, ensure_ascii=False)


def _quantity(told: object) -> float | None:
    """Read a quantity as the mirror does: a text that is a number is one, too."""
    try:
        number = float(told)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


class History:
    """The events of one customer, sorted by moment and number; replaced ones must have been left out."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.events = sorted(events, key=lambda event: (event.at, event.id))
        self._by_kind: dict[str, list[Event]] = {}
        for event in self.events:
            self._by_kind.setdefault(event.kind, []).append(event)
        self._traits: dict[str, list[Event]] | None = None

    def of_kind(self, kind: str) -> list[Event]:
        """Return the events of a kind."""
        return self._by_kind.get(kind, [])

    def changes(self, trait: str) -> list[Event]:
        """Return the events that changed a trait."""
        if self._traits is None:
            self._traits = {}
            for event in self.of_kind(TRAIT_CHANGED):
                self._traits.setdefault(str(event.attributes.get("trait")), []).append(event)
        return self._traits.get(trait, [])

    def trait(self, name: str, now: int) -> Scalar:
        """Return what was known of a trait at a moment."""
        changes = self.changes(name)
        last = bisect_right(changes, now, key=lambda event: event.at)
        return scalar(changes[last - 1].attributes.get("after")) if last else None

    def consents(self, purpose: str, channel: str | None, now: int) -> bool:
        """Tell whether at a moment the customer agreed to a purpose, on this channel or on any one.

        An agreement without a channel counts for every channel. It ends with a later withdrawal or objection for the
        same channel or without one; one without purpose ends every agreement.
        """
        ended = [event for kind in CONSENT_ENDED for event in self.of_kind(kind) if event.at <= now]
        return any(
            event.at <= now
            and event.attributes.get("purpose") == purpose
            and (channel is None or event.attributes.get("channel") in (None, channel))
            and not any(_ends(end, event, purpose, channel) for end in ended)
            for event in self.of_kind(CONSENT_GIVEN)
        )


def _ends(end: Event, given: Event, purpose: str, channel: str | None) -> bool:
    concerned = {None, given.attributes.get("channel"), channel}
    return (
        (end.at, end.id) > (given.at, given.id)
        and end.attributes.get("purpose") in (None, purpose)
        and end.attributes.get("channel") in concerned
    )
