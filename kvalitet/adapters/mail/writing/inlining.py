"""Inlining: a mail's styles on each of its elements, since Outlook reads no others.

Which style an element gets follows from the tags alone. Mails of a kind differ in their texts and links, so the styles
are worked out once for each shape that a mail has without them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from css_inline import CSSInliner

_SHAPES_KEPT = 256
# Stand for a text and for a link while the styles are put in place; they mean nothing, so no mail needs them.
_A_TEXT, _A_LINK = "\ue000", "\ue001"
# A text that is more than space, since only space may stand between the parts of a table.
_TEXT = re.compile(r">(\s*[^<>\s][^<>]*)<")
_LINK = re.compile(r' href="([^"]+)"')


def inlined(html: str) -> str:
    """Put the styles of a mail on its elements; rules that hold for some screens alone stay where they are."""
    head, body, rest = html.partition("<body")
    # Where styles are asked about links, or stand among the texts, every mail is a shape of its own.
    if "[href" in head or "<style" in rest or _A_TEXT in html or _A_LINK in html:
        return _styled(html)
    texts = _TEXT.split(rest)
    links = _LINK.split(f">{_A_TEXT}<".join(texts[::2]))
    shape = _shape(head + body + f' href="{_A_LINK}"'.join(links[::2]))
    if shape.count(_A_TEXT) != len(texts) // 2 or shape.count(_A_LINK) != len(links) // 2:  # the parser mended tags
        return _styled(html)
    return _filled(_filled(shape, _A_LINK, links[1::2]), _A_TEXT, texts[1::2])


def _filled(text: str, mark: str, values: list[str]) -> str:
    pieces = [*values, *values, ""]
    pieces[::2], pieces[1::2] = text.split(mark), values
    return "".join(pieces)


@lru_cache(_SHAPES_KEPT)
def _shape(html: str) -> str:
    return _styled(html)


def _styled(html: str) -> str:
    # A new one each time costs nothing beside its work, and it may not be shared by threads.
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(html)
