"""Hold one version of a journey map as it is written down: what is planned, and by which signs it is recognised."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from stammkunde.conditions import Condition, Selector
from stammkunde.conditions.local_clock import Duration

Stage = Literal["prepurchase", "purchase", "postpurchase"]
Ownership = Literal["brand", "partner", "customer", "social"]
Initiator = Literal["company", "customer", "partner", "third_party"]
Ground = Literal["opt_in", "existing_customer", "contract"]
Severity = Literal["low", "medium", "high"]
PainStatus = Literal["open", "in_work", "solved", "accepted"]
SentimentMetric = Literal["nps", "csat", "ces"]
InitiativeStatus = Literal["idea", "planned", "running", "ended"]


@dataclass(frozen=True)
class Label:
    """A name in several languages; a plain text in the file is the name in the map's own language."""

    texts: tuple[tuple[str, str], ...]

    def in_language(self, language: str) -> str:
        """Return the name in this language, else in English, else in whatever language there is."""
        texts = dict(self.texts)
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


@dataclass(frozen=True)
class Silence:
    """The moment at which `length` has passed after an event without another: bought, then silent."""

    first: Selector
    missing: Selector
    length: Duration


@dataclass(frozen=True)
class Signal:
    """By which sign in the log somebody is recognised at a touchpoint; or openly why there is none.

    `text` as written; `found` what it means (None when the text is wrong, absent, or entered by hand).
    """

    text: str = ""
    found: Selector | Silence | None = None
    none: str = ""
    manual: str = ""


@dataclass(frozen=True)
class Evidence:
    """What makes a pain believable: an interview, a theme of answers, a reason of returns, or a condition that counts.

    `sort` is interview, survey_theme, ticket_tag, return_reason, assumption or condition.
    `condition` tells whom it concerns, where the log can know it; `found` names the events, where it is about events.
    """

    sort: str
    text: str
    condition: Condition | None = None
    found: Selector | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Pain:
    """What hurts people at a touchpoint."""

    id: str
    label: Label
    severity: Severity = "medium"
    evidence: tuple[Evidence, ...] = ()
    status: PainStatus = "open"
    owner: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Target:
    """What a figure at a touchpoint shall reach, and by when."""

    metric: str
    min: float | None = None
    max: float | None = None
    by: date | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Sentiment:
    """Where the feeling at a touchpoint is measured."""

    survey: str
    metric: SentimentMetric
    text: tuple[str, ...] = ()


@dataclass(frozen=True)
class Touchpoint:
    """A place on the map where customer and business meet."""

    id: str
    label: Label
    kind: str = "contact"
    channel: str = ""
    owned_by: Ownership = "brand"
    initiator: Initiator = "company"
    moment_of_truth: bool = False
    consent: Ground | None = None
    reached_within: Duration | None = None
    owner: str = ""
    signal: Signal = field(default_factory=Signal)
    sentiment: Sentiment | None = None
    pains: tuple[Pain, ...] = ()
    targets: tuple[Target, ...] = ()
    initiatives: tuple[str, ...] = ()
    thinks: str = ""
    feels: int | None = None
    note: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Phase:
    """A stretch of the way, told from the customer's side."""

    id: str
    label: Label
    stage: Stage = "prepurchase"
    maps_to: str = ""
    parent: str = ""
    touchpoints: tuple[Touchpoint, ...] = ()
    note: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Path:
    """A way people are meant to take, and how long it may take them; without `within` at any later time."""

    start: str
    end: str
    within: Duration | None = None
    loop: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Opportunity:
    """What could be done about some pains; its reach is measured, the rest estimated."""

    id: str
    label: Label
    pains: tuple[str, ...] = ()
    impact: float = 1.0
    confidence: float = 0.5
    effort_weeks: float = 1.0
    owner: str = ""
    status: str = "idea"
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class DeclaredInitiative:
    """An initiative as the map's file names it; what it caused is measured elsewhere, later."""

    id: str
    label: Label
    sort: str = ""
    ref: str = ""
    status: InitiativeStatus = "idea"
    solves: tuple[str, ...] = ()
    metric: str = ""
    expected: float | None = None
    guardrails: tuple[str, ...] = ()
    design: str = ""
    design_reason: str = ""
    holdout: float | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Goal:
    """Where the way leads, and within what time."""

    touchpoint: str
    within: Duration | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Journey:
    """One version of one map."""

    id: str
    version: int
    label: Label
    language: str = "de"
    tone: Literal["du", "sie"] = "sie"
    unit: Literal["person", "account"] = "person"
    personas: tuple[str, ...] = ()
    segment: str = ""
    entry: Signal | None = None
    goal: Goal | None = None
    phases: tuple[Phase, ...] = ()
    paths: tuple[Path, ...] = ()
    opportunities: tuple[Opportunity, ...] = ()
    initiatives: tuple[DeclaredInitiative, ...] = ()
    note: str = ""

    @cached_property
    def touchpoints(self) -> tuple[Touchpoint, ...]:
        """Return all touchpoints in the order of the map."""
        return tuple(touchpoint for phase in self.phases for touchpoint in phase.touchpoints)

    def touchpoint(self, name: str) -> Touchpoint:
        """Return the touchpoint with this id; raises KeyError."""
        return {touchpoint.id: touchpoint for touchpoint in self.touchpoints}[name]

    def phase_of(self, touchpoint: str) -> Phase:
        """Return the phase that holds a touchpoint; raises StopIteration when none does."""
        return next(phase for phase in self.phases if touchpoint in {one.id for one in phase.touchpoints})

    def pains(self) -> Iterator[tuple[Touchpoint, Pain]]:
        """Yield every pain with the touchpoint where it is felt."""
        for touchpoint in self.touchpoints:
            for pain in touchpoint.pains:
                yield touchpoint, pain
