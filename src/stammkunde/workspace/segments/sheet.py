"""Fill the five-block sheet of a segment: what the data say beside all customers, and what only people can write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from stammkunde.insights.group_portrait import GroupPortrait, Habits
from stammkunde.workspace.formatting import money, number, percent, reader_locale

_FIRST_EVENING_HOUR = 17


@dataclass(frozen=True)
class Known:
    """One line filled from data: the same of the segment and of all customers."""

    title: str
    here: str
    all: str


@dataclass(frozen=True)
class Block:
    """One block of the sheet: lines from data, fields for what people know."""

    name: str
    title: str
    about: str
    known: list[Known] = field(default_factory=list)
    fields: list[forms.BoundField] = field(default_factory=list)

    @property
    def written(self) -> list[tuple[str, str]]:
        """Return what people have written here, with the names of the fields."""
        return [(str(one.label), str(one.value())) for one in self.fields if one.value()]


TEXTS: Mapping[str, tuple[tuple[str, Promise, Promise], ...]] = {
    "demographic": (
        ("customer_type", _("Kind of customer"), _("Families, firms, collectors, people who give presents …")),
        ("age", _("Age, household"), _("Only what you know or have asked; guesses belong in the description.")),
    ),
    "psychographic": (
        ("lifestyle", _("Way of life"), _("What fills their days, what is short: time, money, space?")),
        ("interests", _("Interests and hobbies"), _("What they do when nobody asks them to.")),
        ("brands", _("Brands they like"), _("Where else they buy, and what they value there.")),
    ),
    "preferences": (
        ("contact", _("How often they want to hear from you"), _("Ask them; until then: rather less often.")),
        ("way", _("By which way they want to be written to"), _("E-mail, letter, telephone, in the shop.")),
    ),
    "description": (("description", _("In a few sentences"), _("How would you tell a new colleague about them?")),),
    "campaigns": (
        ("ideas", _("What you could do for them"), _("One idea a line; the best ones become measures later.")),
    ),
}
FIELDS = tuple(name for block in TEXTS.values() for name, _label, _hint in block)


class SheetForm(forms.Form):
    """What people write on the sheet."""

    def __init__(self, sent: Mapping[str, str] | None, *, sheet: Mapping[str, object]) -> None:
        super().__init__(sent, initial={name: str(sheet.get(name, "")) for name in FIELDS}, auto_id="sheet_%s")
        for texts in TEXTS.values():
            for name, label, hint in texts:
                rows = 5 if name in ("description", "ideas") else 2
                widget = forms.Textarea({"rows": rows, "maxlength": 4000})
                self.fields[name] = forms.CharField(
                    required=False, max_length=4000, label=str(label), help_text=str(hint), widget=widget
                )


def blocks(form: SheetForm, portrait: GroupPortrait | None, currency: str) -> list[Block]:
    """Return the blocks in the order of the sheet."""
    words = {
        "demographic": (
            gettext("Who they are"),
            gettext("Kind of customer, where they live, what they prefer to buy."),
        ),
        "psychographic": (
            gettext("How they live and think"),
            gettext("What data do not show. Ask, listen, read letters."),
        ),
        "behaviour": (gettext("What they do"), gettext("Filled from the orders of the last 365 days.")),
        "preferences": (
            gettext("What they prefer"),
            gettext("When and where they buy; how they want to be addressed."),
        ),
        "description": (gettext("Who that is, in short"), gettext("A clear picture for everybody who writes to them.")),
        "campaigns": (gettext("Ideas for them"), gettext("Measures that fit this segment and nobody else.")),
    }
    known = _known(portrait, currency) if portrait is not None and portrait.group.customers else {}
    return [
        Block(name, title, about, known.get(name, []), [form[one] for one, _l, _h in TEXTS.get(name, ())])
        for name, (title, about) in words.items()
    ]


def _known(portrait: GroupPortrait, currency: str) -> dict[str, list[Known]]:
    here, everybody = portrait.group, portrait.everybody
    return {
        "demographic": [
            _both(gettext("Lives mostly in"), here, everybody, lambda one: _listed(one.cities)),
            _both(gettext("Buys mostly"), here, everybody, lambda one: _listed(one.categories)),
        ],
        "behaviour": [
            _both(
                gettext("Ordered in the last 365 days"), here, everybody, lambda one: _share(one.buyers, one.customers)
            ),
            _both(gettext("Orders per buyer in a year"), here, everybody, lambda one: number(one.frequency, 1)),
            _both(gettext("Average order value"), here, everybody, lambda one: _money(one.order_value, currency)),
            _both(gettext("Usual distance between orders"), here, everybody, _rhythm),
            _both(gettext("Ordered more than once"), here, everybody, lambda one: _share(one.repeaters, one.buyers)),
            _both(gettext("Engaged: opened, clicked, looked"), here, everybody, _engaged),
        ],
        "preferences": [
            _both(gettext("Days on which they buy"), here, everybody, lambda one: _days(one.weekdays)),
            _both(gettext("Time at which they buy"), here, everybody, lambda one: _hours(one.hours)),
            _both(gettext("Where their orders come from"), here, everybody, lambda one: _listed(one.channels)),
        ],
    }


def _both(title: str, here: Habits, everybody: Habits, write: Callable[[Habits], str]) -> Known:
    return Known(title, write(here), write(everybody))


def _listed(shares: tuple[tuple[str, float], ...]) -> str:
    return ", ".join(f"{name} ({percent(share, 0)})" for name, share in shares[:3]) or gettext("unknown")


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else gettext("unknown")


def _money(value: float | None, currency: str) -> str:
    return gettext("unknown") if value is None else money(round(value), currency)


def _rhythm(habits: Habits) -> str:
    if habits.usual_gap is None:
        return gettext("unknown")
    return gettext("%(days)s days") % {"days": number(habits.usual_gap)}


def _engaged(habits: Habits) -> str:
    if habits.engaged is None:
        return gettext("unknown: no letters and no visits recorded yet")
    return _share(habits.engaged, habits.customers)


def _days(weekdays: tuple[float, ...]) -> str:
    if not weekdays:
        return gettext("unknown")
    names = reader_locale().days["stand-alone"]["abbreviated"]
    best = sorted(range(7), key=lambda day: -weekdays[day])[:2]
    told = ", ".join(f"{names[day]} ({percent(weekdays[day], 0)})" for day in best)
    weekend = gettext("weekend %(share)s") % {"share": percent(sum(weekdays[5:]), 0)}
    return f"{told}; {weekend}"


def _hours(hours: tuple[float, ...]) -> str:
    if not hours:
        return gettext("unknown: the data tell only days")
    start = max(range(22), key=lambda hour: sum(hours[hour : hour + 3]))
    best = pgettext("clock", "%(from)s to %(to)s o'clock") % {"from": start, "to": start + 3}
    evening = gettext("evening %(share)s") % {"share": percent(sum(hours[_FIRST_EVENING_HOUR:]), 0)}
    return f"{best} ({percent(sum(hours[start : start + 3]), 0)}); {evening}"
