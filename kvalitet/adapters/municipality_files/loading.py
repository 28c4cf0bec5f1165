"""Loading: a folder's files read, checked and built; all problems at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.municipality_files import checking, goal_checking, meeting_checking, models, people_checking
from kvalitet.adapters.municipality_files.building import municipality_of
from kvalitet.adapters.municipality_files.documents import Document, Problem, read
from kvalitet.adapters.municipality_files.holidays_file import holiday_problems
from kvalitet.adapters.municipality_files.mail_texts_file import MAIL_TEXTS, MailTextsFile, mail_texts
from kvalitet.adapters.municipality_files.main_file import MunicipalityFile
from kvalitet.adapters.municipality_files.report.checking import report_problems
from kvalitet.adapters.municipality_files.sound import sound_part

if TYPE_CHECKING:
    from pathlib import Path

    from kvalitet.municipality import Municipality

MAIN = "municipality.yaml"
MODELS: dict[str, type[BaseModel]] = {
    MAIN: MunicipalityFile,
    "schools.yaml": models.SchoolsFile,
    "contacts.yaml": models.ContactsFile,
    "school_holidays.yaml": models.HolidaysFile,
    "wheel.yaml": models.WheelFile,
    "goals.yaml": models.GoalsFile,
}
OPTIONAL: dict[str, type[BaseModel]] = {MAIL_TEXTS: MailTextsFile}


def load(folder: Path) -> Municipality:
    """Read a municipality; problems are one UserError that lists them.

    A mistake in its mail texts is none here: it holds up the mails that it belongs to.
    """
    municipality, problems = _check(folder)
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
    municipality, problems = _check(folder)
    _, of_texts = mail_texts(folder)
    return (None if of_texts else municipality), [*problems, *of_texts]


def _check(folder: Path) -> tuple[Municipality | None, list[Problem]]:
    documents = {name: read(folder / name) for name in MODELS}
    problems = [problem for document in documents.values() for problem in document.problems]
    entries: dict[str, Any] = {}
    lost: set[str] = set()
    for name, document in documents.items():
        if document.content is not None:
            sound = sound_part(document, MODELS[name])
            documents[name], entries[name] = sound.document, sound.entry
            problems += sound.problems
            lost |= sound.lost
    problems += _not_about(lost, _beyond_single_values(folder, documents, entries))
    problems += _unknown_files(folder)
    if problems:
        return None, sorted(set(problems), key=lambda p: (_order(p.file), p))
    texts, _ = mail_texts(folder)
    return replace(municipality_of(entries), mail_texts=texts), []


def _not_about(lost: set[str], problems: Iterable[Problem]) -> list[Problem]:
    """Leave out what only seems wrong because the entry that it points to has a mistake of its own."""
    return [problem for problem in problems if not any(f"»{key}«" in problem.message for key in lost)]


def _unknown_files(folder: Path) -> Iterator[Problem]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix in {".yaml", ".yml"} and path.name not in MODELS | OPTIONAL:
            near = difflib.get_close_matches(path.name, MODELS | OPTIONAL, n=1)
            hint = f"mener du {near[0]}?" if near else f"her kan ligge {', '.join(MODELS | OPTIONAL)}."
            yield Problem(path.name, 1, "", f"Filen kendes ikke; {hint}")


def _order(file: str) -> int:
    known = list(MODELS)
    return known.index(file) if file in known else len(known)


def _beyond_single_values(folder: Path, documents: dict[str, Document], entries: dict[str, Any]) -> Iterator[Problem]:
    """Check what can be checked of the files that could be read."""
    schools, contacts, wheel = (entries.get(name) for name in ("schools.yaml", "contacts.yaml", "wheel.yaml"))
    main, goals, years = (entries.get(name) for name in (MAIN, "goals.yaml", "school_holidays.yaml"))
    if main:
        yield from people_checking.main_problems(documents[MAIN], main, folder.resolve().name)
        yield from report_problems(documents[MAIN], main.report, wheel)
    if schools:
        yield from people_checking.school_problems(documents["schools.yaml"], schools)
    if contacts:
        yield from people_checking.contact_problems(documents["contacts.yaml"], contacts, schools)
    if years:
        yield from holiday_problems(documents["school_holidays.yaml"], years)
    if goals:
        activities = {activity.key: activity for activity in wheel.activities} if wheel else None
        numbers = {school.number for school in schools.schools} if schools else None
        yield from goal_checking.goal_problems(documents["goals.yaml"], goals, activities, numbers)
    if wheel:
        hours = main.office_hours if main else None
        yield from checking.wheel_problems(documents["wheel.yaml"], wheel, folder, hours)
        yield from meeting_checking.invitation_problems(documents["wheel.yaml"], wheel, folder, main)
    yield from _roles(documents, main, wheel, contacts, schools)


def _roles(documents: dict[str, Document], main: Any, wheel: Any, contacts: Any, schools: Any) -> Iterator[Problem]:
    if main:
        yield from meeting_checking.organizer_problems(documents[MAIN], main, contacts, schools)
    if main and contacts:
        yield from people_checking.digest_problems(documents[MAIN], main, contacts)
    if wheel and contacts and schools:
        yield from people_checking.role_problems(documents["wheel.yaml"], wheel, contacts, schools)
