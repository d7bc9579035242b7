"""Say of customers why they are in a segment, or are not, and until when time alone leaves it so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stammkunde.conditions import Condition, History, evaluate
from stammkunde.segments import definitions
from stammkunde.segments.histories import histories
from stammkunde.workspace.segments.draft import language


@dataclass(frozen=True)
class Answer:
    """The verdict on one customer, the reason as a sentence, and when it may change by time alone."""

    value: bool | None
    sentence: str
    until: datetime | None


def answers(condition: Condition, customers: Sequence[int], *, now: datetime) -> dict[int, Answer]:
    """Return the verdict on each of a few customers."""
    known = definitions.known()
    past = histories(list(customers))
    return {one: _answer(condition, past[one], known, now) for one in customers}


def _answer(condition: Condition, past: History, known: definitions.Known, now: datetime) -> Answer:
    verdict = evaluate(condition, past, now, zone=known.zone, segments=known.conditions)
    return Answer(verdict.value, verdict.reason.sentence(language()), verdict.flips_at)
