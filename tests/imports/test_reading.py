"""Every row arrives with the line it stands in; the quick way and the careful way agree, or the quick way gives up."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stammkunde.events.imports import decoding, reading, shape
from tests.imports.taking import write

COMMAS = shape.Shape(",", '"', "", 1, named=True, names=("a", "b", "c"))


def carefully(file: Path, cut: shape.Shape = COMMAS, *, needed: int = 3) -> list[tuple[int, list[str], str]]:
    batches = reading.careful(file, cut, "utf-8", needed=needed, odd=decoding.Oddities())
    return [
        (line, row, batch.uneven.get(place, ""))
        for batch in batches
        for place, (line, row) in enumerate(zip(batch.lines, batch.rows, strict=True))
    ]


def quickly(file: Path, cut: shape.Shape = COMMAS) -> list[tuple[int, list[str], str]]:
    rows = []
    for batch in reading.quick(file, cut, "utf-8", places=range(cut.width), odd=decoding.Oddities()):
        rows += [list(row.values()) for row in batch.to_pylist()]
    return [(place + 1 + cut.before, row, "") for place, row in enumerate(rows)]


STATES = {
    "plain rows": ("1,2,3\n4,5,6\n", [(2, ["1", "2", "3"], ""), (3, ["4", "5", "6"], "")]),
    "blank lines count as lines, not as rows": ("\n1,2,3\n\n", [(3, ["1", "2", "3"], "")]),
    "a row over two lines": ('1,"x\ny",3\n4,5,6\n', [(2, ["1", "x\ny", "3"], ""), (4, ["4", "5", "6"], "")]),
    "a row too short": ("1,2\n4,5,6\n", [(2, ["1", "2"], "has 2 cells instead of 3"), (3, ["4", "5", "6"], "")]),
    "a row too long": ("1,2,3,4\n", [(2, ["1", "2", "3", "4"], "has 4 cells instead of 3")]),
    "empty cells too many do no harm": ("1,2,3,,\n", [(2, ["1", "2", "3", "", ""], "")]),
    "a quotation mark that is never closed costs its line only": (
        '1,2,3\n4,"5,6\n7,8,9\n',
        [
            (2, ["1", "2", "3"], ""),
            (3, ['4,"5,6'], "opens a quotation mark that is not closed"),
            (4, ["7", "8", "9"], ""),
        ],
    ),
    "nor does one in the last cell": (
        '1,2,"3\n4,5,6\n7,8,9\n',
        [
            (2, ['1,2,"3'], "opens a quotation mark that is not closed"),
            (3, ["4", "5", "6"], ""),
            (4, ["7", "8", "9"], ""),
        ],
    ),
    "nor one before very much text": (
        '1,2,"' + "x" * 200_000 + "\n4,5,6\n",
        [(2, ['1,2,"' + "x" * 200_000], "opens a quotation mark that is not closed"), (3, ["4", "5", "6"], "")],
    ),
    "inches are no quotation marks": ('1,5" pot,3\n', [(2, ["1", '5" pot', "3"], "")]),
}


@pytest.mark.parametrize(("text", "expected"), STATES.values(), ids=STATES.keys())
def test_rows_and_their_lines(tmp_path: Path, text: str, expected: list[tuple[int, list[str], str]]) -> None:
    assert expected == carefully(write(tmp_path, "a,b,c\n" + text))


def test_missing_cells_at_the_end_do_no_harm_when_nobody_needs_them(tmp_path: Path) -> None:
    assert [(2, ["1", "2"], "")] == carefully(write(tmp_path, "a,b,c\n1,2\n"), needed=2)


def test_quotation_marks_broken_all_over_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "a,b,c\n" + '1,"2\n' * 301)
    with pytest.raises(reading.BrokenQuotes, match="doubled"):
        carefully(file)


_CELL = st.text(alphabet=st.sampled_from("ab1 ,\";'\r\n\tä€"), max_size=6)


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(st.lists(_CELL, min_size=3, max_size=3), min_size=1, max_size=6),
    raw=_CELL,
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_the_quick_way_agrees_with_the_careful_one_or_gives_up(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], raw: str, ending: str
) -> None:
    file = tmp_path_factory.mktemp("quick") / "rows.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator=ending)
        writer.writerow(["a", "b", "c"])
        writer.writerows(rows)
        stream.write(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_SMALLEST_QUICK", 0)
        try:
            quick = quickly(file)
        except reading.NotPlain:
            return
    assert carefully(file) == quick


def test_the_quick_way_takes_a_plain_file(tmp_path: Path) -> None:
    file = write(tmp_path, "a,b,c\r\n" + '1,"x, y",3\r\n' * 10_000)
    assert carefully(file) == quickly(file)
    assert 10_000 == len(quickly(file))


@pytest.mark.parametrize(
    "mess",
    ['1,"x\ny",3\n', "\n", "1,2\n", "1\r2,3\n"],
    ids=["row over lines", "blank line", "short row", "lone return"],
)
def test_the_quick_way_gives_up_where_lines_could_not_be_told(tmp_path: Path, mess: str) -> None:
    file = write(tmp_path, "a,b,c\n" + "1,2,3\n" * 20_000 + mess + "1,2,3\n" * 20_000)
    with pytest.raises(reading.NotPlain):
        quickly(file)


def test_a_collection_of_difficult_files_is_cut_as_its_authors_say(csv_horrors: Path) -> None:
    folder = csv_horrors / "csv-spectrum"
    files = sorted((folder / "csvs").glob("*.csv"))
    for file in files:
        if file.stem == "location_coordinates":
            continue  # the authors' own answer names another telephone number than their file
        expected = json.loads(
            (folder / "json" / f"{file.stem.replace('simple_crlf', 'simple')}.json").read_text("utf-8")
        )
        text = file.read_bytes().decode()
        cut = shape.recognise(text)
        rows = [dict(zip(cut.names, row, strict=False)) for _, row, _ in carefully(file, cut, needed=1)]
        assert [{k: v.replace("\r\n", "\n") for k, v in row.items()} for row in rows] == [
            {k.strip(): v.replace("\r\n", "\n") for k, v in row.items()} for row in expected
        ], file.name
