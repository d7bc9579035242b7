"""Offer maps to begin with, and say which of their signals the data know already and how to connect the others."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal, Protocol

from stammkunde.conditions import Selector
from stammkunde.conditions.tokens import nearest
from stammkunde.conditions.tree import And, Attribute, Comparison, Condition, Nth, Text, kind_of
from stammkunde.journeys.connecting import connect
from stammkunde.journeys.document import Journey, Signal, Silence
from stammkunde.journeys.problems import Both
from stammkunde.journeys.reading import usable
from stammkunde.kernel.errors import WrongInput

State = Literal["seen", "other", "missing", "none", "manual"]
DEMO = "demo"


class NoSuchTemplate(WrongInput):
    """There is no ready map of this name; the message names the nearest one."""


@dataclass(frozen=True)
class Template:
    """A ready map: its name, its title, and whom it is for."""

    name: str
    title: Both
    purpose: Both


class AttributeSeen(Protocol):
    """An attribute with its most frequent values."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def values(self) -> Collection[tuple[str, int]]:
        """Values with how often they occur."""


class KindSeen(Protocol):
    """A kind of events that is in the data."""

    @property
    def kind(self) -> str:
        """Its name."""

    @property
    def events(self) -> int:
        """How many."""

    @property
    def attributes(self) -> Collection[AttributeSeen]:
        """What the events carry."""


@dataclass(frozen=True)
class Match:
    """How a touchpoint's signal fits the data; `events` counts those of its kind, `how` says what to do.

    `seen`: the data have it. `other`: they have the kind, but none of its frequent values is the one asked for.
    `missing`: nothing of the kind. `none` and `manual`: there is no signal, on purpose.
    """

    touchpoint: str
    state: State
    kinds: tuple[str, ...]
    events: int
    how: Both


@dataclass(frozen=True)
class Fitted:
    """A ready map beside the data."""

    journey: Journey
    matches: tuple[Match, ...]

    @property
    def seen(self) -> int:
        """Return how many touchpoints show figures at once."""
        return sum(match.state == "seen" for match in self.matches)

    @property
    def missing(self) -> tuple[Match, ...]:
        """Return the touchpoints whose signal has to be connected or changed."""
        return tuple(match for match in self.matches if match.state in ("missing", "other"))


_PURPOSES: dict[str, Both] = {
    "three-stations": Both(
        "Getting to know, considering, deciding: for everybody who first wants to see how people become customers.",
        "Kennenlernen, abwägen, entscheiden: für alle, die zuerst sehen wollen, wie aus Menschen Kundschaft wird.",
    ),
    "five-steps": Both(
        "From the problem to the recommendation, with service and loyalty: a good beginning for most.",
        "Vom Problem bis zur Weiterempfehlung, mit Service und Bindung: für die meisten ein guter Anfang.",
    ),
    "online-shop": Both(
        "Visit, cart, parcel, return, second purchase: for shops on the web.",
        "Besuch, Warenkorb, Paket, Rücksendung, zweiter Kauf: für Shops im Netz.",
    ),
    "local-shop": Both(
        "Letter, till, voucher, customer card: for shops in town.",
        "Brief, Kasse, Gutschein, Kundenkarte: für Geschäfte vor Ort.",
    ),
    "service-business": Both(
        "Enquiry, appointment, following up, next appointment: for practices, salons, workshops, agencies.",
        "Anfrage, Termin, Nachfrage, nächster Termin: für Praxen, Salons, Werkstätten, Agenturen.",
    ),
    "b2b": Both(
        "Offer, contract, quarterly review, renewal: for those who sell to businesses.",
        "Angebot, Vertrag, Quartalsgespräch, Verlängerung: für alle, die an Unternehmen verkaufen.",
    ),
    DEMO: Both(
        "Letters, purchases and coupons: the map of the demonstration.",
        "Briefe, Einkäufe und Gutscheine: die Karte der Demonstration.",
    ),
}
# What the maps say in one language only, for those who begin in English.
_ENGLISH = {
    "nicht messbar; Näherung: die Frage „Wie haben Sie uns gefunden?“": "not measurable; near enough: the question "
    "“How did you find us?”",
    "nicht messbar; Näherung: die Frage „Wer hat uns empfohlen?“": "not measurable; near enough: the question “Who "
    "recommended us?”",
    "nicht messbar; Näherung: Zählung an der Tür": "not measurable; near enough: counting at the door",
    "nicht messbar: niemand weiß, wer den Prospekt sah": "not measurable: nobody knows who saw the leaflet",
    "Echte Einkäufe, Kampagnenbriefe und Gutscheine eines Jahres; ein Haushalt zählt als eine Kundin.": "Real "
    "purchases, campaign letters and coupons of a year; a household counts as one customer.",
    "Finde ich hier, was ich suche?": "Will I find here what I look for?",
    "Gutscheine passen nicht zum Sortiment": "Coupons do not fit what is sold",
    "Wer einen Brief bekam, wurde nicht ausgelost; ein Vergleich wäre unfair": "Who got a letter was not drawn by lot; "
    "a comparison would be unfair",
    "ohne Kontrollgruppe ausgegeben": "given out without a control group",
}


def templates(*, demo: bool = False) -> tuple[Template, ...]:
    """Return the ready maps; that of the demonstration only when asked for."""
    return tuple(Template(name, _title(name), purpose) for name, purpose in _PURPOSES.items() if demo or name != DEMO)


def text(name: str, language: str = "de") -> str:
    """Return the YAML text of a ready map, its plain texts in this language; raises NoSuchTemplate."""
    if name not in _PURPOSES:
        guess = nearest(name, list(_PURPOSES))
        raise NoSuchTemplate(f"There is no ready map “{name}”." + (f" Did you mean “{guess}”?" if guess else ""))
    found = _file(name)
    if language.startswith("de"):
        return found
    found = re.sub(r"^language: de$", "language: en", found, flags=re.MULTILINE)
    for german, english in _ENGLISH.items():
        found = found.replace(german, english)
    return found


def journey(name: str, language: str = "de") -> Journey:
    """Return a ready map."""
    return usable(text(name, language))


def fitted(found: Journey, seen: Iterable[KindSeen]) -> Fitted:
    """Say of each touchpoint of a map whether its signal occurs in the data, and what to do where it does not."""
    known = {one.kind: one for one in seen}
    return Fitted(found, tuple(_match(one.id, one.signal, known) for one in found.touchpoints))


@lru_cache(maxsize=16)
def _file(name: str) -> str:
    return (files("stammkunde.journeys") / "templates" / f"{name}.yaml").read_text(encoding="utf-8")


def _title(name: str) -> Both:
    label = usable(_file(name)).label
    return Both(label.in_language("en"), label.in_language("de"))


def _match(touchpoint: str, signal: Signal, known: dict[str, KindSeen]) -> Match:
    if signal.found is None:
        if signal.manual:
            return Match(touchpoint, "manual", (), 0, _BY_HAND)
        return Match(touchpoint, "none", (), 0, Both(signal.none, signal.none) if signal.none else _NOT_YET)
    selectors = (signal.found.first,) if isinstance(signal.found, Silence) else (signal.found,)
    kinds = tuple(kind_of(one) for one in selectors)
    missing = [kind for kind in kinds if kind not in known]
    if missing:
        return Match(touchpoint, "missing", kinds, 0, connect(missing[0]))
    events = sum(known[kind].events for kind in kinds)
    for one in selectors:
        for name, value in _asked_values(one):
            others = _other_values(known[kind_of(one)], name, value)
            if others is not None:
                return Match(touchpoint, "other", kinds, events, _other(kind_of(one), name, value, others))
    return Match(touchpoint, "seen", kinds, events, Both("", ""))


_BY_HAND = Both("It is entered by hand.", "Das wird von Hand eingetragen.")
_NOT_YET = Both("No signal has been chosen yet.", "Es ist noch kein Signal gewählt.")


def _asked_values(selector: Selector) -> list[tuple[str, str]]:
    """Return the attributes that have to have one certain text."""
    where = selector.events.where if isinstance(selector, Nth) else selector.where
    parts: tuple[Condition, ...] = where.parts if isinstance(where, And) else (where,) if where else ()
    return [
        (part.left.name, part.right.value)
        for part in parts
        if isinstance(part, Comparison)
        and part.operator == "="
        and isinstance(part.left, Attribute)
        and isinstance(part.right, Text)
    ]


def _other_values(seen: KindSeen, name: str, value: str) -> list[str] | None:
    """Return the values that occur instead of the one asked for; None where it occurs."""
    for attribute in seen.attributes:
        if attribute.name == name:
            values = [one for one, _count in attribute.values]
            return None if value in values else values
    return []


def _other(kind: str, name: str, value: str, others: list[str]) -> Both:
    if not others:
        return Both(
            f"There are events `{kind}`, but none carries `{name}`: leave the condition out, or choose another one.",
            f"Es gibt Ereignisse `{kind}`, aber keines trägt `{name}`: Lassen Sie die Bedingung weg, oder wählen Sie "
            "eine andere.",
        )
    listed = ", ".join(f"“{one}”" for one in others[:5])
    gelistet = ", ".join(f"„{one}“" for one in others[:5])
    return Both(
        f"There are events `{kind}`, but hardly any with {name} “{value}”; frequent are {listed}.",
        f"Es gibt Ereignisse `{kind}`, aber kaum eines mit {name} „{value}“; häufig sind {gelistet}.",
    )
