"""Write pictures as SVG by hand: elements with escaped texts, and a box in which widths are per cent.

A picture takes the width of the page and keeps its own height; letters keep their size, only shapes stretch.
"""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


def element(name: str, *inside: str, **attributes: str | float | None) -> SafeString:
    """Write one element; `class_` and `text_anchor` become class and text-anchor, texts inside are escaped."""
    written = "".join(f' {_attribute(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    body = "".join(part if isinstance(part, SafeString) else escape(part) for part in inside)
    return mark_safe(f"<{name}{written}>{body}</{name}>" if body else f"<{name}{written}/>")


def picture(*inside: SafeString, kind: str, height: int, title: str, description: str) -> SafeString:
    """Write a picture with a title and a description for those who hear it."""
    named = (element("title", title), element("desc", description))
    return element("svg", *named, *inside, class_=f"picture {kind}", width="100%", height=height, role="img")


def stretched(*inside: SafeString, y: float, height: float) -> SafeString:
    """Write a box of 100 × 100 that stretches over the picture's width between y and y + height."""
    return element(
        "svg", *inside, x=0, y=y, width="100%", height=height, viewBox="0 0 100 100", preserveAspectRatio="none"
    )


def label(text: str, *, x: str, y: float, kind: str, anchor: str = "middle", line: int = 16) -> SafeString:
    """Write a text of one or more lines (parted by line breaks), the first at y."""
    first, *others = text.split("\n")
    more = [element("tspan", part, x=x, dy=line) for part in others]
    return element("text", first, *more, class_=kind, x=x, y=y, text_anchor=anchor)


def share(value: float) -> str:
    """Write a share of one as per cent for an attribute."""
    return f"{_number(value * 100)}%"


def wrapped(text: str, width: int) -> str:
    """Break a short text into lines of at most that many characters, where it has spaces."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def _attribute(key: str) -> str:
    return key if key in ("viewBox", "preserveAspectRatio") else key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
