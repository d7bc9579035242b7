"""Whatever encoding a shop system writes, its umlauts arrive; even when one file holds two encodings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stammkunde.events.imports import decoding, files

GERMAN = "Bestellnummer;Kunde;Artikel;Preis\n1;Müller;Größe M – weiß;5,00 €\n2;Österreicher;Käse;3,20 €\n"
IN_DOS = GERMAN.replace("€", "EUR").replace("–", "-")


@pytest.mark.parametrize(
    ("encoding", "text", "recognised"),
    [
        ("utf-8", GERMAN, "utf-8"),
        ("utf-8-sig", GERMAN, "utf-8"),
        ("utf-16", GERMAN, "utf-16-le"),
        ("utf-16-le", GERMAN, "utf-16-le"),
        ("utf-16-be", GERMAN, "utf-16-be"),
        ("utf-32", GERMAN, "utf-32-le"),
        ("cp1252", GERMAN, "cp1252"),
        ("latin-1", IN_DOS, "cp1252"),
        ("cp850", IN_DOS, "cp850"),
        ("mac_roman", GERMAN, "mac_roman"),
        ("ascii", "a,b\n1,2\n", "utf-8"),
    ],
)
def test_the_encodings_of_shops_are_recognised(encoding: str, text: str, recognised: str) -> None:
    assert recognised == decoding.recognise(text.encode(encoding))
    assert text == decoding.text_of(text.encode(encoding), recognised)


def test_lines_in_another_encoding_are_read_and_named() -> None:
    data = "Müller\nGröße\n".encode() + "Käse\n".encode("cp1252") + "weiß\n".encode() + "Öl\n".encode("cp1252")
    assert "utf-8" == decoding.recognise(data)
    odd = decoding.Oddities()
    parts = iter([data])
    read = b"".join(decoding.utf8_blocks(lambda _: next(parts, b""), "utf-8", odd)).decode()
    assert "Müller\nGröße\nKäse\nweiß\nÖl\n" == read
    assert [3, 5] == odd.lines
    assert ["Line 3 and 1 more: not UTF-8 like the rest; read as Windows-1252."] == odd.warnings("utf-8")


def test_an_umlaut_after_a_megabyte_of_plain_letters_is_still_read(tmp_path: Path) -> None:
    data = b"order,customer\n" + b"1,Mueller\n" * 150_000 + "2,Müller\n".encode("cp1252")
    odd = decoding.Oddities()
    parts = iter([data[at : at + decoding.BLOCK] for at in range(0, len(data), decoding.BLOCK)])
    read = b"".join(decoding.utf8_blocks(lambda _: next(parts, b""), decoding.recognise(data[: files.HEAD]), odd))
    assert read.endswith("2,Müller\n".encode())
    assert [150_002] == odd.lines


def test_a_character_split_between_two_blocks_stays_whole() -> None:
    for encoding in ("utf-8", "utf-16-le", "utf-32-be"):
        data = ("ä" * 50 + "\n").encode(encoding)
        pieces = iter([data[at : at + 1] for at in range(len(data))])
        blocks = decoding.utf8_blocks(lambda _, pieces=pieces: next(pieces, b""), encoding, decoding.Oddities())
        assert "ä" * 50 + "\n" == b"".join(blocks).decode()


@pytest.fixture(scope="module")
def corpus(csv_horrors: Path) -> Path:
    return csv_horrors / "chardet_tests"


def _texts(corpus: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(corpus.rglob("*.*")):
        if file.is_file():
            yield f"{file.parent.name}/{file.name}", file.read_bytes()


_CODECS = {
    "MacRoman": "mac_roman", "windows-1250-czech": "cp1250", "windows-1250-polish": "cp1250",
    "windows-1254-turkish": "cp1254", "iso-8859-9-turkish": "iso8859_9",
}  # fmt: skip
# One file mixes Turkish with UTF-8, one is nearly all zero bytes, one Turkish text is taken for Central European.
_BEYOND = {
    "iso-8859-9-turkish/divxplanet.com.xml",
    "ascii/_mozilla_bug638318_text.html",
    "windows-1254-turkish/_ude_1.txt",
}


def test_texts_collected_by_others_are_read_as_they_were_written(corpus: Path) -> None:
    wrong = []
    for name, data in _texts(corpus):
        folder = name.split("/")[0]
        expected = data.decode(_CODECS.get(folder, folder)).removeprefix("\ufeff")
        if name not in _BEYOND and decoding.text_of(data, decoding.recognise(data)) != expected:
            wrong.append(name)
    assert wrong == []
