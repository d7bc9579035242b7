"""Whoever may not see names does not see them where a shop uses them as customer numbers either."""

import pytest

from stammkunde.customers.models import Customer, Identity
from stammkunde.customers.search import matching
from stammkunde.kernel import clock
from tests.staff import Enter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", ["vip0@privat.example", "Erika Musterfrau0", "erika1"])
def test_a_number_that_names_somebody_stays_with_those_who_may_see_names(enter: Enter, number: str) -> None:
    known = Customer.objects.create(created_at=clock.now())
    Identity.objects.create(customer=known, kind="number", scope="shop", value=number)
    seen = {
        role: [enter(role).get(page).content.decode() for page in ("/customers", f"/customers/{known.pk}")]
        for role in ("analyst", "service")
    }
    assert [False, False] == [number in html for html in seen["analyst"]]
    assert [True, True] == [number in html for html in seen["service"]]
    assert [] == list(matching(number[:4], personal=False))
    assert [known.pk] == list(matching(number[:4], personal=True))


def test_a_number_that_only_counts_is_for_everybody(enter: Enter) -> None:
    known = Customer.objects.create(created_at=clock.now())
    Identity.objects.create(customer=known, kind="number", scope="shop", value="K-1001")
    assert "K-1001" in enter("analyst").get(f"/customers/{known.pk}").content.decode()
    assert [known.pk] == list(dict.fromkeys(matching("k-10", personal=False)))
