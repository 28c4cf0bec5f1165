"""Typesetting: a template of `templates/print` and its values become a tagged PDF (PDF/UA-1).

Values go in as JSON and never as markup: »0. klasse« is no numbered list, and `#` begins no code. The fonts are those
of Det Fælles Designsystem, and where they are not installed those that typst carries; nothing is fetched.
"""

from __future__ import annotations

import json
import tempfile
from datetime import UTC
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import typst

from kvalitet.adapters.settings import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

TEMPLATES = CHECKOUT / "templates" / "print"
FONTS = CHECKOUT / "node_modules" / "dkfds" / "src" / "fonts" / "IBMPlexSans" / "complete" / "ttf"
DATA = "data"


def typeset(
    template: str, data: Mapping[str, Any], *, now: datetime, files: Mapping[str, bytes] | None = None
) -> bytes:
    """Fill `templates/print/<template>.typ` and give the PDF; the same values at the same instant give the same bytes.

    The template reads the values by `json(bytes(sys.inputs.data))` and a file by its name (`image("wheel.svg", …)`). A
    template without a title, or an image without an alternative text, is an error.
    """
    with tempfile.TemporaryDirectory(prefix="kvalitet-print-") as folder:
        root = Path(folder)
        for source in TEMPLATES.glob("*.typ"):
            (root / source.name).write_bytes(source.read_bytes())
        for name, content in (files or {}).items():
            (root / PurePosixPath(name).name).write_bytes(content)
        return typst.compile(
            root / f"{template}.typ",
            root=root,
            font_paths=_fonts(),
            sys_inputs={DATA: json.dumps(data, ensure_ascii=False)},
            pdf_standards="ua-1",
            timestamp=now.astimezone(UTC).replace(microsecond=0),  # typst takes neither a changing offset nor parts
        )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS] if FONTS.is_dir() else [])
