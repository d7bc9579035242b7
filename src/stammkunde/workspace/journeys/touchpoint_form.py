"""Describe one touchpoint in a form: what it is, by which sign it is recognised, what hurts there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from stammkunde.conditions import BadCondition
from stammkunde.insights.journey_channels import Titles
from stammkunde.journeys import editing
from stammkunde.journeys.document import Evidence, Journey, Label, Pain, PainStatus, Sentiment, Signal, Touchpoint
from stammkunde.journeys.signals import duration_text, evidence
from stammkunde.workspace.journeys import words
from stammkunde.workspace.journeys.changes import Change, length_sent
from stammkunde.workspace.segments.condition_errors import problem

_OTHER = {"de": "en", "en": "de"}
MOST_PAINS = 20


class TouchpointForm(forms.Form):
    """What a touchpoint is; the signal and the pains stand in forms of their own beside it."""

    title = forms.CharField(max_length=120, label=gettext_lazy("Name"))
    other_title = forms.CharField(required=False, max_length=120)
    phase = forms.ChoiceField(label=gettext_lazy("Phase"))
    kind = forms.ChoiceField(label=gettext_lazy("It is"))
    channel = forms.CharField(required=False, max_length=40, label=gettext_lazy("Channel"))
    owned_by = forms.ChoiceField(label=gettext_lazy("In whose hands it is"))
    initiator = forms.ChoiceField(label=gettext_lazy("Who begins"))
    consent = forms.ChoiceField(required=False, label=gettext_lazy("Legal ground, if we send something"))
    owner = forms.CharField(required=False, max_length=80, label=gettext_lazy("Who looks after it"))
    reached_within = forms.CharField(
        required=False,
        max_length=20,
        label=gettext_lazy("Should be reached within"),
        help_text=gettext_lazy("Times like 7d, 3 weeks or 12 hours."),
    )
    moment_of_truth = forms.BooleanField(required=False, label=gettext_lazy("Moment of truth"))
    thinks = forms.CharField(required=False, max_length=300, label=gettext_lazy("What the customer thinks here"))
    survey = forms.CharField(required=False, max_length=80, label=gettext_lazy("Feeling asked in the survey"))
    metric = forms.ChoiceField(required=False, label=gettext_lazy("as"))
    note = forms.CharField(
        required=False, max_length=1000, label=gettext_lazy("Note"), widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, sent: Mapping[str, str] | None, *, journey: Journey, touchpoint: Touchpoint) -> None:
        super().__init__(sent, initial=_initial(journey, touchpoint), auto_id="tp_%s")
        titles = {"de": gettext_lazy("Name in German"), "en": gettext_lazy("Name in English")}
        self.fields["other_title"].label = titles[_OTHER[words.language()]]
        self._choose("phase", [(one.id, words.named(one.label)) for one in journey.phases])
        self._offer("kind", words.KINDS, touchpoint.kind)
        self._offer("owned_by", words.OWNERSHIP, touchpoint.owned_by)
        self._offer("initiator", words.INITIATORS, touchpoint.initiator)
        none = [("", str(pgettext_lazy("legal ground", "none")))]
        self._choose("consent", none + [(name, str(title)) for name, title in words.GROUNDS.items()])
        self._choose("metric", [(name, str(title)) for name, title in words.FEELINGS.items()])
        self.fields["channel"].widget.attrs["list"] = "channels"

    def clean_reached_within(self) -> str:
        """Refuse a length of time that cannot be read."""
        text = str(self.cleaned_data["reached_within"]).strip()
        try:
            length_sent(text)
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        return text

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _offer(self, name: str, titles: Titles, now: str) -> None:
        choices = [(value, str(title)) for value, title in titles.items()]
        self._choose(name, choices if now in titles else [*choices, (now, now)])


@dataclass(frozen=True)
class PainRow:
    """One pain as the form holds it; `sort` and `text` are its first evidence that is no assumption."""

    id: str
    label: str
    severity: str = "medium"
    status: str = "open"
    sort: str = "assumption"
    text: str = ""
    more: int = 0
    place: int = 0
    problem: str = ""


def pain_rows(touchpoint: Touchpoint) -> list[PainRow]:
    """Return the pains of a touchpoint as rows, and an empty one for the next."""
    rows = []
    for place, pain in enumerate(touchpoint.pains):
        first = pain.evidence[0] if pain.evidence else Evidence("assumption", "")
        rows.append(
            PainRow(
                pain.id,
                words.named(pain.label),
                pain.severity,
                pain.status,
                first.sort,
                first.text,
                max(len(pain.evidence) - 1, 0),
                place,
            )
        )
    return [*rows, PainRow("", "", place=len(rows))]


def rows_sent(sent: Mapping[str, str]) -> list[PainRow]:
    """Read the rows of pains; one whose evidence cannot be read says why."""
    rows = []
    for place in range(MOST_PAINS + 1):
        if f"pain-{place}-label" not in sent:
            break
        values = {
            name: sent.get(f"pain-{place}-{name}", "").strip()[:300]
            for name in ("id", "label", "severity", "status", "sort", "text")
        }
        rows.append(
            PainRow(
                values["id"],
                values["label"],
                values["severity"],
                values["status"],
                values["sort"],
                values["text"],
                place=place,
                problem=_wrong(values["sort"], values["text"]) if values["label"] else "",
            )
        )
    return rows


def change_of(
    journey: Journey, touchpoint: Touchpoint, form: TouchpointForm, signal: Signal, rows: list[PainRow]
) -> Change:
    """Return the one change that the whole form makes; call it with a valid form only."""
    data = form.cleaned_data
    label = editing.renamed(touchpoint.label, data["title"], words.language())
    label = editing.renamed(label, data["other_title"], _OTHER[words.language()])
    values = {
        "label": label,
        "kind": data["kind"],
        "channel": data["channel"],
        "owned_by": data["owned_by"],
        "initiator": data["initiator"],
        "consent": data["consent"] or None,
        "owner": data["owner"],
        "reached_within": length_sent(data["reached_within"]),
        "moment_of_truth": data["moment_of_truth"],
        "thinks": data["thinks"],
        "note": data["note"],
        "sentiment": _sentiment(touchpoint, data["survey"], data["metric"]),
        "signal": signal,
        "pains": _pains(journey, touchpoint, rows),
    }
    phase, name = data["phase"], touchpoint.id

    def operation(now: Journey) -> Journey:
        changed = editing.set_touchpoint(now, name, **values)
        return changed if now.phase_of(name).id == phase else editing.move_touchpoint(changed, name, phase)

    return Change(operation, gettext("“%(name)s” described") % {"name": data["title"]})


def _initial(journey: Journey, touchpoint: Touchpoint) -> dict[str, object]:
    texts = dict(touchpoint.label.texts)
    return {
        "title": words.named(touchpoint.label),
        "other_title": texts.get(_OTHER[words.language()], "") if words.language() in texts else "",
        "phase": journey.phase_of(touchpoint.id).id,
        "kind": touchpoint.kind,
        "channel": touchpoint.channel,
        "owned_by": touchpoint.owned_by,
        "initiator": touchpoint.initiator,
        "consent": touchpoint.consent or "",
        "owner": touchpoint.owner,
        "reached_within": duration_text(touchpoint.reached_within) if touchpoint.reached_within else "",
        "moment_of_truth": touchpoint.moment_of_truth,
        "thinks": touchpoint.thinks,
        "survey": touchpoint.sentiment.survey if touchpoint.sentiment else "",
        "metric": touchpoint.sentiment.metric if touchpoint.sentiment else "nps",
        "note": touchpoint.note,
    }


def _sentiment(touchpoint: Touchpoint, survey: str, metric: str) -> Sentiment | None:
    if not survey:
        return None
    texts = touchpoint.sentiment.text if touchpoint.sentiment else ()
    return Sentiment(survey, "csat" if metric == "csat" else "ces" if metric == "ces" else "nps", texts)


def _pains(journey: Journey, touchpoint: Touchpoint, rows: list[PainRow]) -> tuple[Pain, ...]:
    known = {pain.id: pain for pain in touchpoint.pains}
    found: list[Pain] = []
    for row in rows:
        if not row.label:
            continue
        taken = [pain.id for pain in found]
        old = known.get(row.id) or Pain(editing.free_id(journey, row.label, others=taken), Label(()))
        first = evidence(row.sort, row.text or ("true" if row.sort == "assumption" else ""))
        same = bool(old.evidence) and (old.evidence[0].sort, old.evidence[0].text) == (row.sort, row.text)
        found.append(
            Pain(
                id=old.id,
                label=editing.renamed(old.label, row.label, words.language()),
                severity="high" if row.severity == "high" else "low" if row.severity == "low" else "medium",
                evidence=old.evidence if same else (first, *old.evidence[1:]),
                status=_status(row.status),
                owner=old.owner,
            )
        )
    return tuple(found)


def _status(text: str) -> PainStatus:
    states: tuple[PainStatus, ...] = get_args(PainStatus)
    return next((state for state in states if state == text), "open")


def _wrong(sort: str, text: str) -> str:
    if sort not in words.EVIDENCE:
        return gettext("Please choose where this is known from.")
    if sort == "condition" and not text:
        return gettext("Please write the condition.")
    try:
        evidence(sort, text)
    except BadCondition as wrong:
        return problem(wrong).message
    return ""
