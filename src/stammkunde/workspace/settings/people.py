"""Let the owner bring people in, change what they may do and let them go."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.accounts import audit, people
from stammkunde.accounts.access import person
from stammkunde.accounts.models import Business, User
from stammkunde.accounts.people import LastOwner
from stammkunde.kernel import clock
from stammkunde.workspace.forms import answer, changes, sent

if TYPE_CHECKING:
    _UserForm = forms.ModelForm[User]
else:
    _UserForm = forms.ModelForm


class PersonForm(_UserForm):
    """Who somebody is, what she may do, and a password to begin with."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Only to set a new one; all of this person's devices are then logged out."),
    )

    class Meta:
        model = User
        fields = ["email", "name", "role", "language", "is_active"]
        help_texts = {"is_active": gettext_lazy("Without the tick, sessions and API keys end at once.")}

    def clean_email(self) -> str:
        """Keep addresses in lower case, so that each is one person."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean_password(self) -> str:
        """Refuse passwords that are easily guessed."""
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password


class NewPersonForm(PersonForm):
    """The same for somebody new: the first password must be given."""

    password = forms.CharField(
        label=gettext_lazy("First password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Hand it over in person or by telephone, and ask for it to be changed."),
    )

    class Meta(PersonForm.Meta):
        fields = ["email", "name", "role", "language"]


def users(request: HttpRequest) -> HttpResponse:
    """List the people who work here."""
    everybody = User.objects.order_by("-is_active", "name", "email")
    return render(request, "workspace/settings/people.html", {"people": everybody})


def add_user(request: HttpRequest) -> HttpResponse:
    """Bring somebody in."""
    form = NewPersonForm(sent(request), initial={"language": Business.current().language})
    if form.is_bound and form.is_valid():
        user = form.save(commit=False)
        user.set_password(form.cleaned_data["password"])
        with transaction.atomic():
            user.save()
            detail = {"email": user.email, "role": user.role}
            audit.note("user.added", by=person(request), about=user, detail=detail, now=clock.now())
        messages.success(request, _("%(person)s may log in now.") % {"person": user})
        return redirect("settings-users")
    return answer(request, "workspace/settings/person.html", form)


def change_user(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what somebody may do, or let her go."""
    user = get_object_or_404(User, pk=pk)
    title = str(user)
    form = PersonForm(sent(request), instance=user)
    if form.is_bound and form.is_valid():
        try:
            _save(form, by=person(request))
        except LastOwner as last:
            form.add_error(None, str(last))
        else:
            messages.success(request, _("%(person)s is saved.") % {"person": user})
            return redirect("settings-users")
    return answer(request, "workspace/settings/person.html", form, person=user, person_title=title)


@transaction.atomic
def _save(form: PersonForm, *, by: User) -> None:
    user, password = form.instance, form.cleaned_data["password"]
    if password:
        user.set_password(password)
    people.change(user)
    detail = {name: change for name, change in changes(form).items() if name != "password"}
    if not detail and not password:
        audit.nothing_changed()
    if detail:
        audit.note("user.changed", by=by, about=user, detail=detail, now=clock.now())
    if password:
        audit.note("user.password_set", by=by, about=user, now=clock.now())
