"""Segments in the terminal: count, list, say why, check, save."""

from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from stammkunde.cli.printing import print_json, print_table
from stammkunde.cli.starting import start

if TYPE_CHECKING:
    from stammkunde.segments.reasons import Why


def count(options: Namespace) -> int:
    """Print of how many customers a condition is true, or how many are in a segment."""
    now = _begin(options)
    from stammkunde.insights import segmenting

    found = segmenting.count(options.asked, now=now)
    if options.json:
        print_json({"count": found.count, "of": found.of, "as_of": found.as_of.isoformat()})
    else:
        print(f"{found.count:,} of {found.of:,} customers, as of {found.as_of:%Y-%m-%d %H:%M} UTC")
    return 0


def list_all(options: Namespace) -> int:
    """Print all segments with their sizes, or the members of one."""
    now = _begin(options)
    from stammkunde.insights import documents, segmenting
    from stammkunde.segments import definitions, listing

    if options.name:
        definitions.find(options.name)
        segmenting.keep(now=now)
        members = listing.members(options.name, after=options.after, limit=max(options.limit, 1))
        following = members[-1].customer if len(members) == options.limit else None
        if options.json:
            print_json({**documents.members_document(members), "next": following})
        else:
            rows = [(str(one.customer), one.since.date().isoformat(), one.cause) for one in members]
            print_table(("customer", "since", "because"), rows)
        return 0
    found = segmenting.listed(now=now)
    if options.json:
        print_json(documents.segments_document(found))
    else:
        print_table(
            ("segment", "customers", "condition"),
            [(one.segment.name, f"{one.members:,}", " ".join(one.segment.text.split())) for one in found],
        )
    return 0


def why(options: Namespace) -> int:
    """Print whether a customer is in a segment, since when, until when, and why."""
    now = _begin(options)
    from stammkunde.insights import documents, segmenting
    from stammkunde.segments import definitions, reasons

    definitions.find(options.name)
    customer = _meant(options.customer)
    segmenting.keep(now=now)
    found = reasons.why(options.name, customer, now=now)
    if options.json:
        print_json(documents.why_document(found))
    else:
        _tell(found, options.name, _called(customer))
    return 0


def check(options: Namespace) -> int:
    """Say whether a condition, or the one in a file, can be saved; wrong ones end with exit code 2."""
    _begin(options)
    from stammkunde.conditions import describe
    from stammkunde.insights import figures
    from stammkunde.segments import definitions

    place = Path(options.asked) if len(options.asked) < 1_000 else None
    is_file = place is not None and place.is_file()
    text = place.read_text(encoding="utf-8") if place is not None and is_file else options.asked
    condition = definitions.check(text, mirror=figures.snapshot())
    sentences = {"de": describe(condition, "de"), "en": describe(condition, "en")}
    if options.json:
        print_json({"ok": True, "de": sentences["de"], "en": sentences["en"]})
    else:
        print(sentences["en"])
    return 0


def save(options: Namespace) -> int:
    """Save a segment under its name and print how many are in it."""
    now = _begin(options)
    from stammkunde.insights import segmenting
    from stammkunde.segments import listing

    segment = segmenting.save(options.name, options.text, now=now)
    [found] = listing.listed([segment.name])
    if options.json:
        print_json({"segment": segment.name, "count": found.members, "of": found.of})
    else:
        print(f"{segment.name}: {found.members:,} of {found.of:,} customers")
    return 0


def _begin(options: Namespace) -> datetime:
    start()
    from stammkunde.insights import mirroring
    from stammkunde.kernel import clock

    mirroring.sync()
    asked: datetime | None = getattr(options, "as_of", None)
    return asked or clock.now()


def _meant(asked: str) -> int:
    """Return the one customer whom somebody means by a number; raises NoSuchCustomer."""
    from stammkunde.customers.search import exactly
    from stammkunde.segments.histories import NoSuchCustomer

    found = exactly(asked)
    if not found:
        raise NoSuchCustomer(
            f"There is no customer {asked}: write a customer number of your shop, or one of `segment list NAME` with # "
            "before it."
        )
    if len(found) > 1:
        ours = ", ".join(f"#{one}" for one in found)
        raise NoSuchCustomer(f"Several shops have a customer {asked}; write which one you mean: {ours}.")
    return found[0]


def _called(customer: int) -> str:
    """Return our number of a customer and those of the shops, unless they tell who it is: no names, no addresses."""
    from stammkunde.customers.discreet import discreet
    from stammkunde.customers.models import Identity

    numbers = Identity.objects.filter(customer=customer, kind=Identity.Kind.NUMBER).order_by("pk")
    shown = [value for value in numbers.values_list("value", flat=True) if discreet(value)]
    return f"#{customer}" + (f" (customer number {', '.join(shown)})" if shown else "")


def _tell(found: "Why", name: str, called: str) -> None:
    member = {True: f"is in {name}", False: f"is not in {name}", None: f"is not in {name}: that is unknown"}
    print(f"Customer {called} {member[found.value]}" + (f" since {found.since:%Y-%m-%d}" if found.since else ""))
    print(f"{found.reason['en']}.")
    if found.until:
        print(f"This may change by time alone on {found.until:%Y-%m-%d %H:%M} UTC.")
