"""Keep forms that never arrive from holding up everybody: a small body is read within a time, or not at all."""

from collections.abc import Callable
from threading import Thread

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

SMALL = 64 << 10
SECONDS = 10.0
_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class BodyMiddleware:
    """Read small bodies ahead of the page, within a time.

    It stands behind those who know who asks, and before everybody who reads what was sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in _WITHOUT_BODY:
            return self.get_response(request)
        length = _length(request)
        if length > SMALL:
            return self.get_response(request)  # strangers have been turned away at the door
        body = _in_time(request, length, SECONDS)
        if body is None:
            return HttpResponse(
                "What was sent took too long to arrive. Send it again.", status=408, content_type="text/plain"
            )
        request._body = body
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() and len(text) < 18 else SMALL + 1


def _in_time(request: HttpRequest, length: int, seconds: float) -> bytes | None:
    """Return the body, or nothing when it does not arrive in time; once we answer, the reading ends by itself."""
    if not length:
        return b""
    found: list[bytes] = []
    reading = Thread(target=lambda: found.append(request.META["wsgi.input"].read(length)), daemon=True)
    reading.start()
    reading.join(seconds)
    return found[0] if found else None
