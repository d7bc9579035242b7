"""Hold what is known of a map: the figures of its touchpoints and paths, the ways taken, and what the map misses."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from stammkunde.conditions.local_clock import Duration
from stammkunde.journeys.document import SentimentMetric

Interval = tuple[float, float]
Method = Literal["matured", "kaplan-meier", "unknown"]


@dataclass(frozen=True)
class Share:
    """A share of customers; None where there is nobody to take a share of."""

    value: float | None
    n: int
    interval: Interval | None


@dataclass(frozen=True)
class PathFigure:
    """How many of those who came to `start` in the period came to `end` after it, and how soon.

    The unit is the customer, at her first match of `start` in the period. `matured` of them have been watched for all
    of `within`; `moved_on` counts among these. `method` says what `share` rests on: "matured" is moved_on / matured
    with the Wilson interval, "kaplan-meier" the estimate over everybody who entered with the log-log interval, and
    "unknown" that there are too few. A path without `within` is told as of `horizon_days` after the start.
    `median_days` is the time within which half of those who move on have done so.
    """

    start: str
    end: str
    within: Duration | None
    entered: int
    matured: int
    moved_on: int
    share: float | None
    interval: Interval | None
    method: Method
    median_days: float | None
    horizon_days: float | None
    loop: bool = False


@dataclass(frozen=True)
class Feeling:
    """What people answered here: the mean of their scores, or promoters minus detractors for the NPS."""

    metric: SentimentMetric
    mean: float | None
    n: int
    interval: Interval | None


@dataclass(frozen=True)
class PainFigure:
    """How many customers a pain concerns in the period, where the log can know; else why it cannot.

    `standing` are those of whom a condition is true at the end of the period; the others had an event in it.
    """

    pain: str
    customers: int | None
    events: int | None
    per_month: float | None
    unknown: str = ""
    standing: int = 0


@dataclass(frozen=True)
class Cell:
    """What happened at one touchpoint in the period.

    `unknown` says why there are no figures, and what to connect; it is empty where there are. `revenue` (e4) is the
    value of the matched events, given-back money counted negative; None where they carry none. `trend` counts the
    customers of each of the last twelve months up to the end of the period.
    """

    touchpoint: str
    customers: int | None
    events: int | None
    unknown: str
    moved_on: tuple[PathFigure, ...]
    median_days_to_next: float | None
    revenue: int | None
    feeling: Feeling | None
    pains: tuple[PainFigure, ...]
    trend: tuple[int, ...]


@dataclass(frozen=True)
class JourneyFigures:
    """All figures of one version of a map in [start, end).

    `customers` were at some touchpoint in the period; `off_map` is the share of those with any event in it who were at
    none. Nothing after `observed_to` has been looked at; `data_end` is the day of the last event in the data.
    """

    journey: str
    version: int
    start: date
    end: date
    cells: dict[str, Cell]
    paths: tuple[PathFigure, ...]
    off_map: Share
    customers: int
    as_of: datetime
    observed_to: datetime
    data_end: date | None


@dataclass(frozen=True)
class Way:
    """A way that customers took: their stations in order, direct repetitions drawn together.

    `loops` are stations to which the way comes back; `planned` tells whether every step of the way is a path of the
    map; `cut` that it goes on for some beyond the stations shown.
    """

    steps: tuple[str, ...]
    customers: int
    share: float
    planned: bool
    loops: tuple[str, ...]
    cut: bool


@dataclass(frozen=True)
class Transition:
    """How often one touchpoint directly followed another, of how many customers, and after how many days typically."""

    start: str
    end: str
    events: int
    customers: int
    median_days: float
    planned: bool


@dataclass(frozen=True)
class DropOff:
    """How many customers were last seen at a touchpoint: since `quiet_days` at least nothing has followed."""

    touchpoint: str
    customers: int
    of: int
    share: float


@dataclass(frozen=True)
class Ways:
    """What really happens beside what was planned."""

    top: tuple[Way, ...]
    drop_offs: tuple[DropOff, ...]
    transitions: tuple[Transition, ...]
    off_map: Share
    customers: int
    variants: int
    quiet_days: int


@dataclass(frozen=True)
class Unexplained:
    """A kind of events that no touchpoint explains, and a signal that would."""

    kind: str
    events: int
    customers: int
    suggestion: str


@dataclass(frozen=True)
class Dead:
    """A touchpoint with a signal that has not been seen for a while; `last_seen` None means never."""

    touchpoint: str
    last_seen: date | None


@dataclass(frozen=True)
class UnknownPath:
    """A way between two touchpoints that many take and the map does not know; `suggestion` is a line for the map."""

    start: str
    end: str
    customers: int
    share: float
    median_days: float
    suggestion: str


@dataclass(frozen=True)
class Drift:
    """Where the map and what happens have grown apart."""

    unexplained: tuple[Unexplained, ...]
    dead: tuple[Dead, ...]
    unknown_paths: tuple[UnknownPath, ...]
    quiet_days: int
    share: float

    @property
    def found(self) -> int:
        """Return how many differences there are."""
        return len(self.unexplained) + len(self.dead) + len(self.unknown_paths)


@dataclass(frozen=True)
class AttributeSeen:
    """An attribute of a kind of events, with its most frequent values and in how many events they occur."""

    name: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class KindSeen:
    """A kind of events in the data: how many, of how many customers, the last day, its attributes."""

    kind: str
    events: int
    customers: int
    last_day: date | None
    attributes: tuple[AttributeSeen, ...] = ()


@dataclass(frozen=True)
class PainPriority:
    """A pain in the register: whom it concerns per month, and what doing something about it is worth.

    `priority` is reach (customers per month, measured) × impact × confidence ÷ effort in weeks; None while the reach
    cannot be measured or no opportunity has been written down for it.
    """

    pain: str
    touchpoint: str
    figure: PainFigure
    opportunity: str
    reach: float | None
    priority: float | None


@dataclass(frozen=True)
class OpportunityPriority:
    """An opportunity ranked: its reach is that of its pains together, each customer counted once a month."""

    opportunity: str
    reach: float | None
    priority: float | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Priorities:
    """Pains and opportunities of a map, the most worthwhile first; those without a priority stand last."""

    pains: tuple[PainPriority, ...]
    opportunities: tuple[OpportunityPriority, ...]
    months: float
