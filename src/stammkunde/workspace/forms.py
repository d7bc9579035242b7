"""Answer forms the same way everywhere: 200 when asked for, 422 when what was sent needs another look."""

from typing import Any

from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from stammkunde.accounts.audit import Json


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what was sent with the form, None when the form is only asked for."""
    return request.POST if request.method == "POST" else None


def answer(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """Show the form, with its errors if it has any."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def changes(form: Form | BaseForm) -> dict[str, Json]:
    """Return what a valid form changes, for the audit log: field → before and after."""
    cleaned = getattr(form, "cleaned_data", {})
    names = getattr(form, "changed_data", [])
    return {name: {"before": str(form.initial.get(name, "")), "after": str(cleaned.get(name, ""))} for name in names}
