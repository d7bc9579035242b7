"""Read a map from its YAML text; what is wrong is told with line, place and remedy, all of it at once."""

from dataclasses import dataclass
from typing import get_args

from stammkunde.conditions import BadCondition
from stammkunde.journeys.document import (
    DeclaredInitiative,
    Evidence,
    Goal,
    Ground,
    InitiativeStatus,
    Initiator,
    Journey,
    Opportunity,
    Ownership,
    Pain,
    PainStatus,
    Path,
    Phase,
    Sentiment,
    SentimentMetric,
    Severity,
    Signal,
    Stage,
    Target,
    Touchpoint,
)
from stammkunde.journeys.fields import LANGUAGE, Fields, Notes
from stammkunde.journeys.problems import BadMap, Both, Problem, in_order
from stammkunde.journeys.sheet_nodes import Mapped, Node, Word, taken_apart
from stammkunde.journeys.signals import EVIDENCE, evidence, found_by

MOST_VERSION = 1_000_000
_STAGES: tuple[Stage, ...] = get_args(Stage)
_OWNERSHIP: tuple[Ownership, ...] = get_args(Ownership)
_INITIATORS: tuple[Initiator, ...] = get_args(Initiator)
_GROUNDS: tuple[Ground, ...] = get_args(Ground)
_SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_PAIN_STATES: tuple[PainStatus, ...] = get_args(PainStatus)
_FEELINGS: tuple[SentimentMetric, ...] = get_args(SentimentMetric)
_INITIATIVE_STATES: tuple[InitiativeStatus, ...] = get_args(InitiativeStatus)


@dataclass(frozen=True)
class Read:
    """What a text says: the map as far as it can be read, and what is wrong with it."""

    journey: Journey | None
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether the map can be used as it stands."""
        return self.journey is not None and not any(problem.severe for problem in self.problems)


def read(text: str) -> Read:
    """Return the map that a YAML text describes, with everything that is wrong with its form.

    There is no journey when the text is no YAML or no map at all. What several parts of it have to do with one
    another is asked by `lint`.
    """
    try:
        root = taken_apart(text)
    except BadMap as wrong:
        return Read(None, wrong.problems)
    notes = Notes()
    if not isinstance(root, Mapped):
        notes.add(root.line, "YAML", Both("This is no map.", "Das ist keine Karte."), _BEGIN)
        return Read(None, tuple(notes.problems))
    journey = _Reader(notes).journey(Fields(notes, root, "journey"))
    return Read(journey, in_order(notes.problems))


def usable(text: str) -> Journey:
    """Return the map of a text; raises BadMap when its form is wrong."""
    found = read(text)
    if found.journey is None or not found.ok:
        raise BadMap(found.problems)
    return found.journey


_BEGIN = Both(
    "Begin with `journey:` and a short name, then `label:` and `phases:`.",
    "Beginnen Sie mit `journey:` und einem kurzen Namen, dann `label:` und `phases:`.",
)


class _Reader:
    """Read the groups of a map; the language of plain names is the map's own."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._language = "de"

    def journey(self, fields: Fields) -> Journey:
        """Read the whole map."""
        fields.only(*_KEYS)
        name = fields.id("journey")
        self._language = self._spoken(fields)
        if not fields.items("phases"):
            fields.missing("phases", Both("A map has at least one phase.", "Eine Karte hat mindestens eine Phase."))
        return Journey(
            id=name,
            version=fields.whole("version", low=1, high=MOST_VERSION) or 1,
            label=fields.label("label", self._language, name),
            language=self._language,
            tone=fields.choice("tone", ("du", "sie"), "sie"),
            unit=fields.choice("unit", ("person", "account"), "person"),
            personas=fields.texts("personas"),
            segment=fields.text("segment"),
            entry=self._signal(fields, "entry") if fields.has("entry") else None,
            goal=self._goal(fields),
            phases=tuple(self._phase(one) for one in fields.groups("phases")),
            paths=tuple(self._path(one) for one in fields.groups("paths")),
            opportunities=tuple(self._opportunity(one) for one in fields.groups("opportunities")),
            initiatives=tuple(self._initiative(one) for one in fields.groups("initiatives")),
            note=fields.text("note"),
        )

    def _spoken(self, fields: Fields) -> str:
        language = fields.text("language", "de")
        if LANGUAGE.fullmatch(language):
            return language
        fields.wrong(
            "language",
            Both(f"“{language[:40]}” is no language.", f"„{language[:40]}“ ist keine Sprache."),
            Both("Write de, en or another short code.", "Schreiben Sie de, en oder ein anderes Kürzel."),
        )
        return "de"

    def _goal(self, fields: Fields) -> Goal | None:
        goal = fields.group("goal")
        if goal is None:
            return None
        goal = goal.named("goal")
        goal.only("touchpoint", "within")
        return Goal(goal.id("touchpoint"), goal.duration("within"), goal.line)

    def _phase(self, fields: Fields) -> Phase:
        name = fields.named("phase").id("id")
        fields = fields.named(name or "phase")
        fields.only("id", "label", "stage", "maps_to", "parent", "touchpoints", "note")
        return Phase(
            id=name,
            label=fields.label("label", self._language, name),
            stage=fields.choice("stage", _STAGES, "prepurchase"),
            maps_to=fields.text("maps_to"),
            parent=fields.text("parent"),
            touchpoints=tuple(self._touchpoint(one) for one in fields.groups("touchpoints")),
            note=fields.text("note"),
            line=fields.line,
        )

    def _touchpoint(self, fields: Fields) -> Touchpoint:
        name = fields.named("touchpoint").id("id")
        fields = fields.named(name or "touchpoint")
        fields.only(*_TOUCHPOINT_KEYS)
        customer = fields.group("customer")
        if customer:
            customer.only("thinks", "feels")
        return Touchpoint(
            id=name,
            label=fields.label("label", self._language, name),
            kind=fields.choice("kind", ("contact", "action"), "contact"),
            channel=fields.text("channel"),
            owned_by=fields.choice("owned_by", _OWNERSHIP, "brand"),
            initiator=fields.choice("initiator", _INITIATORS, "company"),
            moment_of_truth=fields.flag("moment_of_truth"),
            consent=fields.choice("consent", _GROUNDS, _GROUNDS[0]) if fields.has("consent") else None,
            reached_within=fields.duration("reached_within"),
            owner=fields.text("owner"),
            signal=self._signal(fields, "signal"),
            sentiment=self._sentiment(fields),
            pains=tuple(self._pain(one, name) for one in fields.groups("pains")),
            targets=tuple(self._target(one) for one in fields.groups("targets")),
            initiatives=fields.texts("initiatives"),
            thinks=customer.text("thinks") if customer else "",
            feels=customer.whole("feels", low=-2, high=2) if customer else None,
            note=fields.text("note"),
            line=fields.line,
        )

    def _signal(self, fields: Fields, key: str) -> Signal:
        node = fields.node.entries.get(key)
        if isinstance(node, Mapped):
            inner = Fields(self._notes, node, fields.place)
            inner.only("none", "manual")
            signal = Signal(none=inner.text("none"), manual=inner.text("manual"))
            if not signal.none and not signal.manual:
                inner.wrong("none", Both("The signal says nothing.", "Das Signal sagt nichts."), _NO_SIGNAL)
            return signal
        word = fields.word(key)
        if word is None:
            return Signal()
        text = " ".join(word.text.split())
        what = Both("The signal cannot be read", "Das Signal ist nicht lesbar")
        return Signal(text, fields.tried(key, word, what, found_by))

    def _sentiment(self, fields: Fields) -> Sentiment | None:
        group = fields.group("sentiment")
        if group is None:
            return None
        group.only("survey", "metric", "text")
        if not group.has("survey"):
            group.missing("survey", Both("Name the survey that asks.", "Nennen Sie die Umfrage, die fragt."))
        return Sentiment(group.text("survey"), group.choice("metric", _FEELINGS, "csat"), group.texts("text"))

    def _pain(self, fields: Fields, touchpoint: str) -> Pain:
        name = fields.named(touchpoint).id("id")
        fields = fields.named(f"{touchpoint}, {name}")
        fields.only("id", "label", "severity", "evidence", "status", "owner")
        found = [self._evidence(node, fields) for node in fields.items("evidence")]
        return Pain(
            id=name,
            label=fields.label("label", self._language, name),
            severity=fields.choice("severity", _SEVERITIES, "medium"),
            evidence=tuple(one for one in found if one),
            status=fields.choice("status", _PAIN_STATES, "open"),
            owner=fields.text("owner"),
            line=fields.line,
        )

    def _evidence(self, node: Node, fields: Fields) -> Evidence | None:
        sort, word = "condition", node
        if isinstance(node, Mapped) and len(node.entries) == 1:
            inner = Fields(self._notes, node, fields.place)
            inner.only(*EVIDENCE)
            [(sort, word)] = node.entries.items()
            if sort not in EVIDENCE:
                return None
        if not isinstance(word, Word):
            self._notes.add(node.line, fields.place, Both("This is no evidence.", "Das ist kein Beleg."), _EVIDENCE)
            return None
        text = "" if sort == "assumption" and word.plain and word.text == "true" else " ".join(word.text.split())
        try:
            return evidence(sort, text, node.line)
        except BadCondition as wrong:
            self._notes.refused(
                word.line, fields.place, Both("The evidence cannot be read", "Der Beleg ist nicht lesbar"), wrong
            )
            return None

    def _target(self, fields: Fields) -> Target:
        fields.only("metric", "min", "max", "by")
        if not fields.has("metric"):
            fields.missing("metric", Both("Name the figure.", "Nennen Sie die Kennzahl."))
        if not fields.has("min") and not fields.has("max"):
            fields.missing("min", Both("Say `min:` or `max:`.", "Geben Sie `min:` oder `max:` an."))
        return Target(fields.text("metric"), fields.number("min"), fields.number("max"), fields.day("by"), fields.line)

    def _path(self, fields: Fields) -> Path:
        place = f"{fields.text('from') or '?'} → {fields.text('to') or '?'}"
        fields = fields.named(place)
        fields.only("from", "to", "within", "loop")
        start, end = fields.id("from"), fields.id("to")
        return Path(start, end, fields.duration("within"), fields.flag("loop"), fields.line)

    def _opportunity(self, fields: Fields) -> Opportunity:
        name = fields.named("opportunity").id("id")
        fields = fields.named(name or "opportunity")
        fields.only("id", "label", "pains", "score", "owner", "status")
        score = fields.group("score")
        if score:
            score.only("reach", "impact", "confidence", "effort_weeks")
            score.choice("reach", ("measured",), "measured")
        impact = score.number("impact", low=0, high=10) if score else None
        confidence = score.number("confidence", low=0, high=1) if score else None
        effort = score.number("effort_weeks", low=0.01, high=1000) if score else None
        return Opportunity(
            id=name,
            label=fields.label("label", self._language, name),
            pains=fields.texts("pains"),
            impact=1.0 if impact is None else impact,
            confidence=0.5 if confidence is None else confidence,
            effort_weeks=1.0 if effort is None else effort,
            owner=fields.text("owner"),
            status=fields.choice("status", OPPORTUNITY_STATES, "idea"),
            line=fields.line,
        )

    def _initiative(self, fields: Fields) -> DeclaredInitiative:
        name = fields.named("initiative").id("id")
        fields = fields.named(name or "initiative")
        fields.only("id", "label", "type", "ref", "status", "solves", "outcome", "evidence")
        outcome, proof = fields.group("outcome"), fields.group("evidence")
        if outcome:
            outcome.only("metric", "expected", "guardrails")
        if proof:
            proof.only("design", "reason", "holdout")
        return DeclaredInitiative(
            id=name,
            label=fields.label("label", self._language, name),
            sort=fields.text("type"),
            ref=fields.text("ref"),
            status=fields.choice("status", _INITIATIVE_STATES, "idea"),
            solves=fields.texts("solves"),
            metric=outcome.text("metric") if outcome else "",
            expected=outcome.number("expected") if outcome else None,
            guardrails=outcome.texts("guardrails") if outcome else (),
            design=proof.text("design") if proof else "",
            design_reason=proof.text("reason") if proof else "",
            holdout=proof.number("holdout", low=0, high=1) if proof else None,
            line=fields.line,
        )


OPPORTUNITY_STATES = ("idea", "planned", "in_work", "done", "dropped")
_KEYS = (
    "journey",
    "version",
    "label",
    "language",
    "tone",
    "unit",
    "personas",
    "segment",
    "entry",
    "goal",
    "phases",
    "paths",
    "opportunities",
    "initiatives",
    "note",
)
_TOUCHPOINT_KEYS = (
    "id",
    "label",
    "kind",
    "channel",
    "owned_by",
    "initiator",
    "moment_of_truth",
    "consent",
    "reached_within",
    "owner",
    "signal",
    "sentiment",
    "pains",
    "targets",
    "initiatives",
    "customer",
    "note",
)
_NO_SIGNAL = Both(
    'Write a kind of event, or `{none: "why there is none"}`, or `{manual: monthly}`.',
    'Schreiben Sie eine Ereignisart, oder `{none: "warum es keines gibt"}`, oder `{manual: monthly}`.',
)
_EVIDENCE = Both(
    "Write a condition, or one of `{interview: …}`, `{survey_theme: …}`, `{ticket_tag: …}`, `{return_reason: …}`, "
    "`{assumption: true}`.",
    "Schreiben Sie eine Bedingung, oder eines von `{interview: …}`, `{survey_theme: …}`, `{ticket_tag: …}`, "
    "`{return_reason: …}`, `{assumption: true}`.",
)
