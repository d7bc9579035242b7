"""Run the check-up: ask data, hear people, and say of every question where it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from threading import Lock

from stammkunde.accounts.models import Business
from stammkunde.insights import figures
from stammkunde.insights.checkup import (
    maps_read,
    on_campaigns,
    on_discounts,
    on_maps,
    on_orders,
    on_signs,
    on_the_rest,
    on_touchpoints,
    on_vouchers,
    opinions,
)
from stammkunde.insights.checkup.answers import Answer, State, counted, unknown
from stammkunde.insights.checkup.known import Counts, Known
from stammkunde.insights.checkup.opinions import Said
from stammkunde.insights.checkup.questions import GROUPS, QUESTIONS, Question, Texts
from stammkunde.insights.checkup.sources import SOURCES
from stammkunde.metrics.mirror import Outdated
from stammkunde.metrics.wording import Sentence, gettext_noop
from stammkunde.segments.models import Segment
from stammkunde.segments.personas import Persona

ANSWERERS: Mapping[str, Callable[[Known], Answer]] = {
    "s1.1": on_maps.goal_is_set,
    "s1.2": on_orders.computed_by_definition,
    "s1.3": on_maps.figures_have_goals,
    "s2.1": on_maps.initiatives_are_measured,
    "s2.2": on_touchpoints.known_by_figures,
    "s2.3": on_maps.proven_initiatives,
    "s3.2": on_orders.below_benchmark,
    "s3.3": on_maps.pains_have_ideas,
    "s5.2": on_orders.several_channels,
    "s5.3": on_the_rest.tailored_messages,
    "s6.1": on_discounts.discounted_revenue,
    "s6.3": on_the_rest.guides_for_the_best,
    "e1.1": on_the_rest.suggestions_by_mail,
    "e2.1": on_vouchers.only_for_regulars,
    "e2.2": on_campaigns.limited_offers,
    "e4.1": on_campaigns.thanked,
    "e5.1": on_the_rest.chat_at_main_hours,
    "q1": on_orders.retention,
    "q2": on_the_rest.measured_and_raised,
    "q3": on_touchpoints.after_the_purchase,
    "q4": on_campaigns.incentives,
    "q5": on_signs.drivers,
    "r1": on_maps.map_is_reviewed,
    "t1": on_the_rest.wished_for,
    "t5": on_vouchers.only_for_customers,
}
_KEPT = 4
_kept: dict[object, Mapping[str, Answer]] = {}
_asking = Lock()


@dataclass(frozen=True)
class Result:
    """Where a question stands: what data say, what a person says, and which of it counts."""

    question: Question
    answer: Answer
    said: Said | None
    state: State
    by_person: bool


@dataclass(frozen=True)
class Group:
    """The questions of one group."""

    name: str
    title: Texts
    results: tuple[Result, ...]

    @property
    def counts(self) -> dict[State, int]:
        """Return how many questions have which state."""
        return counted({result.question.id: result.state for result in self.results})


@dataclass(frozen=True)
class Checkup:
    """All questions as of one moment.

    `last_day` is the last day with an order, None while there is none; `there` names the sources that are connected.
    """

    results: tuple[Result, ...]
    as_of: datetime
    last_day: date | None
    stale: bool
    there: tuple[str, ...] = ()

    @cached_property
    def states(self) -> dict[str, State]:
        """Return where each question stands."""
        return {result.question.id: result.state for result in self.results}

    @property
    def counts(self) -> dict[State, int]:
        """Return how many questions have which state."""
        return counted(self.states)

    @property
    def answered(self) -> int:
        """Return how many questions are answered; unknown is no answer."""
        return len(self.results) - self.counts["unknown"]

    @property
    def groups(self) -> tuple[Group, ...]:
        """Return the questions group by group."""
        return tuple(
            Group(name, title, tuple(result for result in self.results if result.question.group == name))
            for name, title in GROUPS.items()
        )

    def of(self, name: str) -> Result:
        """Return one question."""
        return next(result for result in self.results if result.question.id == name)


def run(*, now: datetime) -> Checkup:
    """Answer all questions; data are asked anew only when they, the maps or the day have changed."""
    try:
        known = _look(now)
        answers = _answers(known)
    except Outdated:
        figures.mirror()
        known = _look(now)
        answers = _answers(known)
    said = opinions.latest()
    return Checkup(
        tuple(judge(question, answers[name], said.get(name), now=now) for name, question in QUESTIONS.items()),
        as_of=now,
        last_day=known.last_day if known.has_orders else None,
        stale=known.stale,
        there=tuple(name for name in SOURCES if known.has(name)),
    )


def judge(question: Question, answer: Answer, said: Said | None, *, now: datetime) -> Result:
    """Say which answer counts: a person's where she is asked and her answer is not too old, else that of the data.

    Where a person has the last word, data alone never say yes: they say partly until she confirms it.
    """
    if question.who == "auto":
        return Result(question, answer, None, answer.state, by_person=False)
    if said is not None and said.counts(now):
        return Result(question, answer, said, said.state, by_person=True)
    state: State = "partly" if answer.state == "yes" else answer.state
    return Result(question, answer, said, state, by_person=False)


def ask(known: Known) -> Mapping[str, Answer]:
    """Ask the data every question."""
    return {
        name: ANSWERERS[name](known) if name in ANSWERERS else _not_there(known, q) for name, q in QUESTIONS.items()
    }


def _not_there(known: Known, question: Question) -> Answer:
    """Answer where nobody has taught the data to answer: name what is missing."""
    if question.who == "person":
        return unknown(Sentence(gettext_noop("Only a person can know this.")))
    missing = known.missing(question.needs)
    if missing:
        return unknown(Sentence(gettext_noop("Nothing on record answers this.")), *missing)
    return unknown(Sentence(gettext_noop("What it takes is on record, but it is not worked out here yet.")))


def _look(now: datetime) -> Known:
    return Known(
        mirror=figures.mirror() or figures.snapshot(),
        maps=maps_read.published(),
        counts=Counts(segments=Segment.objects.count(), personas=Persona.objects.count()),
        now=now,
        zone=Business.current().zone,
    )


def _answers(known: Known) -> Mapping[str, Answer]:
    key = (
        id(known.mirror),
        known.mirror.watermark if known.mirror else "",
        tuple((read.slug, read.digest, read.reviewed_at) for read in known.maps),
        known.counts,
        known.today,
        str(known.zone),
    )
    with _asking:
        if key not in _kept:
            if len(_kept) >= _KEPT:
                _kept.clear()
            _kept[key] = ask(known)
        return _kept[key]
