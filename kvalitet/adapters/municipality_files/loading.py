"""Loading: a folder's files read, checked and built; all problems at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.municipality_files import checking, models
from kvalitet.adapters.municipality_files.building import municipality_of
from kvalitet.adapters.municipality_files.complaints import complaints
from kvalitet.adapters.municipality_files.documents import Document, Problem, read
from kvalitet.adapters.municipality_files.holidays_file import holiday_problems
from kvalitet.wheel import Role

if TYPE_CHECKING:
    from pathlib import Path

    from kvalitet.municipality import Municipality

MAIN = "municipality.yaml"
MODELS: dict[str, type[BaseModel]] = {
    MAIN: models.MunicipalityFile,
    "schools.yaml": models.SchoolsFile,
    "contacts.yaml": models.ContactsFile,
    "school_holidays.yaml": models.HolidaysFile,
    "wheel.yaml": models.WheelFile,
    "goals.yaml": models.GoalsFile,
}


def load(folder: Path) -> Municipality:
    """Read a municipality; problems are one UserError that lists them."""
    municipality, problems = check(folder)
    if municipality is None:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise UserError(f"Kommunens filer i »{folder.name}« har fejl; ret dem:\n{listed}")
    return municipality


def load_all(root: Path) -> tuple[Municipality, ...]:
    """Read every municipality below a folder, in order of key; a folder that is not there has none."""
    if not root.is_dir():
        return ()
    found = [load(folder) for folder in sorted(root.iterdir()) if (folder / MAIN).is_file()]
    return tuple(sorted(found, key=lambda municipality: municipality.key))


def check(folder: Path) -> tuple[Municipality | None, list[Problem]]:
    """Read a municipality and tell everything that is wrong with its files."""
    documents = {name: read(folder / name) for name in MODELS}
    problems = [problem for document in documents.values() for problem in document.problems]
    entries: dict[str, Any] = {}
    for name, document in documents.items():
        if document.content is None:
            continue
        try:
            entries[name] = MODELS[name].model_validate(document.content)
        except ValidationError as error:
            problems += complaints(document, MODELS[name], error.errors())
    problems += _beyond_single_values(folder, documents, entries)
    if problems or len(entries) < len(MODELS):
        return None, sorted(set(problems), key=lambda p: (list(MODELS).index(p.file), p.line, p.key))
    return municipality_of(entries), []


def _beyond_single_values(folder: Path, documents: dict[str, Document], entries: dict[str, Any]) -> Iterator[Problem]:
    """Check what can be checked of the files that could be read."""
    schools, contacts, wheel = (entries.get(name) for name in ("schools.yaml", "contacts.yaml", "wheel.yaml"))
    if schools:
        yield from checking.school_problems(documents["schools.yaml"], schools)
    if contacts:
        yield from checking.contact_problems(documents["contacts.yaml"], contacts, schools)
    if "school_holidays.yaml" in entries:
        yield from holiday_problems(documents["school_holidays.yaml"], entries["school_holidays.yaml"])
    if "goals.yaml" in entries:
        known = {activity.key: activity for activity in wheel.activities} if wheel else None
        yield from checking.goal_problems(documents["goals.yaml"], entries["goals.yaml"], known)
    yield from _of_main(folder, documents[MAIN], entries.get(MAIN))
    yield from _of_wheel(folder, documents["wheel.yaml"], entries)


def _of_main(folder: Path, document: Document, main: models.MunicipalityFile | None) -> Iterator[Problem]:
    if main is None:
        return
    yield from checking.address_problem(document, ("sender", "address"), main.sender.address)
    if main.key != folder.resolve().name:
        yield document.problem(("key",), f"Nøglen skal hedde som mappen: {folder.resolve().name}.")


def _of_wheel(folder: Path, document: Document, entries: dict[str, Any]) -> Iterator[Problem]:
    wheel, main, contacts = (entries.get(name) for name in ("wheel.yaml", MAIN, "contacts.yaml"))
    if not wheel:
        return
    yield from checking.wheel_problems(document, wheel, folder, main.office_hours if main else None)
    if contacts:
        roles = {contact.role for contact in contacts.contacts} | {Role.SCHOOL_LEADER}
        yield from checking.role_problems(document, wheel, roles)
