"""Speak to each reader in her own language and count the hours as the business does."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from stammkunde.accounts.models import Business, User


class LanguageMiddleware:
    """Take the language from the account; before log-in from the cookie, else from what the browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        language = user.language if isinstance(user, User) else translation.get_language_from_request(request)
        with translation.override(language), timezone.override(Business.current().zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language.split("-")[0])
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response
