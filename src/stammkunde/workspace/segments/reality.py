"""Hold the picture of a persona against the real customers she stands for, and say where they differ."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from stammkunde import conditions
from stammkunde.insights.group_portrait import Habits, group_portrait
from stammkunde.insights.tones_and_places import Shares, cities, tones
from stammkunde.kernel.money import to_e4
from stammkunde.segments import definitions
from stammkunde.segments.personas import Persona
from stammkunde.workspace.formatting import money, number, percent

_FEW = 0.5
_FAR = 0.25
_TONES = {"du": "du", "sie": "Sie"}


@dataclass(frozen=True)
class Compared:
    """One thing the picture says, what the data say, and whether they agree; None when the data do not know."""

    title: str
    picture: str
    reality: str
    agrees: bool | None


def compare(persona: Persona, currency: str, *, now: datetime) -> list[Compared]:
    """Return what the picture says beside what is so, for everything the picture says."""
    segment, picture = persona.segment, persona.picture
    habits = _habits(persona, now)
    rows = [
        _shared(gettext("Form of address"), _TONES.get(persona.tone, ""), tones(segment)) if persona.tone else None,
        _shared(gettext("Lives in"), str(picture["city"]), cities(segment)) if picture.get("city") else None,
        _category(str(picture["category"]), habits) if picture.get("category") else None,
        _value(str(picture["order_value"]), habits, currency) if picture.get("order_value") else None,
        _frequency(str(picture["per_year"]), habits) if picture.get("per_year") else None,
    ]
    return [row for row in rows if row is not None]


def _habits(persona: Persona, now: datetime) -> Habits | None:
    everybody = conditions.parse("true")
    condition = definitions.conditions().get(persona.segment.name, everybody) if persona.segment else everybody
    found = group_portrait(condition, now=now)
    return found.group if found else None


def _shared(title: str, said: str, found: Shares) -> Compared:
    if not found.known:
        return Compared(title, said, gettext("unknown"), None)
    share = found.of(said)
    top = ", ".join(f"{_TONES.get(name, name)} {percent(part, 0)}" for name, part in found.shares[:3])
    told = gettext("%(said)s: %(share)s. Most often: %(top)s") % {"said": said, "share": percent(share), "top": top}
    return Compared(title, said, told, share >= _FEW or found.shares[0][0].casefold() == said.casefold())


def _category(said: str, habits: Habits | None) -> Compared:
    title = gettext("Buys above all")
    if habits is None or not habits.categories:
        return Compared(title, said, gettext("unknown"), None)
    top = ", ".join(f"{name} {percent(share, 0)}" for name, share in habits.categories[:3])
    names = [name.casefold() for name, _ in habits.categories[:1]]
    return Compared(title, said, gettext("by revenue: %(top)s") % {"top": top}, said.strip().casefold() in names)


def _value(said: str, habits: Habits | None, currency: str) -> Compared:
    title, believed = gettext("Average order value"), to_e4(said)
    shown = money(believed, currency)
    if habits is None or habits.order_value is None:
        return Compared(title, shown, gettext("unknown"), None)
    agrees = abs(habits.order_value - believed) <= _FAR * habits.order_value
    return Compared(title, shown, money(round(habits.order_value), currency), agrees)


def _frequency(said: str, habits: Habits | None) -> Compared:
    title, believed = gettext("Orders in a year"), float(said)
    shown = number(believed, 0 if believed.is_integer() else 1)
    if habits is None or habits.frequency is None:
        return Compared(title, shown, gettext("unknown"), None)
    return Compared(
        title, shown, number(habits.frequency, 1), abs(habits.frequency - believed) <= _FAR * habits.frequency
    )
