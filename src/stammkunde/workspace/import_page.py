"""Show how far an import is and what came of it; stop it, let it go on, read the file once more in another way."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.events import imports
from stammkunde.events.models import Import
from stammkunde.insights import mirroring
from stammkunde.kernel import clock
from stammkunde.workspace import uploads
from stammkunde.workspace.formatting import number
from stammkunde.workspace.import_messages import tell
from stammkunde.workspace.import_words import PHASES, STATES, customers, entries, rows
from stammkunde.workspace.pictures.parts import Part, draw_parts

SHOWN_REJECTS = 50
NO_WORKER_AFTER = timedelta(seconds=20)
_EXPLAINED = 4
State = Import.State


@dataclass(frozen=True)
class Reject:
    """One row that was not imported, and why."""

    line: str
    column: str
    value: str
    reason: str


def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with one import; a page that is open asks again every second until there is nothing more to tell."""
    import_ = get_object_or_404(Import.objects.select_related("by"), pk=pk)
    now = clock.now()
    settled = import_.state in (State.DONE, State.UNDONE) and not import_.only_check
    catching_up = settled and mirroring.is_behind()
    context = {
        "import": import_,
        "state": STATES[import_.state],
        "sentence": _sentence(import_),
        "phase": PHASES.get(import_.phase, ""),
        "percent": round(import_.share * 100),
        "asleep": import_.state == State.WAITING and import_.created_at < now - NO_WORKER_AFTER,
        "abandoned": import_.state == State.RUNNING and not imports.is_alive(import_.holder),
        "catching_up": catching_up,
        "again": not import_.is_over or catching_up,
        "picture": _picture(import_) if import_.read else "",
        "message": tell(import_.message),
        "warnings": [tell(warning) for warning in import_.warnings],
        "rejects": list(islice(_rejects(import_.rejects_file), SHOWN_REJECTS)),
        "has_file": import_.file.exists(),
        "may_undo": import_.is_over and not imports.undo_refusal(import_),
    }
    return render(request, "workspace/import.html", context)


def import_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the worker to stop after what it is writing at the moment."""
    import_ = get_object_or_404(Import, pk=pk)
    imports.stop(import_)
    return _noted(request, "import.stopped", import_)


def import_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a stopped import go on, or import what was only tried out."""
    import_ = get_object_or_404(Import, pk=pk)
    imports.resume(import_, only_check=False if "write" in request.POST else None)
    return _noted(request, "import.resumed", import_)


def import_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the file of an import once more, to say anew how it is to be read."""
    import_, user, now = get_object_or_404(Import, pk=pk), person(request), clock.now()
    if not import_.file.exists():
        raise Http404
    upload = uploads.keep_again(import_.file, import_.file_name, by=user, now=now)
    audit.note("import.uploaded", by=user, about=import_, detail={"file": import_.file_name}, now=now)
    return redirect("import-new", upload.key)


def import_rejects(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out the rejected rows with their reasons; mended, the file can be imported as it is."""
    path = get_object_or_404(Import, pk=pk).rejects_file
    if path is None:
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"stammkunde-import-{pk}-rejects.csv", content_type="text/csv"
    )


def _noted(request: HttpRequest, action: str, import_: Import) -> HttpResponse:
    audit.note(action, by=person(request), about=import_, detail={"file": import_.file_name}, now=clock.now())
    return redirect("import", import_.pk)


def _sentence(import_: Import) -> SafeString:
    """Say in one sentence where the import stands."""
    file = import_.file_name
    if import_.state == State.UNDONE:
        template = gettext("The import of <b>{file}</b> was taken back: {orders} and {customers} went.")
        gone = {"orders": entries(import_.taken_events), "customers": customers(import_.taken_customers)}
        return format_html(template, file=file, **gone)
    if import_.undoing and not import_.is_over:
        return format_html(gettext("The import of <b>{file}</b> is being taken back."), file=file)
    if import_.state == State.DONE and import_.only_check:
        template = gettext("Trying out <b>{file}</b>: {imported} would come in, nothing has been written.")
        return format_html(template, file=file, imported=rows(import_.imported))
    if import_.state == State.DONE and not import_.imported:
        return format_html(gettext("Nothing in <b>{file}</b> was new; all is as it was."), file=file)
    if import_.state == State.DONE:
        orders = ngettext("{count} order", "{count} orders", import_.orders).format(count=number(import_.orders))
        template = gettext("<b>{imported}</b> of {file} came in: {orders}.")
        return format_html(template, imported=rows(import_.imported), file=file, orders=orders)
    templates = {
        State.WAITING: gettext("<b>{file}</b> waits for its turn."),
        State.RUNNING: gettext("<b>{file}</b> is being imported."),
        State.STOPPED: gettext("The import of <b>{file}</b> is stopped; what was written stays."),
        State.REFUSED: gettext("<em>{file} could not be imported</em>; nothing was written."),
        State.FAILED: gettext("<em>The import of {file} broke off</em>; what was written stays, nothing is half done."),
    }
    return format_html(templates[State(import_.state)], file=file)


def _picture(import_: Import) -> SafeString:
    parts = [
        Part(kind, title, count, number(count))
        for kind, title, count in (
            ("imported", gettext("imported"), import_.imported),
            ("duplicate", gettext("known already"), import_.duplicate),
            ("rejected", gettext("rejected"), import_.rejected),
        )
    ]
    return draw_parts(parts, title=gettext("What became of the rows"))


def _rejects(path: Path | None) -> Iterator[Reject]:
    """Read the explanations in front of the rejected rows."""
    if path is None:
        return
    with path.open(encoding="utf-8-sig", newline="") as stream:
        separator = stream.readline()[len("line") :][:1] or ","
        for row in csv.reader(stream, delimiter=separator):
            if len(row) >= _EXPLAINED:
                line, column, value, reason = row[:_EXPLAINED]
                yield Reject(line, column, value[:80], tell(reason))
