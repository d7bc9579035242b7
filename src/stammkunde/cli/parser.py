"""Read the command line: which commands there are, and what each of them takes."""

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from datetime import UTC, date, datetime
from typing import Any

Subparsers = Any
_UNITS = ("day", "week", "month", "quarter", "half", "year")


def parser() -> ArgumentParser:
    """Return the parser of all commands; each names the function that carries it out as `module:function`."""
    whole = ArgumentParser(
        prog="stammkunde",
        description="Keep your customers: see who comes back, and why.",
        epilog="Data folder: STAMMKUNDE_HOME (./data when left out). Database: DATABASE_URL (else SQLite there).\n"
        "Exit codes: 0 done, 1 failed, 2 wrong input. Every reading command takes --json.",
        formatter_class=RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        _demo, _serve, _worker, _import, _figures, _cohorts, _rfm, _segment, _journey, _checkup, _mirror, _user, _key,
    ):  # fmt: skip
        add(commands)
    return whole


def day(text: str) -> date:
    """Read a day such as 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write it as 2026-01-31") from None


def moment(text: str) -> datetime:
    """Read a moment such as 2026-01-31T12:00+01:00; without an offset it is UTC, a day alone its start."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no moment; write it as 2026-01-31T12:00+01:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def days(text: str) -> int:
    """Read a number of days such as 365d."""
    number = text.removesuffix("d")
    if not number.isdigit() or int(number) == 0:
        raise ArgumentTypeError(f"{text!r} is no number of days; write it as 365d")
    return int(number)


def pair(text: str) -> tuple[str, str]:
    """Read FIELD=COLUMN."""
    field, sign, column = text.partition("=")
    if not (field and sign and column):
        raise ArgumentTypeError(f"{text!r} does not say which column; write it as order_id=Bestellnummer")
    return field, column


def _add(commands: Subparsers, name: str, run: str, purpose: str) -> ArgumentParser:
    command: ArgumentParser = commands.add_parser(name, help=purpose, description=purpose)
    command.set_defaults(run=run)
    return command


def _json(command: ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="one JSON document on stdout, nothing else there")


def _server(command: ArgumentParser) -> None:
    command.add_argument("--port", type=int, default=8000, help="port of the pages (default 8000; 0 takes a free one)")


def _demo(commands: Subparsers) -> None:
    command = _add(
        commands, "demo", "demonstrating:run", "A real year of orders, worker and pages, on this machine only."
    )
    _server(command)
    command.add_argument("--full", action="store_true", help="the households' whole shopping: 1.47 million lines")
    command.add_argument("--as-recorded", action="store_true", help="keep the dates of 2017")
    command.add_argument("--from", dest="file", metavar="FILE", help="show this export of orders instead")
    command.add_argument("--no-serve", action="store_true", help="only fill the data folder")


def _serve(commands: Subparsers) -> None:
    command = _add(commands, "serve", "serving:run", "Web and worker, one process tree.")
    _server(command)
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    command.add_argument("--workers", type=int, default=1, help="web processes (default 1; more only on PostgreSQL)")


def _worker(commands: Subparsers) -> None:
    _add(commands, "worker", "serving:work", "Only the worker: imports and the mirror.")


def _import(commands: Subparsers) -> None:
    command = _add(commands, "import", "importing:run", "Take in an export of a shop: CSV in any form, Parquet, gz.")
    command.add_argument(
        "what", choices=("orders", "list", "undo"), help="what the files hold; or list the imports, or take one back"
    )
    command.add_argument("files", nargs="*", metavar="FILE", help="the exports; for undo the number of the import")
    command.add_argument("--yes", action="store_true", help="undo without asking")
    command.add_argument("--preset", default=None, metavar="NAME", help="columns of a known system, such as shopify")
    command.add_argument(
        "--map", action="append", type=pair, default=[], metavar="FIELD=COLUMN", help="say which column holds a field"
    )
    command.add_argument("--shop", default="shop", metavar="NAME", help="name of the shop, if numbers may collide")
    command.add_argument("--currency", default=None, metavar="EUR", help="take the rows in this currency")
    command.add_argument("--dates", choices=("dmy", "mdy"), help="03/04/2026 begins with the day, or with the month")
    command.add_argument("--decimal", choices=(",", "."), help="the sign before the decimals")
    command.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
    _json(command)


def _period(command: ArgumentParser) -> None:
    command.add_argument("--from", dest="start", type=day, metavar="DAY", help="first day")
    command.add_argument("--to", dest="end", type=day, metavar="DAY", help="last day; it still counts")


def _some(command: ArgumentParser) -> None:
    command.add_argument("--segment", metavar="NAME", help="only of the customers in this segment")
    command.add_argument("--where", metavar="CONDITION", help="only of the customers of whom this condition is true")


def _figures(commands: Subparsers) -> None:
    command = _add(commands, "figures", "reading:figures", "Figures of a period (default: the last complete quarter).")
    command.add_argument("names", nargs="*", metavar="NAME")
    command.add_argument("--list", action="store_true", help="which figures there are, and their exact definitions")
    _period(command)
    command.add_argument("--by", choices=_UNITS, help="one figure for each of these units in the period")
    command.add_argument("--window", type=days, metavar="365d", help="who was there: active within so many days")
    _some(command)
    _json(command)


def _cohorts(commands: Subparsers) -> None:
    command = _add(commands, "cohorts", "reading:cohorts", "Who came back, by the time of the first order?")
    command.add_argument("--by", choices=("month", "week", "quarter"), default="month")
    _period(command)
    _some(command)
    _json(command)


def _rfm(commands: Subparsers) -> None:
    command = _add(commands, "rfm", "reading:rfm", "Recency, frequency and monetary groups of all customers.")
    command.add_argument(
        "--as-of", dest="as_of", type=day, metavar="DAY", help="look from this day (default: the last)"
    )
    command.add_argument("--ties", choices=("low", "high"), default="low", help="score of a value on a boundary")
    command.add_argument("--tell", action="store_true", help="write them into the log, from that day up to today")
    _some(command)
    _json(command)


def _segment(commands: Subparsers) -> None:
    command = commands.add_parser("segment", help="Groups of customers by a condition.", description="Segments.")
    parts = command.add_subparsers(dest="part", required=True, metavar="count|list|why|check|save")
    count = _add(parts, "count", "segments:count", "Of how many customers is it true?")
    count.add_argument("asked", metavar="CONDITION|NAME")
    _as_of(count)
    some = _add(parts, "list", "segments:list_all", "All segments with their sizes, or the members of one.")
    some.add_argument("name", nargs="?", metavar="NAME")
    some.add_argument("--limit", type=int, default=100, help="so many members at most (100)")
    some.add_argument("--after", type=int, default=0, metavar="CUSTOMER", help="go on after this member")
    why = _add(parts, "why", "segments:why", "Is this customer in it, since when, until when, and why?")
    why.add_argument("name", metavar="NAME")
    why.add_argument("customer", metavar="CUSTOMER", help="a customer number of your shop, or ours with # (as “#48”)")
    check = _add(parts, "check", "segments:check", "Can this condition be saved? What does it say?")
    check.add_argument("asked", metavar="FILE|CONDITION")
    save = _add(parts, "save", "segments:save", "Save a condition as a segment.")
    save.add_argument("name", metavar="NAME")
    save.add_argument("text", metavar="CONDITION")
    for part in (count, some, why, check, save):
        _json(part)


def _as_of(command: ArgumentParser) -> None:
    command.add_argument("--as-of", dest="as_of", type=moment, metavar="MOMENT", help="ask as of then (default: now)")


def _journey(commands: Subparsers) -> None:
    command = commands.add_parser("journey", help="Maps of what customers go through.", description="Journey maps.")
    parts = command.add_subparsers(
        dest="part", required=True, metavar="check|show|figures|poster|list|import|export|ready"
    )
    check = _add(parts, "check", "journeys:check", "What is wrong with this map, and what is worth knowing?")
    show = _add(parts, "show", "journeys:show", "Phases, touchpoints with their signals, paths.")
    figures = _add(parts, "figures", "journeys:figures", "Who was where, and how many moved on? (default: all data)")
    poster = _add(parts, "poster", "journeys:poster", "The map as a poster: PDF, SVG, PNG or HTML.")
    for part in (check, show, figures, poster):
        part.add_argument("asked", metavar="FILE|NAME")
    for part in (figures, poster):
        _period(part)
        _some(part)
    poster.add_argument("--output", "-o", required=True, metavar="FILE", help="its ending says what it is to be")
    poster.add_argument("--plain", action="store_true", help="without figures")
    poster.add_argument("--language", choices=("de", "en"), default="de")
    some = _add(parts, "list", "journeys:list_all", "All maps with their current versions.")
    some.add_argument("--archived", action="store_true", help="those put aside, too")
    take_in = _add(parts, "import", "journeys:take_in", "Publish a file as the next version of its map.")
    take_in.add_argument("file", metavar="FILE")
    take_in.add_argument("--name", default=None, help="short name of the map (default: the one in the file)")
    take_in.add_argument("--note", default="", help="what has changed")
    give_out = _add(parts, "export", "journeys:give_out", "The YAML text of a map.")
    give_out.add_argument("name", metavar="NAME")
    give_out.add_argument("--version", type=int, default=None, help="an earlier version")
    give_out.add_argument("--output", "-o", default=None, metavar="FILE", help="write it there")
    ready = _add(parts, "ready", "journeys:ready", "Maps to begin with, or the YAML text of one.")
    ready.add_argument("name", nargs="?", metavar="NAME")
    ready.add_argument("--language", choices=("de", "en"), default="de")
    for part in (check, show, figures, some, take_in, ready):
        _json(part)


def _checkup(commands: Subparsers) -> None:
    command = _add(commands, "checkup", "checkup:run", "Where does the business stand? 44 questions, answered by data.")
    command.add_argument("question", nargs="?", metavar="QUESTION", help="one question in full, such as q1")
    _json(command)


def _mirror(commands: Subparsers) -> None:
    command = _add(commands, "mirror", "mirror:run", "Bring the columnar mirror up to date, or write it anew.")
    command.add_argument("what", choices=("sync", "rebuild"))
    _json(command)


def _user(commands: Subparsers) -> None:
    command = _add(commands, "user", "people:user", "Add somebody who may log in, or give a new password.")
    command.add_argument("what", choices=("add", "password"))
    command.add_argument("email")
    command.add_argument("--name", default="")
    command.add_argument("--role", choices=("owner", "marketing", "service", "analyst"), default="owner")
    command.add_argument("--language", choices=("de", "de-du", "en"), default="de")
    command.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def _key(commands: Subparsers) -> None:
    command = _add(commands, "key", "people:key", "Make an API key for somebody; it is shown once.")
    command.add_argument("email")
    command.add_argument("--name", default="command line")
    command.add_argument("--scope", action="append", default=[], help="what the key may do, such as figures:read")
