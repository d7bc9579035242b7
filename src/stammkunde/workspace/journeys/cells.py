"""Turn the figures of a map into the words and small pictures that its cells show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext, ngettext, pgettext

from stammkunde.conditions.tree import kind_of
from stammkunde.insights.journey_values import Cell, Feeling, JourneyFigures, PainFigure, PathFigure
from stammkunde.journeys.connecting import connect
from stammkunde.journeys.document import DeclaredInitiative, Journey, Pain, Phase, Silence, Target, Touchpoint
from stammkunde.metrics import FIGURES
from stammkunde.workspace.formatting import day_short, interval, money, number, percent
from stammkunde.workspace.journeys import words
from stammkunde.workspace.reading import title_of
from stammkunde.workspace.words import say

_FEW_PAINS, _DOTS = 3, 5
_SCALES: Mapping[str, tuple[float, float]] = {"nps": (-100, 100), "csat": (1, 5), "ces": (1, 7)}


@dataclass(frozen=True)
class WayView:
    """How many went on along one path, as a cell prints it; `bar` is start, width and point of the interval in %."""

    start: str
    end: str
    title: str
    share: str = ""
    range: str = ""
    bar: tuple[float, float, float] | None = None
    within: str = ""
    usually: str = ""
    entered: int = 0
    loop: bool = False
    how: str = ""
    unknown: str = ""
    other: str = ""

    @property
    def rail(self) -> str:
        """Return how far the rail beside the way is filled, of 40."""
        return f"{self.bar[2] * 0.4:.1f}" if self.bar else "0"


@dataclass(frozen=True)
class FeelingView:
    """A feeling as dots and digits."""

    mean: str
    n: str
    range: str
    dots: tuple[bool, ...]
    bad: bool
    metric: str


@dataclass(frozen=True)
class PainView:
    """A pain with what is known of how many it concerns, and where that is known from."""

    id: str
    title: str
    severity: str
    says: str
    measured: bool


@dataclass(frozen=True)
class InitiativeView:
    """An initiative as the map's file declares it; what it caused is not measured yet."""

    title: str
    state: str
    running: bool


@dataclass(frozen=True)
class CellView:
    """One touchpoint as the map prints it."""

    id: str
    title: str
    beside: str
    truth: bool
    ownership: str
    people: str = ""
    people_other: str = ""
    events: str = ""
    unknown: str = ""
    seen: bool = False
    revenue: str = ""
    revenue_other: str = ""
    usually: str = ""
    feeling: FeelingView | None = None
    feeling_other: str = ""
    no_feeling: str = ""
    ways: tuple[WayView, ...] = ()
    pains: tuple[PainView, ...] = ()
    more_pains: int = 0
    initiatives: tuple[InitiativeView, ...] = ()
    targets: tuple[str, ...] = ()
    thinks: str = ""
    owner: str = ""


@dataclass(frozen=True)
class PhaseView:
    """One phase with its cells and the phases nested below it."""

    id: str
    title: str
    stage: str
    thinks: str
    cells: tuple[CellView, ...] = ()
    inside: tuple["PhaseView", ...] = ()
    depth: int = 0

    @property
    def everything(self) -> int:
        """Return how many touchpoints it holds, with those nested below."""
        return len(self.cells) + sum(one.everything for one in self.inside)


@dataclass(frozen=True)
class Sheet:
    """What is printed of a journey: figures, figures to compare with, and how money is written; all may be missing."""

    journey: Journey
    figures: JourneyFigures | None = None
    other: JourneyFigures | None = None
    currency: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


def sheet(
    journey: Journey, figures: JourneyFigures | None = None, other: JourneyFigures | None = None, currency: str = ""
) -> Sheet:
    """Return what is needed to print a journey."""
    return Sheet(journey, figures, other, currency, {one.id: words.named(one.label) for one in journey.touchpoints})


def phases(sheet: Sheet, *, most_pains: int = _FEW_PAINS) -> tuple[PhaseView, ...]:
    """Return the phases with their cells, nested as the map says; what has no place above stands at the top."""
    known = {phase.id for phase in sheet.journey.phases}
    below: dict[str, list[Phase]] = {}
    for phase in sheet.journey.phases:
        below.setdefault(phase.parent if phase.parent in known - {phase.id} else "", []).append(phase)
    done: set[str] = set()
    views = [_phase(sheet, one, below, done, 0, most_pains) for one in below.get("", [])]
    lost = [phase for phase in sheet.journey.phases if phase.id not in done]
    return (*views, *(_phase(sheet, one, {}, done, 0, most_pains) for one in lost))


def cell(sheet: Sheet, touchpoint: Touchpoint, *, most_pains: int = _FEW_PAINS) -> CellView:
    """Return one touchpoint with all that is known of it."""
    figure = sheet.figures.cells.get(touchpoint.id) if sheet.figures else None
    other = sheet.other.cells.get(touchpoint.id) if sheet.other else None
    pains = pain_views(touchpoint.pains, figure.pains if figure else ())
    plain = CellView(
        id=touchpoint.id,
        title=words.named(touchpoint.label),
        beside=_beside(touchpoint),
        truth=touchpoint.moment_of_truth,
        ownership=touchpoint.owned_by,
        no_feeling=_no_feeling(touchpoint),
        pains=pains[:most_pains],
        more_pains=max(len(pains) - most_pains, 0),
        initiatives=initiatives(sheet.journey, touchpoint),
        targets=targets(touchpoint),
        thinks=touchpoint.thinks,
        owner=touchpoint.owner,
        ways=tuple(way(sheet, path.start, path.end) for path in sheet.journey.paths if path.start == touchpoint.id),
        unknown=_unknown(touchpoint, figure),
    )
    return plain if figure is None else _with_figures(plain, figure, other, sheet.currency)


def way(sheet: Sheet, start: str, end: str) -> WayView:
    """Return one planned path with its figures."""
    path = next(one for one in sheet.journey.paths if (one.start, one.end) == (start, end))
    view = WayView(start, end, sheet.titles.get(end, end), within=words.within(path.within), loop=start == end)
    figure = found_way(sheet.figures, start, end)
    if figure is None:
        return view
    view = replace(view, entered=figure.entered)
    if figure.share is None:
        return replace(view, unknown=_why_no_share(figure))
    low, high = figure.interval or (figure.share, figure.share)
    return replace(
        view,
        share=percent(figure.share),
        range=interval(low, high, "share") if figure.interval else "",
        bar=(round(low * 100, 2), round(max(high - low, 0.004) * 100, 2), round(figure.share * 100, 2)),
        usually=words.takes(figure.median_days),
        how=how_counted(figure),
        other=_other_share(found_way(sheet.other, start, end)),
    )


def found_way(figures: JourneyFigures | None, start: str, end: str) -> PathFigure | None:
    """Return the figures of one path."""
    if figures is None:
        return None
    return next((one for one in figures.paths if (one.start, one.end) == (start, end)), None)


def how_counted(figure: PathFigure) -> str:
    """Say of whom a share is: of those whose time is over, or of all with the estimate for those still under way."""
    if figure.method == "matured":
        said = ngettext(
            "of %(count)s customer whose time is over",
            "of %(count)s customers whose time is over",
            figure.matured,
        )
        return said % {"count": number(figure.matured)}
    said = ngettext(
        "of %(count)s customer, some still under way (Kaplan–Meier)",
        "of %(count)s customers, some still under way (Kaplan–Meier)",
        figure.entered,
    )
    return said % {"count": number(figure.entered)}


def feeling(found: Feeling | None) -> FeelingView | None:
    """Return a feeling as dots; the scale is that of the question. None where nobody has answered."""
    if found is None or found.mean is None:
        return None
    low, high = _SCALES.get(found.metric, (0, 10))
    position = min(max((found.mean - low) / (high - low), 0.0), 1.0)
    filled = min(max(round(position * _DOTS), 1), _DOTS)
    return FeelingView(
        mean=number(found.mean, 1),
        n=number(found.n),
        range=f"{number(found.interval[0], 1)}–{number(found.interval[1], 1)}" if found.interval else "",
        dots=tuple(place < filled for place in range(_DOTS)),
        bad=(position > 0.5) if found.metric == "ces" else (position < 0.5),
        metric=words.title(words.FEELINGS, found.metric),
    )


def pain_views(pains: Sequence[Pain], figures: Sequence[PainFigure]) -> tuple[PainView, ...]:
    """Return the pains of a touchpoint, those with the most customers first, then the more serious ones."""
    by_id = {one.pain: one for one in figures}
    rank = {"high": 0, "medium": 1, "low": 2}
    ordered = sorted(
        (pain for pain in pains if pain.status != "solved"),
        key=lambda one: (-((by_id[one.id].customers or 0) if one.id in by_id else 0), rank.get(one.severity, 3)),
    )
    return tuple(_pain(one, by_id.get(one.id)) for one in ordered)


def initiatives(journey: Journey, touchpoint: Touchpoint) -> tuple[InitiativeView, ...]:
    """Return the initiatives that the map's file hangs on a touchpoint."""
    known = {one.id: one for one in journey.initiatives}
    return tuple(_initiative(name, known.get(name)) for name in touchpoint.initiatives)


def targets(touchpoint: Touchpoint) -> tuple[str, ...]:
    """Write the targets of a touchpoint: figure, bound, day."""
    return tuple(_target(one) for one in touchpoint.targets)


def _target(target: Target) -> str:
    known = FIGURES.get(target.metric)
    title = title_of(target.metric) if known else target.metric.replace("_", " ")
    bounds = [(sign, bound) for sign, bound in (("≥", target.min), ("≤", target.max)) if bound is not None]
    parts = [title, *(f"{sign} {_bound(bound, known is not None and known.unit == 'share')}" for sign, bound in bounds)]
    if target.by:
        parts.append(gettext("by %(day)s") % {"day": day_short(target.by)})
    return " ".join(parts)


def _bound(value: float, is_share: bool) -> str:
    return percent(value) if is_share else number(value, 0 if value == round(value) else 2)


def _phase(
    sheet: Sheet, phase: Phase, below: Mapping[str, list[Phase]], done: set[str], depth: int, most_pains: int
) -> PhaseView:
    done.add(phase.id)
    inside = [one for one in below.get(phase.id, []) if one.id not in done]
    thinks = phase.note or next((one.thinks for one in phase.touchpoints if one.thinks), "")
    return PhaseView(
        id=phase.id,
        title=words.named(phase.label),
        stage=words.title(words.STAGES, phase.stage),
        thinks=thinks,
        cells=tuple(cell(sheet, one, most_pains=most_pains) for one in phase.touchpoints),
        inside=tuple(_phase(sheet, one, below, done, depth + 1, most_pains) for one in inside),
        depth=depth,
    )


def _with_figures(plain: CellView, figure: Cell, other: Cell | None, currency: str) -> CellView:
    if figure.customers is None or figure.unknown:
        return replace(plain, unknown=plain.unknown or say(figure.unknown))
    felt, felt_other = feeling(figure.feeling), feeling(other.feeling) if other else None
    compared = other is not None
    return replace(
        plain,
        seen=True,
        unknown="",
        people=number(figure.customers),
        people_other=number(other.customers) if other and other.customers is not None else ("–" if compared else ""),
        events=number(figure.events) if figure.events is not None else "",
        revenue=money(figure.revenue, currency) if figure.revenue is not None else "",
        revenue_other=money(other.revenue, currency) if other and other.revenue is not None else "",
        usually=words.takes(figure.median_days_to_next),
        feeling=felt,
        feeling_other=felt_other.mean if felt_other else "",
    )


def _unknown(touchpoint: Touchpoint, figure: Cell | None) -> str:
    """Say why a touchpoint cannot be seen: by its own words, or by what would have to be connected."""
    signal = touchpoint.signal
    if figure is None or signal.found is None or not figure.unknown:
        return signal.none
    selector = signal.found.first if isinstance(signal.found, Silence) else signal.found
    return connect(kind_of(selector)).in_language(words.language())


def _beside(touchpoint: Touchpoint) -> str:
    parts = (
        words.channel(touchpoint.channel),
        words.title(words.OWNERSHIP, touchpoint.owned_by) if touchpoint.owned_by != "brand" else "",
        words.title(words.GROUNDS, touchpoint.consent) if touchpoint.consent else "",
        touchpoint.owner,
    )
    return " · ".join(part for part in parts if part)


def _no_feeling(touchpoint: Touchpoint) -> str:
    if touchpoint.sentiment is None:
        return pgettext("feeling", "not asked yet")
    return pgettext("feeling", "no data")


def _why_no_share(figure: PathFigure) -> str:
    if not figure.entered:
        return gettext("nobody came by")
    return gettext("too early to say")


def _other_share(figure: PathFigure | None) -> str:
    return percent(figure.share) if figure is not None and figure.share is not None else ""


def _pain(pain: Pain, figure: PainFigure | None) -> PainView:
    measured = figure is not None and figure.customers is not None
    return PainView(
        id=pain.id,
        title=words.named(pain.label),
        severity=pain.severity,
        says=_pain_counted(figure) if figure is not None and measured else _evidence(pain),
        measured=measured,
    )


def _pain_counted(figure: PainFigure) -> str:
    customers = figure.customers or 0
    said = ngettext("%(count)s customer", "%(count)s customers", customers) % {"count": number(customers)}
    if figure.events is None:
        return gettext("%(customers)s at the end of this time") % {"customers": said}
    if figure.per_month is None or round(figure.per_month) == customers:
        return said
    return f"{said}, " + gettext("%(count)s a month") % {"count": number(figure.per_month, 0)}


def _evidence(pain: Pain) -> str:
    if not pain.evidence:
        return gettext("without evidence so far")
    if all(one.sort == "assumption" for one in pain.evidence):
        return words.title(words.EVIDENCE, "assumption")
    return ", ".join(
        one.text if one.sort == "interview" else f"{words.title(words.EVIDENCE, one.sort)} {one.text}".strip()
        for one in pain.evidence
        if one.sort != "assumption"
    )


def _initiative(name: str, known: DeclaredInitiative | None) -> InitiativeView:
    if known is None:
        return InitiativeView(name, gettext("not described in the map"), running=False)
    state = words.title(words.INITIATIVE_STATES, known.status)
    return InitiativeView(words.named(known.label), state, known.status == "running")
