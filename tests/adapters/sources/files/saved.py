"""Files as Danish programs save them: Excel's pivot export, and the same table in other formats."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter

from kvalitet.adapters.sources.files.school_figures_file import FiguresFile
from kvalitet.adapters.sources.source import RawExtract

SCHOOLS = frozenset({"301004", "323001", "323003"})
# The warning that stands over the table in a real export is longer; it is merged over C1:N3.
WARNING = "Bemærk: tal, der bygger på få elever, vises ikke."
Cells = Sequence[Sequence[object]]


def read(content: bytes, *, schools: frozenset[str] = SCHOOLS, municipality_name: str = "Kalundborg") -> RawExtract:
    return FiguresFile(content=content, name="tal.xlsx").read(schools=schools, municipality_name=municipality_name)


def figures(extract: RawExtract) -> dict[tuple[str, str], str]:
    """Give the figures by school and school year, as texts; what is missing as a dash."""
    return {(m.unit, m.school_year.label): "–" if m.value is None else str(m.value) for m in extract.measurements}


def excel(rows: Cells, *, percentages: Sequence[tuple[int, int]] = (), merged: str = "") -> bytes:
    """Save rows as a workbook; `percentages` are the places (from 0) that are shown as per cent."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        sheet = workbook.add_worksheet("Skoletal")
        shown = workbook.add_format({"num_format": "0.0%"})
        if merged:
            sheet.merge_range(merged, WARNING)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, column, cell, shown if (number, column) in percentages else None)
    return stream.getvalue()


def pivot(measure: str, labels: Sequence[str], years: Sequence[str], table: Cells) -> bytes:
    """Save a pivot as the statistics export it: four lines with a note, the measure in A5, the headings in row 6."""
    caption = [measure, *[None] * (len(labels) - 1), "Skoleår"]
    return excel([[], [], [], [], caption, [*labels, *years], *table], merged="C1:N3")


def csv(rows: Cells, *, mark: str = ";", encoding: str = "utf-8-sig", decimals: str = ",") -> bytes:
    """Save rows as text."""
    lines = [mark.join(_text(cell, decimals) for cell in row) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def _text(cell: object, decimals: str) -> str:
    if cell is None:
        return ""
    return str(cell).replace(".", decimals) if isinstance(cell, float) else str(cell)


def with_part(content: bytes, name: str, change: Mapping[str, str]) -> bytes:
    """Give a workbook in which one part is another, by regular expressions and what stands instead."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            text = old.read(info.filename)
            if info.filename == name:
                for pattern, instead in change.items():
                    text = re.sub(pattern.encode(), instead.encode(), text)
            new.writestr(info.filename, text)
    return stream.getvalue()
