"""Write the check-up as JSON: the same for the command line and the interface for programs."""

from datetime import date

from stammkunde.insights.checkup.answers import Cell, Measure, Table
from stammkunde.insights.checkup.opinions import Said
from stammkunde.insights.checkup.progress import Stood
from stammkunde.insights.checkup.questions import Texts
from stammkunde.insights.checkup.running import Checkup, Result
from stammkunde.insights.checkup.sources import SOURCES
from stammkunde.insights.documents import Document
from stammkunde.metrics.wording import Share


def checkup_document(checkup: Checkup, told: list[Stood]) -> Document:
    """Return `{"as_of", "last_day", "answered", "counts", "there", "questions", "history"}`."""
    return {
        "as_of": checkup.as_of.isoformat(),
        "last_day": checkup.last_day.isoformat() if checkup.last_day else None,
        "answered": checkup.answered,
        "counts": checkup.counts,
        "there": list(checkup.there),
        "questions": [question_document(result) for result in checkup.results],
        "history": [{"day": stood.day.isoformat(), "counts": stood.counts} for stood in told],
    }


def question_document(result: Result) -> Document:
    """Return one question: what counts, what data say, what a person says."""
    question, answer = result.question, result.answer
    return {
        "id": question.id,
        "seed": question.seed,
        "who": question.who,
        "asks": _both(question.asks),
        "met": _both(question.met),
        "state": result.state,
        "by": "person" if result.by_person else "data",
        "data": {
            "state": answer.state,
            "sentence": str(answer.sentence),
            "figures": [_measure(measure) for measure in answer.figures],
            "table": _table(answer.table),
            "query": answer.query or None,
            "next_step": str(answer.next_step) if answer.next_step else None,
            "connect": [
                {"source": name, "title": _both(SOURCES[name].title), "how": _both(SOURCES[name].how)}
                for name in answer.connect
            ],
        },
        "person": _said(result.said),
    }


def _measure(measure: Measure) -> Document:
    return {
        "name": measure.name,
        "title": str(measure.title),
        "value": measure.value,
        "unit": measure.unit,
        "n": measure.n,
        "interval": list(measure.interval) if measure.interval else None,
        "definition": str(measure.definition),
        "why_unknown": measure.why_unknown,
        "grade": measure.grade,
    }


def _table(table: Table | None) -> Document | None:
    if table is None:
        return None
    return {"head": [str(cell) for cell in table.head], "rows": [[_cell(cell) for cell in row] for row in table.rows]}


def _cell(cell: Cell) -> str | int | float | None:
    if isinstance(cell, Share):
        return cell.share
    return cell.isoformat() if isinstance(cell, date) else cell


def _said(said: Said | None) -> Document | None:
    if said is None:
        return None
    return {
        "state": said.state,
        "note": said.note,
        "who": said.who,
        "at": said.at.isoformat(),
        "until": said.until.isoformat(),
    }


def _both(texts: Texts) -> dict[str, str]:
    return {"de": texts.de, "en": texts.en}
