"""Give the scores names that a shop owner can act on: champions, loyal customers, at risk."""

from dataclasses import dataclass

from stammkunde.metrics.wording import gettext_noop


@dataclass(frozen=True)
class Group:
    """A named part of the R × F × M cube with one plain sentence on what to do."""

    name: str
    title: str
    advice: str
    areas: tuple[tuple[str, str, str], ...]

    def holds(self, r: int, f: int, m: int) -> bool:
        """Tell whether customers with these scores belong here."""
        return any(str(r) in rs and str(f) in fs and str(m) in ms for rs, fs, ms in self.areas)


_ANY = "12345"
GROUPS = (
    Group(
        "champions",
        gettext_noop("Champions"),
        gettext_noop("They buy often, and more recently than most: thank them, and ask them to recommend you."),
        (("5", "45", _ANY),),
    ),
    Group(
        "loyal",
        gettext_noop("Loyal customers"),
        gettext_noop("They buy often: keep them with service and small surprises rather than discounts."),
        (("34", "45", _ANY),),
    ),
    Group(
        "potential_loyalists",
        gettext_noop("Potential loyalists"),
        gettext_noop("They come back, and did so more recently than most: show them what suits their first purchases."),
        (("45", "23", _ANY),),
    ),
    Group(
        "new",
        gettext_noop("New customers"),
        gettext_noop(
            "They have few orders so far, the last more recent than most: help them enjoy it, the next order decides."
        ),
        (("5", "1", _ANY),),
    ),
    Group(
        "promising",
        gettext_noop("Promising"),
        gettext_noop("They have few orders so far, the last rather recent among all: give them a reason for the next."),
        (("4", "1", _ANY),),
    ),
    Group(
        "needs_attention",
        gettext_noop("Need attention"),
        gettext_noop("Average in everything and getting quieter: remind them of what they liked."),
        (("3", "3", _ANY),),
    ),
    Group(
        "about_to_sleep",
        gettext_noop("About to fall asleep"),
        gettext_noop("They bought rarely and it is a while ago: win them back now, later it costs more."),
        (("3", "12", _ANY),),
    ),
    Group(
        "cannot_lose",
        gettext_noop("Must not be lost"),
        gettext_noop(
            "They were among your best and have stayed away longer than most: get in touch in person and ask why."
        ),
        (("12", "5", _ANY), ("12", "34", "5")),
    ),
    Group(
        "at_risk",
        gettext_noop("At risk"),
        gettext_noop("They used to come regularly and stay away: ask what is missing and make it easy to return."),
        (("12", "34", "1234"),),
    ),
    Group(
        "hibernating",
        gettext_noop("Hibernating"),
        gettext_noop("They bought rarely and long ago: write seldom, with something really new."),
        (("2", "12", _ANY),),
    ),
    Group(
        "lost",
        gettext_noop("Lost"),
        gettext_noop("They bought rarely and longest ago: do not spend money on them."),
        (("1", "12", _ANY),),
    ),
)


def group_of(r: int, f: int, m: int) -> int:
    """Return the number of the group in GROUPS that holds the scores (1 to 5 each).

    >>> GROUPS[group_of(5, 5, 5)].name, GROUPS[group_of(1, 4, 5)].name
    ('champions', 'cannot_lose')
    """
    return next(number for number, group in enumerate(GROUPS) if group.holds(r, f, m))
