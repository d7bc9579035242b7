"""Let the reader choose where scores part: at the quintiles of her own customers, or at fixed limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django import forms
from django.utils.translation import gettext_lazy as _

from stammkunde.metrics import Thresholds

Ties = Literal["low", "high"]
MEASURES = {"recency": "recency_days", "frequency": "frequency", "monetary": "monetary"}
_LIMITS = range(4)


@dataclass(frozen=True)
class RFMChoice:
    """How scores are made; the usual way is quintiles with equal values sharing the lower score."""

    ties: Ties = "low"
    thresholds: Thresholds | None = None

    @property
    def usual(self) -> bool:
        """Tell whether these are the scores everybody else here sees."""
        return self == RFMChoice()


class RFMForm(forms.Form):
    """Ask for the rule, what happens to equal values, and the fixed limits."""

    rule = forms.ChoiceField(
        label=_("Where scores part"),
        choices=[("quantiles", _("At fifths of my customers")), ("thresholds", _("At fixed limits"))],
        widget=forms.RadioSelect,
    )
    ties = forms.ChoiceField(
        label=_("Equal values at a limit between two fifths"),
        choices=[("low", _("share the lower score (usual)")), ("high", _("share the higher score"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, asked: Mapping[str, str]) -> None:
        super().__init__({**_usual(), **{name: value for name, value in asked.items() if value}})
        for measure, field in MEASURES.items():
            for i in _LIMITS:
                self.fields[f"{measure}{i}"] = _limit(field)

    @property
    def limits(self) -> dict[str, list[forms.BoundField]]:
        """Return the four fields of each measure."""
        return {measure: [self[f"{measure}{i}"] for i in _LIMITS] for measure in MEASURES}

    def clean(self) -> None:
        """Refuse limits that do not ascend."""
        super().clean()
        for measure in MEASURES:
            limits = [self.cleaned_data.get(f"{measure}{i}") for i in _LIMITS]
            known = [limit for limit in limits if limit is not None]
            if known != sorted(set(known)):
                self.add_error(f"{measure}3", _("The four limits must rise from left to right."))


def rfm_choice(form: RFMForm) -> RFMChoice:
    """Return what the form asks for; the usual choice when it cannot be read."""
    if not form.is_valid():
        return RFMChoice()
    if form.cleaned_data["rule"] == "quantiles":
        return RFMChoice(ties="high" if form.cleaned_data["ties"] == "high" else "low")
    one, two, three = ([form.cleaned_data[f"{measure}{i}"] for i in _LIMITS] for measure in MEASURES)
    return RFMChoice(
        thresholds=Thresholds(
            recency_days=(one[0], one[1], one[2], one[3]),
            frequency=(two[0], two[1], two[2], two[3]),
            monetary=(three[0], three[1], three[2], three[3]),
        )
    )


def _limit(field: str) -> forms.IntegerField | forms.FloatField:
    if field == "monetary":
        return forms.FloatField(min_value=0.01, max_value=1e9)
    return forms.IntegerField(min_value=1, max_value=100_000)


def _usual() -> dict[str, str]:
    usual = Thresholds()
    limits = {f"{measure}{i}": f"{getattr(usual, field)[i]:g}" for measure, field in MEASURES.items() for i in _LIMITS}
    return {"rule": "quantiles", "ties": "low", **limits}
