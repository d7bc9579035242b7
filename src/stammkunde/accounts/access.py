"""Stand at the door: ask the permission table about every request before any page sees it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse

from stammkunde.accounts import keys
from stammkunde.accounts.models import ApiKey, User
from stammkunde.accounts.permissions import ROUTES, Verdict, decide
from stammkunde.kernel import clock

API_PATH = "/api/"
_BEARER = "bearer "
_STRANGERS_BYTES = 64_000
# Programs are spoken to in English, like in all their answers.
_UNKNOWN_KEY = (
    "This API key is unknown, revoked, or its person may no longer log in. "
    "Check that it was copied whole, or create another one under Settings, API keys."
)
_NO_KEY = "Send an API key as the header Authorization: Bearer stk_… It is created under Settings, API keys."
_NOT_ALLOWED = "This key or person may not do that: look at the scopes of the key and the role of its person."


class AccessMiddleware:
    """Let a request through only when the table says so; know programs by their key and people by their session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _token(request)
        key = keys.recognise(token, now=clock.now()) if token else None
        if token and key is None:
            return _problem(401, _UNKNOWN_KEY)
        request.api_key = key  # type: ignore[attr-defined]
        if key is not None:
            request.user = key.user
        elif _is_too_much_for_a_stranger(request):
            return HttpResponse(status=413)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Answer instead of the view when the table does not open it."""
        route = request.resolver_match.view_name if request.resolver_match else ""
        key: ApiKey | None = request.api_key  # type: ignore[attr-defined]
        role = request.user.role if request.user.is_authenticated else ""
        verdict = decide(route, request.method or "", role=role, scopes=None if key is None else key.scopes)
        if verdict is Verdict.OPEN:
            return None
        if verdict is Verdict.NO_SUCH_METHOD:
            return HttpResponseNotAllowed(ROUTES[route])
        if request.path.startswith(API_PATH) or key is not None:
            return _refuse_program(verdict)
        if verdict is Verdict.WHO_ARE_YOU:
            return _ask_to_log_in(request)
        raise PermissionDenied


def person(request: HttpRequest) -> User:
    """Return the person who is logged in; the table has let nobody else through to such a page."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied


def _is_too_much_for_a_stranger(request: HttpRequest) -> bool:
    """Tell, before it is read, whether somebody who is not logged in sends more than the log-in form needs."""
    length = request.headers.get("Content-Length", "0")
    return int(length) > _STRANGERS_BYTES and not request.user.is_authenticated


def _token(request: HttpRequest) -> str:
    header = request.headers.get("Authorization", "")
    return header[len(_BEARER) :].strip() if header.lower().startswith(_BEARER) else ""


def _refuse_program(verdict: Verdict) -> HttpResponse:
    if verdict is Verdict.WHO_ARE_YOU:
        return _problem(401, _NO_KEY)
    return _problem(403, _NOT_ALLOWED)


def _ask_to_log_in(request: HttpRequest) -> HttpResponse:
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    address = reverse("login") + (f"?{urlencode({'next': back})}" if back not in ("", "/") else "")
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": reverse("login")})
    return HttpResponseRedirect(address)


def _problem(status: int, detail: str) -> JsonResponse:
    titles = {401: "Unauthorized", 403: "Forbidden"}
    body: dict[str, Any] = {"type": "about:blank", "title": titles[status], "status": status, "detail": detail}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JsonResponse(body, status=status, headers=headers, content_type="application/problem+json")
