"""Keep colours readable: the contrast of two, and the nearest one of the same hue that stands out enough."""

import colorsys

Colour = tuple[int, int, int]
READABLE = 4.6


def readable(colour: Colour, *, on: Colour) -> Colour:
    """Return the nearest colour of the same hue that can be read on this paper."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    step = -0.01 if luminance(on) > 0.5 else 0.01
    while contrast(colour, on) < READABLE and 0 < lightness + step < 1:
        lightness += step
        red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
        colour = (round(red * 255), round(green * 255), round(blue * 255))
    return colour


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG defines it.

    >>> round(contrast((0, 0, 0), (255, 255, 255)), 1)
    21.0
    """
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: Colour) -> float:
    """Return the relative luminance of a colour, 0 to 1."""
    red, green, blue = (
        (part / 255 / 12.92) if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def parsed(text: str) -> Colour:
    """Read #rrggbb.

    >>> parsed("#0f6b5c")
    (15, 107, 92)
    """
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def hexadecimal(colour: Colour) -> str:
    """Write a colour as #rrggbb."""
    return "#" + "".join(f"{part:02x}" for part in colour)
