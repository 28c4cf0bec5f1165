"""A written report says what the pages of goals say, word for word."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from kvalitet.adapters.reports import keeping, releasing
from kvalitet.adapters.reports.goals import SHORT
from kvalitet.adapters.reports.writers import Format
from kvalitet.adapters.store import Store
from kvalitet.quality_reports import Edition, Version
from kvalitet.web.pages.goals import table
from kvalitet.web.views import DEMONSTRATION_TEXTS
from tests.adapters.reports.town import NOW, lived
from tests.builders import OFFICE, YEAR
from tests.web.conftest import browsing

SENTENCE = re.compile(r"(?:8,4 %|7,2|5,9|61,37 %) i skoleåret 2025/26; kravet er [^<]*? Kilde: [^<]*?\)\.")


def text_of(page: str) -> str:
    return " ".join(unescape(page).split())


def test_the_words_of_the_matrix_are_those_of_the_pages() -> None:
    assert SHORT == table.SHORT


def test_the_demonstration_is_told_of_in_the_same_way() -> None:
    assert all(text.endswith("Tallene er rigtige, med kilde.") for text in DEMONSTRATION_TEXTS.values())


def test_the_sentences_of_a_written_report_are_those_that_the_pages_of_goals_show(store: Store, tmp_path: Path) -> None:
    found = lived(store, tmp_path / "home")
    stored = releasing.release(found, found.municipalities[0], YEAR, Version.DRAFT, by="Kontoret", now=NOW)
    report = text_of(keeping.read(stored, keeping.file_name(Edition.INTERNAL, Format.HTML)).decode())
    with browsing(found, OFFICE.address) as browser:
        pages = text_of(browser.get("/proeveby/maal?dato=2027-06-10").text)
        pages += text_of(browser.get("/proeveby/maal/grades/323001?dato=2027-06-10").text)
        pages += text_of(browser.get("/proeveby/maal/grades/323002?dato=2027-06-10").text)
    told = set(SENTENCE.findall(report))
    assert len(told) == 4
    assert [sentence for sentence in told if sentence not in pages] == []
