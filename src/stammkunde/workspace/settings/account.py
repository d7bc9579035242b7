"""Let everybody set their own name, language and password."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.accounts.models import User
from stammkunde.kernel import clock
from stammkunde.workspace.forms import answer, changes, sent

if TYPE_CHECKING:
    _UserForm = forms.ModelForm[User]
else:
    _UserForm = forms.ModelForm


class AccountForm(_UserForm):
    """The few things that are one's own to decide."""

    class Meta:
        model = User
        fields = ["name", "language"]


def account(request: HttpRequest) -> HttpResponse:
    """Show and change one's own name and language."""
    form = AccountForm(sent(request), instance=person(request))
    if form.is_bound and form.is_valid():
        user = form.save()
        if form.has_changed():
            audit.note("account.changed", by=user, about=user, detail=changes(form), now=clock.now())
        else:
            audit.nothing_changed()
        with translation.override(user.language):
            messages.success(request, _("Your account is saved."))
        return redirect("account")
    return answer(request, "workspace/settings/account.html", form)


def account_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; every other session ends."""
    form = PasswordChangeForm(person(request), sent(request))
    if form.is_bound and form.is_valid():
        user = form.save()
        audit.note("account.password_changed", by=user, about=user, now=clock.now())
        update_session_auth_hash(request, user)
        messages.success(request, _("The new password is valid from now on. All other devices are logged out."))
        return redirect("account")
    return answer(request, "workspace/settings/password.html", form)
