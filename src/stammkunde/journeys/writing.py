"""Write a map as YAML: one normal form, which reads back as the same map."""

from datetime import date
from typing import Any, TypeAlias

import yaml

from stammkunde.journeys.document import (
    DeclaredInitiative,
    Evidence,
    Journey,
    Label,
    Opportunity,
    Pain,
    Path,
    Phase,
    Signal,
    Target,
    Touchpoint,
)
from stammkunde.journeys.signals import duration_text

Piece: TypeAlias = "str | bool | int | float | date | list[Piece] | dict[str, Piece] | None"


def written(journey: Journey) -> str:
    """Return the YAML text of a map; what is as it always is, is left out. Comments are not part of a map."""
    return yaml.dump(
        _journey(journey), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110, default_flow_style=False
    )


class _OneLine(dict[str, Any]):
    """Keys that stand in one line."""


class _Words(list[str]):
    """Short names that stand in one line."""


class _Dumper(yaml.SafeDumper):
    """Write what `reading` reads: no anchors, short groups in one line, lists indented."""

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists below their key."""
        super().increase_indent(flow, False)


_Dumper.add_representer(
    _OneLine, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)
)
_Dumper.add_representer(
    _Words, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def _kept(pieces: dict[str, Any]) -> dict[str, Any]:
    """Leave out what says nothing."""
    return {key: value for key, value in pieces.items() if value is not None and value != "" and value != []}


def _short(pieces: dict[str, Any]) -> _OneLine:
    return _OneLine(_kept(pieces))


def _journey(journey: Journey) -> dict[str, Any]:
    own = journey.language
    goal = journey.goal
    return _kept(
        {
            "journey": journey.id,
            "version": journey.version,
            "label": _label(journey.label, own),
            "language": own,
            "tone": journey.tone,
            "unit": journey.unit,
            "personas": _Words(journey.personas),
            "segment": journey.segment,
            "note": journey.note,
            "entry": _signal(journey.entry) if journey.entry else None,
            "goal": _short({"touchpoint": goal.touchpoint, "within": _time(goal.within)}) if goal else None,
            "phases": [_phase(one, own) for one in journey.phases],
            "paths": [_path(one) for one in journey.paths],
            "opportunities": [_opportunity(one, own) for one in journey.opportunities],
            "initiatives": [_initiative(one, own) for one in journey.initiatives],
        }
    )


def _label(label: Label, own: str) -> Any:
    texts = dict(label.texts)
    return texts[own] if list(texts) == [own] else _short(texts)


def _time(duration: Any) -> str | None:
    return duration_text(duration) if duration else None


def _unless(value: Any, usual: Any) -> Any:
    return None if value == usual else value


def _signal(signal: Signal) -> Any:
    if signal.text:
        return signal.text
    return _short({"none": signal.none, "manual": signal.manual}) or None


def _phase(phase: Phase, own: str) -> dict[str, Any]:
    return _kept(
        {
            "id": phase.id,
            "label": _label(phase.label, own),
            "parent": phase.parent,
            "stage": phase.stage,
            "maps_to": phase.maps_to,
            "note": phase.note,
            "touchpoints": [_touchpoint(one, own) for one in phase.touchpoints],
        }
    )


def _touchpoint(one: Touchpoint, own: str) -> dict[str, Any]:
    feeling = one.sentiment
    return _kept(
        {
            "id": one.id,
            "label": _label(one.label, own),
            "kind": _unless(one.kind, "contact"),
            "channel": one.channel,
            "owned_by": _unless(one.owned_by, "brand"),
            "initiator": one.initiator,
            "moment_of_truth": True if one.moment_of_truth else None,
            "consent": one.consent,
            "reached_within": _time(one.reached_within),
            "owner": one.owner,
            "signal": _signal(one.signal),
            "sentiment": _short({"survey": feeling.survey, "metric": feeling.metric, "text": _Words(feeling.text)})
            if feeling
            else None,
            "customer": _short({"thinks": one.thinks, "feels": one.feels}) or None,
            "pains": [_pain(pain, own) for pain in one.pains],
            "targets": [_target(target) for target in one.targets],
            "initiatives": _Words(one.initiatives),
            "note": one.note,
        }
    )


def _pain(pain: Pain, own: str) -> dict[str, Any]:
    return _kept(
        {
            "id": pain.id,
            "label": _label(pain.label, own),
            "severity": _unless(pain.severity, "medium"),
            "status": _unless(pain.status, "open"),
            "owner": pain.owner,
            "evidence": [_evidence(one) for one in pain.evidence],
        }
    )


def _evidence(one: Evidence) -> Any:
    if one.sort == "condition":
        return one.text
    return _OneLine({one.sort: one.text or True})


def _target(target: Target) -> _OneLine:
    return _short({"metric": target.metric, "min": _number(target.min), "max": _number(target.max), "by": target.by})


def _number(value: float | None) -> Any:
    return int(value) if value is not None and value == int(value) and abs(value) < 1e15 else value


def _path(path: Path) -> _OneLine:
    loop = True if path.loop else None
    return _short({"from": path.start, "to": path.end, "within": _time(path.within), "loop": loop})


def _opportunity(one: Opportunity, own: str) -> dict[str, Any]:
    score = {
        "reach": "measured",
        "impact": _number(one.impact),
        "confidence": _number(one.confidence),
        "effort_weeks": _number(one.effort_weeks),
    }
    return _kept(
        {
            "id": one.id,
            "label": _label(one.label, own),
            "pains": _Words(one.pains),
            "score": _OneLine(score),
            "owner": one.owner,
            "status": _unless(one.status, "idea"),
        }
    )


def _initiative(one: DeclaredInitiative, own: str) -> dict[str, Any]:
    outcome = {"metric": one.metric, "expected": _number(one.expected), "guardrails": _Words(one.guardrails)}
    proof = {"design": one.design, "reason": one.design_reason, "holdout": _number(one.holdout)}
    return _kept(
        {
            "id": one.id,
            "label": _label(one.label, own),
            "type": one.sort,
            "ref": one.ref,
            "status": one.status,
            "solves": _Words(one.solves),
            "outcome": _short(outcome) or None,
            "evidence": _short(proof) or None,
        }
    )
