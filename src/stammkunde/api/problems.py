"""Answer programs that ask for something impossible with a problem document (RFC 9457) that says what to do."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

API_PATH = "/api/"
MEDIA_TYPE = "application/problem+json"
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
_TITLES = {
    400: "The request cannot be read",
    401: "Unauthorized",
    403: "Forbidden",
    404: "There is nothing here",
    405: "This method is not answered here",
    413: "Too large",
    422: "Wrong input",
    500: "Something went wrong",
}
WHAT_TO_DO = {
    400: "Send what the description at /api/v1/openapi.json asks for; a body must be JSON.",
    404: "GET /api/v1/ lists the addresses; /api/v1/openapi.json describes them.",
    405: "The header Allow names the methods that are.",
    500: "It is our fault, not yours. The server's log says more; try again later.",
}
_HINTS = {"date": "Write a day such as 2026-01-31.", "datetime": "Write a moment such as 2026-01-31T12:00+01:00."}


class ProblemMiddleware:
    """See to it that every refusal under /api/ is a problem document, whoever refuses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        refused = request.path.startswith(API_PATH) and response.status_code >= 400
        if not refused or response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        told = problem(response.status_code, WHAT_TO_DO.get(response.status_code, ""))
        for name in ("Allow", "WWW-Authenticate", "Retry-After"):
            if name in response.headers:
                told[name] = response.headers[name]
        return told


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """Return a problem document."""
    title = _TITLES.get(status, "This did not work")
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail or title, **more}
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def unfit(errors: Sequence[Mapping[str, Any]]) -> HttpResponse:
    """Return the problem that parameters, or parts of the body, are not as they must be: each named with its value."""
    told = [_told(error) for error in errors]
    sentences = [f"{one['name']}: {one['message']}" for one in told]
    return problem(422, " ".join(sentences), errors=told)


def bearable_moment(moment: datetime | None) -> datetime | None:
    """Refuse moments on days on which no business keeps books; calendars end somewhere."""
    if moment is not None and not EARLIEST <= moment.date() <= LATEST:
        raise ValueError(f"must lie between {EARLIEST} and {LATEST}")
    return moment


def bearable_text(text: str) -> str:
    """Refuse halves of characters, which cannot be written down."""
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("holds halves of characters (lone surrogates)")
    return text


def _told(error: Mapping[str, Any]) -> dict[str, str]:
    places = [str(place) for place in error.get("loc", ()) if place not in ("query", "body", "path")]
    kind = str(error.get("type", ""))
    message = str(error.get("msg", "")).removeprefix("Value error, ").rstrip(".")
    hint = _HINTS["datetime"] if "as_of" in places and "body" in error.get("loc", ()) else _HINTS["date"]
    if kind == "missing":
        message, hint = "is missing", "Send it."
    name = places[0] if len(places) == 1 or not places else (places[-1] if places[0] == "asked" else places[0])
    return {
        "name": name if places else "body",
        "message": f"{message}." + (f" {hint}" if kind.startswith("date") or kind == "missing" else ""),
    }
