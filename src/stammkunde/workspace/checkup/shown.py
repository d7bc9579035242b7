"""Say the answers of the check-up in the reader's language: states, sentences, figures, tables, ways on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from stammkunde.accounts.permissions import may_open
from stammkunde.insights.checkup.answers import Cell, Link, Measure, State, Table
from stammkunde.insights.checkup.opinions import Said
from stammkunde.insights.checkup.running import Group, Result
from stammkunde.insights.checkup.sources import SOURCES, Source
from stammkunde.metrics.wording import Sentence, Share, Verbatim
from stammkunde.workspace.figure_card import FigureCard, figure_card
from stammkunde.workspace.formatting import UNKNOWN, day_short, number, percent
from stammkunde.workspace.pictures.parts import Part, draw_parts
from stammkunde.workspace.words import say

STATE_NAMES: dict[State, Promise] = {
    "yes": pgettext_lazy("state of a question", "yes"),
    "partly": pgettext_lazy("state of a question", "partly"),
    "no": pgettext_lazy("state of a question", "no"),
    "unknown": pgettext_lazy("state of a question", "unknown"),
}
WHO_NAMES: dict[str, Promise] = {
    "auto": _("Data answer this."),
    "assisted": _("Data bring the evidence, a person decides."),
    "person": _("Only a person can know this."),
}


@dataclass(frozen=True)
class Way:
    """What to do next, and where; `url` is empty where there is no page, or none this person may open."""

    text: str
    url: str


@dataclass(frozen=True)
class Missing:
    """A source that is not connected: what it is called, how it is connected, and where."""

    name: str
    title: str
    how: str
    url: str


@dataclass(frozen=True)
class Shown:
    """One question as a page prints it."""

    id: str
    who: str
    who_says: str
    asks: str
    met: str
    state: State
    state_name: str
    by_person: bool
    said: Said | None
    said_is_old: bool
    sentence: str
    cards: list[FigureCard]
    head: list[str]
    rows: list[list[str]]
    query: str
    next: Way | None
    missing: list[Missing]
    names_person: bool


@dataclass(frozen=True)
class ShownGroup:
    """A group of questions with its bar."""

    name: str
    title: str
    bar: str
    answered: int
    of: int
    questions: list[Shown]


def language() -> str:
    """Return the language of the reader."""
    return get_language() or "de"


def show(result: Result, *, role: str, now: datetime) -> Shown:
    """Return a question with its answer."""
    question, answer, reader = result.question, result.answer, language()
    table = answer.table or Table((), ())
    step = answer.next_step
    return Shown(
        id=question.id,
        who=question.who,
        who_says=str(WHO_NAMES[question.who]),
        asks=question.asks.in_language(reader),
        met=question.met.in_language(reader),
        state=result.state,
        state_name=str(STATE_NAMES[result.state]),
        by_person=result.by_person,
        said=result.said,
        said_is_old=result.said is not None and result.said.state != "unknown" and not result.said.counts(now),
        sentence=say(answer.sentence),
        cards=[_card(measure) for measure in answer.figures],
        head=[say(cell) for cell in table.head],
        rows=[[written(cell) for cell in row] for row in table.rows],
        query=answer.query,
        next=Way(say(step), address(answer.next_link, role)) if step else None,
        missing=[missing(SOURCES[name], role) for name in answer.connect],
        names_person=question.who != "auto",
    )


def show_group(group: Group, shown: Sequence[Shown]) -> ShownGroup:
    """Return a group with the bar of its states."""
    title, counts = group.title.in_language(language()), group.counts
    return ShownGroup(
        name=group.name,
        title=title,
        bar=bar(counts, title),
        answered=len(group.results) - counts["unknown"],
        of=len(group.results),
        questions=[one for one in shown if one.id in {result.question.id for result in group.results}],
    )


def bar(counts: dict[State, int], title: str) -> str:
    """Draw how many questions have which state."""
    parts = [Part(state, str(STATE_NAMES[state]), counts[state], number(counts[state])) for state in counts]
    return draw_parts(parts, title=title)


def missing(source: Source, role: str) -> Missing:
    """Return how to connect a source."""
    reader = language()
    url = address(Link(source.route), role) if source.route else ""
    return Missing(source.name, source.title.in_language(reader), source.how.in_language(reader), url)


def address(link: Link | None, role: str) -> str:
    """Return the address of a page, empty where it does not exist or this person may not open it."""
    if link is None or not may_open(role, link.route, "GET"):
        return ""
    try:
        path = reverse(link.route, args=[link.named] if link.named else [])
    except NoReverseMatch:
        return ""
    return f"{path}?{link.query}" if link.query else path


def written(cell: Cell) -> str:
    """Write one cell of an answer's table."""
    if cell is None or cell == "":
        return UNKNOWN
    if isinstance(cell, Share):
        return percent(cell.share)
    if isinstance(cell, Verbatim):
        return str(cell)
    if isinstance(cell, Sentence):
        return say(cell)
    if isinstance(cell, date):
        return day_short(cell)
    return str(cell) if isinstance(cell, str) else number(cell)


def _card(measure: Measure) -> FigureCard:
    said = replace(
        measure,
        definition=Sentence(say(measure.definition)),
        why_unknown=say(measure.why_unknown) if measure.why_unknown else None,
    )
    return figure_card(said, title=say(measure.title))


def unlocked(results: Sequence[Result]) -> list[tuple[str, int]]:
    """Return what is missing most often: sources, and how many unknown questions wait for each."""
    counts: dict[str, int] = {}
    for result in results:
        if result.state == "unknown" and result.question.who != "person":
            for name in result.answer.connect:
                counts[name] = counts.get(name, 0) + 1
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))
