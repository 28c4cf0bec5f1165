"""Plain text: a mail's text part in lines that every mail reader shows, and its subject in few words."""

from __future__ import annotations

import re
from functools import lru_cache
from textwrap import shorten, wrap

WIDTH = 76
LONGEST_TITLE = 50
# Most long lines stand in every mail of a kind.
_LINES_KEPT = 4096
# A point, or a label with its value: what does not fit on the line stands below the text, not below the mark.
_HANGING = re.compile(r" *(?:\* |[A-ZÆØÅ]\w+: +(?!http))?")
_EMPTY_LINES = re.compile(r"\n{3,}")


def wrapped(text: str) -> str:
    """Fold the long lines at spaces; a link is never broken, since it could then not be clicked."""
    lines = (part for line in text.splitlines() for part in _folded(line.rstrip()))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n") + "\n"


@lru_cache(_LINES_KEPT)
def _folded(line: str) -> tuple[str, ...]:
    if len(line) <= WIDTH:
        return (line,)
    mark, start = _HANGING.match(line), len(line) - len(line.lstrip())
    hanging = " " * (mark.end() if mark else start)
    return tuple(
        wrap(
            line.lstrip(),
            WIDTH,
            initial_indent=line[:start],
            subsequent_indent=hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


@lru_cache(_LINES_KEPT)
def shortened(title: str) -> str:
    """Cut a long title for a subject, always at the same word, so that it stays the same in all mails of a thread."""
    return shorten(title, LONGEST_TITLE, placeholder=" …")
