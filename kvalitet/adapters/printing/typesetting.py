"""Typesetting: a template of `templates/print` and its values become a tagged PDF (PDF/UA-1).

Values go in as JSON and never as markup: »0. klasse« is no numbered list, and `#` begins no code. The fonts are those
of Det Fælles Designsystem, and where they are not installed those that typst carries; nothing is fetched.

PDF/UA refuses a sign that no font has, such as an emoji. One that somebody has written must keep nobody else's words
from being printed: a square stands in its place.
"""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from contextlib import contextmanager
from datetime import UTC
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import typst

from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.settings import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

TEMPLATES = CHECKOUT / "templates" / "print"
FONTS = CHECKOUT / "node_modules" / "dkfds" / "src" / "fonts" / "IBMPlexSans" / "complete" / "ttf"
DATA = "data"
SQUARE = "\N{WHITE SQUARE}"
_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def typeset(
    template: str, data: Mapping[str, Any], *, now: datetime, files: Mapping[str, bytes] | None = None
) -> bytes:
    """Fill `templates/print/<template>.typ` and give the PDF; the same values at the same instant give the same bytes.

    The template reads the values by `json(bytes(sys.inputs.data))` and a file by its name (`image("wheel.svg", …)`). A
    template without a title, or an image without an alternative text, is an error.
    """
    told, drawn = json.dumps(data, ensure_ascii=False), dict(files or {})
    try:
        return _set(template, told, drawn, now=now)
    except typst.TypstError as error:
        squares = _squares(error)
        if not squares:
            raise
    drawn = {name: content.decode().translate(squares).encode() for name, content in drawn.items()}
    return _set(template, told.translate(squares), drawn, now=now)


def _set(template: str, told: str, files: Mapping[str, bytes], *, now: datetime) -> bytes:
    with _workshop() as root:
        for source in TEMPLATES.glob("*.typ"):
            (root / source.name).write_bytes(source.read_bytes())
        for name, content in files.items():
            (root / PurePosixPath(name).name).write_bytes(content)
        return typst.compile(
            root / f"{template}.typ",
            root=root,
            font_paths=_fonts(),
            sys_inputs={DATA: told},
            pdf_standards="ua-1",
            timestamp=now.astimezone(UTC).replace(microsecond=0),  # typst takes neither a changing offset nor parts
        )


@contextmanager
def _workshop() -> Iterator[Path]:
    try:
        with tempfile.TemporaryDirectory(prefix="kvalitet-print-") as folder:
            yield Path(folder)
    except OSError as error:
        place = tempfile.gettempdir()
        raise OperationError(
            f"PDF-filen kan ikke sættes, for der kan ikke skrives i {place}; er disken fuld?"
        ) from error


def _squares(error: typst.TypstError) -> dict[int, str]:
    """Read in an error which signs no font has, and put a square for each; those that only join others are left out."""
    texts = (_ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), found) for found in _NOT_SHOWN.findall(error.diagnostic))
    signs = {sign for text in texts for sign in text if not sign.isascii()}
    return {ord(sign): SQUARE if sign.isprintable() and not unicodedata.combining(sign) else "" for sign in signs}


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS] if FONTS.is_dir() else [])
