"""Hand the map out as a poster: the choice of forms, and the files themselves."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from stammkunde.accounts.models import Business
from stammkunde.insights import journey_poster
from stammkunde.kernel import clock
from stammkunde.workspace.journeys import words
from stammkunde.workspace.journeys.finding import map_or_404, shown
from stammkunde.workspace.journeys.map_page import frame, see

_TYPES = {
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "png": "image/png",
    "html": "text/html; charset=utf-8",
}
# The e-mail's styles stand within it, and it loads nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


def journey_posters(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the poster to look at and the forms to take away."""
    journey = shown(map_or_404(slug))
    seen = see(request, journey, now=clock.now())
    plain = request.GET.get("plain") == "1"
    asked = {**(seen.look.days if seen.look else {}), **(seen.look.kept if seen.look else {})}
    if plain:
        asked["plain"] = "1"
    context = {
        **frame(request, slug, journey, seen),
        "plain": plain,
        "poster_query": f"?{urlencode(asked)}" if asked else "",
        "forms": [
            ("pdf", gettext("PDF, A3"), gettext("for printing")),
            ("svg", "SVG", gettext("for graphics programs and websites")),
            ("png", "PNG", gettext("for slides and chats")),
            ("html", "HTML", gettext("for an e-mail")),
        ],
    }
    return render(request, "workspace/journeys/posters.html", context)


def journey_poster_file(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Answer with the poster in one form; `?plain=1` leaves the figures out."""
    if form not in _TYPES:
        raise Http404(form)
    journey = shown(map_or_404(slug))
    seen = see(request, journey, now=clock.now())
    business = Business.current()
    made = journey_poster.poster(
        journey,
        None if request.GET.get("plain") == "1" else seen.sheet.figures,
        form=form,
        language=words.language(),
        accent=business.accent,
        business=str(business),
        currency=seen.sheet.currency or business.currency,
    )
    response = HttpResponse(made, content_type=_TYPES[form])
    kind = "inline" if request.GET.get("look") == "1" else "attachment"
    response["Content-Disposition"] = f'{kind}; filename="{slug}.{form}"'
    response["Content-Security-Policy"] = _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response
