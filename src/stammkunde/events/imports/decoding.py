"""Read bytes as text: recognise the encoding a shop system wrote, even two of them in one file."""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from stammkunde.events.imports.refusals import Refused

BLOCK = 1 << 20
_LONGEST_LINE = 64 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OFFICE = ("cp1252", "cp850", "mac_roman")
_ELSEWHERE = ["cp1252", "cp1250", "cp1254", "cp1251", "cp1253", "iso8859_2", "iso8859_9"]
_COMMON = frozenset("äöüÄÖÜßéèêëàâáîïíôóûúçñœæåãõÉÀÁÇÑÅÓÍÚ")
_RARER = frozenset("ìòùøÈÊËÂÎÏÔÛÙÌÒØÆŒÃÕ")
_SIGNS = frozenset("€£§°´«»„“”‚‘’–—…·•©®™½¼¾²³µ\u00a0¡¿ªº±×")
_BONUS = {"cp1252": 0.15}
NAMES = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "cp850": "DOS (code page 850)",
    "mac_roman": "Mac Roman",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
}


class UnknownEncoding(Refused):
    """There is no encoding of this name; leave it to be recognised, or name one such as utf-8 or cp1252."""


class EndlessLine(Refused):
    """The file has no line ends; it is not a table."""


@dataclass
class Oddities:
    """What was odd about the bytes: lines in another encoding, characters that mean nothing, stray zero bytes."""

    lines: list[int] = field(default_factory=list)
    encoding: str = ""
    unreadable: int = 0
    zeros: int = 0

    def warnings(self, encoding: str) -> list[str]:
        """Put what was odd into sentences."""
        said = []
        if self.lines:
            lines = f"Line {self.lines[0]}" + (f" and {len(self.lines) - 1} more" if len(self.lines) > 1 else "")
            said.append(f"{lines}: not {name_of(encoding)} like the rest; read as {name_of(self.encoding)}.")
        if self.unreadable:
            said.append(
                f"{self.unreadable} characters are not valid in {name_of(encoding)} and were replaced by \ufffd; "
                "if words look wrong, name the encoding."
            )
        if self.zeros:
            said.append(f"{self.zeros} zero bytes were left out.")
        return said


def name_of(encoding: str) -> str:
    """Return the name of an encoding as people know it."""
    return NAMES.get(encoding, encoding)


def known(encoding: str) -> str:
    """Return Python's name of the encoding, or refuse."""
    try:
        found = codecs.lookup(encoding).name
    except LookupError as problem:
        raise UnknownEncoding(
            f"Unknown encoding {encoding!r}. Leave it out to have it recognised, or write utf-8, cp1252, latin-1 …"
        ) from problem
    return {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(found, found)


def recognise(head: bytes) -> str:
    """Return Python's name of the encoding that the first bytes of a file are written in."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    wide = _wide(head[:65_536])
    if wide:
        return wide
    odd = [line for line in head.split(b"\n")[:-1] or [head] if not line.isascii()]
    wrong = [line for line in odd if not _is_utf8(line)]
    if len(wrong) * 2 <= len(odd):
        return "utf-8"
    return _single_byte(b"\n".join(wrong))


def text_of(head: bytes, encoding: str) -> str:
    """Return the beginning of a file as text, up to its last whole line."""
    blocks = utf8_blocks(_once(head), encoding, Oddities())
    return b"".join(blocks).decode()


def utf8_blocks(read: Callable[[int], bytes], encoding: str, odd: Oddities) -> Iterator[bytes]:
    """Yield the text in UTF-8, in blocks of whole lines, without byte order mark; note what was odd."""
    if encoding == "utf-8":
        return _mended(read, odd)
    return _transcoded(read, encoding, odd)


def _once(data: bytes) -> Callable[[int], bytes]:
    parts = iter([data])
    return lambda _size: next(parts, b"")


def _mended(read: Callable[[int], bytes], odd: Oddities) -> Iterator[bytes]:
    line = 1
    for block in _whole_lines(_without_mark(read), odd):
        try:
            if not block.isascii():
                block.decode()
        except UnicodeDecodeError:
            block = _mend(block, line, odd)
        yield block
        line += block.count(b"\n")


def _mend(block: bytes, first: int, odd: Oddities) -> bytes:
    lines = block.split(b"\n")
    wrong = [place for place, line in enumerate(lines) if not _is_utf8(line)]
    odd.encoding = odd.encoding or _single_byte(b"\n".join(lines[place] for place in wrong))
    for place in wrong:
        lines[place] = lines[place].decode(odd.encoding, "replace").encode()
        odd.lines.append(first + place)
    return b"\n".join(lines)


def _transcoded(read: Callable[[int], bytes], encoding: str, odd: Oddities) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def decoded(size: int) -> bytes:
        data = read(size)
        text = decoder.decode(data, final=not data)
        odd.unreadable += text.count("\ufffd")
        while data and not text:
            data = read(size)
            text = decoder.decode(data, final=not data)
        return text.encode("utf-8", "replace")

    yield from _whole_lines(_without_mark(decoded), odd)


def _without_mark(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    at_start = True

    def reading(size: int) -> bytes:
        nonlocal at_start
        data = read(size)
        if at_start and data:
            at_start = False
            return data.removeprefix(codecs.BOM_UTF8) or read(size)
        return data

    return reading


def _whole_lines(read: Callable[[int], bytes], odd: Oddities) -> Iterator[bytes]:
    rest = b""
    while data := read(BLOCK):
        block = rest + data
        cut = max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1) if b"\n" not in block else -1) + 1
        if not cut and len(block) > _LONGEST_LINE:
            raise EndlessLine("The file has no line ends: it is not a table. Export the orders as CSV.")
        rest = block[cut:]
        if cut:
            yield _without_zeros(block[:cut], odd)
    if rest:
        yield _without_zeros(rest, odd)


def _without_zeros(block: bytes, odd: Oddities) -> bytes:
    if b"\x00" not in block:
        return block
    odd.zeros += block.count(b"\x00")
    return block.replace(b"\x00", b"")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _wide(sample: bytes) -> str:
    """Recognise UTF-16 and UTF-32 without a mark by where the zeros of their ASCII characters stand."""
    if not len(sample) // 100 < sample.count(0) < len(sample) * 9 // 10:
        return ""
    places = [sample[place::4].count(0) / max(1, len(sample) // 4) for place in range(4)]
    if min(places[1:]) > 0.5 > places[0]:
        return "utf-32-le"
    if min(places[:3]) > 0.5 > places[3]:
        return "utf-32-be"
    return "utf-16-le" if places[1] + places[3] > places[0] + places[2] else "utf-16-be"


def _single_byte(odd: bytes) -> str:
    """Choose the encoding in which the odd bytes become letters that stand in words, as they do in German shops."""
    scores = {encoding: _plausibility(odd[:100_000].decode(encoding, "replace")) for encoding in _OFFICE}
    best = max(_OFFICE, key=lambda encoding: scores[encoding] + _BONUS.get(encoding, 0.0))
    if scores[best] >= 0.8:
        return best
    from charset_normalizer import from_bytes

    guess = from_bytes(odd[:20_000], cp_isolation=_ELSEWHERE).best()
    return guess.encoding if guess else best


def _plausibility(text: str) -> float:
    """Return how many of the characters beyond ASCII belong where they are: 1 for all, 0 for none."""
    total = good = 0.0
    padded = f" {text} "
    for place, char in enumerate(padded):
        if char.isascii():
            continue
        total += 1
        before, after = padded[place - 1], padded[place + 1]
        if char in _COMMON or char in _RARER:
            good += _fits_in_word(before, after, upper=char.isupper()) * (1.0 if char in _COMMON else 0.5)
        elif char in _SIGNS:
            good += 0.9 if char in "’´·" or not (before.isalpha() and after.isalpha()) else 0.0
    return good / total if total else 0.0


def _fits_in_word(before: str, after: str, *, upper: bool) -> float:
    if upper and before.islower():
        return 0.2
    return 1.0 if before.isalpha() or after.isalpha() else 0.6
