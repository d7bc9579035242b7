"""Lead to the places that hold something now, and only to those this person may open."""

from dataclasses import dataclass, field
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stammkunde.accounts.permissions import may_open

Text = str | Promise


@dataclass(frozen=True)
class Page:
    """One page of a place: its name, its route and the letter that follows `g` on the keyboard."""

    title: Text
    route: str
    letter: Text
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """One of the few places of the product and the pages in it; its own link is that of its first page."""

    title: Text
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Link:
    """A page or place as the template prints it."""

    title: Text
    url: str
    letter: Text
    current: bool
    inside: tuple["Link", ...] = field(default=())


PLACES = (
    Place(_("Overview"), (Page(_("Overview"), "overview", pgettext_lazy("key after g", "o")),)),
    Place(
        _("Journey"),
        (
            Page(_("All maps"), "journeys", pgettext_lazy("key after g", "j"), ("journey",)),
            Page(_("Check-up"), "checkup", pgettext_lazy("key after g", "u"), ("checkup",)),
        ),
    ),
    Place(
        _("Customers"),
        (
            Page(_("All customers"), "customers", pgettext_lazy("key after g", "c"), ("customer",)),
            Page(_("Segments"), "segments", pgettext_lazy("key after g", "e"), ("segment",)),
            Page(_("Personas"), "personas", pgettext_lazy("key after g", "w"), ("persona",)),
            Page(_("RFM groups"), "rfm", pgettext_lazy("key after g", "r")),
            Page(_("Import"), "imports", pgettext_lazy("key after g", "i"), ("import",)),
        ),
    ),
    Place(
        _("Figures"),
        (
            Page(_("All figures"), "figures", pgettext_lazy("key after g", "f"), ("figure",)),
            Page(_("Cohorts"), "cohorts", pgettext_lazy("key after g", "h")),
        ),
    ),
)
SETTINGS = Place(
    _("Settings"),
    (
        Page(_("My account"), "account", pgettext_lazy("key after g", "m"), ("account-password",)),
        Page(_("Business"), "settings-business", pgettext_lazy("key after g", "b")),
        Page(_("People"), "settings-users", pgettext_lazy("key after g", "p"), ("settings-user",)),
        Page(_("API keys"), "settings-keys", pgettext_lazy("key after g", "k"), ("settings-key",)),
        Page(_("Audit log"), "settings-audit", pgettext_lazy("key after g", "a")),
    ),
)


def places(request: HttpRequest) -> list[Link]:
    """Return the places this person may go to, the present one marked."""
    return [link for place in PLACES if (link := _place(place, request)) is not None]


def settings(request: HttpRequest) -> Link | None:
    """Return the settings this person may open."""
    return _place(SETTINGS, request)


def _place(place: Place, request: HttpRequest) -> Link | None:
    route = request.resolver_match.view_name if request.resolver_match else ""
    role = getattr(request.user, "role", "")
    pages = tuple(
        Link(page.title, url, page.letter, current=_is_at(page, route))
        for page in place.pages
        if (url := _address(page.route)) and may_open(role, page.route, "GET")
    )
    if not pages:
        return None
    here = any(page.current for page in pages)
    return Link(place.title, pages[0].url, pages[0].letter, here, pages if len(pages) > 1 else ())


def _is_at(page: Page, route: str) -> bool:
    return route == page.route or any(route == part or route.startswith(f"{part}-") for part in page.covers)


@cache
def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
