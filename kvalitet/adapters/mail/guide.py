"""The question guide: the few signs of Markdown that a mail can show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

# A municipality has a few, and each goes with as many invitations as there are schools.
_GUIDES_KEPT = 16
_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*$")
_POINT = re.compile(r"(?:[-*+]|\d+[.)])\s+(.*)$")


class BlockKind(StrEnum):
    """Afsnittets slags: heading, point of a list, or plain paragraph."""

    HEADING = "heading"
    POINT = "point"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """Afsnit: one heading, point or paragraph of a question guide."""

    kind: BlockKind
    text: str


@lru_cache(_GUIDES_KEPT)
def blocks(markdown: str) -> tuple[Block, ...]:
    """Read a question guide; lines that belong together become one block."""
    found: list[Block] = []
    open_block = False
    for line in map(str.strip, markdown.splitlines()):
        if heading := _HEADING.match(line):
            found.append(Block(BlockKind.HEADING, _plain(heading[1])))
        elif point := _POINT.match(line):
            found.append(Block(BlockKind.POINT, _plain(point[1])))
        elif line and open_block:
            found[-1] = Block(found[-1].kind, f"{found[-1].text} {_plain(line)}")
        elif line:
            found.append(Block(BlockKind.PARAGRAPH, _plain(line)))
        open_block = bool(line) and not line.startswith("#")
    return tuple(found)


def _plain(text: str) -> str:
    """Take emphasis away."""
    return re.sub(r"(\*\*|__|\*|`)(.+?)\1", r"\2", text)
