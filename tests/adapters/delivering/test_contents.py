"""Files that are not what their names say."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from kvalitet.adapters.delivering import contents
from kvalitet.adapters.delivering.contents import refuse_contents
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.file_store import FileStore

DOCUMENT = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}


def packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def locked(parts: dict[str, bytes]) -> bytes:
    """Mark the first part of a packed file as encrypted, in its head and in the list at the end."""
    content = bytearray(packed(parts))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.docx", packed(DOCUMENT)),
        ("tal.xlsx", packed({"xl/workbook.xml": b"<workbook/>"})),
        ("plan.odt", packed({"content.xml": b"<office/>"})),
        ("plan.pdf", b"%PDF-1.7 en plan"),
        ("billede.jpg", b"\xff\xd8\xff\xe0"),
        ("gammel.doc", b"\xd0\xcf\x11\xe0" + packed(DOCUMENT)),
        ("noter.txt", "Blåbærgrød".encode()),
        ("tal.csv", "a;b\r\n".encode("utf-16")),
    ],
)
def test_a_file_that_is_what_it_says_is_kept(tmp_path: Path, name: str, content: bytes) -> None:
    assert FileStore(tmp_path, [refuse_contents]).keep(name, [content]).name == name


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plan.pdf.exe", b"%PDF-1.7", "Filen »plan.pdf.exe« er af en slags, der ikke tages imod"),
        ("plan.exe.pdf", b"MZ", "Filen »plan.exe.pdf« er ikke det, som dens navn siger"),
        ("plan.pdf", b"%PDF-1.7 " + packed(DOCUMENT), "Filen »plan.pdf« er to slags filer på én gang"),
        ("billede.png", b"\x89PNG " + packed(DOCUMENT), "Filen »billede.png« er to slags filer på én gang"),
        ("plan.docx", packed({"xl/workbook.xml": b""}), "Filen »plan.docx« er ikke det, som dens navn siger"),
        ("plan.docx", packed(DOCUMENT)[:-30], "Filen »plan.docx« er gået i stykker"),
        ("plan.docx", locked(DOCUMENT), "Filen »plan.docx« er låst med en adgangskode"),
        ("plan.docx", packed({**DOCUMENT, "word/vbaProject.bin": b"x"}), "Filen »plan.docx« indeholder makroer"),
        ("plan.odt", packed({"content.xml": b"", "Basic/script.xml": b"x"}), "Filen »plan.odt« indeholder makroer"),
        ("noter.txt", b"MZ\x90", "Filen »noter.txt« er ikke ren tekst"),
        ("noter.txt", b"#!/bin/sh", "Filen »noter.txt« er ikke ren tekst"),
        ("tal.csv", b"a\0b", "Filen »tal.csv« er ikke ren tekst"),
    ],
)
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        FileStore(tmp_path, [refuse_contents]).keep(name, [content])
    assert refused.value.message.startswith(sentence)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = packed({**DOCUMENT, "word/media/image.bmp": bytes(contents.LARGEST_UNPACKED)})
    assert len(bomb) < 1024 * 1024
    with pytest.raises(UserError, match="fylder over 200 MB, når den pakkes ud"):
        FileStore(tmp_path, [refuse_contents]).keep("plan.docx", [bomb])


def test_a_document_of_far_too_many_parts_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MOST_PARTS", 1)
    with pytest.raises(UserError, match="når den pakkes ud"):
        FileStore(tmp_path, [refuse_contents]).keep("plan.docx", [packed(DOCUMENT)])
