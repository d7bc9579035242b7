"""Let the owner read who did what and when."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stammkunde.accounts.actions import ACTIONS
from stammkunde.accounts.models import AuditEntry, User

PAGE_SIZE = 50


def _bearable(day: date) -> None:
    """Refuse days beyond which calendars cannot count."""
    if not 1900 <= day.year <= 2999:
        raise forms.ValidationError(_("Choose days between the years 1900 and 2999."))


class FilterForm(forms.Form):
    """Whose doings, which, and when."""

    who = forms.ModelChoiceField(
        User.objects.order_by("email"), required=False, label=_("Who"), empty_label=_("everybody")
    )
    action = forms.ChoiceField(
        choices=lambda: [("", _("everything")), *ACTIONS.items()], required=False, label=_("What")
    )
    since = forms.DateField(
        required=False, label=_("From"), validators=[_bearable], widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        required=False, label=_("To"), validators=[_bearable], widget=forms.DateInput(attrs={"type": "date"})
    )


def audit_log(request: HttpRequest) -> HttpResponse:
    """Show the newest entries first, filtered and paged."""
    form = FilterForm(request.GET)
    entries = AuditEntry.objects.select_related("user")
    if form.is_valid():
        entries = _chosen(entries, form)
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "actions": ACTIONS, "filtered": any(form.cleaned_data.values())}
    return render(request, "workspace/settings/audit.html", context)


def _chosen(entries: QuerySet[AuditEntry], form: FilterForm) -> QuerySet[AuditEntry]:
    wanted = form.cleaned_data
    if wanted["who"]:
        entries = entries.filter(user=wanted["who"])
    if wanted["action"]:
        entries = entries.filter(action=wanted["action"])
    zone = timezone.get_current_timezone()
    if wanted["since"]:
        entries = entries.filter(at__gte=datetime.combine(wanted["since"], time(), zone))
    if wanted["until"]:
        entries = entries.filter(at__lt=datetime.combine(wanted["until"] + timedelta(days=1), time(), zone))
    return entries
