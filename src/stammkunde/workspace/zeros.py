"""Refuse zero characters in what is sent: one of the two databases cannot keep them, and nobody types them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

_FORM = "application/x-www-form-urlencoded"


class ZeroMiddleware:
    """Answer 400 to a zero character in an address or a form; files may hold what they like."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _has_zero(request):
            return HttpResponse("Leave out the zero characters.", status=400, content_type="text/plain")
        return self.get_response(request)


def _has_zero(request: HttpRequest) -> bool:
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    if request.content_type == _FORM:
        return any("\0" in value for values in request.POST.lists() for value in values[1])
    if request.content_type == "application/json" and hasattr(request, "_body"):
        return b"\\u0000" in request.body or b"\0" in request.body
    return False
