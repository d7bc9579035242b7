"""Journey maps in the terminal: check, show, count, list, print, take in and give out."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stammkunde.cli.printing import print_json, print_table
from stammkunde.cli.starting import start
from stammkunde.kernel.errors import WrongInput

if TYPE_CHECKING:
    from stammkunde.insights.figures import Among
    from stammkunde.insights.journey_values import JourneyFigures
    from stammkunde.journeys.document import Journey, Touchpoint

FORMS = ("pdf", "svg", "png", "html")


class NoSuchFile(WrongInput):
    """There is neither a file nor a map of this name."""


class Unwritable(WrongInput):
    """The file cannot be written; choose another place."""


def check(options: Namespace) -> int:
    """Say what is wrong with a map and what is worth knowing; severe problems end with exit code 2."""
    now = _begin()
    from stammkunde.insights import journey_asking, journey_documents

    found = journey_asking.examined(_text(options.asked), now=now)
    document = journey_documents.problems_document(found.problems)
    if options.json:
        print_json(document)
    else:
        for problem in found.problems:
            print(f"{'' if problem.severe else 'Note: '}{problem}", file=sys.stderr if problem.severe else sys.stdout)
        if document["ok"] and found.journey:
            journey = found.journey
            parts = f"{_several(len(journey.touchpoints), 'touchpoint')}, {_several(len(journey.paths), 'path')}"
            print(f"{journey.id}: {parts}. It can be published.")
    return 0 if document["ok"] else 2


def show(options: Namespace) -> int:
    """Print a map: phases, touchpoints, how each is recognised, paths."""
    _begin()
    from stammkunde.insights import journey_documents

    journey = _journey(options.asked)
    if options.json:
        print_json(journey_documents.contents(journey))
        return 0
    print(f"{journey.label.in_language('en')} ({journey.id}, version {journey.version})")
    for phase in journey.phases:
        print(f"\n{'  ' if phase.parent else ''}{phase.label.in_language('en')}")
        for one in phase.touchpoints:
            print(f"  {one.id:24} {one.label.in_language('en')}: {_sign(one)}")
    if journey.paths:
        print()
        print_table(("from", "to", "within"), (_path_row(path) for path in journey.paths))
    return 0


def figures(options: Namespace) -> int:
    """Print how many customers and events each touchpoint saw, and how many moved on along each path."""
    now = _begin()
    from stammkunde.insights.journey_figures import as_json

    found = _figures(_journey(options.asked), options, now)
    if options.json:
        print_json(as_json(found))
        return 0
    print(f"{found.journey}, version {found.version}: {found.customers:,} customers on the map")
    print_table(
        ("touchpoint", "customers", "events"),
        (
            (name, "unknown", "unknown") if cell.unknown else (name, _count(cell.customers), _count(cell.events))
            for name, cell in found.cells.items()
        ),
    )
    print()
    print_table(
        ("from", "to", "entered", "matured", "moved on", "share", "certain between", "by"), _path_figures(found)
    )
    return 0


def list_all(options: Namespace) -> int:
    """Print all maps with their current versions."""
    _begin()
    from stammkunde.insights import journey_documents
    from stammkunde.journeys import maps

    found = list(maps.maps(archived=options.archived))
    if options.json:
        print_json(journey_documents.maps_document(found))
    else:
        rows = ((one.slug, str(one.current.number) if one.current else "draft", one.title_in("en")) for one in found)
        print_table(("map", "version", "title"), rows)
    return 0


def poster(options: Namespace) -> int:
    """Print a map as a poster into a file: PDF, SVG, PNG or HTML, by the file's ending."""
    now = _begin()
    from stammkunde.accounts.models import Business
    from stammkunde.insights import journey_poster

    file = Path(options.output)
    form = file.suffix.removeprefix(".").lower()
    if form not in FORMS:
        raise Unwritable(
            f"{file.name} does not say what it is to be; end it with {', '.join(f'.{one}' for one in FORMS)}."
        )
    journey, business = _journey(options.asked), Business.current()
    counted = None if options.plain else _figures(journey, options, now)
    _write(file, journey_poster.poster(
        journey, counted, form=form, language=options.language, accent=business.accent, business=business.name
    ))  # fmt: skip
    print(f"{file}: {journey.id}, version {journey.version}")
    return 0


def take_in(options: Namespace) -> int:
    """Publish a file as the next version of its map, or as a new map."""
    now = _begin()
    from stammkunde.journeys import maps

    found, new = maps.bring(_file(options.file), slug=options.name or "", note=options.note, by=None, now=now)
    if options.json:
        print_json({"journey": found.map.slug, "version": found.number, "new": new, "digest": found.digest})
    else:
        print(f"{found.map.slug}: version {found.number}" + ("" if new else ", which says the same already"))
    return 0


def give_out(options: Namespace) -> int:
    """Print the YAML text of a map, or of a ready one to begin with."""
    _begin()
    from stammkunde.journeys import maps

    text = maps.version(options.name, options.version).text
    if options.output:
        _write(Path(options.output), text.encode())
    else:
        print(text, end="" if text.endswith("\n") else "\n")
    return 0


def ready(options: Namespace) -> int:
    """Print the ready maps, or the YAML text of one of them."""
    _begin()
    from stammkunde.journeys import ready as templates

    if options.name:
        text = templates.text(options.name, options.language)
        print(text, end="")
    elif options.json:
        print_json(
            {
                "ready": [
                    {"name": one.name, "title": one.title._asdict(), "purpose": one.purpose._asdict()}
                    for one in templates.templates()
                ]
            }
        )
    else:
        print_table(
            ("name", "title", "for"), ((one.name, one.title.en, one.purpose.en) for one in templates.templates())
        )
    return 0


def _begin() -> datetime:
    start()
    from stammkunde.insights import mirroring
    from stammkunde.kernel import clock

    mirroring.sync()
    return clock.now()


def _journey(asked: str) -> "Journey":
    """Return the map in a file, or the published one of this name."""
    from stammkunde.journeys import lint

    return lint.sound(_text(asked))


def _text(asked: str) -> str:
    from stammkunde.journeys import maps

    if Path(asked).is_file():
        return _file(asked)
    if asked.endswith((".yaml", ".yml")) or "/" in asked:
        raise NoSuchFile(f"There is no file {asked}; check the path.")
    return maps.version(asked).text


def _file(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WrongInput(f"{name} is not in UTF-8; save it as a plain text in UTF-8.") from None
    except OSError as wrong:
        raise NoSuchFile(f"{name} cannot be read ({wrong.strerror}); check the path.") from None


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as wrong:
        raise Unwritable(f"{file} cannot be written ({wrong.strerror}); choose another place.") from None


def _figures(journey: "Journey", options: Namespace, now: datetime) -> "JourneyFigures":
    from stammkunde.insights import figures as insights
    from stammkunde.insights import journey_asking, journey_figures

    period, among = journey_asking.period(options.start, options.end), _among(options, now)
    return journey_figures.figures(
        journey,
        insights.snapshot(),
        start=period.start,
        end=period.end,
        among=among,
        now=now,
    )


def _among(options: Namespace, now: datetime) -> "Among | None":
    from stammkunde.insights import segmenting

    return segmenting.chosen(segment=options.segment, where=options.where, now=now)


def _sign(one: "Touchpoint") -> str:
    signal = one.signal
    if signal.manual:
        return f"by hand ({signal.manual})"
    return signal.text or (f"no signal: {signal.none}" if signal.none else "no signal yet")


def _path_row(path: Any) -> tuple[str, str, str]:
    from stammkunde.journeys.signals import duration_text

    return path.start, path.end, (duration_text(path.within) if path.within else "at any later time")


def _path_figures(found: "JourneyFigures") -> Iterator[tuple[str, ...]]:
    for one in found.paths:
        share = "unknown" if one.share is None else f"{one.share:.1%}"
        certain = f"{one.interval[0]:.1%} and {one.interval[1]:.1%}" if one.interval else ""
        counts = (_count(one.entered), _count(one.matured), _count(one.moved_on))
        yield one.start, one.end, *counts, share, certain, one.method


def _several(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _count(number: int | None) -> str:
    return "unknown" if number is None else f"{number:,}"
