"""The report as one HTML file: readable on any screen, by a screen reader, and printed on A4."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kvalitet.adapters.reports.goals import SHORT
from kvalitet.adapters.reports.writers.shapes import SHAPES

if TYPE_CHECKING:
    from kvalitet.adapters.reports.model import QualityReport

_PLAIN = re.compile(r"[^\w ,.()/-]")


def as_html(report: QualityReport) -> bytes:
    """Write the page."""
    return _environment().get_template("quality_report.html").render(report=report).encode()


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"shapes": {one.value: Markup(shape) for one, shape in SHAPES.items()}, "short": SHORT}  # noqa: S704 -- our own shapes
    found.filters |= {"css": css_text, "drawing": Markup}
    return found


def css_text(text: str) -> Markup:
    """Write a text as it may stand between quotes in a style sheet."""
    return Markup(_PLAIN.sub(lambda found: f"\\{ord(found[0]):x} ", text))  # noqa: S704 -- what could end it is escaped
