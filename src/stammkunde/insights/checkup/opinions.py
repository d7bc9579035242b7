"""Take a person's answers to what only a person can know, and keep every one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction

from stammkunde.accounts import audit
from stammkunde.accounts.models import User
from stammkunde.insights.checkup.answers import STATES, State
from stammkunde.insights.checkup.questions import Question, find
from stammkunde.insights.models import Opinion
from stammkunde.kernel.errors import WrongInput

LASTS_DAYS = 365
_SHORTER = {"s4.2": 92, "e2.2": 90}
LONGEST_NOTE = 2_000


class NotForPeople(WrongInput):
    """Data alone answer this question: connect what is missing, and the answer comes by itself."""


class BadOpinion(WrongInput):
    """An answer is yes, partly, no or unknown, with a note of at most 2,000 characters."""


@dataclass(frozen=True)
class Said:
    """What somebody said, when, and until when that counts."""

    state: State
    note: str
    who: str
    at: datetime
    until: datetime

    def counts(self, now: datetime) -> bool:
        """Tell whether this is an answer that is not too old; "unknown" takes an answer back."""
        return self.state != "unknown" and now < self.until


def say(name: str, state: str, note: str = "", *, by: User, now: datetime) -> Opinion:
    """Keep what a person answers; earlier answers stay in the history."""
    question = find(name)
    if question.who == "auto":
        raise NotForPeople(str(NotForPeople.__doc__))
    text = note.strip()
    if state not in STATES or len(text) > LONGEST_NOTE:
        raise BadOpinion(str(BadOpinion.__doc__))
    with transaction.atomic():
        kept = Opinion.objects.create(question=name, state=state, note=text, by=by, who=by.name or by.email, at=now)
        audit.note("check.answered", by=by, about=kept, detail={"question": name, "state": state}, now=now)
    return kept


def latest() -> Mapping[str, Said]:
    """Return the newest answer to each question."""
    newest = {opinion.question: opinion for opinion in Opinion.objects.order_by("at", "pk")}
    return {name: _said(opinion) for name, opinion in newest.items()}


def history(question: Question) -> list[Said]:
    """Return all answers to a question, the newest first."""
    return [_said(opinion) for opinion in Opinion.objects.filter(question=question.id).order_by("-at", "-pk")]


def _said(opinion: Opinion) -> Said:
    lasts = timedelta(days=_SHORTER.get(opinion.question, LASTS_DAYS))
    return Said(cast(State, opinion.state), opinion.note, opinion.who, opinion.at, opinion.at + lasts)
