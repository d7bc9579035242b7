"""Give every page the business, the places to go and the reader's language."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from stammkunde.accounts.models import Business
from stammkunde.workspace import navigation


def workspace(request: HttpRequest) -> dict[str, Any]:
    """Return what base.html prints around every page; nothing is asked of the database until it is used."""
    language = get_language() or "de"
    return {
        "business": SimpleLazyObject(Business.current),
        "html_language": language.split("-")[0],
        "places": SimpleLazyObject(lambda: navigation.places(request)),
        "settings_place": SimpleLazyObject(lambda: navigation.settings(request)),
    }
