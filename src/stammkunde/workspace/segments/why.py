"""Say of customers why they are in a segment, or are not, and until when time alone leaves it so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from stammkunde.conditions import Condition, History, evaluate
from stammkunde.segments import definitions
from stammkunde.segments.histories import histories
from stammkunde.segments.privacy import asks_addresses
from stammkunde.workspace.segments.draft import language


@dataclass(frozen=True)
class Answer:
    """The verdict on one customer, the reason as a sentence, and when it may change by time alone."""

    value: bool | None
    sentence: str
    until: datetime | None


def answers(condition: Condition, customers: Sequence[int], *, now: datetime, personal: bool) -> dict[int, Answer]:
    """Return the verdict on each of a few customers; who may not see addresses gets no reason that names them."""
    known = definitions.known()
    past = histories(list(customers))
    said = personal or not asks_addresses(condition, known.conditions)
    return {one: _answer(condition, past[one], known, now, said=said) for one in customers}


def _answer(condition: Condition, past: History, known: definitions.Known, now: datetime, *, said: bool) -> Answer:
    verdict = evaluate(condition, past, now, zone=known.zone, segments=known.conditions)
    sentence = verdict.reason.sentence(language()) if said else gettext("Your role does not see addresses.")
    return Answer(verdict.value, sentence, verdict.flips_at)
