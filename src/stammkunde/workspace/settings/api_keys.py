"""Let people give their programs keys, see when they were used, and take them back."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from stammkunde.accounts import audit, keys
from stammkunde.accounts.access import person
from stammkunde.accounts.models import ApiKey, User
from stammkunde.accounts.permissions import SCOPES_OF_ROLE, scopes_in_use
from stammkunde.accounts.roles import Scope
from stammkunde.kernel import clock
from stammkunde.workspace.forms import answer, sent


class KeyForm(forms.Form):
    """What the key is for and what it may do: no more than its person."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=80,
        help_text=gettext_lazy("Such as: figures in the spreadsheet."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, user: User, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        allowed = SCOPES_OF_ROLE[user.role] & scopes_in_use()
        self.fields["scopes"].choices = [choice for choice in Scope.choices if choice[0] in allowed]  # type: ignore[attr-defined]


@never_cache
@sensitive_variables("token")
def api_keys(request: HttpRequest) -> HttpResponse:
    """List the keys this person may see, and create one; its token is shown this once."""
    user = person(request)
    form, token = KeyForm(user, sent(request)), ""
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            key, token = keys.create(user, now=clock.now(), **form.cleaned_data)
            detail = {"name": key.name, "scopes": key.scopes}
            audit.note("key.created", by=user, about=key, detail=detail, now=clock.now())
        form = KeyForm(user)
    call = _example(request, token, key.scopes) if token else ""
    visible = ApiKey.objects.of(user).select_related("user")
    return answer(
        request, "workspace/settings/keys.html", form, keys=visible, token=token, call=call, scopes=dict(Scope.choices)
    )


def _example(request: HttpRequest, token: str, scopes: list[str]) -> str:
    """Return a call that can be tried at once in a terminal."""
    path = (
        "api/v1/figures?name=retention" if Scope.FIGURES_READ in scopes else "api/v1/segments/regular-customers/members"
    )
    return f'curl -H "Authorization: Bearer {token}" \\\n  "{request.build_absolute_uri("/")}{path}"'


def revoke_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a key back; somebody else's is not found unless one manages everybody's keys."""
    user = person(request)
    key = get_object_or_404(ApiKey.objects.of(user), pk=pk)
    with transaction.atomic():
        if keys.revoke(key, now=clock.now()):
            audit.note("key.revoked", by=user, about=key, detail={"name": key.name}, now=clock.now())
        else:
            audit.nothing_changed()
    messages.success(request, _("The key %(key)s opens nothing any more.") % {"key": key.name})
    return redirect("settings-keys")
