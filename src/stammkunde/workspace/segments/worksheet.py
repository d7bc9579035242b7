"""Ask for the picture of the customer one wishes for, question by question, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.segments.models import Segment
from stammkunde.segments.personas import Persona
from stammkunde.workspace.segments.draft import language

if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[Segment]
else:
    _ModelChoiceField = forms.ModelChoiceField

_LENGTH = 4000


@dataclass(frozen=True)
class Step:
    """One step of the worksheet: what it is about, and its questions."""

    title: Promise
    about: Promise
    questions: tuple[tuple[str, Promise, Promise], ...]


STEPS: tuple[Step, ...] = (
    Step(
        _("How it begins for her"),
        _("Nobody looks for a shop. People look for a way out of something, or into something."),
        (
            ("problem", _("What bothers her?"), _("The thing she has carried about for a while.")),
            (
                "moment",
                _("When does she not want to put up with it any longer?"),
                _("The moment in which she begins to look."),
            ),
            ("search", _("Where does she look, and with which words?"), _("What she types, whom she asks.")),
        ),
    ),
    Step(
        _("What she wishes for"),
        _("Wishes can be said aloud. Longings lie beneath."),
        (
            ("wishes", _("What does she wish for?"), _("What she would answer if you asked her.")),
            ("longings", _("What does she long for?"), _("What her life should feel like afterwards.")),
        ),
    ),
    Step(
        _("What holds her back"),
        _("Who knows the objections can answer them before they are raised."),
        (
            ("pains", _("What annoys her on the way?"), _("With you, with others, with the product.")),
            ("objections", _("What speaks against buying, in her view?"), _("Price, time, doubts, bad experience.")),
            ("proof", _("What would convince her?"), _("A trial, a voice she trusts, a promise kept.")),
        ),
    ),
    Step(
        _("How she speaks"),
        _("Texts work when they sound like her, not like you."),
        (
            ("words", _("Which words does she use?"), _("Whole sentences from letters, calls and reviews are best.")),
            ("never", _("Which words does she never use?"), _("The jargon of your trade.")),
        ),
    ),
    Step(
        _("What she tells others"),
        _("Whoever comes on a recommendation was won by somebody else's sentence."),
        (
            ("praise", _("With which sentence would she recommend you?"), _("Write it as she would say it.")),
            (
                "after",
                _("What does she need after buying to come again?"),
                _("Guidance, thanks, something only regulars get."),
            ),
        ),
    ),
)
QUESTIONS = tuple(name for step in STEPS for name, _label, _hint in step.questions)
PICTURE = ("city", "category", "order_value", "per_year")


class SegmentField(_ModelChoiceField):
    """A segment, offered by its title."""

    def label_from_instance(self, obj: Segment) -> str:
        """Return the title in the reader's language."""
        return obj.title_in(language())


class PersonaForm(forms.Form):
    """The worksheet: who she is, what can be checked, and the questions."""

    name = forms.CharField(
        max_length=120, label=_("What is she called?"), help_text=_("A first name makes her real: Eva, Herr Kaya …")
    )
    segment = SegmentField(
        Segment.objects.order_by("title", "name"),
        required=False,
        label=_("Which of your customers is she like?"),
        help_text=_("The segment against which the picture is checked."),
        empty_label=_("all customers"),
    )
    tone = forms.ChoiceField(
        required=False,
        label=_("How does she want to be addressed?"),
        choices=[("", _("not known yet")), ("du", _("informal (du)")), ("sie", _("formal (Sie)"))],
    )
    city = forms.CharField(required=False, max_length=120, label=_("Where does she live?"), help_text=_("One city."))
    category = forms.CharField(
        required=False,
        max_length=120,
        label=_("What does she buy above all?"),
        help_text=_("One category of your shop."),
    )
    order_value = forms.DecimalField(
        required=False,
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
        label=_("How much does she spend on an order?"),
    )
    per_year = forms.DecimalField(
        required=False, min_value=0, max_value=366, decimal_places=1, label=_("How often does she order in a year?")
    )

    def __init__(self, sent: Mapping[str, Any] | None, *, persona: Persona | None) -> None:
        super().__init__(sent, initial=_initial(persona), auto_id="persona_%s")
        for step in STEPS:
            for name, label, hint in step.questions:
                widget = forms.Textarea({"rows": 3, "maxlength": _LENGTH})
                self.fields[name] = forms.CharField(
                    required=False, max_length=_LENGTH, label=str(label), help_text=str(hint), widget=widget
                )

    @property
    def steps(self) -> list[tuple[Step, list[forms.BoundField]]]:
        """Return the steps with their fields."""
        return [(step, [self[name] for name, _label, _hint in step.questions]) for step in STEPS]

    @property
    def checkable(self) -> list[forms.BoundField]:
        """Return what can be held against the data."""
        return [self[name] for name in ("tone", *PICTURE)]


def _initial(persona: Persona | None) -> dict[str, Any]:
    if persona is None:
        return {}
    own = {"name": persona.name, "segment": persona.segment_id, "tone": persona.tone}
    return {**own, **persona.picture, **persona.answers}
