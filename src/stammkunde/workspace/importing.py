"""Take in a file step by step: hand it in, look at what it says, correct that, try it out, import it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.accounts.models import Business, User
from stammkunde.events import imports
from stammkunde.events.imports import PRESETS, Look, Refused
from stammkunde.events.models import Import
from stammkunde.kernel import clock
from stammkunde.workspace import uploads
from stammkunde.workspace.import_form import (
    DATES,
    DECIMALS,
    Asked,
    column_choices,
    corrections,
    file_columns,
    read_asked,
)
from stammkunde.workspace.import_messages import tell
from stammkunde.workspace.import_preview import counted_sentence, preview_row
from stammkunde.workspace.import_words import STATES, megabytes, rows, too_large
from stammkunde.workspace.uploads import Upload

PAGE_SIZE = 50


def all_imports(request: HttpRequest) -> HttpResponse:
    """Answer with the form for a file and the imports so far; take a file and lead to what it says."""
    problem = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is not None and not uploads.refusal(request):
            return _take(request, uploads.keep(file, by=person(request), now=clock.now()))
        problem = _why_not(request)
    past = Import.objects.select_related("by").order_by("-pk")
    page = Paginator(past, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "sentence": _last_sentence(),
        "page": page,
        "past": [(import_, STATES[import_.state]) for import_ in page],
        "problem": problem,
        "limit": megabytes(settings.UPLOAD_LIMIT),
        "limit_bytes": settings.UPLOAD_LIMIT,
    }
    return render(request, "workspace/imports.html", context, status=422 if problem else 200)


def import_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Answer with what a file says; take corrections, try it out, or let it be imported."""
    user = person(request)
    upload = uploads.find(key, by=user)
    if upload is None:
        return render(request, "workspace/import_gone.html", status=404)
    if request.method != "POST":
        return _show(request, upload, read_asked(request.GET))
    asked = read_asked(request.POST)
    try:
        asked = corrections(asked, _look(upload, Asked(preset=asked.preset)))
        if request.POST.get("do") not in ("check", "start"):
            audit.nothing_changed()
            return redirect(f"{request.path}?{asked.query()}")
        return _create(upload, asked, by=user, only_check=request.POST["do"] == "check")
    except Refused as problem:
        return _show(request, upload, asked, problem=problem)


def import_discard(request: HttpRequest, key: UUID) -> HttpResponse:
    """Throw away a file that is not to be imported after all."""
    user = person(request)
    upload = uploads.find(key, by=user)
    if upload is not None:
        uploads.forget(upload)
        audit.note("import.discarded", by=user, detail={"file": upload.file_name}, now=clock.now())
    else:
        audit.nothing_changed()
    return redirect("imports")


def _take(request: HttpRequest, upload: Upload) -> HttpResponse:
    user = person(request)
    audit.note("import.uploaded", by=user, detail={"file": upload.file_name, "size": upload.size}, now=clock.now())
    address = reverse("import-new", args=[upload.key])
    # A browser with script sends the file in the background, to show how far it is; it goes on by itself.
    return HttpResponse(headers={"HX-Redirect": address}) if request.headers.get("HX-Request") else redirect(address)


def _why_not(request: HttpRequest) -> str:
    refused = uploads.refusal(request)
    if refused == "too large":
        return too_large(settings.UPLOAD_LIMIT)
    if refused == "no room":
        return gettext("There is not enough room on the server's disk for this file. Make room and hand it in again.")
    return gettext("Choose a file first.")


def _create(upload: Upload, asked: Asked, *, by: User, only_check: bool) -> HttpResponseRedirect:
    """Let the worker take over; an import of the same file that was stopped goes on."""
    now = clock.now()
    created = imports.create(
        upload.file, file_name=upload.file_name, now=now, mapping=asked.columns, only_check=only_check, by=by,
        **asked.options(),
    )  # fmt: skip
    imports.resume(created)
    action = "import.checked" if only_check else "import.started"
    audit.note(action, by=by, about=created, detail={"file": upload.file_name, **asked.detail()}, now=now)
    uploads.forget(upload)
    return redirect("import", created.pk)


def _look(upload: Upload, asked: Asked) -> Look:
    return imports.look(
        upload.file, now=clock.now(), file_name=upload.file_name, mapping=asked.columns, **asked.options()
    )


def _show(request: HttpRequest, upload: Upload, asked: Asked, problem: Refused | None = None) -> HttpResponse:
    """Show the file as it is understood with these answers; what is wrong with them stands above."""
    try:
        seen = _look(upload, asked)
    except Refused as refused:
        return _show_refused(request, upload, asked, refused)
    problem = problem or seen.problem
    main, others = column_choices(seen)
    context: dict[str, Any] = {
        "upload": upload,
        "size": megabytes(upload.size),
        "seen": seen,
        "sentence": _look_sentence(upload, seen),
        "problem": tell(str(problem)) if problem else "",
        "counted": counted_sentence(seen),
        "warnings": [*_no_customers(seen), *(tell(warning) for warning in seen.warnings)],
        "asked": asked,
        "main_fields": main,
        "other_fields": others,
        "file_columns": file_columns(seen),
        "presets": [(preset.name, tell(preset.title)) for preset in PRESETS.values()],
        "chosen_preset": seen.preset.name if seen.preset else "",
        "dates": DATES,
        "decimals": DECIMALS,
        "currency": asked.currency or Business.current().currency,
        "preview": [preview_row(row) for row in seen.preview],
        "dates_read": DATES.get(seen.dates, "") if not asked.dates else "",
    }
    return render(request, "workspace/import_look.html", context, status=422 if problem else 200)


def _show_refused(request: HttpRequest, upload: Upload, asked: Asked, refused: Refused) -> HttpResponse:
    """Say why there is nothing to look at; answers that mean nothing are dropped, the file itself may still be fine."""
    context = {"upload": upload, "problem": tell(str(refused)), "may_reset": asked != Asked()}
    return render(request, "workspace/import_refused.html", context, status=422)


def _no_customers(seen: Look) -> list[str]:
    if {"customer", "email", "phone"} & seen.columns.keys():
        return []
    return [
        gettext(
            "No column tells who ordered. The orders then only count in the revenue of all; who comes back stays "
            "unknown. Choose below the column with the customer number or the e-mail address."
        )
    ]


def _look_sentence(upload: Upload, seen: Look) -> SafeString:
    if seen.plan is None:
        return format_html(
            gettext("Before <b>{file}</b> can be imported, something is missing."), file=upload.file_name
        )
    found, all_columns = len(seen.columns), len(seen.names)
    return format_html(
        gettext("Of the {all_columns} columns in <b>{file}</b>, {found} tell something about orders. Is this right?"),
        file=upload.file_name, found=found, all_columns=all_columns,
    )  # fmt: skip


def _last_sentence() -> SafeString:
    last = Import.objects.filter(state=Import.State.DONE, only_check=False).order_by("-finished_at").first()
    if last is None:
        return format_html("{}", gettext("A file with your orders is enough to begin."))
    return format_html(
        gettext("Last, <b>{rows}</b> came in from {file}."), rows=rows(last.imported), file=last.file_name
    )
