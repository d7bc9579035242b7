"""Write the sheet of a segment, take its members away as a file, and delete it."""

from collections.abc import Iterator

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.customers.models import Identity
from stammkunde.kernel import clock
from stammkunde.kernel.errors import WrongInput
from stammkunde.segments import definitions
from stammkunde.segments.models import Membership, Segment
from stammkunde.workspace.downloads import Cell, stream
from stammkunde.workspace.segments.draft import language
from stammkunde.workspace.segments.finding import segment_or_404
from stammkunde.workspace.segments.sheet import FIELDS, SheetForm

_CHUNK = 2_000
_HEADER = ("id", "customer_number", "name", "email", "city", "since")


def segment_sheet(request: HttpRequest, name: str) -> HttpResponse:
    """Keep what somebody wrote on the sheet."""
    chosen = segment_or_404(name)
    form = SheetForm(request.POST.dict(), sheet=chosen.sheet)
    if not form.is_valid():
        audit.nothing_changed()
        messages.error(request, gettext("The sheet is not saved: no field may be longer than 4,000 characters."))
        return redirect("segment", name)
    written = {field: form.cleaned_data[field].strip() for field in FIELDS if form.cleaned_data[field].strip()}
    if written == chosen.sheet:
        audit.nothing_changed()
        return redirect("segment", name)
    changed: list[audit.Json] = [field for field in FIELDS if written.get(field, "") != chosen.sheet.get(field, "")]
    with transaction.atomic():
        now = clock.now()
        Segment.objects.filter(pk=chosen.pk).update(sheet=written, updated_at=now)
        detail: dict[str, audit.Json] = {"name": name, "fields": changed}
        audit.note("segment.described", by=person(request), about=chosen, detail=detail, now=now)
    messages.success(request, gettext("The sheet is saved."))
    return redirect("segment", name)


def segment_export(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """Hand out the members piece by piece, and remember who took them."""
    chosen, user = segment_or_404(name), person(request)
    detail: dict[str, audit.Json] = {"name": name, "members": Membership.objects.filter(segment=chosen).count()}
    audit.note("segment.exported", by=user, about=chosen, detail=detail, now=clock.now())
    return stream(f"stammkunde-segment-{name}", _HEADER, _cells(chosen))


def segment_delete(request: HttpRequest, name: str) -> HttpResponse:
    """Delete a segment; refused while others refer to it."""
    chosen = segment_or_404(name)
    title = chosen.title_in(language())
    try:
        with transaction.atomic():
            detail: dict[str, audit.Json] = {"name": name, "text": chosen.text}
            audit.note("segment.deleted", by=person(request), about=chosen, detail=detail, now=clock.now())
            definitions.remove(name)
    except WrongInput:
        audit.nothing_changed()
        messages.error(
            request, gettext("“%(title)s” stays: others refer to it. Change these first.") % {"title": title}
        )
        return redirect("segment", name)
    messages.success(request, gettext("“%(title)s” is deleted; the customers stay as they are.") % {"title": title})
    return redirect("segments")


def _cells(chosen: Segment) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each member, some thousands at a time, in the order of their numbers."""
    after = 0
    while chunk := _members_after(chosen, after):
        after = chunk[-1].customer_id
        known_as: dict[tuple[int, str], str] = {}
        ids = [row.customer_id for row in chunk]
        named = Identity.objects.filter(customer__in=ids).order_by("-pk").values_list("customer_id", "kind", "value")
        for customer, kind, value in named:
            known_as[customer, kind] = value
        for row in chunk:
            pk = row.customer_id
            number, email = known_as.get((pk, "number"), ""), known_as.get((pk, "email"), "")
            yield (pk, number, row.customer.name, email, row.customer.city, row.since.date())


def _members_after(chosen: Segment, customer: int) -> list[Membership]:
    rows = Membership.objects.filter(segment=chosen, customer_id__gt=customer).select_related("customer")
    return list(rows.order_by("customer_id")[:_CHUNK])
