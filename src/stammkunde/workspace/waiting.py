"""Answer every request within a time that people wait, and say what to ask instead where that is not enough."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from stammkunde.kernel.patience import TookTooLong, patience


class PatienceMiddleware:
    """Give up questions to the figures that take longer than the installation allows one request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with patience(settings.PATIENCE_SECONDS):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say it in a page of its own where no page of its kind did."""
        if not isinstance(error, TookTooLong):
            return None
        return render(request, "503.html", status=503)
