"""Describe one phase in a form."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from stammkunde.journeys import editing
from stammkunde.journeys.document import Journey, Phase
from stammkunde.workspace.journeys import words

_OTHER = {"de": "en", "en": "de"}


class PhaseForm(forms.Form):
    """What a phase is called, where it stands, what customers think there."""

    title = forms.CharField(max_length=120, label=gettext_lazy("Name"))
    other_title = forms.CharField(required=False, max_length=120)
    stage = forms.ChoiceField(label=gettext_lazy("When"))
    parent = forms.ChoiceField(required=False, label=gettext_lazy("Part of the phase"))
    note = forms.CharField(required=False, max_length=300, label=gettext_lazy("What customers think in this phase"))

    def __init__(self, sent: Mapping[str, str] | None, *, journey: Journey, phase: Phase) -> None:
        texts = dict(phase.label.texts)
        initial = {
            "title": words.named(phase.label),
            "other_title": texts.get(_OTHER[words.language()], "") if words.language() in texts else "",
            "stage": phase.stage,
            "parent": phase.parent,
            "note": phase.note,
        }
        super().__init__(sent, initial=initial, auto_id="phase_%s")
        self._phase, self._below = phase, _below(journey, phase.id)
        titles = {"de": gettext_lazy("Name in German"), "en": gettext_lazy("Name in English")}
        self.fields["other_title"].label = titles[_OTHER[words.language()]]
        self._choose("stage", [(name, str(title)) for name, title in words.STAGES.items()])
        others = [(one.id, words.named(one.label)) for one in journey.phases if one.id != phase.id]
        self._choose("parent", [("", str(pgettext_lazy("phase", "none, it stands alone"))), *others])

    def clean_parent(self) -> str:
        """Refuse a phase that lies below this one."""
        parent = str(self.cleaned_data["parent"])
        if parent in self._below:
            raise forms.ValidationError(gettext("That phase is itself a part of this one."))
        return parent

    def values(self) -> dict[str, object]:
        """Return what is to be set; call it with a valid form only."""
        data = self.cleaned_data
        label = editing.renamed(self._phase.label, data["title"], words.language())
        label = editing.renamed(label, data["other_title"], _OTHER[words.language()])
        return {"label": label, "stage": data["stage"], "parent": data["parent"], "note": data["note"]}

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _below(journey: Journey, name: str) -> set[str]:
    """Return the phases that lie below one, at any depth."""
    found = {name}
    while more := {one.id for one in journey.phases if one.parent in found} - found:
        found |= more
    return found - {name}
