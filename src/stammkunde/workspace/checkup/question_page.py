"""Show one question of the check-up, and take a person's answer to it."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.accounts.permissions import may_open
from stammkunde.insights.checkup import opinions, progress, running
from stammkunde.insights.checkup.questions import GROUPS, QUESTIONS, Question
from stammkunde.kernel import clock
from stammkunde.workspace.checkup.shown import STATE_NAMES, language, show
from stammkunde.workspace.forms import sent


class OpinionForm(forms.Form):
    """What somebody answers, and how she knows."""

    state = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            ("yes", STATE_NAMES["yes"]),
            ("partly", STATE_NAMES["partly"]),
            ("no", STATE_NAMES["no"]),
            ("unknown", _("take my answer back")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("How do you know?"),
        help_text=_("What you looked at, whom you asked, where it is written."),
        max_length=opinions.LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def question(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with one question; a POST keeps what a person answers."""
    if name not in QUESTIONS:
        raise Http404(gettext("The check-up does not ask this."))
    asked, user, now = QUESTIONS[name], person(request), clock.now()
    may_answer = asked.who != "auto" and may_open(user.role, "checkup-question", "POST")
    form = OpinionForm(sent(request)) if may_answer else None
    if request.method == "POST":
        if form is not None and form.is_valid():
            opinions.say(name, form.cleaned_data["state"], form.cleaned_data["note"], by=user, now=now)
            progress.remember(running.run(now=now))
            messages.success(request, gettext("Your answer is kept, with your name and today's date."))
            return redirect("checkup-question", name)
        audit.nothing_changed()
    status = 422 if request.method == "POST" else 200
    return render(request, "workspace/checkup/question.html", _context(request, asked, form), status=status)


def _context(request: HttpRequest, asked: Question, form: OpinionForm | None) -> dict[str, object]:
    now = clock.now()
    found = running.run(now=now)
    names = list(QUESTIONS)
    place = names.index(asked.id)
    shown = show(found.of(asked.id), role=person(request).role, now=now)
    return {
        "one": shown,
        "group": GROUPS[asked.group].in_language(language()),
        "form": form,
        "history": [(said, STATE_NAMES[said.state]) for said in opinions.history(asked)],
        "before": names[place - 1] if place else "",
        "after": names[place + 1] if place + 1 < len(names) else "",
        "place": place + 1,
        "count": len(names),
        "checkup": found,
    }
