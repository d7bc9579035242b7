"""Show the bridge from who was there to who is there now: as a picture, as a table, in words."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from stammkunde.metrics import Bridge
from stammkunde.workspace.formatting import number
from stammkunde.workspace.pictures.bridge import Pier, draw_bridge
from stammkunde.workspace.words import say, short


@dataclass(frozen=True)
class BridgeView:
    """The bridge as the page prints it; each row has a sign, a name and a count (None: unknown)."""

    bridge: Bridge
    picture: SafeString
    rows: list[tuple[str, str, int | None]]
    why_unknown: str


def bridge_view(bridge: Bridge) -> BridgeView:
    """Lay the bridge out; while nobody can tell new from returned, they share one pier."""
    picture = draw_bridge(_piers(bridge), title=gettext("Who came, who went"), description=in_words(bridge))
    return BridgeView(bridge, picture, _rows(bridge), say(bridge.why_unknown))


def in_words(bridge: Bridge) -> str:
    """Say the bridge as a sum."""
    if bridge.new is None or bridge.returned is None:
        message = gettext("{start} customers before − {lost} not back + {arrived} new or returned = {end} now")
    else:
        message = gettext("{start} customers before − {lost} not back + {new} new + {returned} returned = {end} now")
    return message.format(
        start=number(bridge.start),
        lost=number(bridge.lost),
        new=number(bridge.new),
        returned=number(bridge.returned),
        arrived=number(bridge.arrived),
        end=number(bridge.end),
    )


def _piers(bridge: Bridge) -> list[Pier]:
    piers = [
        Pier(short(bridge.period.before()), bridge.start, "total", stands=True),
        Pier(gettext("not back"), -bridge.lost, "minus"),
    ]
    if bridge.new is None or bridge.returned is None:
        piers.append(Pier(gettext("new or returned"), bridge.arrived, "plus either"))
    else:
        piers.append(Pier(gettext("new"), bridge.new, "plus"))
        piers.append(Pier(gettext("back after a break"), bridge.returned, "plus again"))
    return [*piers, Pier(short(bridge.period), bridge.end, "total", stands=True)]


def _rows(bridge: Bridge) -> list[tuple[str, str, int | None]]:
    return [
        ("", gettext("There before"), bridge.start),
        ("−", gettext("Not back"), bridge.lost),
        ("+", gettext("New"), bridge.new),
        ("+", gettext("Back after a break"), bridge.returned),
        ("=", gettext("There now"), bridge.end),
    ]
