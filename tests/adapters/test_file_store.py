import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.file_store import LARGEST_FILE, LONGEST_NAME, FileStore, kind_problem, plain_name
from kvalitet.adapters.store.deliveries import StoredFile

CONTENT = b"En handleplan"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_a_file_is_kept_under_its_own_fingerprint(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    assert store.keep("plan.pdf", [b"En ", b"handleplan"]) == StoredFile("plan.pdf", DIGEST, 13)
    assert store.path(DIGEST).read_bytes() == CONTENT
    assert files(tmp_path / "files") == [f"{DIGEST[:2]}/{DIGEST}"]


def test_the_same_content_is_kept_once_under_whatever_names(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.keep("a.pdf", [CONTENT])
    assert store.keep("b.pdf", [CONTENT]).name == "b.pdf"
    assert files(tmp_path) == [f"{DIGEST[:2]}/{DIGEST}"]


def test_an_empty_file_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        FileStore(tmp_path).keep("C:\\Planer\\tom.pdf", [b"", b""])
    assert refused.value.message == "Filen »tom.pdf« er tom; vælg en anden fil."
    assert files(tmp_path) == []


def test_a_file_may_be_ten_megabytes_and_not_a_byte_more(tmp_path: Path) -> None:
    store, chunk = FileStore(tmp_path), bytes(1024 * 1024)
    assert store.keep("stor.bin", [chunk] * 10).size == LARGEST_FILE
    before = files(tmp_path)
    with pytest.raises(UserError) as refused:
        store.keep("større.bin", [*[chunk] * 10, b"x"])
    assert refused.value.message == "Filen »større.bin« er for stor; den må højst fylde 10 MB."
    assert files(tmp_path) == before


def test_a_sender_that_hangs_up_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> list[bytes]:
        raise ConnectionResetError

    with pytest.raises(OperationError):
        FileStore(tmp_path).keep("plan.pdf", (chunk for _ in range(1) for chunk in broken()))
    assert files(tmp_path) == []


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of written files meets the writer just where a full disk would."""
    program = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from kvalitet.adapters.file_store import FileStore\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "FileStore(Path(sys.argv[1])).keep('plan.pdf', [bytes(8192)])\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=False)
    last = ended.stderr.strip().splitlines()[-1]
    assert last.endswith("OperationError: Filen kunne ikke gemmes; er disken fuld? Intet er afleveret.")
    assert files(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_told_in_danish(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("en fil, hvor mappen skulle være", encoding="utf-8")
    with pytest.raises(OperationError) as failed:
        FileStore(tmp_path / "files").keep("plan.pdf", [CONTENT])
    assert failed.value.message == "Filen kunne ikke gemmes; er disken fuld? Intet er afleveret."


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("plan.pdf", "plan.pdf"),
        ("C:\\Brugere\\Leder\\Handleplan 2026.docx", "Handleplan 2026.docx"),
        ("../../etc/passwd", "passwd"),
        ("Æble\u0000ø\u202e.pdf\n", "Æbleø.pdf"),
        (" .skjult ", "skjult"),
        ("..", "fil"),
        ("", "fil"),
        ("a" * 200 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_only_the_plain_name_is_taken_from_what_a_browser_sends(given_name: str, name: str) -> None:
    assert plain_name(given_name) == name


@given(st.text())
def test_no_name_leads_out_of_its_folder_or_is_empty(name: str) -> None:
    found = plain_name(name)
    assert 1 <= len(found) <= LONGEST_NAME
    assert Path(found).name == found
    assert os.sep not in found
    assert found.isprintable()


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("plan.pdf", b"%PDF-1.7"),
        ("PLAN.DOCX", b"PK\x03\x04...."),
        ("gammel.doc", b"\xd0\xcf\x11\xe0"),
        ("billede.jpeg", b"\xff\xd8\xff\xe0"),
        ("noter.txt", "Åh ja".encode()),
    ],
)
def test_a_file_that_is_what_its_name_says_is_taken(name: str, head: bytes) -> None:
    assert kind_problem(name, head) == ""


def test_a_file_of_another_kind_is_refused_with_the_kinds_that_are_taken() -> None:
    assert kind_problem("mappe/plan.pdf.exe", b"%PDF-1.7") == (
        "Filen »plan.pdf.exe« er af en slags, der ikke tages imod; "
        "vælg PDF, Word, Excel, PowerPoint, OpenDocument, billede eller ren tekst."
    )


def test_a_file_that_only_bears_the_name_is_refused() -> None:
    assert kind_problem("plan.pdf", b"MZ\x90\x00").startswith("Filen »plan.pdf« er ikke det, som dens navn siger; ")
