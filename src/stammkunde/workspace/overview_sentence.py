"""Say in one sentence who of the customers came back, who did not, who is new and who returned."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from stammkunde.metrics import Bridge, Figure
from stammkunde.workspace.formatting import interval, number, percent
from stammkunde.workspace.words import during, in_the_one_before, of_the_one_before

_JOINER = "\u2060"


def overview_sentence(bridge: Bridge, retention: Figure, *, is_over: bool) -> SafeString:
    """Return the sentence that opens the overview; what the data cannot tell is said to be unknown."""
    if not bridge.start:
        return _without_start(bridge)
    return format_html("{} {}", _who_came_back(bridge, retention, is_over=is_over), _who_came_along(bridge))


def _without_start(bridge: Bridge) -> SafeString:
    when = capfirst(during(bridge.period))
    if not bridge.end:
        return format_html(gettext("{when}, nobody ordered anything."), when=when)
    bought = format_html(
        ngettext("{when}, <b>{end} customer</b> ordered.", "{when}, <b>{end} customers</b> ordered.", bridge.end),
        when=when,
        end=number(bridge.end),
    )
    unknown = gettext("Who of them came back is unknown: there are no orders {before}.")
    return format_html("{} {}", bought, unknown.format(before=in_the_one_before(bridge.period)))


def _who_came_back(bridge: Bridge, retention: Figure, *, is_over: bool) -> SafeString:
    if bridge.start == 1:
        return _only_one(bridge, is_over=is_over)
    if is_over:
        message = ngettext(
            "{when}, <b>{stayed}</b> of the {start} customers {of_before} <b>came back</b> ({share}), "
            "<em>{lost} did not</em>.",
            "{when}, <b>{stayed}</b> of the {start} customers {of_before} <b>came back</b> ({share}), "
            "<em>{lost} did not</em>.",
            bridge.stayed,
        )
    else:
        message = ngettext(
            "{when}, <b>{stayed}</b> of the {start} customers {of_before} <b>has come back</b> so far ({share}), "
            "<em>{lost} have not yet</em>.",
            "{when}, <b>{stayed}</b> of the {start} customers {of_before} <b>have come back</b> so far ({share}), "
            "<em>{lost} have not yet</em>.",
            bridge.stayed,
        )
    return format_html(
        message,
        when=capfirst(during(bridge.period)),
        stayed=number(bridge.stayed),
        start=number(bridge.start),
        of_before=of_the_one_before(bridge.period),
        share=how_sure(retention),
        lost=number(bridge.lost),
    )


def _only_one(bridge: Bridge, *, is_over: bool) -> SafeString:
    if bridge.stayed:
        message = gettext("{when}, the only customer {of_before} <b>came back</b>.")
    elif is_over:
        message = gettext("{when}, the only customer {of_before} <em>did not come back</em>.")
    else:
        message = gettext("{when}, the only customer {of_before} <em>has not come back yet</em>.")
    return format_html(message, when=capfirst(during(bridge.period)), of_before=of_the_one_before(bridge.period))


def _who_came_along(bridge: Bridge) -> str:
    if not bridge.arrived:
        return gettext("Nobody else ordered.")
    if bridge.new is None or bridge.returned is None:
        return ngettext(
            "{count} other customer ordered too; whether new or back after a break is unknown.",
            "{count} others ordered too; who of them is new and who is back after a break is unknown.",
            bridge.arrived,
        ).format(count=number(bridge.arrived))
    new = ngettext("{count} is new", "{count} are new", bridge.new).format(count=number(bridge.new))
    returned = ngettext("{count} returned after a break.", "{count} returned after a break.", bridge.returned).format(
        count=number(bridge.returned)
    )
    return f"{new}, {returned}"


def how_sure(figure: Figure) -> str:
    """Write a share with the range in which it surely lies: "62 %, surely 60–64 %"."""
    if figure.interval is None:
        return percent(figure.value)
    low, high = figure.interval
    unbroken = interval(low, high, "share").replace("–", f"{_JOINER}–{_JOINER}")
    return gettext("{share}, surely {interval}").format(share=percent(figure.value), interval=unbroken)
