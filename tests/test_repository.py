"""What must hold for every file of the repository."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYTHON_LINES = 300
README_LINES = 150
FILES_IN_A_FOLDER = 14
LOCK_FILES = ("requirements.lock", "requirements-npm.lock", "requirements-uv.lock", "package-lock.json")
BANNED_NAMES = {"utils", "util", "common", "helpers", "base", "misc"}
REGISTRIES = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg")
MACHINE_PATHS = re.compile(r"(?<![\w.}-])/(?:work|root|home/\w+|Users/\w+)/\w")
KEYS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")
CORE_MAY_NOT = {
    "io",
    "os",
    "pathlib",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "time",
    "urllib",
    "logging",
}


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def places(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def core_modules() -> list[Path]:
    return [path for path in sorted((ROOT / "kvalitet").glob("*.py")) if path.stem not in {"cli", "__main__"}]


def imported_packages(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(text_of(path))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {
        name.partition(".")[0]
        for name in plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    }


def test_no_file_names_a_package_registry() -> None:
    assert places(REGISTRIES, tracked_files()) == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert places(MACHINE_PATHS, tracked_files()) == []


def test_no_file_holds_a_private_key() -> None:
    assert places(KEYS, tracked_files()) == []


@pytest.mark.parametrize("name", LOCK_FILES)
def test_a_lock_file_carries_hashes_and_no_addresses(name: str) -> None:
    lock = text_of(ROOT / name)
    assert re.findall(r"\w+://\S+|\"resolved\"|--(?:extra-)?index-url", lock) == []
    assert re.search(r"sha(256|512)[:-]", lock)


def test_the_pins_that_prefect_needs_are_in_the_lock_file() -> None:
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", text_of(ROOT / "requirements.lock"), flags=re.MULTILINE))
    assert locked["prefect"] == "3.8.8"
    assert tuple(map(int, locked["fastapi"].split(".")[:2])) < (0, 151)
    assert locked["sqlalchemy"].startswith("2.0.")


def test_every_direct_dependency_is_locked() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in wanted}  # type: ignore[index]  # each begins so
    locked = set(
        re.findall(r"^([\w.-]+)==", re.sub(r"\[[\w,]+\]", "", text_of(ROOT / "requirements.lock")), re.MULTILINE)
    )
    assert names - locked == set()


def test_python_files_stay_under_300_lines() -> None:
    files = [path for path in tracked_files() if path.suffix == ".py"]
    lengths = {str(path.relative_to(ROOT)): len(text_of(path).splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length >= PYTHON_LINES} == {}


def test_the_readme_stays_under_150_lines() -> None:
    assert len(text_of(ROOT / "README.md").splitlines()) < README_LINES


def test_a_folder_of_python_stays_small_enough_to_look_over() -> None:
    files = [path for path in tracked_files() if path.suffix == ".py" and path.stem != "__init__"]
    counts = Counter(str(path.parent.relative_to(ROOT)) for path in files if path.parent.name != "versions")
    # The core, the flows and the tests at the top are one subject per file, as the design lists them.
    listed = {"kvalitet", "flows", "tests"}
    assert {folder: n for folder, n in counts.items() if n > FILES_IN_A_FOLDER and folder not in listed} == {}


def test_no_module_is_named_after_nothing_in_particular() -> None:
    files = [path.relative_to(ROOT) for path in tracked_files() if path.suffix == ".py"]
    assert [path for path in files if BANNED_NAMES & {*path.parts, path.stem}] == []


def test_the_core_needs_the_standard_library_alone() -> None:
    allowed = (sys.stdlib_module_names | {"kvalitet"}) - CORE_MAY_NOT
    found = {path.name: imported_packages(path) - allowed for path in core_modules()}
    assert {name: packages for name, packages in found.items() if packages} == {}


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {
        path.parent for path in tracked_files() if path.suffix == ".py" and "tests" in path.relative_to(ROOT).parts
    }
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []
