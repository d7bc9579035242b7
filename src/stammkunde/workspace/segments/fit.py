"""Let a text be held against a persona before it is sent: notes in plain words, nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stammkunde.accounts import audit
from stammkunde.segments.personas import Persona
from stammkunde.segments.rules.text_fit import Note, Picture, Rule, notes

LONGEST = 20_000
_SAID: Mapping[Rule, tuple[Promise, Promise]] = {
    "tone_mixed": (_("Du and Sie in one text"), _("Stay with one form of address: %(seen)s.")),
    "tone_wrong": (_("Another form of address"), _("She wants to be addressed with %(about)s; here stands %(seen)s.")),
    "tone_right": (_("The right form of address"), _("As she wishes: %(seen)s.")),
    "nobody_addressed": (_("Nobody is addressed"), _("The text speaks to nobody: say what it means for her.")),
    "own_words": (_("Her own words"), _("She would say it like this: %(seen)s.")),
    "no_own_words": (_("None of her words"), _("Nothing sounds like her yet; she says, for instance: %(seen)s.")),
    "never_words": (_("Words she never uses"), _("Say it differently: %(seen)s.")),
    "pain_touched": (_("Touches what bothers her"), _("“%(about)s”: by %(seen)s.")),
    "no_pain": (_("What bothers her is missing"), _("Nothing of this is touched: %(seen)s.")),
    "wish_touched": (_("Touches what she wishes for"), _("“%(about)s”: by %(seen)s.")),
    "no_wish": (_("What she wishes for is missing"), _("Nothing of this is touched: %(seen)s.")),
    "objection_answered": (_("Speaks to an objection"), _("“%(about)s”: by %(seen)s. Read whether that answers it.")),
    "objection_open": (_("An objection stays open"), _("“%(about)s”: the text says nothing about it.")),
    "proof_given": (_("Offers what convinces her"), _("“%(about)s”: by %(seen)s.")),
    "no_proof": (_("What would convince her is missing"), _("Nothing of this is touched: %(seen)s.")),
    "more_we": (_("More of us than of her"), _("We and our: %(first)s times; you and your: %(second)s times.")),
    "long_sentences": (_("Long sentences"), _("More than 24 words, beginning with: %(seen)s.")),
    "shouting": (_("Many exclamation marks"), _("%(first)s of them: one is plenty.")),
}


@dataclass(frozen=True)
class NoteView:
    """One note in words; `good` speaks for the text."""

    title: str
    text: str
    good: bool


@dataclass(frozen=True)
class Fit:
    """A text, and the notes on it; None while there is no text."""

    text: str = ""
    notes: list[NoteView] | None = None

    @property
    def sentence(self) -> str:
        """Say how many places there are to look at."""
        if self.notes is None:
            return ""
        open_ones = sum(not note.good for note in self.notes)
        if not open_ones:
            return gettext("The rules find nothing to look at. Read it aloud all the same.")
        said = ngettext("%(count)s place to look at.", "%(count)s places to look at.", open_ones)
        return said % {"count": open_ones}


def fit_sent(request: HttpRequest, persona: Persona) -> Fit:
    """Return the notes on the text that was sent; the text is kept nowhere."""
    audit.nothing_changed()
    text = request.POST.get("text", "").replace("\r\n", "\n")[:LONGEST]
    if not text.strip():
        return Fit(text)
    return Fit(text, [_view(note) for note in notes(text, picture_of(persona))])


def picture_of(persona: Persona) -> Picture:
    """Return what the persona's worksheet says, as the rules need it."""
    told = {name: str(answer) for name, answer in persona.answers.items()}
    both = {"pains": ("problem", "pains"), "wishes": ("wishes", "longings")}
    joined = {name: "\n".join(told.get(part, "") for part in parts) for name, parts in both.items()}
    return Picture(
        tone=persona.tone,
        words=told.get("words", ""),
        never=told.get("never", ""),
        pains=joined["pains"],
        wishes=joined["wishes"],
        objections=told.get("objections", ""),
        proof=told.get("proof", ""),
    )


def _view(note: Note) -> NoteView:
    title, text = _SAID[note.rule]
    about = {"du": "du", "sie": "Sie"}.get(note.about, note.about) if note.rule.startswith("tone") else note.about
    values = {
        "about": about,
        "seen": ", ".join(gettext("“%(word)s”") % {"word": word} for word in note.seen),
        "first": note.seen[0] if note.seen else "",
        "second": note.seen[1] if len(note.seen) > 1 else "",
    }
    return NoteView(str(title), str(text) % values, note.good)
