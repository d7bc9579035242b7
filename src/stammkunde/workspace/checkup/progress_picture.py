"""Draw how the check-up went: one column for each day on which an answer changed."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from stammkunde.insights.checkup.answers import State
from stammkunde.insights.checkup.progress import Stood
from stammkunde.workspace.checkup.shown import STATE_NAMES
from stammkunde.workspace.formatting import day_short, number
from stammkunde.workspace.pictures.svg import element, label, picture, share

ORDER: tuple[State, ...] = ("yes", "partly", "no", "unknown")
_HEIGHT, _BELOW, _TOP = 190, 26, 20
_MOST = 24
_WIDEST = 0.09


def draw_progress(told: Sequence[Stood]) -> SafeString | None:
    """Draw the newest days side by side, answered questions from below; None while there are fewer than two."""
    days = list(told)[-_MOST:]
    if len(days) < 2:
        return None
    whole = max(sum(day.counts.values()) for day in days) or 1
    width = min(1 / len(days), _WIDEST)
    columns = [column for place, day in enumerate(days) for column in _column(day, place, width, whole)]
    names = [_name(days[place], place, width) for place in _named(len(days))]
    first, last = days[0], days[-1]
    description = gettext("Answered: %(first)s on %(first_day)s, %(last)s on %(last_day)s") % {
        "first": number(_answered(first)),
        "first_day": day_short(first.day),
        "last": number(_answered(last)),
        "last_day": day_short(last.day),
    }
    title = gettext("The check-up over time")
    return picture(*columns, *names, kind="progress-of-answers", height=_HEIGHT, title=title, description=description)


def _column(day: Stood, place: int, width: float, whole: int) -> list[SafeString]:
    drawn, floor = [], float(_HEIGHT - _BELOW)
    room = floor - _TOP
    for state in ORDER:
        height = room * day.counts[state] / whole
        floor -= height
        if height:
            said = f"{day_short(day.day)} – {STATE_NAMES[state]}: {number(day.counts[state])}"
            drawn.append(
                element(
                    "rect", element("title", said), class_=f"part {state}", x=share(place * width), y=floor,
                    width=share(width * 0.82), height=max(height - 1, 0.5),
                )
            )  # fmt: skip
    drawn.append(label(number(_answered(day)), x=share((place + 0.41) * width), y=_TOP - 6, kind="count"))
    return drawn


def _name(day: Stood, place: int, width: float) -> SafeString:
    return label(day_short(day.day), x=share(place * width), y=_HEIGHT - 6, kind="name", anchor="start")


def _named(count: int) -> list[int]:
    """Name the first and the last day, and one between where there is room for three."""
    return sorted({0, count // 2, count - 1}) if count > 8 else [0, count - 1] if count > 3 else [0]


def _answered(day: Stood) -> int:
    return sum(day.counts.values()) - day.counts["unknown"]
