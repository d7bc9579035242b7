"""Name what a row of the form can ask of a customer: its kinds, its choices, and the words between its fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stammkunde.metrics import GROUPS
from stammkunde.workspace.words import say

FieldSort = Literal["number", "money", "choice", "text", "names", "condition"]
Choices = Sequence[tuple[str, str | Promise]]

AT_LEAST: Choices = (
    (">=", _("at least")),
    ("<=", _("at most")),
    ("=", _("exactly")),
    (">", _("more than")),
    ("<", _("less than")),
)
UNITS: Choices = (
    ("days", pgettext_lazy("clause", "days")),
    ("weeks", pgettext_lazy("clause", "weeks")),
    ("months", pgettext_lazy("clause", "months")),
    ("years", pgettext_lazy("clause", "years")),
)
YES_NO: Choices = (("yes", _("has")), ("no", _("has not")))
IN_OR_OUT: Choices = (("yes", _("is in")), ("no", _("is not in")))
LIVES: Choices = (("yes", _("lives in")), ("no", _("does not live in")))
PLACES: Choices = (
    ("city", _("the city")),
    ("country", _("the country")),
    ("postcode", _("a postcode that starts with")),
)
PARTS: Choices = (
    ("category", pgettext_lazy("clause", "of the category")),
    ("product", pgettext_lazy("clause", "the product")),
)
TONES: Choices = (("du", _("informal (du)")), ("sie", _("formal (Sie)")))
CHANNELS: Choices = (
    ("", _("by any way")),
    ("email", _("by e-mail")),
    ("sms", _("by SMS")),
    ("post", _("by post")),
    ("phone", _("by telephone")),
)
SCORES: Choices = (
    ("clv", _("expected value (CLV)")),
    ("churn_risk", _("risk of leaving (0 to 1)")),
    ("points", _("points")),
    ("recency_score", _("recency score (1 to 5)")),
    ("frequency_score", _("frequency score (1 to 5)")),
    ("monetary_score", _("revenue score (1 to 5)")),
)


@dataclass(frozen=True)
class Field:
    """One thing to fill in within a row: what stands before and after it, and what it is called for screen readers."""

    name: str
    sort: FieldSort
    label: str | Promise
    before: str | Promise = ""
    after: str | Promise = ""
    choices: str = ""
    default: str = ""
    optional: bool = False


_OPERATOR = Field("op", "choice", _("Comparison"), choices="operator", default=">=")
_WINDOW = (
    Field(
        "amount",
        "number",
        _("How much time; empty: ever"),
        before=pgettext_lazy("clause", "in the last"),
        optional=True,
    ),
    Field("unit", "choice", _("Unit of time"), choices="unit", default="days"),
)


def _yes(choices: str, label: str | Promise) -> Field:
    return Field("yes", "choice", label, choices=choices, default="yes")


FIELDS: dict[str, tuple[Field, ...]] = {
    "orders": (
        _OPERATOR,
        Field("n", "number", _("How often"), after=pgettext_lazy("so often", "times"), default="2"),
        *_WINDOW,
    ),
    "ordered": _WINDOW,
    "silent": (
        Field("amount", "number", _("How much time"), before=pgettext_lazy("clause", "for"), default="30"),
        Field("unit", "choice", _("Unit of time"), choices="unit", default="days"),
    ),
    "spent": (_OPERATOR, Field("n", "money", _("Amount"), default="100"), *_WINDOW),
    "average": (_OPERATOR, Field("n", "money", _("Amount"), default="40"), *_WINDOW),
    "bought": (
        _yes("yes_no", _("Has, or has not")),
        Field(
            "part",
            "choice",
            _("Category or product"),
            before=pgettext_lazy("clause", "bought something"),
            choices="part",
            default="category",
        ),
        Field("of", "text", _("Name of the category or product")),
        *_WINDOW,
    ),
    "often": (
        _OPERATOR,
        Field("n", "number", _("How often"), after=pgettext_lazy("so often", "times"), default="2"),
        Field(
            "part",
            "choice",
            _("Category or product"),
            before=pgettext_lazy("clause", "something"),
            choices="part",
            default="category",
        ),
        Field("of", "text", _("Name of the category or product")),
        *_WINDOW,
    ),
    "lives": (
        _yes("lives", _("Lives there, or not")),
        Field("place", "choice", _("City, country or postcode"), choices="place", default="city"),
        Field("names", "names", _("Names, with commas between them")),
    ),
    "rhythm": (
        Field(
            "n",
            "money",
            _("How many times as long"),
            before=_("for more than"),
            after=_("times as long as is usual for this customer"),
            default="2",
        ),
    ),
    "newcomer": (
        _OPERATOR,
        Field("n", "number", _("How many days"), after=pgettext_lazy("clause", "days ago"), default="90"),
    ),
    "rfm": (_yes("in_or_out", _("In it, or not")), Field("of", "choice", _("RFM group"), choices="rfm")),
    "segment": (_yes("in_or_out", _("In it, or not")), Field("of", "choice", _("Segment"), choices="segment")),
    "tone": (Field("of", "choice", _("Form of address"), choices="tone", default="du"),),
    "consent": (
        _yes("yes_no", _("Has, or has not")),
        Field("of", "text", _("Purpose"), before=pgettext_lazy("clause", "agreed to"), default="newsletter"),
        Field("channel", "choice", _("Way"), choices="channel"),
    ),
    "score": (
        Field("of", "choice", _("Which figure"), choices="score", default="clv"),
        _OPERATOR,
        Field("n", "money", _("Number"), default="100"),
    ),
    "interest": (
        Field("of", "text", _("Topic"), before=pgettext_lazy("clause", "in")),
        _OPERATOR,
        Field("n", "money", _("Strength from 0 to 1"), default="0.3"),
    ),
    "own": (Field("text", "condition", _("Condition as text")),),
}

TITLES: dict[str, str | Promise] = {
    "orders": _("has ordered"),
    "ordered": _("has ordered at all"),
    "silent": _("has not ordered"),
    "spent": _("sum of the orders"),
    "average": _("average order value"),
    "bought": _("has bought something certain"),
    "often": _("has ordered something certain so often"),
    "lives": _("home"),
    "rhythm": _("silent for longer than usual"),
    "newcomer": _("first order"),
    "rfm": _("RFM group"),
    "segment": _("another segment"),
    "tone": _("wants to be addressed"),
    "consent": _("consent"),
    "score": _("figure of the customer"),
    "interest": _("interest"),
    "own": _("something else, as text"),
}


def choices_of(field: Field, segments: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what can be chosen in a field, in the reader's language."""
    if field.choices == "segment":
        return list(segments)
    if field.choices == "rfm":
        return [(group.name, say(group.title)) for group in GROUPS]
    lists: dict[str, Choices] = {
        "operator": AT_LEAST,
        "unit": UNITS,
        "yes_no": YES_NO,
        "in_or_out": IN_OR_OUT,
        "lives": LIVES,
        "place": PLACES,
        "part": PARTS,
        "tone": TONES,
        "channel": CHANNELS,
        "score": SCORES,
    }
    return [(value, str(title)) for value, title in lists[field.choices]]
