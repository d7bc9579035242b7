"""Say what data know about a question: a state, a sentence, figures with their query, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

from stammkunde.metrics.figure import Figure, Interval
from stammkunde.metrics.intervals import wilson
from stammkunde.metrics.wording import Sentence, Share

State = Literal["yes", "partly", "no", "unknown"]
STATES: tuple[State, ...] = get_args(State)
Cell = str | int | float | date | Share | Sentence | None


@dataclass(frozen=True)
class Measure:
    """One number of an answer, with everything the component of figures shows."""

    name: str
    title: Sentence
    value: float | None
    unit: str
    n: int | None
    definition: Sentence
    interval: Interval | None = None
    why_unknown: str | None = None
    grade: str = "D"


@dataclass(frozen=True)
class Table:
    """What an answer lists, row by row."""

    head: tuple[Sentence, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Link:
    """A page of the product: its route, what the address names, and what follows the question mark."""

    route: str
    named: str = ""
    query: str = ""


@dataclass(frozen=True)
class Answer:
    """What data say. A state other than unknown always rests on figures; `connect` names what is missing."""

    state: State
    sentence: Sentence
    figures: tuple[Measure, ...] = ()
    query: str = ""
    next_step: Sentence | None = None
    next_link: Link | None = None
    connect: tuple[str, ...] = ()
    table: Table | None = None

    def waiting_for(self, *sources: str) -> "Answer":
        """Return the same answer, with these sources named as what would make it complete."""
        return replace(self, connect=(*self.connect, *(name for name in sources if name not in self.connect)))


def unknown(sentence: Sentence, *sources: str, figures: tuple[Measure, ...] = (), query: str = "") -> Answer:
    """Answer that data do not know, and what to connect; unknown is never no."""
    return Answer("unknown", sentence, figures, query, connect=sources)


def of_figure(figure: Figure, title: str) -> Measure:
    """Return one of the product's figures as a measure."""
    return Measure(
        name=figure.name,
        title=Sentence(title),
        value=figure.value,
        unit=figure.unit,
        n=figure.n,
        definition=Sentence(figure.definition),
        interval=figure.interval,
        why_unknown=figure.why_unknown,
        grade=figure.grade,
    )


def share_measure(name: str, title: str, part: int, of: int, definition: str) -> Measure:
    """Return a share of customers, orders or other things that are counted; `of` must be at least 1."""
    return Measure(name, Sentence(title), part / of, "share", of, Sentence(definition), interval=wilson(part, of))


def part_of_all(name: str, title: str, part: int, of: int, definition: str) -> Measure:
    """Return a share of things that are all known, such as the goals on the maps: no sample, so no interval."""
    return replace(share_measure(name, title, part, of, definition), interval=None)


def counted(states: Mapping[str, State]) -> dict[State, int]:
    """Return how many questions have which state."""
    return {state: sum(one == state for one in states.values()) for state in STATES}
