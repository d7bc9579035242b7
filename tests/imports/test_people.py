"""Names and addresses in an export become the customer's: the latest order counts, parts are never mixed."""

from pathlib import Path

import pytest

from stammkunde.customers import profiles
from stammkunde.customers.models import Customer
from stammkunde.events import imports
from stammkunde.events.models import Event
from tests.imports.taking import NOW, take, write

HEADER = "Bestellnummer;Kundennummer;Vorname;Nachname;Straße;PLZ;Ort;Land;Bestelldatum;Summe\n"
FILE = HEADER + (
    "1;K1;Eva;Muster;Hauptstr. 1;01067;Dresden;Deutschland;05.01.2026;20,00\n"
    "3;K1;Eva;Muster-Beispiel;Ring 7;;Wien;Österreich;05.03.2026;20,00\n"
    "2;K1;E.;M.;Alte Gasse 3;1010;Graz;AT;05.02.2026;20,00\n"
    "4;K2;;;;;;;06.01.2026;20,00\n"
    "5;K3;Kaya;Yıldız;-;;;Atlantis;06.01.2026;20,00\n"
)


def who(number: str) -> tuple[str, ...]:
    customer = Customer.objects.get(identities__value=number)
    return (customer.name, customer.street, customer.postcode, customer.city, customer.country)


def test_the_latest_order_tells_who_she_is_and_where_she_lives(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, FILE))
    assert ("Eva Muster-Beispiel", "Ring 7", "", "Wien", "AT") == who("K1")
    assert ("", "", "", "", "") == who("K2")
    assert ("Kaya Yıldız", "", "", "", "") == who("K3")
    told = Event.objects.filter(kind="trait.changed").order_by("external_id")
    assert [("city", "Wien", "2026-03-04"), ("country", "AT", "2026-03-04")] == [
        (event.attributes["trait"], event.attributes["after"], event.at.strftime("%Y-%m-%d")) for event in told
    ]


def test_an_older_file_does_not_overwrite_a_newer_one_and_the_same_changes_nothing(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, FILE))
    older = HEADER + "9;K1;Eva;Früher;Weg 1;04109;Leipzig;D;01.12.2025;5,00\n"
    take(write(tmp_path, older))
    assert "Eva Muster-Beispiel" == who("K1")[0]
    before = Event.objects.count()
    take(write(tmp_path, FILE))
    assert before == Event.objects.count()
    take(write(tmp_path, HEADER + "10;K1;;;Weg 1;04109;Leipzig;;01.05.2026;5,00\n"))
    assert ("Eva Muster-Beispiel", "Weg 1", "04109", "Leipzig", "AT") == who("K1")


def test_whole_names_and_columns_of_shops_are_recognised(db: None, tmp_path: Path) -> None:
    text = (
        "Order ID,Billing Name,Billing Street,Billing Zip,Billing City,Billing Country,Email,Order Date,Order Total\n"
    )
    text += '1,"Muster, Eva",Ring 7,01067,Dresden,DE,eva@example.org,2026-01-05,20.00\n'
    file = write(tmp_path, text)
    assert {"name", "street", "postcode", "city", "country"} <= imports.look(file, now=NOW).columns.keys()
    take(file)
    assert ("Eva Muster", "Ring 7", "01067", "Dresden", "DE") == who("eva@example.org")


def test_taken_back_they_go_with_the_customers_who_go(db: None, tmp_path: Path) -> None:
    file = write(tmp_path, FILE)
    import_ = imports.create(file, file_name="a.csv", now=NOW)
    imports.run(import_, now=NOW)
    imports.ask_undo(import_)
    imports.run(import_, now=NOW)
    assert not Customer.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(("name", "code"), [("Eire", "IE"), ("Österreich", "AT"), ("Schweiz", "CH"), ("USA", "US")])
def test_countries_are_known_by_name(name: str, code: str) -> None:
    assert code == profiles.country_code(name)
