"""Let a segment be built by form or by text, with the sentence and the count beside it while it grows."""

from dataclasses import dataclass
from hashlib import md5

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.catalogue.models import Product
from stammkunde.insights import figures
from stammkunde.kernel import clock
from stammkunde.kernel.errors import WrongInput
from stammkunde.kernel.patience import TookTooLong, patience
from stammkunde.segments import definitions
from stammkunde.segments.models import Segment
from stammkunde.workspace.segments.clause_form import RowView, row_views
from stammkunde.workspace.segments.condition_errors import problem
from stammkunde.workspace.segments.counted import Counted, counted
from stammkunde.workspace.segments.draft import Draft, blank, language, of_text, sent_draft
from stammkunde.workspace.segments.finding import segment_or_404
from stammkunde.workspace.segments.naming import free_name
from stammkunde.workspace.segments.people import named

_WAITS_SECONDS = 10


@dataclass(frozen=True)
class Texts:
    """What the segment is called and what it is for, as it stands in the form."""

    title: str = ""
    purpose: str = ""


class ChangedMeanwhile(Exception):
    """Somebody else has saved the segment since this form was opened; save again to put yours in its place."""

    def __init__(self, segment: Segment) -> None:
        said = gettext(
            "Somebody else has changed this segment meanwhile. It now asks: %(text)s. Nothing of yours is lost: "
            "save again to put it in the place of theirs, or cancel."
        )
        super().__init__(said % {"text": segment.text})
        self.name = segment.name


def segment_new(request: HttpRequest) -> HttpResponse:
    """Build a new segment; a condition may come along in the address (`?text=`)."""
    if request.method == "POST":
        return _sent(request, None)
    asked = request.GET.get("text", "")
    return _show(request, of_text(asked, name="") if asked else blank(), Texts(request.GET.get("title", "")), None)


def segment_edit(request: HttpRequest, name: str) -> HttpResponse:
    """Change a segment."""
    segment = segment_or_404(name)
    if request.method == "POST":
        return _sent(request, segment)
    texts = Texts(segment.title_in(language()), segment.purpose_in(language()))
    return _show(request, of_text(segment.text, name=segment.name), texts, segment)


def _sent(request: HttpRequest, segment: Segment | None) -> HttpResponse:
    sent = request.POST
    texts = Texts(_kept(sent.get("title", ""))[:120], _kept(sent.get("purpose", ""))[:2000])
    draft = sent_draft(sent.dict(), name=segment.name if segment else "")
    if sent.get("do") != "save":
        audit.nothing_changed()
        return _show(request, draft, texts, segment)
    refused = _refusal(draft, texts)
    if refused:
        return _show(request, draft, texts, segment, refused=refused, status=422)
    try:
        saved = _save(request, draft, texts, segment)
    except ChangedMeanwhile as told:
        return _show(request, draft, texts, segment_or_404(told.name), refused=str(told), status=409)
    except WrongInput as wrong:
        return _show(request, draft, texts, segment, refused=problem(wrong).message, status=422)
    messages.success(request, gettext("“%(title)s” is saved.") % {"title": texts.title})
    return redirect("segment", saved.name)


def _kept(text: str) -> str:
    """Leave out control characters, which no name needs and not every database keeps."""
    return "".join(sign for sign in text.strip() if sign in "\n\t" or sign.isprintable())


def _refusal(draft: Draft, texts: Texts) -> str:
    if not texts.title:
        return gettext("Please give the segment a name by which colleagues will find it.")
    if draft.condition is None:
        return gettext("The condition cannot be saved yet; beside it stands why.")
    return ""


@transaction.atomic
def _save(request: HttpRequest, draft: Draft, texts: Texts, segment: Segment | None) -> Segment:
    now = clock.now()
    if segment:
        segment = Segment.objects.select_for_update().get(pk=segment.pk)
        if request.POST.get("opened", "") not in ("", _state(segment)):
            raise ChangedMeanwhile(segment)
    before = segment.text if segment else ""
    english = language() == "en" and segment is not None and bool(segment.title)
    name = segment.name if segment else _new_name(texts.title)
    saved = definitions.save(
        name,
        draft.text,
        now=now,
        title=None if english else texts.title,
        purpose=None if english else texts.purpose,
        title_en=texts.title if english else None,
        purpose_en=texts.purpose if english else None,
        mirror=figures.snapshot(),
    )
    detail: dict[str, audit.Json] = {"name": name, "text": {"before": before, "after": draft.text}}
    action = "segment.changed" if segment else "segment.created"
    audit.note(action, by=person(request), about=saved, detail=detail, now=now)
    return saved


def _state(segment: Segment | None) -> str:
    """Return a fingerprint of what the form shows, by which it notices that somebody else has saved meanwhile."""
    if segment is None:
        return ""
    shown = (segment.text, segment.title, segment.title_en, segment.purpose, segment.purpose_en)
    return md5("\x1f".join(shown).encode(), usedforsecurity=False).hexdigest()


def _new_name(title: str) -> str:
    return free_name(title, Segment.objects.values_list("name", flat=True), otherwise="segment")


def _show(
    request: HttpRequest, draft: Draft, texts: Texts, segment: Segment | None, *, refused: str = "", status: int = 200
) -> HttpResponse:
    answer, slow = _count(draft)
    context = {
        "draft": draft,
        "texts": texts,
        "segment": segment,
        "opened": _state(segment),
        "rows": _rows(draft, segment),
        "refused": refused,
        "counted": answer,
        "slow": slow,
        "first": named(answer.first, personal=person(request).may("see_addresses")) if answer else [],
        "categories": _categories(),
    }
    return render(request, "workspace/segments/builder.html", context, status=status)


def _count(draft: Draft) -> tuple[Counted | None, bool]:
    """Count while somebody waits; tell when that took too long."""
    if draft.condition is None:
        return None, False
    try:
        with patience(_WAITS_SECONDS):
            return counted(draft.condition, now=clock.now()), False
    except TookTooLong:
        return None, True


def _rows(draft: Draft, segment: Segment | None) -> list[RowView]:
    others = Segment.objects.exclude(pk=segment.pk) if segment else Segment.objects.all()
    known = [(other.name, other.title_in(language())) for other in others.order_by("title", "name")]
    return row_views(draft.rows, known, draft.unfinished)


def _categories() -> list[str]:
    found = Product.objects.exclude(category="").order_by("category").values_list("category", flat=True)
    return list(found.distinct()[:100])
