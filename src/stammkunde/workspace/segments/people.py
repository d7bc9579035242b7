"""Call customers by name for those who may see names, by number for everybody else."""

from collections.abc import Sequence
from dataclasses import dataclass

from stammkunde.customers.discreet import discreet
from stammkunde.customers.models import Customer, Identity
from stammkunde.workspace.customer_words import shown_name


@dataclass(frozen=True)
class Named:
    """A customer as a page calls her."""

    id: int
    name: str
    beside: str


def named(customers: Sequence[int], *, personal: bool) -> list[Named]:
    """Return the customers in the order given; those who have been erased meanwhile are called by our number."""
    found = Customer.objects.in_bulk(list(customers))
    numbers: dict[int, str] = {}
    rows = Identity.objects.filter(customer__in=list(customers), kind=Identity.Kind.NUMBER).order_by("-pk")
    for customer, value in rows.values_list("customer_id", "value"):
        numbers[customer] = value
    return [_named(pk, found.get(pk), numbers.get(pk, ""), personal=personal) for pk in customers]


def _named(pk: int, known: Customer | None, number: str, *, personal: bool) -> Named:
    name = known.name if known is not None and personal else ""
    number = number if personal else discreet(number)
    beside = [number if name else "", known.city if known is not None and personal else ""]
    return Named(pk, shown_name(name, number, pk), " · ".join(part for part in beside if part))
