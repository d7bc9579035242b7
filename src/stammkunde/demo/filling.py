"""Fill a data folder with the demonstration: orders, people, letters, coupons, consents, and somebody to log in."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from stammkunde.accounts.models import Business, User
from stammkunde.accounts.roles import Role
from stammkunde.customers.identity import Hint, Key
from stammkunde.customers.models import Customer, Identity
from stammkunde.demo import map as journey_map
from stammkunde.demo.people import Person, invent
from stammkunde.demo.shop import COLUMNS, SHOP, Shop, weeks_until_last_week
from stammkunde.events import imports, traits
from stammkunde.events.ingest import Draft, record
from stammkunde.events.models import Event
from stammkunde.insights import mirroring
from stammkunde.kernel.batches import in_chunks
from stammkunde.kernel.errors import WrongInput

NAME = "Blumen, Bad & Geschenke"
PASSWORD = "stammkunde-demo"
PEOPLE = (
    ("demo@stammkunde.example", "Demo", Role.OWNER),
    ("marketing@stammkunde.example", "Marketing", Role.MARKETING),
    ("service@stammkunde.example", "Service", Role.SERVICE),
    ("analyse@stammkunde.example", "Analyse", Role.ANALYST),
)
SOURCE = "demo"
_CHUNK = 2_000

Progress = Callable[[str, float], None]


class NotADemo(WrongInput):
    """The data folder holds a real business; the demonstration needs one of its own."""


def fill(*, full: bool, as_recorded: bool, now: datetime, progress: Progress | None = None) -> None:
    """Import the real year of the demo shop; doing it again changes nothing."""
    _claim(NAME, demo=True)
    weeks = 0 if as_recorded else weeks_until_last_week(now.date())
    shop = Shop(full=full, shift_weeks=weeks)
    export = Path(settings.HOME) / "demo-orders.parquet"
    shop.export_orders(export)
    _import(export, mapping=COLUMNS, now=now, progress=progress)
    export.unlink()
    _introduce_people(now=now)
    _tell_history(shop, now=now)
    journey_map.publish(now=now)
    mirroring.sync()


def fill_from(file: Path, *, now: datetime, progress: Progress | None = None) -> None:
    """Import the visitor's own export of orders."""
    _claim(file.stem, demo=False)
    _import(file, mapping={}, now=now, progress=progress)
    mirroring.sync()


def _claim(name: str, *, demo: bool) -> None:
    """Make this data folder the demonstration's, unless it is somebody's business."""
    business = Business.current()
    ours = business.demo or User.objects.filter(email=PEOPLE[0][0]).exists()
    if not ours and (Event.objects.exists() or User.objects.exists()):
        raise NotADemo(
            f"{settings.HOME} holds a real business. Give the demonstration a folder of its own: "
            "STAMMKUNDE_HOME=/path/to/another/folder"
        )
    business.name, business.demo = business.name or name, demo
    business.save()
    for email, person, role in PEOPLE:
        if not User.objects.filter(email=email).exists():
            User.objects.create_user(email, password=PASSWORD, name=person, role=role)


def _import(file: Path, *, mapping: dict[str, str], now: datetime, progress: Progress | None) -> None:
    created = imports.create(file, file_name=file.name, mapping=mapping, shop=SHOP, now=now)
    imports.run(created, now=now, progress=progress)


def _introduce_people(*, now: datetime) -> None:
    """Give every household that has no name an invented one, with address, tone and e-mail."""
    nameless = Identity.objects.filter(
        kind=Identity.Kind.NUMBER, scope=SHOP, customer__family_name="", customer__given_name=""
    ).select_related("customer")
    for chunk in in_chunks(nameless.iterator(), _CHUNK):
        people = [(identity.customer, invent(identity.value)) for identity in chunk]
        with transaction.atomic():
            Customer.objects.bulk_update([_dress(customer, person) for customer, person in people], _PERSONAL)
            Identity.objects.bulk_create(
                [
                    Identity(customer=customer, kind=Identity.Kind.EMAIL, value=person.email)
                    for customer, person in people
                ],
                ignore_conflicts=True,
            )
            record(list(_consents(people)), now=now, live=False)
            traits.note([customer for customer, _ in people], now=now, at=_met(people))


_PERSONAL = ("given_name", "family_name", "street", "postcode", "city", "country", "tone", "language", "invented")


def _dress(customer: Customer, person: Person) -> Customer:
    for field in _PERSONAL[:-2]:
        setattr(customer, field, getattr(person, field))
    customer.language, customer.invented = "de", True
    return customer


def _consents(people: Iterable[tuple[Customer, Person]]) -> Iterable[Draft]:
    """Return the newsletter consents of those who gave one, at the time of their first order."""
    for customer, at in _met((customer, person) for customer, person in people if person.newsletter).items():
        yield Draft(
            kind="consent.given",
            at=at,
            source=SOURCE,
            external_id=f"consent/{customer}",
            customer=customer,
            attributes={"purpose": "newsletter", "channel": "email", "ground": "opt_in", "proof": "invented"},
        )


def _met(people: Iterable[tuple[Customer, Person]]) -> dict[int, datetime]:
    """Return when each of them ordered first."""
    first = Event.objects.filter(customer_id__in={customer.pk for customer, _ in people}, kind="order.placed")
    return dict(first.values_list("customer_id").annotate(first=Min("at")))


def _tell_history(shop: Shop, *, now: datetime) -> None:
    """Record the letters and redemptions of those households that are customers here."""
    from stammkunde.customers import identity

    zone = ZoneInfo(Business.current().time_zone)
    customers = identity.find(
        Key(Identity.Kind.NUMBER.value, SHOP, number)
        for number in {letter.household for letter in shop.letters()} | {use.household for use in shop.redemptions()}
    )
    known = {key.value for key in customers}
    drafts = [
        Draft(
            kind="message.delivered",
            at=letter.at.replace(tzinfo=zone),
            source=SOURCE,
            external_id=f"campaign/{letter.campaign}/{letter.household}",
            customer=Hint(number=letter.household),
            attributes={"message": f"Kampagne {letter.campaign} ({letter.kind})", "channel": "letter"},
        )
        for letter in shop.letters()
        if letter.household in known
    ]
    drafts += [
        Draft(
            kind="voucher.redeemed",
            at=use.at.replace(tzinfo=zone),
            source=SOURCE,
            external_id=f"coupon/{use.coupon}/{use.campaign}/{use.household}/{use.at.date()}",
            customer=Hint(number=use.household),
            attributes={"programme": f"Kampagne {use.campaign}", "code": use.coupon},
        )
        for use in shop.redemptions()
        if use.household in known
    ]
    for chunk in in_chunks(drafts, _CHUNK):
        with transaction.atomic():
            record(chunk, now=now, scope=SHOP, live=False)
