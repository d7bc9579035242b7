"""List customers: searched, filtered, sorted and cut into pages, quick with a million of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from stammkunde.customers.discreet import discreet
from stammkunde.customers.models import Customer, Identity
from stammkunde.customers.search import matching
from stammkunde.insights.alphabet import in_order, names_at
from stammkunde.insights.order_search import customers_of_order
from stammkunde.insights.roster import NO_GROUP, Measure, Positions, Roster, roster
from stammkunde.insights.standing import STANDINGS, Standing, day_of, days
from stammkunde.metrics import GROUPS
from stammkunde.segments.models import Membership

SortKey = Literal["name", "orders", "revenue", "first", "last"]
SORT_KEYS: tuple[SortKey, ...] = get_args(SortKey)
PAGE_SIZE = 50
_CHUNK = 2_000
_FEW = 3_000
_PERSONAL = ("given_name", "family_name", "city", "invented")
_GROUPS = [group.name for group in GROUPS]


@dataclass(frozen=True)
class Filters:
    """What is asked beyond a name: days of the last order, the name of a segment, and more."""

    group: str = ""
    standing: Standing | None = None
    min_orders: int | None = None
    last_from: date | None = None
    last_before: date | None = None
    segment: str = ""


@dataclass(frozen=True)
class Sort:
    """By what, and which way round; those without orders come last either way, as do those without a name."""

    key: SortKey = "revenue"
    descending: bool = True

    @classmethod
    def of(cls, text: str) -> "Sort":
        """Read "-revenue" or "name"; anything else is the usual order."""
        key = next((key for key in SORT_KEYS if key == text.removeprefix("-")), None)
        return cls(key, text.startswith("-")) if key else cls()

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key


@dataclass(frozen=True)
class Row:
    """One customer in the list; without `personal`, name and addresses are empty. `value` is in 1/10,000."""

    id: int
    number: str
    name: str
    email: str
    city: str
    invented: bool
    orders: int
    value: int
    first_day: date | None
    last_day: date | None
    standing: Standing
    group: str


@dataclass(frozen=True)
class Page:
    """Some customers of the list, how many there are in all, and up to which day orders are known."""

    rows: list[Row]
    total: int
    number: int
    as_of: date | None

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(-(-self.total // PAGE_SIZE), 1)


def page(search: str, *, filters: Filters, sort: Sort, number: int = 1, personal: bool) -> Page:
    """Return one page of the list; `personal` says whether names and addresses may be seen, searched and sorted by."""
    everybody = roster()
    chosen = _choose(everybody, search, filters, personal=personal)
    total = len(everybody) if chosen is None else len(chosen)
    number = min(max(number, 1), max(-(-total // PAGE_SIZE), 1))
    start = (number - 1) * PAGE_SIZE
    if sort.key == "name" and personal and chosen is None:
        shown = everybody.positions(names_at(start, PAGE_SIZE, descending=sort.descending))
    elif sort.key == "name" and personal:
        by_name = islice(_by_name(everybody, chosen, sort), start, start + PAGE_SIZE)
        shown = np.fromiter(by_name, np.intp)
    else:
        shown = _by_figure(everybody, chosen, sort)[start : start + PAGE_SIZE]
    return Page(_rows(everybody, shown, personal=personal), total=total, number=number, as_of=everybody.as_of)


def each(search: str, *, filters: Filters, sort: Sort, personal: bool) -> Iterator[Row]:
    """Yield the whole list in its order, a bearable number of customers in memory at a time."""
    everybody = roster()
    chosen = _choose(everybody, search, filters, personal=personal)
    if sort.key == "name" and personal:
        ordered = np.fromiter(_by_name(everybody, chosen, sort), np.intp)
    else:
        ordered = _by_figure(everybody, chosen, sort)
    for start in range(0, len(ordered), _CHUNK):
        yield from _rows(everybody, ordered[start : start + _CHUNK], personal=personal)


def _choose(everybody: Roster, search: str, filters: Filters, *, personal: bool) -> Positions | None:
    """Return the positions of those who are meant, ascending; None means everybody."""
    found = None
    if search.strip():
        meant = [*matching(search, personal=personal), *customers_of_order(search)]
        found = np.unique(everybody.positions(iter(meant)))
    if filters == Filters():
        return found
    fits = _fit(everybody, filters)
    return np.flatnonzero(fits) if found is None else found[fits[found]]


def _fit(everybody: Roster, filters: Filters) -> npt.NDArray[np.bool_]:
    fits = np.ones(len(everybody), np.bool_)
    bought = everybody.orders > 0
    if filters.group:
        fits &= everybody.group == (_GROUPS.index(filters.group) if filters.group in _GROUPS else NO_GROUP - 1)
    if filters.standing:
        fits &= everybody.standing == STANDINGS.index(filters.standing)
    if filters.min_orders is not None:
        fits &= everybody.orders >= filters.min_orders
    if filters.last_from is not None:
        fits &= bought & (everybody.last_day >= days(filters.last_from))
    if filters.last_before is not None:
        fits &= bought & (everybody.last_day < days(filters.last_before))
    if filters.segment:
        members = Membership.objects.filter(segment__name=filters.segment).values_list("customer_id", flat=True)
        fits &= _mask(everybody, everybody.positions(members.iterator()))
    return fits


def _by_figure(everybody: Roster, chosen: Positions | None, sort: Sort) -> Positions:
    """Put positions in the order of a figure, those without orders last; "name" here means: by id."""
    if sort.key == "name":
        by_id = np.arange(len(everybody)) if chosen is None else chosen
        return by_id[::-1] if sort.descending else by_id
    if chosen is not None and len(chosen) <= len(everybody) // 20:
        return _few_by_figure(everybody, chosen, sort.key, descending=sort.descending)
    ascending = everybody.ascending(sort.key)
    ordered = np.concatenate([ascending[::-1] if sort.descending else ascending, everybody.without_orders])
    return ordered if chosen is None else ordered[_mask(everybody, chosen)[ordered]]


def _few_by_figure(everybody: Roster, chosen: Positions, by: Measure, *, descending: bool) -> Positions:
    buyers = chosen[everybody.orders[chosen] > 0]
    order = np.argsort(everybody.measured(by)[buyers], kind="stable")
    return np.concatenate(
        [buyers[order[::-1] if descending else order], chosen[everybody.orders[chosen] == 0]],
    )


def _by_name(everybody: Roster, chosen: Positions | None, sort: Sort) -> Iterator[int]:
    """Yield the chosen positions in the order of names: few are looked up, many are met on a walk past all names."""
    few = chosen is not None and len(chosen) <= _FEW
    asked = Customer.objects.filter(pk__in=everybody.customer[chosen].tolist()) if few else Customer.objects.all()
    wanted = _mask(everybody, chosen)
    for piece in in_order(asked, descending=sort.descending):
        met = everybody.positions(piece)
        yield from met[wanted[met]].tolist()


def _mask(everybody: Roster, chosen: Positions | None) -> npt.NDArray[np.bool_]:
    if chosen is None:
        return np.ones(len(everybody), np.bool_)
    mask = np.zeros(len(everybody), np.bool_)
    mask[chosen] = True
    return mask


def _rows(everybody: Roster, positions: Positions, *, personal: bool) -> list[Row]:
    """Add names to figures; customers who have been erased in between are left out."""
    ids = everybody.customer[positions].tolist()
    people = {pk: rest for pk, *rest in Customer.objects.filter(pk__in=ids).values_list("pk", *_PERSONAL)}
    known_as = _identities(ids)
    columns = (everybody.orders, everybody.value, everybody.first_day, everybody.last_day)
    figures = zip(*(column[positions].tolist() for column in columns), strict=True)
    places = zip(everybody.standing[positions].tolist(), everybody.group[positions].tolist(), strict=True)
    return [
        _row(pk, people[pk], known_as.get(pk, {}), counted, place, personal=personal)
        for pk, counted, place in zip(ids, figures, places, strict=True)
        if pk in people
    ]


def _row(
    pk: int,
    person: list[Any],
    known_as: dict[str, str],
    counted: tuple[int, ...],
    place: tuple[int, int],
    *,
    personal: bool,
) -> Row:
    given_name, family_name, city, invented = person
    orders, value, first_day, last_day = counted
    standing, group = place
    number = known_as.get(Identity.Kind.NUMBER, "")
    return Row(
        id=pk,
        number=number if personal else discreet(number),
        name=f"{given_name} {family_name}".strip() if personal else "",
        email=known_as.get(Identity.Kind.EMAIL, "") if personal else "",
        city=city if personal else "",
        invented=invented,
        orders=orders,
        value=value,
        first_day=day_of(first_day) if orders else None,
        last_day=day_of(last_day) if orders else None,
        standing=STANDINGS[standing],
        group=_GROUPS[group] if group != NO_GROUP else "",
    )


def _identities(ids: list[int]) -> dict[int, dict[str, str]]:
    """Return of each customer the first name of each kind."""
    named: dict[int, dict[str, str]] = {}
    rows = Identity.objects.filter(customer__in=ids).order_by("pk").values_list("customer_id", "kind", "value")
    for customer, kind, value in rows:
        named.setdefault(customer, {}).setdefault(kind, value)
    return named


def as_of() -> date | None:
    """Return the last day with an order, from which the list counts back; None while there is none."""
    return roster().as_of


def standing_counts() -> dict[Standing, int]:
    """Return how many of all customers stand where."""
    counts = np.bincount(roster().standing, minlength=len(STANDINGS))
    return {name: int(count) for name, count in zip(STANDINGS, counts, strict=True)}
