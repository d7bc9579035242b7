"""How a text is cut into rows and cells is seen from the text itself."""

from io import StringIO

import pytest

from stammkunde.events.imports import shape

SHAPES = {
    "commas": ("order_id,date,total\n1,2026-01-03,5.00\n", ",", 1, True),
    "semicolons around decimal commas": (
        "Bestellung;Datum;Summe\n1;03.01.2026;5,00\n2;04.01.2026;7,50\n",
        ";",
        1,
        True,
    ),
    "tabs": ("order_id\tdate\ttotal\n1\t2026-01-03\t5,00\n", "\t", 1, True),
    "bars": ("order_id|date|total\n1|2026-01-03|5,00\n", "|", 1, True),
    "blanks of fixed width, without names": (
        " 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n",
        " ",
        0,
        False,
    ),
    "no column names": ("1,2026-01-03,5.00\n2,2026-01-03,5.00\n", ",", 0, False),
    "a first line for Excel": ("sep=;\norder_id;date;total\n1;2026-01-03;5,00\n", ";", 2, True),
    "a title above the table": ("Bestellungen von Eva\n\nBestellnummer;Datum;Summe\n1;03.01.2026;5,00\n", ";", 3, True),
    "a trailing separator": ("Bestellnummer;Datum;Summe;\n1;03.01.2026;5,00;\n", ";", 1, True),
    "commas inside quotation marks": ('order_id,name,total\n1,"a, b; c",5.00\n2,"d, e; f",5.00\n', ",", 1, True),
    "line ends of old Macs": ("order_id,date,total\r1,2026-01-03,5.00\r2,2026-01-03,5.00\r", ",", 1, True),
}


@pytest.mark.parametrize(("text", "separator", "before", "named"), SHAPES.values(), ids=SHAPES.keys())
def test_shapes(text: str, separator: str, before: int, named: bool) -> None:
    seen = shape.recognise(text)
    assert (separator, before, named) == (seen.separator, seen.before, seen.named)


def test_single_quotation_marks_and_backslashes() -> None:
    single = shape.recognise("id,name,total\n'1','a, b','5'\n'2','c','6'\n")
    assert "'" == single.quote
    masked = shape.recognise('id,name,total\n"1","5\\" pot","5"\n')
    reader = masked.reader(StringIO('"1","5\\" pot","5"\n', newline=""))
    assert [["1", '5" pot', "5"]] == reader.take(1)


@pytest.mark.parametrize("text", ["order_id,date,total\n", "order_id;date;total\r\n\r\n", "\n\n \n"])
def test_a_header_alone_is_refused(text: str) -> None:
    with pytest.raises(shape.HeaderOnly, match="Export a period in which there were orders"):
        shape.recognise(text)
