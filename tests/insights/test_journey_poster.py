"""The poster says what the map says: in one page or several, in a colour that can be read, names never as markup."""

import re

import pytest

from stammkunde.insights.journey_poster import NoSuchForm, content, poster
from stammkunde.journeys.document import Journey
from stammkunde.journeys.reading import usable
from stammkunde.kernel.colours import contrast, parsed

PLAIN = """\
journey: plain
version: 4
label: {de: "Weg <b>nach</b> #oben", en: Way up}
phases:
  - id: one
    label: {de: Anfang, en: Beginning}
    note: Wer seid ihr?
    touchpoints:
      - id: first
        label: {de: "Erster $Kauf$ *laut*", en: First order}
        channel: web
        moment_of_truth: true
        signal: "nth(order.placed, 1)"
        pains: [{id: dear, label: Zu teuer, evidence: [{assumption: true}]}, {id: old, label: Alt, status: solved}]
paths:
  - {from: first, to: first, within: 30d, loop: true}
"""


def drawn(journey: Journey, form: str, accent: str = "#0f6b5c") -> bytes:
    return poster(journey, None, form=form, language="de", accent=accent, business="Ä & Ö <i>", currency="EUR")


def large(touchpoints: int) -> Journey:
    places = "\n".join(f"      - {{id: t{n}, label: Ort {n}}}" for n in range(touchpoints))
    return usable(
        f"journey: large\nversion: 1\nlabel: Groß\nphases:\n  - id: p\n    label: P\n    touchpoints:\n{places}\n"
    )


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF"), ("svg", b"<svg"), ("png", b"\x89PNG")])
def test_every_form_is_drawn(form: str, start: bytes) -> None:
    assert drawn(usable(PLAIN), form).startswith(start)


def test_a_poster_is_a_landscape_a3_page_and_a_huge_map_takes_several() -> None:
    one, many = drawn(usable(PLAIN), "pdf"), drawn(large(60), "pdf")
    assert _pages(one) == 1
    assert _pages(many) > 1
    width, height = (float(one) for one in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', _svg(usable(PLAIN)))[0])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (420, 297)
    tall = re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', _svg(large(60)))[0]
    assert float(tall[1]) > height


def test_names_are_texts_never_markup() -> None:
    page = drawn(usable(PLAIN), "html").decode()
    assert "Weg &lt;b&gt;nach&lt;/b&gt; #oben" in page
    assert "Erster $Kauf$ *laut*" in page
    assert "Ä &amp; Ö &lt;i&gt;" in page
    assert "<script" not in page


def test_it_says_what_is_planned_in_the_readers_language() -> None:
    said = content(usable(PLAIN), None, language="de", accent="", business="", currency="")
    [column] = said["columns"]
    [cell] = column["cells"]
    assert (said["version"], column["thinks"], cell["truth"]) == ("Fassung 4", "„Wer seid ihr?“", True)
    assert [name for name, _count in cell["pains"]] == ["Zu teuer"]
    assert cell["ways"][0]["target"] == "kommen wieder hierher"
    english = content(usable(PLAIN), None, language="en", accent="", business="", currency="")
    assert english["columns"][0]["cells"][0]["ways"][0]["target"] == "come back here"


@pytest.mark.parametrize("accent", ["#ffe600", "#ffffff", "#0f6b5c", ""])
def test_the_brand_colour_stays_readable_on_paper(accent: str) -> None:
    said = content(usable(PLAIN), None, language="de", accent=accent, business="", currency="")
    assert contrast(parsed(said["accent"]), (255, 255, 255)) > 4.5


def test_another_form_is_refused() -> None:
    with pytest.raises(NoSuchForm):
        drawn(usable(PLAIN), "docx")


def _pages(pdf: bytes) -> int:
    return max(int(count) for count in re.findall(rb"/Count (\d+)", pdf))


def _svg(journey: Journey) -> str:
    return drawn(journey, "svg").decode()
