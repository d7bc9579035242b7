"""Codes are called in sentences as they are called on the pages."""

import pytest
from django.utils.translation import gettext, override

from stammkunde.conditions import describe, parse
from stammkunde.conditions.codes import CODES
from stammkunde.metrics import GROUPS


@pytest.mark.parametrize(("language", "place"), [("de", 0), ("en", 1)])
def test_groups_bear_the_names_of_the_rfm_page(language: str, place: int) -> None:
    with override(language):
        pages = {group.name: gettext(group.title) for group in GROUPS}
    assert pages == {code: names[place] for code, names in CODES["rfm_group"].items()}


def test_sentences_say_names_and_not_codes() -> None:
    assert "RFM-Gruppe ist „Gefährdet“" == describe(parse('rfm_group = "at_risk"'), "de")
    assert "RFM group is one of “At risk”, “other”" == describe(parse('rfm_group in ("at_risk", "other")'), "en")
    assert "city is “at_risk”" == describe(parse('customer.city = "at_risk"'), "en")
