"""The check-up in the terminal: all questions, or one in full."""

from argparse import Namespace
from typing import TYPE_CHECKING

from stammkunde.cli.printing import print_json, print_table
from stammkunde.cli.starting import start

if TYPE_CHECKING:
    from stammkunde.insights.checkup.running import Checkup, Result

_MARKS = {"yes": "yes", "partly": "partly", "no": "no", "unknown": "?"}


def run(options: Namespace) -> int:
    """Print where each question stands, or one of them with figures, query and what to connect."""
    start()
    from stammkunde.insights import mirroring
    from stammkunde.insights.checkup import documents, progress, running
    from stammkunde.insights.checkup.questions import find
    from stammkunde.kernel import clock

    asked = find(options.question).id if options.question else ""
    mirroring.sync()
    found = running.run(now=clock.now())
    progress.remember(found)
    if options.json and asked:
        print_json(documents.question_document(found.of(asked)))
    elif options.json:
        print_json(documents.checkup_document(found, progress.told()))
    elif asked:
        _tell(found.of(asked))
    else:
        _list(found)
    return 0


def _list(found: "Checkup") -> None:
    counts = found.counts
    print(
        f"{found.answered} of {len(found.results)} questions are answered: {counts['yes']} yes, "
        f"{counts['partly']} partly, {counts['no']} no. {counts['unknown']} are unknown; unknown is not no."
    )
    print_table(
        ("id", "state", "answer"),
        [(one.question.id, _MARKS[one.state], _in_short(one)) for one in found.results],
    )


def _in_short(one: "Result") -> str:
    if one.by_person and one.said:
        return f"{one.said.who}, {one.said.at:%Y-%m-%d}: {one.said.note}"
    if one.state == "unknown" and one.answer.connect:
        return f"connect: {', '.join(one.answer.connect)}"
    return str(one.answer.sentence)


def _tell(one: "Result") -> None:
    from stammkunde.insights.checkup.sources import SOURCES

    answer = one.answer
    print(f"{one.question.id}: {one.question.asks.en}")
    print(f"{one.state}: {answer.sentence}")
    if one.by_person and one.said:
        print(f"Said by {one.said.who} on {one.said.at:%Y-%m-%d}: {one.said.note}")
    if answer.figures:
        rows = [
            (one.name, _value(one.value), "" if one.n is None else f"{one.n:,}", _interval(one.interval))
            for one in answer.figures
        ]
        print_table(("figure", "value", "n", "certain between"), rows)
    if answer.next_step:
        print(f"Next: {answer.next_step}")
    for name in answer.connect:
        print(f"To connect ({name}): {SOURCES[name].how.en}")
    if answer.query:
        print(f"\n{answer.query}")


def _value(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.4g}"


def _interval(interval: tuple[float, float] | None) -> str:
    return f"{interval[0]:.4g} – {interval[1]:.4g}" if interval else ""
