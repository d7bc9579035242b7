"""Dress the pages in the business's own accent colour, kept readable on light and on dark paper."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from stammkunde.accounts.models import Business
from stammkunde.kernel.colours import Colour, contrast, hexadecimal, luminance, parsed, readable

__all__ = ["Colour", "brand_style", "contrast", "luminance", "parsed", "readable", "style"]
LIGHT_PAPER, DARK_PAPER = (0xFA, 0xF8, 0xF4), (0x21, 0x1F, 0x1B)


@cache_control(max_age=3600, public=True)
def brand_style(request: HttpRequest) -> HttpResponse:
    """Return the style sheet that sets the accent; empty when none is chosen."""
    return HttpResponse(style(Business.current().accent), content_type="text/css")


def style(accent: str) -> str:
    """Return the rule that sets the accent for light and dark.

    >>> style("")
    ''
    """
    if not accent:
        return ""
    chosen = parsed(accent)
    light, dark = readable(chosen, on=LIGHT_PAPER), readable(chosen, on=DARK_PAPER)
    return f":root {{ --accent: light-dark({hexadecimal(light)}, {hexadecimal(dark)}); }}\n"
