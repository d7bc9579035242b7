"""Answer what a map's live figures know: which touchpoints can be seen, and which are used after the purchase."""

from collections.abc import Sequence
from dataclasses import dataclass

from stammkunde.insights import journey_figures
from stammkunde.insights.checkup.answers import Answer, Cell, Link, Measure, State, Table, part_of_all, unknown
from stammkunde.insights.checkup.known import Known
from stammkunde.insights.checkup.maps_read import MapRead
from stammkunde.insights.checkup.on_maps import NO_MAP
from stammkunde.insights.journey_values import Cell as Seen
from stammkunde.insights.journey_values import PathFigure
from stammkunde.journeys.document import Touchpoint
from stammkunde.metrics.wording import Sentence, Share, Verbatim, gettext_noop

LIVE_DAYS = 90
_ENOUGH = 0.7
_QUERY = "stammkunde journey figures {slug} --from {start} --to {end}"


@dataclass(frozen=True)
class Place:
    """A touchpoint and what was seen there in the last 90 days of the data."""

    read: MapRead
    touchpoint: Touchpoint
    seen: Seen

    @property
    def is_live(self) -> bool:
        """Tell whether anything was seen."""
        return bool(self.seen.events)

    @property
    def says_why(self) -> bool:
        """Tell whether it is known why nothing can be seen here: the map says so, or its kind was never recorded."""
        return bool(self.touchpoint.signal.none or self.touchpoint.signal.manual or self.seen.unknown)

    @property
    def label(self) -> Verbatim:
        """Return what the touchpoint is called."""
        return Verbatim(self.touchpoint.label.in_language(self.read.journey.language))

    @property
    def moved_on(self) -> PathFigure | None:
        """Return the first path from here whose share is known."""
        return next((path for path in self.seen.moved_on if path.share is not None), None)


def known_by_figures(known: Known) -> Answer:
    """Answer s2.2, how many touchpoints have a live signal, and whether the rest say why not."""
    places = _places(known)
    if not places:
        return unknown(Sentence(NO_MAP), "journey")
    live = [place for place in places if place.is_live]
    silent = [place for place in places if not place.is_live and not place.says_why]
    felt = sum(place.seen.feeling is not None and place.seen.feeling.mean is not None for place in places)
    share = len(live) / len(places)
    state: State = "yes" if share >= _ENOUGH and not silent and felt else "partly" if live else "no"
    sentence = Sentence(
        gettext_noop(
            "%(live)s of %(places)s touchpoints were seen in the last 90 days of the data (%(share)s). Not seen "
            "and without a reason: %(silent)s. Mood is known at %(felt)s."
        ),
        live=len(live),
        places=len(places),
        share=Share(share),
        silent=len(silent),
        felt=felt,
    )
    title = gettext_noop("Touchpoints with a live signal")
    definition = gettext_noop(
        "Share of the touchpoints of all published maps at which at least one event was recognised in the last 90 "
        "days of the data."
    )
    return Answer(
        state,
        sentence,
        (part_of_all("touchpoints_live", title, len(live), len(places), definition),),
        _query(known),
        next_step=Sentence(
            gettext_noop("Choose a signal for a touchpoint that was not seen, or write down why there is none.")
        ),
        next_link=Link("journey", places[0].read.slug),
        connect=() if felt else ("surveys",),
        table=_table(places),
    )


def after_the_purchase(known: Known) -> Answer:
    """Answer q3, which touchpoints are used after the purchase; their effects are not measured yet."""
    places = _places(known)
    after = [place for place in places if place.read.journey.phase_of(place.touchpoint.id).stage == "postpurchase"]
    if not after:
        said = gettext_noop("No map has a touchpoint after the purchase.") if places else NO_MAP
        return unknown(Sentence(said), "journey")
    live = [place for place in after if place.is_live]
    if not live:
        said = gettext_noop("None of the touchpoints after the purchase was seen in the last 90 days of the data.")
        return unknown(Sentence(said), "events", query=_query(known))
    sentence = Sentence(
        gettext_noop(
            "%(live)s of %(after)s touchpoints after the purchase were used in the last 90 days of the data. How "
            "many moved on from there is known; what the touchpoints themselves bring about only a control group can "
            "tell."
        ),
        live=len(live),
        after=len(after),
    )
    title = gettext_noop("Touchpoints used after the purchase")
    definition = gettext_noop(
        "Share of the touchpoints after the purchase on all published maps at which an event was recognised in the "
        "last 90 days of the data."
    )
    used = part_of_all("touchpoints_used_after", title, len(live), len(after), definition)
    moved_on = [measure for place in live if (measure := _moved_on(place)) is not None]
    return Answer(
        "partly",
        sentence,
        (*moved_on[:3], used),
        _query(known),
        next_step=Sentence(
            gettext_noop("Leave one of these touchpoints out for a part of the customers drawn by lot.")
        ),
        next_link=Link("journey", live[0].read.slug),
        connect=("experiments",),
        table=_table(after),
    )


def _places(known: Known) -> list[Place]:
    start, end = known.before_end(LIVE_DAYS), known.end
    found = []
    for read in known.maps:
        told = journey_figures.figures(read.journey, known.mirror, start=start, end=end, now=known.now)
        found += [Place(read, touchpoint, told.cells[touchpoint.id]) for touchpoint in read.journey.touchpoints]
    return found


def _query(known: Known) -> str:
    return "\n".join(
        _QUERY.format(slug=read.slug, start=known.before_end(LIVE_DAYS), end=known.last_day) for read in known.maps
    )


def _moved_on(place: Place) -> Measure | None:
    """Return the share that moved on from a touchpoint, on matured customers or as estimated for the young ones."""
    path = place.moved_on
    if path is None:
        return None
    goal = place.read.journey.touchpoint(path.end).label.in_language(place.read.journey.language)
    return Measure(
        name=f"moved_on_{path.start}_{path.end}",
        title=Sentence(gettext_noop("From “%(start)s” to “%(end)s”"), start=place.label, end=Verbatim(goal)),
        value=path.share,
        unit="share",
        n=path.matured if path.method == "matured" else path.entered,
        interval=path.interval,
        definition=Sentence(
            gettext_noop(
                "Share of the customers at the first touchpoint who reached the second in time; those who have not "
                "been watched long enough are left out, or their share is estimated (Kaplan–Meier)."
            )
        ),
    )


def _table(places: Sequence[Place]) -> Table:
    head = (
        gettext_noop("Touchpoint"),
        gettext_noop("Customers"),
        gettext_noop("Moved on"),
        gettext_noop("Mood"),
        gettext_noop("If not seen: why"),
    )
    return Table(tuple(map(Sentence, head)), tuple(map(_row, places)))


def _row(place: Place) -> tuple[Cell, ...]:
    path, feeling = place.moved_on, place.seen.feeling
    why = place.seen.unknown
    return (
        place.label,
        None if why else place.seen.customers,
        Share(path.share) if path is not None and path.share is not None else None,
        feeling.mean if feeling is not None else None,
        why if isinstance(why, Sentence) else Verbatim(why),
    )
