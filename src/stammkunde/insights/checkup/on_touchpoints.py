"""Answer what a map's live figures know: which touchpoints can be seen, and what is used after the purchase."""

from stammkunde.insights.checkup.answers import Answer, unknown
from stammkunde.insights.checkup.known import Known
from stammkunde.insights.checkup.on_maps import NO_MAP
from stammkunde.metrics.wording import Sentence


def known_by_figures(known: Known) -> Answer:
    """Answer s2.2."""
    return unknown(Sentence(NO_MAP), "journey")


def after_the_purchase(known: Known) -> Answer:
    """Answer q3."""
    return unknown(Sentence(NO_MAP), "journey")
