"""An own map: begun from a ready one, two signals connected, figures seen, a pain found, the poster printed.

Olga owns a shop with two years of orders. Everything happens in the pages, without JavaScript, as forms and links.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

from tests.server import PASSWORD, Server
from tests.visitor import Visitor

EDIT = "/journeys/unser-laden/edit"


def test_from_a_ready_map_to_an_own_one_with_figures_a_pain_and_a_poster(server: Server, tmp_path: Path) -> None:
    # Olga chooses the ready map for shops in town. It says what her data know at once, and where the rest comes from.
    olga = Visitor(server.url).log_in("owner@shop.example", PASSWORD)
    offered = _text(olga.look("/journeys/new").page)
    assert "Vom Schaufenster zur Stammkundschaft" in offered
    assert "Newsletter-Anmeldung" in offered
    olga.send("/journeys/new", {"template": "local-shop", "title": "Unser Laden"})
    assert olga.address.endswith(EDIT), _text(olga.page)[:500]

    # She connects two signals that the shop knows already: large purchases instead of vouchers, soap instead of stamps.
    _connect(olga, "voucher", {"signal-text": "order.placed where value >= 40", "title": "Großer Einkauf"})
    _connect(olga, "stamp", {"signal-text": "order.placed where product = 'Seife'", "title": "Seife gekauft"})
    # A pain, with a condition as evidence: who bought once and never again.
    _connect(
        olga,
        "second_purchase",
        {
            "pain-0-label": "Kommt nach dem ersten Einkauf nicht wieder",
            "pain-0-sort": "condition",
            "pain-0-text": "count(order.placed) = 1",
        },
    )
    olga.look("/journeys/unser-laden/versions")
    olga.send("/journeys/unser-laden/versions", {**_fields(olga.page), "do": "publish"})
    assert 200 == olga.status, _text(olga.page)[:500]

    # The map shows how many were where: by hand, as the data say.
    figures = server.command("journey", "figures", "unser-laden")
    counted = {line.split()[0]: line.split()[1] for line in figures.splitlines() if len(line.split()) == 3}
    assert "80" == counted["first_purchase"]
    assert 0 < int(counted["voucher"]) <= 80
    assert 0 < int(counted["stamp"]) <= 80
    whole = _text(olga.look("/journeys/unser-laden").page)
    assert "Großer Einkauf" in whole
    assert "Erster Einkauf" in whole

    # The pain is ranked with those it concerns, and can be answered with an opportunity.
    pains = _text(olga.look("/journeys/unser-laden/pains").page)
    assert "Kommt nach dem ersten Einkauf nicht wieder" in pains
    once = int(server.command("segment", "count", "count(order.placed) = 1").split()[0])
    assert once > 0

    # She prints the poster: on paper, and as a picture in the page.
    poster = tmp_path / "poster.pdf"
    server.command("journey", "poster", "unser-laden", "--output", str(poster))
    assert poster.read_bytes().startswith(b"%PDF")
    drawn = olga.look("/journeys/unser-laden/poster.svg").page
    assert drawn.lstrip().startswith(("<svg", "<?xml"))


def _connect(olga: Visitor, touchpoint: str, changes: dict[str, str]) -> None:
    """Fill the form of a touchpoint as it stands, change some fields, and keep it in the draft."""
    address = f"{EDIT}/touchpoints/{touchpoint}"
    olga.look(address)
    assert 200 == olga.status, touchpoint
    olga.send(address, {**_fields(olga.page), **changes, "do": "save"})
    assert olga.address.endswith(EDIT), _text(olga.page)[:1500]


def _fields(page: str) -> dict[str, str]:
    reader = _Form()
    reader.feed(page)
    return reader.fields


class _Form(HTMLParser):
    """Collect what a browser would send: inputs, chosen options, texts."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.fields[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.fields):
            self.fields[self._select] = value
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def _text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
