"""Set the rules of thumb of the guides beside this business's own numbers; what is not known yet is said to be so."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stammkunde.workspace.formatting import quantity
from stammkunde.workspace.reading import Reading

FIGURES_OF_RULES = ("revenue_share_top20", "loyal_frequency_ratio", "second_order_within_90d")


@dataclass(frozen=True)
class Rule:
    """What people say, who says it, and the figure that answers it here or what is missing for that."""

    saying: Promise
    source: str
    figure: str = ""
    missing: Promise | str = ""


@dataclass(frozen=True)
class RuleRow:
    """A rule with the answer of this business."""

    rule: Rule
    value: str
    remark: str
    why_unknown: str

    @property
    def known(self) -> bool:
        """Tell whether this business has an answer."""
        return bool(self.value)


RULES = (
    Rule(_("20 % of the customers make 80 % of the revenue"), "MarketingProfs", "revenue_share_top20"),
    Rule(_("Loyal customers buy up to four times as often as new ones"), "MarketingProfs", "loyal_frequency_ratio"),
    Rule(
        _("Do everything right the first time, and there will be a second time"),
        "",
        "second_order_within_90d",
    ),
    Rule(
        _("Seven to nine contacts come before a purchase"),
        "",
        missing=_("This takes the messages you send and the visits to your shop, which are not recorded yet."),
    ),
    Rule(
        _("Keeping customers costs less than winning new ones"),
        "eConsultancy",
        missing=_("This takes what advertising and service cost you, which is not recorded yet."),
    ),
)


def rule_rows(readings: Mapping[str, Reading], *, currency: str) -> list[RuleRow]:
    """Return every rule with its answer."""
    return [_row(rule, readings.get(rule.figure), currency) for rule in RULES]


def _row(rule: Rule, reading: Reading | None, currency: str) -> RuleRow:
    if reading is None:
        return RuleRow(rule, "", "", str(rule.missing))
    figure = reading.figure
    if figure.value is None:
        return RuleRow(rule, "", "", figure.why_unknown or "")
    return RuleRow(rule, _value(rule.figure, figure.value, currency), _remark(rule.figure, figure.value), "")


def _value(name: str, value: float, currency: str) -> str:
    if name == "loyal_frequency_ratio":
        return gettext("%(number)s times") % {"number": quantity(value, "ratio", currency=currency).number}
    return str(quantity(value, "share", currency=currency))


def _remark(name: str, value: float) -> str:
    if name == "revenue_share_top20":
        return (
            gettext("of the revenue comes from the top 20 %: more than the rule says.")
            if value > 0.8
            else gettext("of the revenue comes from the top 20 %: it rests on more shoulders than the rule says.")
        )
    if name == "loyal_frequency_ratio":
        return gettext("as many orders per customer as new ones, who had less of the period to buy in.")
    return gettext("ordered again on a later day within 90 days of their first order.")
