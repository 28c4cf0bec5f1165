"""Keeping: the versions of a report that have been written. Each is a folder that is never changed afterwards.

A folder is there whole or not at all, and has a number of its own. It lists the SHA-256 of each of its files; what
does not match any more is never given out.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.days import SchoolYear
from kvalitet.quality_reports import Edition, Version

if TYPE_CHECKING:
    from kvalitet.adapters.reports.writers import Format

FOLDER, INDEX = "reports", "version.json"
READ_ONLY = 0o440
MOST_VERSIONS = 9999
EDITION_NAMES = {Edition.PUBLIC: "offentlig", Edition.INTERNAL: "intern"}


@dataclass(frozen=True)
class StoredReport:
    """Gemt rapport: one written version; `files` maps the names of its files to their SHA-256."""

    school_year: SchoolYear
    number: int
    version: Version
    written_at: datetime
    written_by: str
    files: Mapping[str, str]
    folder: Path

    @property
    def digest(self) -> str:
        """One fingerprint of all that is in it."""
        return hashlib.sha256(json.dumps(dict(sorted(self.files.items()))).encode()).hexdigest()

    def path(self, edition: Edition, format_: Format) -> Path:
        """Give where one of its files lies."""
        return self.folder / file_name(edition, format_)


class NumberTakenError(OperationError):
    """Nummeret er taget: somebody else has written that version meanwhile."""


@dataclass(frozen=True, slots=True)
class NewReport:
    """Ny rapport: what is to be kept; `files` maps names to contents."""

    school_year: SchoolYear
    version: Version
    written_at: datetime
    written_by: str
    files: Mapping[str, bytes]


def file_name(edition: Edition, format_: Format) -> str:
    """Give what a file of a version is called, in its folder and in addresses: "offentlig.pdf"."""
    return f"{EDITION_NAMES[edition]}.{format_.value}"


def keep(home: Path, municipality: str, new: NewReport, number: int) -> StoredReport:
    """Keep a version under the next number; NumberTakenError when another has taken it meanwhile."""
    target = _year_folder(home, municipality, new.school_year) / str(number)
    index = {
        "number": number,
        "version": new.version.value,
        "written_at": new.written_at.isoformat(),
        "written_by": new.written_by,
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(new.files.items())},
    }
    contents = {**new.files, INDEX: json.dumps(index, ensure_ascii=False, indent=2).encode()}
    try:
        with _workshop(home) as folder:
            for name, content in contents.items():
                _write(folder / name, content)
            target.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(target)
    except OSError as error:
        if target.exists():
            raise NumberTakenError(f"En anden har lige skrevet version {number}; prøv igen.") from error
        raise OperationError(f"Rapporten kunne ikke skrives til {target.parent}; er disken fuld?") from error
    return _read(target, new.school_year)


def versions(home: Path, municipality: str, school_year: SchoolYear) -> tuple[StoredReport, ...]:
    """List what has been written of a school year, oldest first."""
    folder = _year_folder(home, municipality, school_year)
    found = [path for path in folder.iterdir() if path.name.isdecimal()] if folder.is_dir() else []
    return tuple(_read(path, school_year) for path in sorted(found, key=lambda path: int(path.name)))


def find(home: Path, municipality: str, school_year: SchoolYear, number: int) -> StoredReport | None:
    """Find one written version."""
    if number > MOST_VERSIONS:
        return None  # an address may say any number, but no disk has a name of any length
    folder = _year_folder(home, municipality, school_year) / str(number)
    return _read(folder, school_year) if (folder / INDEX).is_file() else None


def read(stored: StoredReport, name: str) -> bytes:
    """Read a file of a version; one that has been changed since it was written is an OperationError."""
    if name not in stored.files:
        raise UserError(f"Version {stored.number} har ingen fil, der hedder »{name}«.")
    try:
        content = (stored.folder / name).read_bytes()
    except OSError as error:
        raise OperationError(
            f"Filen »{name}« i version {stored.number} er væk; find den i en sikkerhedskopi."
        ) from error
    if hashlib.sha256(content).hexdigest() != stored.files[name]:
        raise OperationError(
            f"Filen »{name}« i version {stored.number} er ændret, siden den blev skrevet; find den i en sikkerhedskopi."
        )
    return content


def _read(folder: Path, school_year: SchoolYear) -> StoredReport:
    try:
        told = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        return StoredReport(
            school_year=school_year,
            number=told["number"],
            version=Version(told["version"]),
            written_at=datetime.fromisoformat(told["written_at"]),
            written_by=told["written_by"],
            files=told["sha256"],
            folder=folder,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OperationError(
            f"Rapportens fil {folder.name}/{INDEX} kan ikke læses; find den i en sikkerhedskopi."
        ) from error


def _year_folder(home: Path, municipality: str, school_year: SchoolYear) -> Path:
    return home / FOLDER / municipality / school_year.key


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(READ_ONLY)


@contextmanager
def _workshop(home: Path) -> Iterator[Path]:
    """Give a folder on the same disk, which is either moved to its place or cleared away."""
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=home, prefix=".report-"))
    folder.chmod(0o750)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
