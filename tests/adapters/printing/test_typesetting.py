from __future__ import annotations

import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typst

from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.printing import typesetting
from kvalitet.adapters.printing.typesetting import typeset

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(font: ("IBM Plex Sans", "Libertinus Serif"), lang: "da", region: "dk")
#title()
#data.text
"""


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)
    (tmp_path / "page.typ").write_text(PAGE, encoding="utf-8")
    return tmp_path


def title_of(pdf: bytes) -> str:
    found = re.search(rb"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", pdf, re.DOTALL)
    assert found is not None
    return found[1].decode()


def test_a_page_is_a_tagged_danish_pdf_with_a_title(templates: Path) -> None:
    pdf = typeset("page", {"title": "Årshjul på æ og ø", "text": "Hej"}, now=NOW)
    assert pdf.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in pdf
    assert b"/Marked true" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/Lang(da-DK)" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert title_of(pdf) == "Årshjul på æ og ø"


def test_values_are_text_and_never_markup(templates: Path) -> None:
    assert title_of(typeset("page", {"title": "#panic() *0. klasse*", "text": "#panic()"}, now=NOW)) == (
        "#panic() *0. klasse*"
    )


def test_the_same_values_give_the_same_bytes(templates: Path) -> None:
    data = {"title": "Årshjul", "text": "Hej"}
    assert typeset("page", data, now=NOW) == typeset("page", data, now=NOW)


def test_a_page_can_be_set_at_any_instant_of_a_real_clock(templates: Path) -> None:
    data = {"title": "Årshjul", "text": "Hej"}
    in_between = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=ZoneInfo("Europe/Copenhagen"))
    assert typeset("page", data, now=in_between) == typeset("page", data, now=NOW)


def test_a_picture_without_a_text_for_those_who_cannot_see_it_is_refused(templates: Path) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4"/></svg>'
    (templates / "drawn.typ").write_text(f'{PAGE}#image("drawing.svg")', encoding="utf-8")
    (templates / "told.typ").write_text(f'{PAGE}#image("drawing.svg", alt: data.text)', encoding="utf-8")
    data, files = {"title": "Årshjul", "text": "Et hjul"}, {"drawing.svg": svg}
    assert typeset("told", data, now=NOW, files=files).startswith(b"%PDF-1.7")
    with pytest.raises(typst.TypstError, match="PDF/UA-1 error: missing alt text"):
        typeset("drawn", data, now=NOW, files=files)


def test_a_file_stays_in_the_folder_of_its_page(templates: Path, tmp_path: Path) -> None:
    (templates / "told.typ").write_text(f'{PAGE}#read("passwd")', encoding="utf-8")
    assert typeset("told", {"title": "A", "text": ""}, now=NOW, files={"../../etc/passwd": b"x"}).startswith(b"%PDF")
    assert not (tmp_path.parent / "passwd").exists()


def test_danish_letters_are_in_the_fonts_that_need_no_network(templates: Path) -> None:
    pdf = typeset("page", {"title": "Årshjul", "text": "blåbærgrød ÆØÅ"}, now=NOW)
    assert b"IBMPlexSans" in pdf


@pytest.mark.parametrize(
    ("written", "shown"),
    [("Godt gået 😀!", "Godt gået □!"), ("中文, ja 中", "□□, ja □"), ("Lærer 👩‍🏫 og 👍🏽", "Lærer □□ og □□")],
)
def test_a_sign_that_no_font_has_keeps_nothing_from_being_printed(templates: Path, written: str, shown: str) -> None:
    pdf = typeset("page", {"title": written, "text": written}, now=NOW)
    assert title_of(pdf) == shown


def test_a_sign_that_no_font_has_is_a_square_in_a_drawing_too(templates: Path) -> None:
    (templates / "drawn.typ").write_text(f'{PAGE}#image("a.svg", alt: "a")', encoding="utf-8")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99 9"><text y="9">Skole 😀</text></svg>'
    data = {"title": "Årshjul", "text": "Hej"}
    pdf = typeset("drawn", data, now=NOW, files={"a.svg": svg.encode()})
    assert pdf == typeset("drawn", data, now=NOW, files={"a.svg": svg.replace("😀", "□").encode()})


def test_a_full_disk_is_told_in_one_sentence(templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "væk"))
    with pytest.raises(OperationError, match=r"^PDF-filen kan ikke sættes, for der kan ikke skrives i .*; er disken"):
        typeset("page", {"title": "Årshjul", "text": "Hej"}, now=NOW)
