"""Decide which segments name their members to those who may not see addresses: those that ask no address.

Whoever knows that somebody is in “lives in 1010 Wien” knows her address. Sizes, shares, growth and figures of such a
segment are for everybody who may see figures; who is in it, and why, is for those who may see addresses.
"""

from collections.abc import Mapping

from stammkunde.conditions import Condition, concerns
from stammkunde.kernel.errors import WrongInput
from stammkunde.segments.models import Segment

ADDRESS_TRAITS = frozenset({"city", "postcode", "street", "company", "birthday", "name", "email", "phone"})


class AsksAddresses(WrongInput):
    """Your role does not see addresses: ask somebody who does to save this condition as a segment."""


def asks_addresses(condition: Condition, segments: Mapping[str, Condition]) -> bool:
    """Tell whether the condition, or a segment within it, asks about an address or another personal detail."""
    return bool(concerns(condition, segments).traits & ADDRESS_TRAITS)


def names_members(name: str, segments: Mapping[str, Condition], *, personal: bool) -> bool:
    """Tell whether the members of a segment may be named to somebody; `personal`: she may see addresses."""
    return personal or name not in segments or not asks_addresses(segments[name], segments)


def refuse_addresses(asked: str, condition: Condition, segments: Mapping[str, Condition], *, personal: bool) -> None:
    """Raise AsksAddresses when somebody who may not see addresses asks for one, other than by a saved segment."""
    saved = Segment.objects.filter(name=asked).exists()
    if not personal and not saved and asks_addresses(condition, segments):
        raise AsksAddresses(str(AsksAddresses.__doc__))
