"""Let people in and out: e-mail address and password, with patience for typing errors and none for guessing."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import logout as end_session
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from stammkunde.accounts import audit, throttle
from stammkunde.accounts.models import User
from stammkunde.kernel import clock
from stammkunde.workspace import formatting


def _wait(time: timedelta) -> str:
    """Write how long to wait, rounded up."""
    seconds = max(int(time.total_seconds()) + 1, 1)
    if seconds <= 90:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


class LogInForm(AuthenticationForm):
    """Ask for e-mail address and password; too many failures in a row close the door for a while."""

    username = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"})
    )
    error_messages = {
        "invalid_login": _("E-mail address and password do not match. Please check both."),
        "inactive": _("This account is switched off. Please ask the owner."),
        "throttled": _("Log-in failed too often. Please wait another %(wait)s, until %(time)s, and then try again."),
    }

    def clean(self) -> dict[str, Any]:
        """Claim the attempt before the password is looked at; give it back when it was right, and only then."""
        if self.errors:
            return dict(self.cleaned_data)
        assert self.request is not None
        subjects = throttle.subjects(self.request, str(self.cleaned_data.get("username", "")))
        try:
            throttle.claim(subjects, now=clock.now())
        except throttle.TooManyAttempts as closed:
            told = {"time": formatting.moment(closed.until), "wait": _wait(closed.until - clock.now())}
            raise forms.ValidationError(self.error_messages["throttled"], "throttled", told) from closed
        cleaned: dict[str, Any] = super().clean()
        if self.get_user() is not None:
            throttle.forgive(subjects)
        return cleaned


class LogIn(LoginView):
    """Show the form and start a session."""

    template_name = "workspace/login.html"
    authentication_form = LogInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead on whoever is logged in already."""
        if request.user.is_authenticated:
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Start the session and note it."""
        response = super().form_valid(form)
        user = form.get_user()
        if isinstance(user, User):
            audit.note("user.logged_in", by=user, about=user, now=clock.now())
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Show what was wrong; 429 when the door is closed for a while."""
        throttled = form.has_error("__all__", "throttled")
        return self.render_to_response(self.get_context_data(form=form), status=429 if throttled else 422)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session and go back to the log-in page."""
    audit.note("user.logged_out", by=audit.who(request), now=clock.now())
    end_session(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language chosen on the log-in page in a cookie; an account's own language goes before it."""
    audit.nothing_changed()
    return set_language(request)
