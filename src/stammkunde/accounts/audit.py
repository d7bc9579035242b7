"""Remember who changed what: every write by a person leaves an entry, and a forgotten one is noticed."""

import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

from stammkunde.accounts.models import ApiKey, AuditEntry, User
from stammkunde.kernel import clock

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
Actor = User | ApiKey | None  # nobody: somebody at the terminal of the machine itself
TERMINAL = "terminal"

_SECRETS = ("password", "token", "secret", "hash")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_noted: ContextVar[list[str] | None] = ContextVar("noted", default=None)
_log = logging.getLogger(__name__)


class SecretInAudit(ValueError):
    """The audit log never holds a secret: leave passwords, tokens and hashes out of the detail."""


class Unaudited(AssertionError):
    """Somebody changed something and no audit entry says so: call `audit.note` (or `audit.nothing_changed`)."""


def note(
    action: str,
    *,
    by: Actor,
    about: Model | None = None,
    detail: Mapping[str, Json] | None = None,
    now: datetime,
) -> AuditEntry:
    """Write one entry, such as "user.changed", in the transaction of the change itself."""
    secret = [key for key in detail or {} if any(word in key.lower() for word in _SECRETS)]
    if secret:
        raise SecretInAudit(f"{action} would log {', '.join(secret)}: leave it out of the detail.")
    _remember(action)
    return AuditEntry.objects.create(
        at=now,
        user=by.user if isinstance(by, ApiKey) else by,
        api_key=by if isinstance(by, ApiKey) else None,
        who=_name(by),
        action=action,
        kind=about._meta.model_name or "" if about is not None else "",
        object_id=str(about.pk) if about is not None else "",
        detail=dict(detail or {}),
    )


def who(request: HttpRequest) -> Actor:
    """Return who is behind a request: an API key, a person, or nobody."""
    key = getattr(request, "api_key", None)
    if isinstance(key, ApiKey):
        return key
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and user.is_authenticated else None


def nothing_changed() -> None:
    """Declare that this request, although it is a POST, changed nothing (a preview, a dry run)."""
    _remember("nothing changed")


class AuditMiddleware:
    """Notice a successful write by a person that left no entry: note it generally; in tests, fail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in _SAFE_METHODS:
            return self.get_response(request)
        before = who(request)
        reset = _noted.set([])
        try:
            response = self.get_response(request)
            person = before or who(request)
            if isinstance(person, User) and response.status_code < 400 and not _noted.get():
                self._complain(request, person)
            return response
        finally:
            _noted.reset(reset)

    def _complain(self, request: HttpRequest, person: User) -> None:
        route = request.resolver_match.view_name if request.resolver_match else request.path
        message = f"{request.method} {route} by {person} left no audit entry: call audit.note or audit.nothing_changed."
        if getattr(settings, "AUDIT_STRICT", False):
            raise Unaudited(message)
        _log.error(message)
        note("page.posted", by=person, detail={"route": route, "method": request.method or ""}, now=clock.now())


def _remember(action: str) -> None:
    noted = _noted.get()
    if noted is not None:
        noted.append(action)


def _name(by: Actor) -> str:
    if isinstance(by, ApiKey):
        return f"{by.user.email} · {by.name}"
    return by.email if by is not None else TERMINAL
