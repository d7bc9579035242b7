"""Take an import back, after saying what will go with it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.events import imports
from stammkunde.events.models import Import
from stammkunde.kernel import clock
from stammkunde.workspace.import_messages import tell


def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with what would go; when that is confirmed, let the worker take the import back."""
    import_ = get_object_or_404(Import, pk=pk)
    why_not = imports.undo_refusal(import_)
    if request.method != "POST" or why_not:
        audit.nothing_changed()
        context = {"import": import_, "why_not": tell(why_not), "loss": None if why_not else imports.loss(import_)}
        return render(request, "workspace/import_undo.html", context, status=422 if why_not else 200)
    would_go = imports.loss(import_)
    try:
        imports.ask_undo(import_)
    except imports.NotUndoable:
        audit.nothing_changed()
        return redirect("import", import_.pk)
    audit.note(
        "import.undone",
        by=person(request),
        about=import_,
        detail={**would_go.counts, "file": import_.file_name},
        now=clock.now(),
    )
    return redirect("import", import_.pk)
