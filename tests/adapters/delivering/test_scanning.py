"""The virus scanner: what it finds is refused, and nothing gets in that it has not seen."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kvalitet.adapters.delivering.scanning import CHUNK, InfectedError, Scanner
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.file_store import FileStore
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, deliveries, log
from tests.adapters.delivering.clamd_server import VIRUS, Clamd, on_a_path, on_a_port
from tests.web.delivering import forms
from tests.web.delivering.forms import ANSWERS, FORM, KEY

UNSCANNED = "Filen »plan.pdf« kunne ikke kontrolleres for virus og er derfor ikke taget imod. Prøv igen om lidt."
FOUND = "Filen »plan.pdf« er ikke taget imod: Virusscanneren fandt »Test.Virus« i den."


@pytest.fixture
def clamd() -> Iterator[Clamd]:
    with on_a_port() as served:
        yield served


def kept(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def test_a_clean_file_is_shown_whole_and_kept(clamd: Clamd, tmp_path: Path) -> None:
    content = bytes(range(256)) * (CHUNK // 128)
    FileStore(tmp_path, [Scanner.at(clamd.address)]).keep("plan.pdf", [content])
    assert clamd.seen == [content]
    assert len(kept(tmp_path)) == 1


def test_a_file_with_a_virus_is_refused_and_not_kept(clamd: Clamd, tmp_path: Path) -> None:
    with pytest.raises(InfectedError) as refused:
        FileStore(tmp_path, [Scanner.at(clamd.address)]).keep("plan.pdf", [b"%PDF ", VIRUS])
    assert (refused.value.message, refused.value.signature) == (FOUND, "Test.Virus")
    assert kept(tmp_path) == []


def test_a_scanner_may_listen_on_a_path(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as short, on_a_path(Path(short) / "clamd") as served:
        FileStore(tmp_path, [Scanner.at(served.address)]).keep("plan.pdf", [b"%PDF"])
    assert served.seen == [b"%PDF"]


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OKAY\0"])
def test_a_file_that_the_scanner_does_not_call_clean_is_refused(clamd: Clamd, tmp_path: Path, answer: bytes) -> None:
    clamd.answer = answer
    with pytest.raises(UserError) as refused:
        FileStore(tmp_path, [Scanner.at(clamd.address)]).keep("plan.pdf", [b"%PDF"])
    assert refused.value.message == UNSCANNED
    assert kept(tmp_path) == []


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl"])
def test_while_the_scanner_is_down_nothing_gets_in(tmp_path: Path, address: str) -> None:
    with pytest.raises(UserError) as refused:
        FileStore(tmp_path, [Scanner.at(address)]).keep("plan.pdf", [b"%PDF"])
    assert refused.value.message == UNSCANNED
    assert kept(tmp_path) == []


@pytest.mark.parametrize("address", ["localhost", ":3310", "localhost:", "localhost:0", "localhost:70000", "a:b"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(UserError, match=r"skal være vært:port, fx 127\.0\.0\.1:3310, eller stien til en socket"):
        Scanner.at(address)


def test_an_address_of_the_sixth_version_is_read() -> None:
    assert Scanner.at("[::1]:3310") == Scanner(("::1", 3310))


def scanned(store: Store, home: Path, address: str) -> Installation:
    made = forms.planned(store, home)
    return replace(made, settings=made.settings.model_copy(update={"virus_scanner": address}))


def test_on_the_page_what_is_found_is_said_at_the_field_and_in_the_log(
    store: Store, tmp_path: Path, clamd: Clamd
) -> None:
    installation = scanned(store, tmp_path / "home", clamd.address)
    with forms.reading(installation) as browser:
        refused = browser.send(FORM, ANSWERS, files={"plan": ("plan.pdf", b"%PDF-1.7 " + VIRUS)})
        assert (refused.status_code, f'href="#felt-plan">{FOUND}' in refused.text) == (400, True)
        assert "Hver måned" in refused.text
        clean = browser.send(FORM, ANSWERS, files={"plan": ("plan.pdf", b"%PDF-1.7 ren")})
        assert clean.status_code == 303
    with store.read() as connection:
        (event,) = log.events(connection, "proeveby", event="file_infected")
        assert len(deliveries.versions(connection, KEY)) == 1
    assert (event.occurrence, event.actor, event.detail) == (KEY, "Leder af Buerup Skole", "plan.pdf: Test.Virus")


def test_on_the_page_a_scanner_that_is_down_says_try_again(store: Store, tmp_path: Path) -> None:
    with forms.reading(scanned(store, tmp_path / "home", "127.0.0.1:1")) as browser:
        refused = browser.send(FORM, ANSWERS, files={"plan": ("plan.pdf", b"%PDF-1.7")})
    assert (refused.status_code, UNSCANNED in refused.text) == (400, True)
