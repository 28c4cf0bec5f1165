"""How people log in, as municipality.yaml says it, and keys that are taken by the board's own pages."""

from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import check, load
from kvalitet.adapters.municipality_files.people_checking import TAKEN_KEYS
from kvalitet.municipality import Login
from kvalitet.web.routes import PAGES
from tests.adapters.municipality_files.folder import FILES, folder

KEY = "due_soon_days: 14\n"


def told(path: Path) -> list[str]:
    return [str(problem) for problem in check(path)[1]]


def with_login(tmp_path: Path, text: str) -> Path:
    return folder(tmp_path, ("municipality.yaml", KEY, f"{KEY}login:\n{text}"))


def test_a_login_of_ones_own_is_read(tmp_path: Path) -> None:
    path = with_login(tmp_path, "  by_mail: false\n  issuer: https://login.example/x/v2.0\n  client_id: abc\n")
    assert load(path).login == Login(by_mail=False, issuer="https://login.example/x/v2.0", client_id="abc")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "  issuer: http://login.example\n  client_id: abc\n",
            "municipality.yaml, linje 14, login.issuer: Adressen på kommunens login skal begynde med https://.",
        ),
        (
            "  issuer: https://login.example\n",
            "municipality.yaml, linje 14, login.issuer: Skriv også »client_id«: programmets id hos kommunens login.",
        ),
        (
            "  client_id: abc\n",
            "municipality.yaml, linje 14, login.client_id: Skriv også »issuer«: adressen på kommunens login.",
        ),
    ],
)
def test_half_a_login_is_told_with_line_and_key(tmp_path: Path, text: str, problem: str) -> None:
    assert told(with_login(tmp_path, text)) == [problem]


@pytest.mark.parametrize("key", sorted(TAKEN_KEYS))
def test_a_municipality_cannot_lie_where_a_page_of_ours_does(tmp_path: Path, key: str) -> None:
    path = tmp_path / key
    path.mkdir()
    for name, text in FILES.items():
        (path / name).write_text(text.replace("key: proeveby", f"key: {key}"), encoding="utf-8")
    assert f"»{key}« er en side på statusoverblikket; vælg en anden nøgle og mappe." in "".join(told(path))


def test_every_first_part_of_an_address_is_taken() -> None:
    parts = {page.path.split("/")[1] for page in PAGES} | {"static"}
    of_the_login = {page.path.split("/")[2] for page in PAGES if page.path.startswith("/log-ind/")}
    assert {part for part in parts | of_the_login if part and "{" not in part} <= TAKEN_KEYS


def test_a_deputy_without_a_school_is_told_of(tmp_path: Path) -> None:
    path = folder(tmp_path, ("contacts.yaml", "role: director", "role: deputy"))
    assert (
        "contacts.yaml, linje 5, contacts[1].role: Skriv også »school«: skolen, som stedfortræderen er på; ellers får "
        "ingen adgang."
    ) in told(path)
