"""Maps by chance: whatever people may type into names, notes and reasons, with pieces of every sort."""

from datetime import date

from hypothesis import strategies as st

from stammkunde.conditions.local_clock import UNITS, Duration
from stammkunde.journeys.document import (
    DeclaredInitiative,
    Evidence,
    Goal,
    Journey,
    Label,
    Opportunity,
    Pain,
    Path,
    Phase,
    Sentiment,
    Signal,
    Target,
    Touchpoint,
)
from stammkunde.journeys.editing import signal
from stammkunde.journeys.signals import evidence

# What YAML would take for something else, and what is awkward to write down.
TRAPS = (
    "no on yes true null ~ 1e3 0x1F 2025-12-31 12:30 1_000 .inf - ? : # & * ! | > % @ ` {} [] , a: '' \" \\ --- ..."
).split()
TEXTS = st.one_of(
    st.sampled_from([*TRAPS, "Anna: „Ja“ # nein", "a\nb", "a\n\n b", "ein\tTab", "🧼 Seife", "x" * 200, "% y: z"]),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30),
).map(str.strip)
SAID = TEXTS.filter(bool)
IDS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,10}", fullmatch=True)
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 4))
DURATIONS = st.builds(Duration, st.integers(1, 99), st.sampled_from(UNITS))
LABELS = st.one_of(
    SAID.map(lambda text: Label((("de", text),))),
    st.tuples(SAID, SAID).map(lambda both: Label((("de", both[0]), ("en", both[1])))),
    SAID.map(lambda text: Label((("fr", text),))),
)
SIGNALS = st.one_of(
    st.sampled_from(
        [
            "order.placed",
            "nth(order.placed where value >= 20, 2)",
            "page.viewed where path = '/a: b # c'",
            'any(order.placed) then none(order.returned where reason = "no") for 2 months',
        ]
    ).map(signal),
    SAID.map(lambda text: Signal(none=text)),
    SAID.map(lambda text: Signal(manual=text)),
    st.just(Signal()),
)
EVIDENCE: st.SearchStrategy[Evidence] = st.one_of(
    st.tuples(st.sampled_from(("interview", "survey_theme", "ticket_tag", "return_reason", "assumption")), SAID).map(
        lambda pair: evidence(pair[0], " ".join(pair[1].split()))
    ),
    st.just(evidence("assumption", "")),
    st.sampled_from(["count(order.placed) = 1", "order.returned", 'any(order.placed where coupon = "x: #")']).map(
        lambda text: evidence("condition", text)
    ),
).filter(lambda one: one.sort == "assumption" or bool(one.text))
FEW = 3


def some(strategy: st.SearchStrategy[object], most: int = FEW) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


PAINS = st.builds(
    Pain, IDS, LABELS, severity=st.sampled_from(("low", "medium", "high")), evidence=some(EVIDENCE),
    status=st.sampled_from(("open", "in_work", "solved", "accepted")), owner=TEXTS,
)  # fmt: skip
TARGETS = st.builds(
    Target, SAID, min=NUMBERS, max=st.none() | NUMBERS, by=st.none() | st.dates(date(2000, 1, 1), date(2099, 1, 1))
)
TOUCHPOINTS = st.builds(
    Touchpoint, IDS, LABELS, kind=st.sampled_from(("contact", "action")), channel=TEXTS,
    owned_by=st.sampled_from(("brand", "partner", "customer", "social")),
    initiator=st.sampled_from(("company", "customer", "partner", "third_party")), moment_of_truth=st.booleans(),
    consent=st.sampled_from((None, "opt_in", "existing_customer", "contract")), reached_within=st.none() | DURATIONS,
    owner=TEXTS, signal=SIGNALS,
    sentiment=st.none() | st.builds(Sentiment, SAID, st.sampled_from(("nps", "csat", "ces")), some(SAID)),
    pains=some(PAINS, 2), targets=some(TARGETS, 2), initiatives=some(IDS), thinks=TEXTS,
    feels=st.sampled_from((None, -2, 0, 2)), note=TEXTS, line=st.just(0),
)  # fmt: skip
PHASES = st.builds(
    Phase, IDS, LABELS, stage=st.sampled_from(("prepurchase", "purchase", "postpurchase")), maps_to=TEXTS,
    parent=TEXTS, touchpoints=some(TOUCHPOINTS, 4), note=TEXTS, line=st.just(0),
)  # fmt: skip
OPPORTUNITIES = st.builds(
    Opportunity, IDS, LABELS, some(SAID), impact=st.floats(0, 10), confidence=st.floats(0, 1),
    effort_weeks=st.floats(0.01, 1000), owner=TEXTS,
    status=st.sampled_from(("idea", "planned", "in_work", "done", "dropped")), line=st.just(0),
)  # fmt: skip
INITIATIVES = st.builds(
    DeclaredInitiative, IDS, LABELS, sort=TEXTS, ref=TEXTS,
    status=st.sampled_from(("idea", "planned", "running", "ended")), solves=some(SAID), metric=TEXTS,
    expected=st.none() | NUMBERS, guardrails=some(SAID), design=TEXTS, design_reason=TEXTS,
    holdout=st.none() | st.floats(0, 1), line=st.just(0),
)  # fmt: skip
JOURNEYS = st.builds(
    Journey, IDS, st.integers(1, 1000), LABELS, language=st.just("de"), tone=st.sampled_from(("du", "sie")),
    unit=st.sampled_from(("person", "account")), personas=some(SAID), segment=TEXTS,
    entry=st.none() | SIGNALS.filter(lambda one: one != Signal()),
    goal=st.none() | st.builds(Goal, IDS, st.none() | DURATIONS),
    phases=st.lists(PHASES, min_size=1, max_size=3).map(tuple),
    paths=some(st.builds(Path, IDS, IDS, st.none() | DURATIONS, st.booleans(), line=st.just(0))),
    opportunities=some(OPPORTUNITIES, 2), initiatives=some(INITIATIVES, 2), note=TEXTS,
)  # fmt: skip
