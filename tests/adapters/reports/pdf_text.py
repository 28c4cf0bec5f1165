"""The words of a PDF that typst has set, read back through its fonts; no more of PDF than that takes."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n?(.*?)\nendobj", re.DOTALL)
_FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\[((?:\((?:\\.|[^\\)])*\)|[^\]()])*)\]\s*TJ|(ET)", re.DOTALL)
_STRING = re.compile(rb"\(((?:\\.|[^\\)])*)\)", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words_of(pdf: bytes) -> str:
    """Give all words of the pages and of the drawings in them, line by line."""
    objects = {int(found[1]): found[2] for found in _OBJECT.finditer(pdf)}
    letters = {number: _letters(objects, body) for number, body in objects.items() if b"/ToUnicode" in body}
    lines: list[str] = []
    for body in objects.values():
        stream = _stream(body)
        if b" Tf" in stream:
            lines += _lines(stream, _fonts(objects, body, letters))
    for body in objects.values():
        contents = re.search(rb"/Contents (\d+) 0 R", body)
        if contents:
            lines += _lines(_stream(objects[int(contents[1])]), _fonts(objects, body, letters))
    return "\n".join(lines)


def _fonts(
    objects: dict[int, bytes], body: bytes, letters: dict[int, dict[bytes, str]]
) -> dict[bytes, dict[bytes, str]]:
    """Find which font each name stands for, in a page's or a drawing's own resources."""
    head = body.partition(b"stream")[0]
    reference = re.search(rb"/Resources (\d+) 0 R", head)
    named = objects[int(reference[1])] if reference else head
    return {found[1]: letters.get(int(found[2]), {}) for found in _FONT.finditer(named)}


def _letters(objects: dict[int, bytes], font: bytes) -> dict[bytes, str]:
    reference = re.search(rb"/ToUnicode (\d+) 0 R", font)
    assert reference is not None
    table = _stream(objects[int(reference[1])])
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", table)
    return {bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _lines(stream: bytes, fonts: dict[bytes, dict[bytes, str]]) -> list[str]:
    lines, line = [], ""
    letters: dict[bytes, str] = {}
    for found in _SHOWN.finditer(stream):
        if found[1]:
            letters = fonts.get(found[1], {})
        elif found[3]:
            lines.append(line)
            line = ""
        else:
            codes = b"".join(_ESCAPED.sub(_plain, part) for part in _STRING.findall(found[0]))
            line += "".join(letters.get(codes[at : at + 2], "") for at in range(0, len(codes), 2))
    return [each for each in lines if each]


def _plain(escaped: re.Match[bytes]) -> bytes:
    mark = escaped[1]
    return bytes([int(mark, 8)]) if mark.isdigit() else _LETTERS.get(mark, mark)


def _stream(body: bytes) -> bytes:
    _, found, rest = body.partition(b"stream\n")
    if not found or b"/FlateDecode" not in body[:400]:
        return b""
    return zlib.decompressobj().decompress(rest)
