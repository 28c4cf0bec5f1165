"""Writing SVG: elements with escaped text, and texts that fit where they stand."""

from __future__ import annotations

from html import escape

# How wide a letter of the fonts in use is on average, as a share of the font size.
LETTER_WIDTH = 0.545
SHORTEST_LABEL = 5


def element(name: str, content: str = "", **attributes: object) -> str:
    """Write an element; `content` is markup, attribute values are escaped; `class_` becomes class."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value not in {None, ""}
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def fitting(text: str, room: float, font_size: float) -> str:
    """Shorten a text to what fits, with an ellipsis; empty when nothing readable is left."""
    letters = int(room / (font_size * LETTER_WIDTH))
    if len(text) <= letters:
        return text
    return f"{text[: letters - 1].rstrip(' ,-–')}…" if letters > SHORTEST_LABEL else ""


def width_of(text: str, font_size: float) -> float:
    """Give about how wide a text is."""
    return len(text) * font_size * LETTER_WIDTH
