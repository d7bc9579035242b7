"""Zero characters are refused alike on both databases, in addresses, forms and JSON."""

import pytest

from tests.staff import Enter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/customers?q=a%00", "/api/v1/segments/a%00b", "/api/v1/figures?segment=a%00"])
def test_an_address_with_a_zero_is_refused(enter: Enter, address: str) -> None:
    assert 400 == enter("owner").get(address).status_code


def test_a_form_or_a_document_with_a_zero_is_refused(enter: Enter) -> None:
    olga = enter("owner")
    assert 400 == olga.post("/account", "name=a%00b", content_type="application/x-www-form-urlencoded").status_code
    body = b'{"condition": "any(order.placed where coupon = \\"\\u0000\\")"}'
    assert 400 == olga.post("/api/v1/segments/test", body, content_type="application/json").status_code


def test_days_at_the_edge_of_calendars_are_refused_in_the_audit_log(enter: Enter) -> None:
    olga = enter("owner")
    for query in ("until=9999-12-31", "since=0001-01-01"):
        assert 200 == olga.get(f"/settings/audit?{query}").status_code
