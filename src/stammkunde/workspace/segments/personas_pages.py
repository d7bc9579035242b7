"""Draw the customers one wishes for, with a guided worksheet, and hold the pictures against the real ones."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.accounts.models import Business
from stammkunde.accounts.permissions import may_open
from stammkunde.customers.models import Customer
from stammkunde.kernel import clock
from stammkunde.segments import listing
from stammkunde.segments.personas import Persona
from stammkunde.workspace.formatting import number, percent
from stammkunde.workspace.forms import answer, sent
from stammkunde.workspace.segments.draft import language
from stammkunde.workspace.segments.fit import LONGEST, Fit, fit_sent
from stammkunde.workspace.segments.naming import free_name
from stammkunde.workspace.segments.reality import Compared, compare
from stammkunde.workspace.segments.worksheet import PICTURE, QUESTIONS, STEPS, PersonaForm


@dataclass(frozen=True)
class Line:
    """One persona in the list: whom she stands for, how far the picture is drawn, where it differs."""

    persona: Persona
    segment: str
    members: int
    answered: int
    differs: int


def personas(request: HttpRequest) -> HttpResponse:
    """Answer with all personas."""
    now, everybody = clock.now(), Customer.objects.count()
    lines = [_line(one, everybody, now) for one in Persona.objects.select_related("segment").order_by("name")]
    context = {
        "lines": lines,
        "questions": len(QUESTIONS),
        "sentence": _list_sentence(lines),
        "may_change": may_open(person(request).role, "persona-new", "GET"),
    }
    return render(request, "workspace/segments/personas.html", context)


def persona(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with one persona: her picture, the real customers beside it, and notes on a text that was sent."""
    known = get_object_or_404(Persona.objects.select_related("segment"), slug=slug)
    fit = fit_sent(request, known) if request.method == "POST" else Fit()
    everybody, currency = Customer.objects.count(), Business.current().currency
    compared = compare(known, currency, now=clock.now())
    members = _members(known, everybody)
    context = {
        "persona": known,
        "compared": compared,
        "members": members,
        "segment_title": known.segment.title_in(language()) if known.segment else "",
        "sentence": _sentence(known, members, everybody, compared),
        "steps": _told(known),
        "fit": fit,
        "longest": LONGEST,
        "may_change": may_open(person(request).role, "persona-edit", "POST"),
    }
    return render(request, "workspace/segments/persona.html", context)


def persona_new(request: HttpRequest) -> HttpResponse:
    """Begin a worksheet."""
    return _worksheet(request, None)


def persona_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on with a worksheet."""
    return _worksheet(request, get_object_or_404(Persona, slug=slug))


def persona_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Throw a picture away; no customer changes."""
    known = get_object_or_404(Persona, slug=slug)
    with transaction.atomic():
        audit.note("persona.deleted", by=person(request), about=known, detail={"name": slug}, now=clock.now())
        known.delete()
    messages.success(request, gettext("“%(title)s” is deleted.") % {"title": known.name})
    return redirect("personas")


def _worksheet(request: HttpRequest, known: Persona | None) -> HttpResponse:
    form = PersonaForm(sent(request), persona=known)
    if form.is_bound and form.is_valid():
        saved = _save(request, form, known)
        messages.success(request, gettext("The picture of %(name)s is saved.") % {"name": saved.name})
        return redirect("persona", saved.slug)
    return answer(request, "workspace/segments/worksheet.html", form, persona=known)


@transaction.atomic
def _save(request: HttpRequest, form: PersonaForm, known: Persona | None) -> Persona:
    now, said = clock.now(), form.cleaned_data
    taken = Persona.objects.values_list("slug", flat=True)
    saved = known or Persona(slug=free_name(said["name"], taken, otherwise="persona"), created_at=now)
    saved.name, saved.segment, saved.tone, saved.updated_at = said["name"], said["segment"], said["tone"], now
    saved.picture = {name: _plain(str(said[name])) for name in PICTURE if said[name] not in (None, "")}
    saved.answers = {name: said[name].strip() for name in QUESTIONS if said[name].strip()}
    saved.save()
    action = "persona.changed" if known else "persona.created"
    audit.note(action, by=person(request), about=saved, detail={"name": saved.slug}, now=now)
    return saved


def _plain(text: str) -> str:
    """Write a number without zeros at its end; other texts stay."""
    return text.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d+", text) else text


def _line(one: Persona, everybody: int, now: datetime) -> Line:
    differs = sum(row.agrees is False for row in compare(one, "", now=now))
    segment = one.segment.title_in(language()) if one.segment else ""
    return Line(one, segment, _members(one, everybody), len(one.answers), differs)


def _members(one: Persona, everybody: int) -> int:
    if one.segment is None:
        return everybody
    return listing.listed([one.segment.name])[0].members


def _list_sentence(lines: list[Line]) -> SafeString:
    if not lines:
        return SafeString(gettext("Whom do you wish for as a customer?"))
    differ = sum(line.differs > 0 for line in lines)
    said = ngettext("<b>{count} picture</b> of a customer.", "<b>{count} pictures</b> of customers.", len(lines))
    whole = format_html(said, count=number(len(lines)))
    if not differ:
        return whole
    other = ngettext(
        "In <em>{count}</em> of them the real customers are different.",
        "In <em>{count}</em> of them the real customers are different.",
        differ,
    )
    return format_html("{} {}", whole, format_html(other, count=number(differ)))


def _sentence(known: Persona, members: int, everybody: int, compared: list[Compared]) -> SafeString:
    share = percent(members / everybody if everybody else None)
    template = ngettext(
        "{name} stands for <b>{members} customer</b> ({share}).",
        "{name} stands for <b>{members} customers</b> ({share}).",
        members,
    )
    whole = format_html(template, name=known.name, members=number(members), share=share)
    wrong = sum(row.agrees is False for row in compared)
    if not wrong:
        return whole
    said = ngettext(
        "In <em>{count} point</em> they differ from your picture.",
        "In <em>{count} points</em> they differ from your picture.",
        wrong,
    )
    return format_html("{} {}", whole, format_html(said, count=number(wrong)))


def _told(known: Persona) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the answers step by step; steps without any are left out."""
    steps = [
        (
            str(step.title),
            [(str(label), known.answers[name]) for name, label, _h in step.questions if known.answers.get(name)],
        )
        for step in STEPS
    ]
    return [(title, told) for title, told in steps if told]
