"""Let the owner describe the business: its name, its days, its language and its colour."""

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.accounts.models import Business
from stammkunde.kernel import clock
from stammkunde.workspace.forms import answer, changes, sent

_REGIONS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@cache
def _zones() -> list[tuple[str, str]]:
    """List the time zones that are places."""
    names = sorted(name for name in available_timezones() if name.startswith(_REGIONS))
    return [(name, name.replace("_", " ")) for name in [*names, "UTC"]]


if TYPE_CHECKING:
    _BusinessForm = forms.ModelForm[Business]
else:
    _BusinessForm = forms.ModelForm


class BusinessForm(_BusinessForm):
    """What the owner may say about the business."""

    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=_zones,
        help_text=gettext_lazy("Days and months begin by this clock. If you change it, all figures are recalculated."),
    )

    class Meta:
        model = Business
        fields = ["name", "time_zone", "language", "accent"]
        help_texts = {
            "language": gettext_lazy("For new people and for pages that nobody is logged in to."),
            "accent": gettext_lazy(
                "Like #0f6b5c; empty for our own green. Where it could not be read it is made lighter or darker."
            ),
        }


def business(request: HttpRequest) -> HttpResponse:
    """Show and change what is known about the business."""
    form = BusinessForm(sent(request), instance=Business.current())
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            what = form.save()
            if form.has_changed():
                audit.note("business.changed", by=person(request), about=what, detail=changes(form), now=clock.now())
            else:
                audit.nothing_changed()
        messages.success(request, _("The business is saved."))
        if "time_zone" in form.changed_data:
            messages.info(request, _("The time zone has changed: all figures are being recalculated."))
        return redirect("settings-business")
    return answer(request, "workspace/settings/business.html", form)
