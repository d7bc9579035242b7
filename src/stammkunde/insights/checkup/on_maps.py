"""Answer what the published maps know: goals, initiatives, pains and their ideas, and when somebody looked at them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from stammkunde.insights.checkup.answers import Answer, Link, State, Table, part_of_all, unknown
from stammkunde.insights.checkup.known import Known
from stammkunde.insights.checkup.maps_read import MapRead
from stammkunde.journeys.document import DeclaredInitiative, Target, Touchpoint
from stammkunde.metrics import FIGURES
from stammkunde.metrics.wording import Sentence, Share, Verbatim, gettext_noop

REVIEW_DAYS = 90
_THREE = ("retention_rate", "churn_rate", "customer_lifetime_value")
_FILE = "stammkunde journey show {slug}"
_GIVE = gettext_noop("Give the pain without an idea that most customers feel to somebody.")
_TRY = gettext_noop("Try the idea whose pain concerns most customers first.")
NO_MAP = gettext_noop("No journey map is published yet.")


@dataclass(frozen=True)
class Goal:
    """A target of a touchpoint, and what it is worth as a goal."""

    read: MapRead
    touchpoint: Touchpoint
    target: Target
    has_baseline: bool
    is_over: bool

    @property
    def lacks(self) -> int:
        """Return how many of the five are missing: figure, baseline, target, date, somebody responsible."""
        has = (
            bool(self.target.metric),
            self.has_baseline,
            self.target.min is not None or self.target.max is not None,
            self.target.by is not None,
            bool(self.touchpoint.owner),
        )
        return has.count(False)


def goals(known: Known) -> list[Goal]:
    """Return the targets of all touchpoints of all published maps."""
    return [
        Goal(read, touchpoint, target, _has_baseline(known, target), target.by is not None and target.by < known.today)
        for read in known.maps
        for touchpoint in read.journey.touchpoints
        for target in touchpoint.targets
    ]


def goal_is_set(known: Known) -> Answer:
    """Answer s1.1, whether there is a running goal with everything it needs."""
    found = goals(known)
    if not found:
        said = gettext_noop("None of your maps holds a goal.") if known.maps else NO_MAP
        return unknown(Sentence(said), *(("goals",) if known.maps else ("journey", "goals")))
    whole = [goal for goal in found if not goal.lacks and not goal.is_over]
    running = [goal for goal in found if not goal.is_over]
    state: State = "yes" if whole else "partly" if running else "no"
    sentence = Sentence(
        gettext_noop(
            "Of %(goals)s goals in your maps, %(running)s are still running; %(whole)s have figure, baseline, "
            "target, date and somebody responsible."
        ),
        goals=len(found),
        running=len(running),
        whole=len(whole),
    )
    title, definition = (
        gettext_noop("Goals with all five"),
        gettext_noop(
            "Share of the goals in published maps that have a figure whose present value is known here, a target, a "
            "date that has not passed, and an owner of the touchpoint."
        ),
    )
    head = (
        gettext_noop("Figure"),
        gettext_noop("Touchpoint"),
        gettext_noop("Until"),
        gettext_noop("Responsible"),
        gettext_noop("Missing"),
    )
    return Answer(
        state,
        sentence,
        (part_of_all("goals_whole", title, len(whole), len(found), definition),),
        _FILE.format(slug=found[0].read.slug),
        next_step=Sentence(gettext_noop("Complete the goals on the map: a date and a name make a wish a goal.")),
        next_link=Link("journey", found[0].read.slug),
        table=Table(
            tuple(map(Sentence, head)),
            tuple(
                (Verbatim(one.target.metric), Verbatim(one.touchpoint.label.in_language(one.read.journey.language)),
                 one.target.by, Verbatim(one.touchpoint.owner), one.lacks)
                for one in found
            ),
        ),
    )  # fmt: skip


def figures_have_goals(known: Known) -> Answer:
    """Answer s1.3, which of the three figures have a target; whether a benchmark is alike only a person can say."""
    found = [goal for goal in goals(known) if goal.target.metric in _THREE]
    missing = known.missing(("goals", "benchmarks"))
    if not found:
        said = gettext_noop("Neither retention rate nor churn rate nor lifetime value has a target on record.")
        return unknown(Sentence(said), *dict.fromkeys(("goals", *missing)))
    aimed = len({goal.target.metric for goal in found})
    sentence = Sentence(
        gettext_noop(
            "With a target on a map: %(aimed)s of the three figures (retention, churn, lifetime value). With a "
            "benchmark, its source and year: none."
        ),
        aimed=aimed,
    )
    title, definition = (
        gettext_noop("Of the three figures, those with a target"),
        gettext_noop("Share of retention rate, churn rate and lifetime value that a goal on a published map names."),
    )
    return Answer(
        "partly",
        sentence,
        (part_of_all("figures_aimed", title, aimed, len(_THREE), definition),),
        _FILE.format(slug=found[0].read.slug),
        next_step=Sentence(gettext_noop("Set a target for each of the three, and look for a benchmark defined alike.")),
        next_link=Link("journey", found[0].read.slug),
        connect=missing,
    )


def initiatives_are_measured(known: Known) -> Answer:
    """Answer s2.1, whether running initiatives have an outcome figure; effects are not measured here yet."""
    running = [one for _, one in _initiatives(known) if one.status == "running"]
    if not running:
        said = gettext_noop("No running initiative is declared in a map.") if known.maps else NO_MAP
        return unknown(Sentence(said), *known.missing(("journey", "initiatives")), "experiments")
    aimed = sum(bool(one.metric) for one in running)
    sentence = Sentence(
        gettext_noop(
            "%(aimed)s of %(running)s running initiatives say by which figure they want to be measured; an estimated "
            "effect with interval is on record for none."
        ),
        aimed=aimed,
        running=len(running),
    )
    title, definition = (
        gettext_noop("Initiatives with an outcome figure"),
        gettext_noop(
            "Share of the running initiatives declared in published maps that name the figure they are measured by."
        ),
    )
    return Answer(
        "partly" if aimed / len(running) >= 0.8 else "no",
        sentence,
        (part_of_all("initiatives_aimed", title, aimed, len(running), definition),),
        _FILE.format(slug=known.maps[0].slug),
        next_step=Sentence(
            gettext_noop("Write an outcome figure beside each initiative, and leave a part out by lot.")
        ),
        next_link=Link("journey", known.maps[0].slug),
        connect=("experiments",),
        table=_initiative_table(known),
    )


def proven_initiatives(known: Known) -> Answer:
    """Answer s2.3; designs that are only declared prove nothing, so nobody knows until assignments are on record."""
    found = [one for _, one in _initiatives(known)]
    planned = sum(one.design in ("holdout", "ab_test") for one in found)
    if not planned:
        return unknown(Sentence(gettext_noop("No initiative with a control group is on record.")), "experiments")
    sentence = Sentence(
        gettext_noop(
            "%(planned)s of %(all)s declared initiatives plan a control group; who belongs to it is not on record."
        ),
        planned=planned,
        all=len(found),
    )
    return unknown(sentence, "experiments")


def pains_have_ideas(known: Known) -> Answer:
    """Answer s3.3, whether every open pain and every goal not reached yet has an idea and somebody responsible."""
    troubles = [*_open_pains(known), *_missed_goals(known)]
    if not troubles:
        said = gettext_noop("No pain is written down on a map, and every goal is reached.") if known.maps else NO_MAP
        return unknown(Sentence(said), *known.missing(("journey",)))
    covered = [one for one in troubles if one.is_covered]
    share = len(covered) / len(troubles)
    state: State = "yes" if share >= 0.9 else "partly" if covered else "no"
    missed = sum(one.is_goal for one in troubles)
    sentence = Sentence(
        gettext_noop(
            "%(covered)s of %(troubles)s open pains and goals not reached yet have an idea with somebody responsible "
            "(%(share)s); %(missed)s of them are goals."
        ),
        covered=len(covered),
        troubles=len(troubles),
        share=Share(share),
        missed=missed,
    )
    title = gettext_noop("Pains and goals not reached yet, with an idea and somebody responsible")
    definition = gettext_noop(
        "Share of the open pains, and of the goals whose figure is outside the target, that an opportunity or an "
        "initiative on the map is meant for, with an owner of the pain, the idea or the touchpoint."
    )
    head = (gettext_noop("Pain or goal not reached yet"), gettext_noop("Idea"), gettext_noop("Responsible"))
    return Answer(
        state,
        sentence,
        (part_of_all("pains_with_idea", title, len(covered), len(troubles), definition),),
        _FILE.format(slug=troubles[0].slug),
        next_step=Sentence(_GIVE if len(covered) < len(troubles) else _TRY),
        next_link=Link("journey-pains", troubles[0].slug),
        table=Table(
            tuple(map(Sentence, head)),
            tuple((Verbatim(one.label), Verbatim(", ".join(one.ideas)), Verbatim(one.owner)) for one in troubles),
        ),
    )


@dataclass(frozen=True)
class Trouble:
    """An open pain or a goal not reached yet, the ideas against it, and who is responsible."""

    slug: str
    label: str
    ideas: tuple[str, ...]
    owner: str
    is_goal: bool

    @property
    def is_covered(self) -> bool:
        """Tell whether there is an idea and somebody responsible."""
        return bool(self.ideas and self.owner)


def _open_pains(known: Known) -> Iterator[Trouble]:
    for read in known.maps:
        for touchpoint, pain in read.journey.pains():
            if pain.status in ("open", "in_work"):
                label = pain.label.in_language(read.journey.language)
                owner = pain.owner or _owner_of_idea(read, {pain.id}) or touchpoint.owner
                yield Trouble(read.slug, label, _ideas(read, {pain.id}), owner, is_goal=False)


def _missed_goals(known: Known) -> Iterator[Trouble]:
    for goal in goals(known):
        found = known.figure(goal.target.metric) if goal.has_baseline else None
        if found is None or found.value is None or _is_met(goal.target, found.value):
            continue
        pains, journey = {pain.id for pain in goal.touchpoint.pains}, goal.read.journey
        meant = [one for one in journey.initiatives if one.id in goal.touchpoint.initiatives]
        ideas = [one.label.in_language(journey.language) for one in meant]
        owner = goal.touchpoint.owner or _owner_of_idea(goal.read, pains)
        label = f"{goal.touchpoint.label.in_language(journey.language)}: {goal.target.metric}"
        yield Trouble(goal.read.slug, label, (*_ideas(goal.read, pains), *ideas), owner, is_goal=True)


def _is_met(target: Target, value: float) -> bool:
    return (target.min is None or value >= target.min) and (target.max is None or value <= target.max)


def map_is_reviewed(known: Known) -> Answer:
    """Answer r1, whether each map was reviewed within 90 days."""
    if not known.maps:
        return unknown(Sentence(NO_MAP), "journey")
    ages = {read.slug: (known.today - known.day_of(read.reviewed_at)).days for read in known.maps if read.reviewed_at}
    fresh = [slug for slug, age in ages.items() if age <= REVIEW_DAYS]
    young = [read for read in known.maps if (known.now - read.published_at).days <= REVIEW_DAYS]
    state: State = "yes" if len(fresh) == len(known.maps) else "partly" if fresh or young else "no"
    sentence = Sentence(
        gettext_noop(
            "%(fresh)s of %(maps)s maps were marked as reviewed within the last 90 days; %(young)s have a version "
            "that is not older than that."
        ),
        fresh=len(fresh),
        maps=len(known.maps),
        young=len(young),
    )
    title = gettext_noop("Maps reviewed within 90 days")
    definition = gettext_noop("Share of the published maps that somebody marked as reviewed within the last 90 days.")
    head = (gettext_noop("Map"), gettext_noop("Published"), gettext_noop("Reviewed"))
    return Answer(
        state,
        sentence,
        (part_of_all("maps_reviewed", title, len(fresh), len(known.maps), definition),),
        "stammkunde journey list",
        next_step=Sentence(gettext_noop("Go through the map with its figures, and mark it as reviewed.")),
        next_link=Link("journey", known.maps[0].slug),
        table=Table(
            tuple(map(Sentence, head)),
            tuple(
                (Verbatim(read.title), known.day_of(read.published_at),
                 known.day_of(read.reviewed_at) if read.reviewed_at else None)
                for read in known.maps
            ),
        ),
    )  # fmt: skip


def _has_baseline(known: Known, target: Target) -> bool:
    """Tell whether the present value of the figure that a target names is known here."""
    if target.metric not in FIGURES:
        return False
    found = known.figure(target.metric)
    return found is not None and found.value is not None


def _initiatives(known: Known) -> Iterator[tuple[MapRead, DeclaredInitiative]]:
    for read in known.maps:
        for one in read.journey.initiatives:
            yield read, one


def _initiative_table(known: Known) -> Table:
    head = (
        gettext_noop("Initiative"),
        gettext_noop("Status"),
        gettext_noop("Outcome figure"),
        gettext_noop("Planned proof"),
    )
    return Table(
        tuple(map(Sentence, head)),
        tuple(
            (Verbatim(one.label.in_language(read.journey.language)), Sentence(_STATUSES[one.status]),
             Verbatim(one.metric), Verbatim(one.design))
            for read, one in _initiatives(known)
        ),
    )  # fmt: skip


_STATUSES = {
    "idea": gettext_noop("idea"),
    "planned": gettext_noop("planned"),
    "running": gettext_noop("running"),
    "ended": gettext_noop("ended"),
}


def _ideas(read: MapRead, pains: Collection[str]) -> tuple[str, ...]:
    """Return what is meant to help against any of these pains."""
    journey = read.journey
    ideas = [one.label for one in journey.opportunities if not set(pains).isdisjoint(one.pains)]
    ideas += [one.label for one in journey.initiatives if not set(pains).isdisjoint(one.solves)]
    return tuple(label.in_language(journey.language) for label in ideas)


def _owner_of_idea(read: MapRead, pains: Collection[str]) -> str:
    found = (one.owner for one in read.journey.opportunities if one.owner and not set(pains).isdisjoint(one.pains))
    return next(found, "")
