"""The vocabulary of the log: which kinds of events are known, and what each of them carries."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop

from stammkunde.kernel.errors import WrongInput

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "money": (int, float, str),
    "yes_no": (bool,),
    "single": (str, int, float, bool),
    "list": (list,),
}


class BadEvent(WrongInput):
    """An event does not fit its kind; the message names the attribute and what was expected."""


@dataclass(frozen=True)
class Kind:
    """One kind of event: its name (`noun.past_participle`), its titles, and its attributes with their types.

    `private` attributes stay in the log: they are personal, or name nothing but this very event. Conditions cannot ask
    for them, and the mirror does not have them.
    """

    name: str
    title: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    custom: bool = False


_ORDER = {
    "order_id": "text",
    "lines": "list",
    "total": "money",
    "discount": "money",
    "shipping": "money",
    "tax": "money",
    "coupon": "text",
    "channel": "text",
    "source": "text",
}
_ORDER_PRIVATE = frozenset({"order_id"})
_RETURN = {**_ORDER, "reason": "text"}
_CONSENT = {
    "purpose": "text",
    "channel": "text",
    "ground": "text",
    "wording": "text",
    "proof": "text",
}

_CONSENT_NEEDS, _CONSENT_PRIVATE = frozenset({"purpose", "channel"}), frozenset({"proof"})
_SEGMENT = {"segment": "text", "cause": "text", "reason": "text", "grund": "text"}
_SEGMENT_PRIVATE = frozenset({"reason", "grund"})

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("order.placed", gettext_noop("Order placed"), _ORDER, private=_ORDER_PRIVATE),
        Kind("order.returned", gettext_noop("Order returned"), _RETURN, private=_ORDER_PRIVATE),
        Kind("order.cancelled", gettext_noop("Order cancelled"), _RETURN, private=_ORDER_PRIVATE),
        Kind(
            "message.delivered",
            gettext_noop("Message delivered"),
            {"message": "text", "flow": "text", "step": "text", "wording": "text", "channel": "text"},
            frozenset({"message"}),
        ),
        Kind(
            "voucher.redeemed",
            gettext_noop("Voucher redeemed"),
            {"programme": "text", "code": "text", "amount": "money", "order_id": "text"},
            frozenset({"code"}),
            _ORDER_PRIVATE,
        ),
        Kind("consent.given", gettext_noop("Consent given"), _CONSENT, _CONSENT_NEEDS, _CONSENT_PRIVATE),
        Kind("consent.withdrawn", gettext_noop("Consent withdrawn"), _CONSENT, _CONSENT_NEEDS, _CONSENT_PRIVATE),
        Kind(
            "trait.changed",
            gettext_noop("Trait changed"),
            {"trait": "text", "before": "single", "after": "single"},
            frozenset({"trait"}),
        ),
        Kind("segment.entered", gettext_noop("Segment entered"), _SEGMENT, frozenset({"segment"}), _SEGMENT_PRIVATE),
        Kind("segment.left", gettext_noop("Segment left"), _SEGMENT, frozenset({"segment"}), _SEGMENT_PRIVATE),
    )
}


def kind(name: str) -> Kind:
    """Return the kind with this name; an unknown one is accepted as custom, if its name is of the right form."""
    known = KINDS.get(name)
    if known:
        return known
    if not _NAME.fullmatch(name):
        raise BadEvent(f"{name!r} is no event kind: write noun.past_participle in small letters, such as order.placed.")
    return Kind(name, name, custom=True)


def check(name: str, attributes: Mapping[str, Any]) -> None:
    """Raise BadEvent unless the attributes fit the kind; attributes that a kind does not know are let through."""
    known = kind(name)
    missing = sorted(known.required - attributes.keys())
    if missing:
        raise BadEvent(f"{name} needs the attribute {missing[0]!r}.")
    for attribute, value in attributes.items():
        expected = known.attributes.get(attribute)
        if expected and value is not None and not _fits(value, expected):
            raise BadEvent(f"{name}: {attribute} is {value!r}, expected {expected}.")


def _fits(value: Any, expected: str) -> bool:
    if isinstance(value, bool) and expected not in ("yes_no", "single"):
        return False
    return isinstance(value, _TYPES[expected])
