"""Cut a file into rows: quickly where it is plain, with care where it is not, each row with its line."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stammkunde.events.imports import decoding, files
from stammkunde.events.imports.refusals import Refused
from stammkunde.events.imports.shape import BLANKS, Shape

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 20_000
_BLOCK = 4 << 20
_MOST_BROKEN = 100
_FEW_QUOTES = 10_000
_SMALLEST_QUICK = 64 << 10
_UNCLOSED = "opens a quotation mark that is not closed"


class BrokenQuotes(Refused):
    """Quotation marks are opened and not closed in many places; export the file again, with quotation marks doubled."""


class NotPlain(Exception):
    """The quick way cannot vouch for the line numbers of this file; go the careful way."""


@dataclass(frozen=True)
class Batch:
    """Rows as they stand in the file. `uneven` says of a row's place what is wrong with its number of cells."""

    lines: Sequence[int]
    rows: list[list[str]]
    uneven: dict[int, str]


class _Runaway(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def quick(
    path: Path, shape: Shape, encoding: str, *, places: Sequence[int], odd: decoding.Oddities
) -> "Iterator[pa.RecordBatch]":
    """Yield the wanted columns of a plain file, one row on each line; raise NotPlain as soon as it is not plain.

    Columns are called c0, c1 … by their place. What has been yielded before NotPlain is to be forgotten.
    """
    if shape.separator == BLANKS or shape.before > 1 or path.stat().st_size < _SMALLEST_QUICK:
        raise NotPlain
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names = [f"c{place}" for place in range(shape.width)]
    rows = 0
    with files.opened(path) as stream:
        source = _PlainLines(decoding.utf8_blocks(stream.read, encoding, odd), shape)
        try:
            reader = arrow_csv.open_csv(
                pa.PythonFile(source, "r"),
                read_options=arrow_csv.ReadOptions(
                    column_names=names, skip_rows=shape.before, block_size=_BLOCK, use_threads=False
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=shape.separator, quote_char=shape.quote or False, escape_char=shape.escape or False
                ),
                convert_options=arrow_csv.ConvertOptions(
                    include_columns=[names[place] for place in places],
                    column_types={name: pa.string() for name in names},
                    strings_can_be_null=False,
                ),
            )
            for batch in reader:
                rows += batch.num_rows
                yield batch
        except pa.ArrowInvalid as problem:
            raise NotPlain from problem
    if rows + shape.before != source.lines:
        raise NotPlain


def careful(
    path: Path,
    shape: Shape,
    encoding: str,
    *,
    needed: int,
    odd: decoding.Oddities,
    unbroken: Collection[int] = (),
    rows: int = _ROWS,
) -> Iterator[Batch]:
    """Yield all rows of the file in batches, whatever its state; `needed` is how many cells no row can do without,
    `unbroken` are the places of those that never reach over the end of a line: numbers, dates.

    A row that opens a quotation mark and never closes it is yielded as one uneven row of one line; reading goes on with
    the next line. Blank lines are left out.
    """
    start = 0
    for _ in range(_MOST_BROKEN):
        try:
            yield from _from_line(path, shape, encoding, start, needed=needed, unbroken=unbroken, odd=odd, rows=rows)
        except _Runaway as runaway:
            yield Batch([runaway.line], [_raw_line(path, encoding, runaway.line)], {0: _UNCLOSED})
            start, odd = runaway.line, decoding.Oddities()
        else:
            return
    raise BrokenQuotes(
        f"Quotation marks are opened and not closed in more than {_MOST_BROKEN} places, last in line {start}. "
        "Export the file again so that quotation marks inside a cell are doubled."
    )


def judge(rows: Sequence[Sequence[str]], shape: Shape, *, needed: int) -> Batch:
    """Return rows that have been cut already as a batch, as if each stood on a line of its own."""
    taken = [list(row) for row in rows]
    batch, _ = _judged(taken, [1] * len(taken), shape.before, shape.width, needed, ())
    return batch


def as_arrays(batch: Batch, places: Sequence[int]) -> dict[str, Any]:
    """Return the wanted columns of a batch as arrays of texts, called c0, c1 … by their place."""
    width = max(places) + 1
    padded = [row if len(row) >= width else row + [""] * (width - len(row)) for row in batch.rows]
    return {f"c{place}": np.array([row[place] for row in padded], dtype=object) for place in places}


class _PlainLines:
    """A file for Arrow that counts lines and stops when a cell could reach over the end of a line."""

    closed = False

    def __init__(self, blocks: Iterator[bytes], shape: Shape) -> None:
        self._blocks = blocks
        self._shape = shape
        self._rest = b""
        self.lines = 0
        self._ended = True

    def read(self, size: int = -1) -> bytes:
        """Return about so many bytes."""
        while len(self._rest) < size and (block := next(self._blocks, None)) is not None:
            self._check(block)
            self._rest += block
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def _check(self, block: bytes) -> None:
        lone = b"\r" in block and block.count(b"\r") != block.count(b"\r\n")
        if lone or not self._ended:
            raise NotPlain
        self._ended = block.endswith(b"\n")
        self.lines += block.count(b"\n") + (not self._ended)
        quote = self._shape.quote.encode()
        if quote and quote in block and not _closed_on_each_line(block, ord(quote)):
            raise NotPlain


def _closed_on_each_line(block: bytes, quote: int) -> bool:
    signs = np.frombuffer(block, dtype=np.uint8)
    quotes = np.flatnonzero(signs == quote)
    if len(quotes) % 2:
        return False
    if len(quotes) < _FEW_QUOTES:
        return all(block.find(b"\n", opened, closed) < 0 for opened, closed in quotes.reshape(-1, 2).tolist())
    ends = np.flatnonzero(signs == ord("\n"))
    return not (np.searchsorted(quotes, ends) % 2).any()


class _Text:
    """The lines of a file, and the last of them."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._tail = ""

    def lines(self) -> Iterator[str]:
        """Return an iterator over all lines with their ends."""
        return chain.from_iterable(self._block(block.decode()) for block in self._blocks)

    def ends_with(self, quote: str) -> bool:
        """Tell whether the text seen last ends with the quotation mark."""
        return self._tail.rstrip("\r\n").endswith(quote)

    def _block(self, text: str) -> StringIO:
        self._tail = text[-4_096:]
        return StringIO(text, newline="")


def _from_line(
    path: Path,
    shape: Shape,
    encoding: str,
    start: int,
    *,
    needed: int,
    unbroken: Collection[int],
    odd: decoding.Oddities,
    rows: int,
) -> Iterator[Batch]:
    """Yield the rows after line `start`; raise _Runaway with the line at which a quotation mark is not closed."""
    with files.opened(path) as stream:
        text = _Text(decoding.utf8_blocks(stream.read, encoding, odd))
        lines = text.lines()
        next(islice(lines, start - 1, start), None) if start else None
        reader = shape.reader(lines)
        if not start:
            reader.take(shape.before)
        while True:
            first = start + reader.line
            taken = reader.take(rows)
            at_end = len(taken) < rows and not reader.failed
            spans = _spans(taken, start + reader.line - first, failed=reader.failed)
            batch, runaway = _judged(taken, spans, first, shape.width, needed, unbroken)
            if at_end and not runaway and spans and spans[-1] > 1 and not text.ends_with(shape.quote):
                runaway = first + sum(spans[:-1]) + 1
                batch = _without_last(batch)
            if batch.rows:
                yield batch
            if runaway or reader.failed:
                raise _Runaway(runaway or first + sum(spans) + 1)
            if at_end:
                return


def _spans(rows: Sequence[Sequence[str]], lines: int, *, failed: bool) -> list[int]:
    """Return over how many lines each row reaches."""
    if len(rows) == lines and not failed:
        return [1] * len(rows)
    return [1 + sum(_breaks(cell) for cell in row) for row in rows]


def _breaks(cell: str) -> int:
    if "\n" not in cell and "\r" not in cell:
        return 0
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def _judged(
    taken: list[list[str]], spans: Sequence[int], first: int, width: int, needed: int, unbroken: Collection[int]
) -> tuple[Batch, int | None]:
    """Leave out blank lines, note uneven rows; stop at a row that swallowed the lines after it.

    It is uneven then, or has a number or date that reaches over the end of a line.
    """
    if set(map(len, taken)) <= {width} and set(spans) <= {1}:
        return Batch(range(first + 1, first + 1 + len(taken)), taken, {}), None
    batch = Batch([], [], {})
    lines: list[int] = []
    line = first + 1
    for row, span in zip(taken, spans, strict=True):
        problem = _problem(row, width, needed)
        if span > 1 and (problem or any(_breaks(row[place].strip()) for place in unbroken if place < len(row))):
            return Batch(lines, batch.rows, batch.uneven), line
        if any(row) and row != ["\x1a"]:
            if problem:
                batch.uneven[len(lines)] = problem
            lines.append(line)
            batch.rows.append(row)
        line += span
    return Batch(lines, batch.rows, batch.uneven), None


def _problem(row: Sequence[str], width: int, needed: int) -> str:
    """Say what is wrong with the number of cells; empty ones too many do no harm, nor do missing ones nobody needs."""
    if len(row) == width or not any(row) or (len(row) > width and not any(row[width:])) or needed <= len(row) < width:
        return ""
    return f"has {len(row)} {'cell' if len(row) == 1 else 'cells'} instead of {width}"


def _without_last(batch: Batch) -> Batch:
    last = len(batch.rows) - 1
    return Batch(batch.lines[:last], batch.rows[:last], {at: why for at, why in batch.uneven.items() if at != last})


def _raw_line(path: Path, encoding: str, line: int) -> list[str]:
    with files.opened(path) as stream:
        lines = _Text(decoding.utf8_blocks(stream.read, encoding, decoding.Oddities())).lines()
        return [next(islice(lines, line - 1, line), "").rstrip("\r\n")]
