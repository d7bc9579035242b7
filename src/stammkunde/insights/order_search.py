"""Find customers by the number of one of their orders."""

from stammkunde.events.models import Event, Import

_SHORTEST, _LONGEST = 2, 190
_BEHIND = ("", "/returned", "/cancelled", "/refunded")


def customers_of_order(text: str) -> list[int]:
    """Return whose order has this number, in any shop; numbers are compared as they were told."""
    number = text.strip().lstrip("#").strip()
    if not (_SHORTEST <= len(number) <= _LONGEST and any(sign.isdigit() for sign in number)):
        return []
    shops = list(Import.objects.values_list("shop", flat=True).distinct())
    names = [word + behind for word in {number, number.upper(), f"#{number}"} for behind in _BEHIND]
    found = Event.objects.filter(source__in=shops, external_id__in=names, customer__isnull=False)
    return sorted(set(found.values_list("customer_id", flat=True)))
