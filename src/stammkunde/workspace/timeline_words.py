"""Say in words which trait of a customer changed from what to what, and which segment she entered or left, and why."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from stammkunde.conditions import Condition, phrases
from stammkunde.conditions.codes import decoded
from stammkunde.insights.daily_traits import GROUP, SOURCE
from stammkunde.segments import definitions
from stammkunde.segments.models import Segment
from stammkunde.segments.privacy import ADDRESS_TRAITS, names_members
from stammkunde.workspace.segments.draft import language

TRAIT = "trait.changed"
SEGMENTS = ("segment.entered", "segment.left")
WORDED = frozenset({TRAIT, *SEGMENTS})
# The three scores change almost daily and say nothing that the group does not say.
SCORED = Q(source=SOURCE) & ~Q(external_id__startswith=f"{GROUP}/")


class Words:
    """The words of one page of a timeline; whoever may not see addresses learns of none."""

    def __init__(self, *, personal: bool) -> None:
        self._personal = personal

    def title(self, kind: str, attributes: Mapping[str, Any]) -> str:
        """Return what happened in one line; empty when the name of the kind says it all."""
        if kind == TRAIT:
            return self._trait(attributes)
        if kind in SEGMENTS and self._may_name(attributes):
            return self._segment(kind, str(attributes.get("segment", "")))
        return ""

    def details(self, kind: str, attributes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield why a segment was entered or left."""
        if kind not in SEGMENTS or not self._may_name(attributes):
            return
        reason = attributes.get("grund" if language() == "de" else "reason")
        if isinstance(reason, str) and reason:
            yield gettext("Reason"), reason
        causes = {
            "event": gettext("something happened"),
            "time": gettext("time went by"),
            "definition": gettext("the segment was changed"),
            "recount": gettext("everything was counted anew"),
        }
        cause = causes.get(str(attributes.get("cause")))
        if cause:
            yield gettext("Because"), cause

    def _trait(self, attributes: Mapping[str, Any]) -> str:
        trait = str(attributes.get("trait", ""))
        if not trait or (trait in ADDRESS_TRAITS and not self._personal):
            return ""
        before, after = (self._said(trait, attributes.get(name)) for name in ("before", "after"))
        values = {"trait": phrases.named(trait, language()), "before": before, "after": after}
        if not after:
            said = gettext("%(trait)s: %(before)s no longer") if before else gettext("%(trait)s: unknown again")
        elif before and before != after:
            said = gettext("%(trait)s: %(after)s instead of %(before)s")
        else:
            said = gettext("%(trait)s: %(after)s")
        whole = said % values
        return whole[:1].upper() + whole[1:]

    def _said(self, trait: str, value: Any) -> str:
        if value is None or isinstance(value, dict | list):
            return ""
        found = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
        return phrases.said(decoded(trait, found, language()), language())

    def _segment(self, kind: str, name: str) -> str:
        title = self._titles.get(name, name)
        if kind == SEGMENTS[0]:
            return gettext("Entered the segment “%(title)s”") % {"title": title}
        return gettext("Left the segment “%(title)s”") % {"title": title}

    def _may_name(self, attributes: Mapping[str, Any]) -> bool:
        """A segment that is gone may have asked anything: whoever may not see addresses is not told."""
        name = str(attributes.get("segment", ""))
        return self._personal or (name in self._known and names_members(name, self._known, personal=False))

    @cached_property
    def _known(self) -> Mapping[str, Condition]:
        return definitions.conditions()

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {segment.name: segment.title_in(language()) for segment in Segment.objects.all()}
