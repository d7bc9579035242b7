"""Let a signal be chosen from what is seen in the data, with the same text beside it: no one needs to write it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy

from stammkunde.conditions import BadCondition, Selector, describe
from stammkunde.conditions.phrases import lasting
from stammkunde.conditions.tokens import quoted
from stammkunde.conditions.tree import Attribute, Comparison, Events, Nth, Number, Text
from stammkunde.events import kinds
from stammkunde.insights.journey_channels import Titles
from stammkunde.insights.journey_values import KindSeen
from stammkunde.journeys.document import Evidence, Signal, Silence
from stammkunde.journeys.editing import signal as signal_of
from stammkunde.workspace.formatting import number
from stammkunde.workspace.journeys.words import language
from stammkunde.workspace.segments.condition_errors import problem
from stammkunde.workspace.timeline import DETAILS

SORTS: Titles = {
    "events": gettext_lazy("an event in the data"),
    "silence": gettext_lazy("a silence after an event"),
    "none": gettext_lazy("nothing: it cannot be measured"),
    "manual": gettext_lazy("somebody counts by hand"),
    "text": gettext_lazy("as the text says"),
}
WHICH: Titles = {
    "": pgettext_lazy("event", "each one"),
    "1": pgettext_lazy("event", "only the first"),
    "2": pgettext_lazy("event", "only the second"),
    "3": pgettext_lazy("event", "only the third"),
    "4": pgettext_lazy("event", "only the fourth"),
    "5": pgettext_lazy("event", "only the fifth"),
}
UNITS: Titles = {
    "days": pgettext_lazy("clause", "days"),
    "weeks": pgettext_lazy("clause", "weeks"),
    "months": pgettext_lazy("clause", "months"),
}
_PLAIN = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_NAME = re.compile(r"[a-z][a-z0-9_.]{0,80}")
_VALUES_OFFERED = 40


@dataclass(frozen=True)
class SignalDraft:
    """What the form holds of a signal; `text` is always what the other fields say, or what was written."""

    sort: str = "events"
    kind: str = "order.placed"
    which: str = ""
    attribute: str = ""
    value: str = ""
    missing: str = "order.placed"
    amount: str = "60"
    unit: str = "days"
    none: str = ""
    manual: str = ""
    text: str = ""
    problem: str = ""

    @property
    def signal(self) -> Signal | None:
        """Return the signal, or None while the text cannot be read."""
        if self.problem:
            return None
        if self.sort == "none":
            return Signal(none=self.none or gettext("cannot be measured"))
        if self.sort == "manual":
            return Signal(manual=self.manual or "monthly")
        return signal_of(self.text)

    @property
    def sentence(self) -> str:
        """Say what the signal recognises."""
        found = self.signal
        return said(found) if found is not None else ""


@dataclass(frozen=True)
class KindChoice:
    """A kind of event to choose, with how often it is seen."""

    name: str
    title: str
    seen: bool


def said(signal: Signal) -> str:
    """Say by which sign somebody is recognised."""
    found = signal.found
    if isinstance(found, Silence):
        return gettext("%(event)s, then silent for %(time)s") % {
            "event": described(found.first),
            "time": lasting(found.length, language()),
        }
    return described(found) if found is not None else signal.none or signal.manual


def described(selector: Selector) -> str:
    """Say which events are meant."""
    return describe(selector, language())


def evidence_said(evidence: Evidence) -> str:
    """Say what a piece of evidence is: a condition in words, everything else as it is written."""
    if evidence.sort == "condition" and evidence.condition is not None:
        return describe(evidence.condition, language())
    return "" if evidence.text == "true" else evidence.text


def of_signal(signal: Signal) -> SignalDraft:
    """Return the form of a signal; what the form cannot say stays text."""
    if signal.none:
        return SignalDraft("none", none=signal.none)
    if signal.manual:
        return SignalDraft("manual", manual=signal.manual)
    if not signal.text:
        return SignalDraft("events", kind="", text="")
    found = signal.found
    if isinstance(found, Silence):
        simple = isinstance(found.first, Events) and isinstance(found.missing, Events)
        if simple and f"{found.length.unit}s" in UNITS:
            draft = SignalDraft(
                "silence",
                kind=_kind(found.first),
                missing=_kind(found.missing),
                amount=str(found.length.amount),
                unit=f"{found.length.unit}s",
            )
            return _kept(draft, signal)
    elif found is not None:
        return _kept(_of_selector(found), signal)
    return SignalDraft("text", text=signal.text)


def sent_signal(sent: Mapping[str, str]) -> SignalDraft:
    """Read what was sent: who has changed the text means the text, everybody else the form."""
    usual = SignalDraft()
    values = {
        name: sent.get(f"signal-{name}", getattr(usual, name)).strip()[:500]
        for name in SignalDraft.__dataclass_fields__
    }
    values["problem"], values["text"] = "", " ".join(sent.get("signal-text", "").split())[:2000]
    draft = SignalDraft(**values)
    if draft.sort not in SORTS:
        draft = replace(draft, sort="events")
    was = " ".join(sent.get("signal-was", "").split())
    if draft.text != was and draft.sort not in ("none", "manual"):
        return _from_text(draft)
    if draft.sort in ("none", "manual"):
        return replace(draft, text="")
    return _from_text(draft) if draft.sort == "text" else _from_form(draft)


def kind_choices(seen: Sequence[KindSeen], *chosen: str) -> list[KindChoice]:
    """Return the kinds to choose from: those seen with their counts first, then those we know of."""
    found = {one.kind: one for one in seen}
    choices = [KindChoice(one.kind, _with_count(one), seen=True) for one in seen]
    others = [name for name in (*kinds.KINDS, *chosen) if name and name not in found]
    return choices + [KindChoice(name, kind_title(name), seen=False) for name in dict.fromkeys(others)]


def attribute_choices(draft: SignalDraft, seen: Sequence[KindSeen]) -> list[tuple[str, str]]:
    """Return the attributes that events of the chosen kind have."""
    known = next((one for one in seen if one.kind == draft.kind), None)
    names = [one.name for one in known.attributes] if known else []
    if not names and draft.kind in kinds.KINDS:
        kind = kinds.KINDS[draft.kind]
        names = [name for name, sort in kind.attributes.items() if sort != "list" and name not in kind.private]
    if draft.attribute and draft.attribute not in names:
        names.append(draft.attribute)
    return [(name, str(DETAILS.get(name, name))) for name in names]


def value_choices(draft: SignalDraft, seen: Sequence[KindSeen]) -> list[tuple[str, str]]:
    """Return the values of the chosen attribute with how often they are seen."""
    known = next((one for one in seen if one.kind == draft.kind), None)
    attribute = next((one for one in known.attributes if one.name == draft.attribute), None) if known else None
    return [(value, number(count)) for value, count in attribute.values[:_VALUES_OFFERED]] if attribute else []


def kind_title(name: str) -> str:
    """Return what a kind of event is called."""
    known = kinds.KINDS.get(name)
    return gettext(known.title) if known else name


def _with_count(one: KindSeen) -> str:
    customers = ngettext("%(count)s customer", "%(count)s customers", one.customers) % {"count": number(one.customers)}
    events = ngettext("%(count)s event", "%(count)s events", one.events) % {"count": number(one.events)}
    return f"{kind_title(one.kind)} · {events}, {customers}"


def _from_text(draft: SignalDraft) -> SignalDraft:
    if not draft.text:
        return replace(draft, sort="events", kind="", text="")
    try:
        signal = signal_of(draft.text)
    except BadCondition as wrong:
        return replace(draft, sort="text", problem=problem(wrong).message)
    read = of_signal(signal)
    return replace(read, text=draft.text)


def _from_form(draft: SignalDraft) -> SignalDraft:
    if not draft.kind:
        return replace(draft, text="")
    try:
        text = _silence(draft) if draft.sort == "silence" else _events(draft)
        signal_of(text)
    except BadCondition as wrong:
        return replace(draft, problem=problem(wrong).message)
    except ValueError as lacking:
        return replace(draft, problem=str(lacking))
    return replace(draft, text=text)


def _events(draft: SignalDraft) -> str:
    if not _NAME.fullmatch(draft.kind):
        raise ValueError(gettext("Please choose a kind of event."))
    where = f" where {draft.attribute} = {_value(draft)}" if draft.attribute and draft.value else ""
    text = f"{draft.kind}{where}"
    return f"nth({text}, {draft.which})" if draft.which in WHICH and draft.which else text


def _silence(draft: SignalDraft) -> str:
    if not draft.amount.isdecimal() or not 0 < int(draft.amount) < 10_000:
        raise ValueError(gettext("Please give a whole number from 1 up."))
    unit = draft.unit if draft.unit in UNITS else "days"
    if not (_NAME.fullmatch(draft.kind) and _NAME.fullmatch(draft.missing)):
        raise ValueError(gettext("Please choose a kind of event."))
    return f"any({draft.kind}) then none({draft.missing}) for {draft.amount} {unit}"


def _value(draft: SignalDraft) -> str:
    known = kinds.KINDS.get(draft.kind)
    sort = known.attributes.get(draft.attribute) if known else None
    if sort in ("number", "money") and _PLAIN.fullmatch(draft.value.replace(",", ".")):
        return draft.value.replace(",", ".")
    return quoted(draft.value)


def _kept(draft: SignalDraft, signal: Signal) -> SignalDraft:
    """Keep the form only if it says exactly what the signal says."""
    again = _from_form(draft)
    same = not again.problem and signal_of(again.text).found == signal.found
    return replace(again, text=signal.text) if same else SignalDraft("text", text=signal.text)


def _of_selector(selector: Selector) -> SignalDraft:
    events = selector.events if isinstance(selector, Nth) else selector
    draft = SignalDraft("events", kind=events.kind, which=str(selector.n) if isinstance(selector, Nth) else "")
    match events.where:
        case Comparison("=", Attribute(name), Text(value)):
            return replace(draft, attribute=name, value=value)
        case Comparison("=", Attribute(name), Number(value)):
            return replace(draft, attribute=name, value=f"{value:g}")
    return draft


def _kind(selector: Selector) -> str:
    return selector.kind if isinstance(selector, Events) else ""
