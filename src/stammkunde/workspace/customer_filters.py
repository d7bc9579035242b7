"""Read from the address which customers are asked for, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stammkunde.insights.register import Filters, Sort
from stammkunde.insights.standing import STANDINGS
from stammkunde.metrics import GROUPS
from stammkunde.workspace.customer_words import (
    SORTINGS,
    STANDING_TITLES,
    conditions,
    group_title,
    last_bounds,
    last_choices,
)
from stammkunde.workspace.narrowing import segment_titles


@dataclass(frozen=True)
class Choice:
    """What the reader looks for; `asked` says it in words, empty when she looks at everybody."""

    search: str
    filters: Filters
    sort: Sort
    asked: str


class CustomerFilterForm(forms.Form):
    """Search, filters and sorting of the list; those who may not see names are not offered to look for them."""

    q = forms.CharField(required=False, max_length=200)
    standing = forms.ChoiceField(required=False, label=pgettext_lazy("customers", "Standing"))
    group = forms.ChoiceField(required=False, label=_("RFM group"))
    min_orders = forms.IntegerField(required=False, min_value=1, max_value=1_000_000, label=_("Orders at least"))
    last = forms.ChoiceField(required=False, label=_("Last order"))
    segment = forms.ChoiceField(required=False, label=_("Segment"))

    def __init__(self, asked: Mapping[str, str], *, personal: bool) -> None:
        super().__init__(asked, auto_id="filter_%s")
        self._choose("standing", [(name, str(STANDING_TITLES[name])) for name in STANDINGS])
        self._choose("group", [(group.name, group_title(group.name)) for group in GROUPS])
        self._choose("last", last_choices())
        self._segments = segment_titles(naming=True, personal=personal)
        self._choose("segment", self._segments)
        sortings = [(name, str(title)) for name, title in SORTINGS.items() if personal or "name" not in name]
        self.fields["sort"] = forms.ChoiceField(required=False, label=_("Order of the list"), choices=sortings)
        self.fields["q"].label = (
            _("Name, e-mail, number of customer or order, place") if personal else _("Number of customer or order")
        )
        self.fields["q"].widget = forms.TextInput({"type": "search", "autocomplete": "off", "spellcheck": "false"})

    def choice(self, as_of: date | None) -> Choice:
        """Return what is asked for; what cannot be read is as if it were not asked."""
        self.is_valid()
        asked: dict[str, Any] = {name: self.cleaned_data.get(name) or None for name in self.fields}
        last = asked["last"] or ""
        last_from, last_before = last_bounds(last, as_of)
        filters = Filters(
            group=asked["group"] or "",
            standing=asked["standing"],
            min_orders=asked["min_orders"],
            last_from=last_from,
            last_before=last_before,
            segment=asked["segment"] or "",
        )
        search, title = asked["q"] or "", dict(self._segments).get(filters.segment, "")
        return Choice(search, filters, Sort.of(asked["sort"] or ""), conditions(search, filters, last, title))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *choices]
