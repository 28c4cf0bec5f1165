"""Backups: database, files and municipalities in one archive, with the fingerprint of every part.

Settings are left out: they hold passwords, and belong to the machine.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url

from kvalitet.adapters import postgres_dump
from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.store import Store, upgrade
from kvalitet.adapters.store.quiet import mail_pauses
from kvalitet.adapters.store.quiet.mail_pauses import EVERYBODY

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.settings import Settings

MANIFEST = "manifest.json"
SQLITE, POSTGRES = "database.sqlite", "database.dump"
FOLDERS = ("files", "municipalities", "reports")
FORMAT = 1
RESTORED = (
    "En sikkerhedskopi er lagt tilbage, og mails, der venter i den, kan være sendt siden. "
    "Annullér dem, der er sendt, og genoptag så afsendelsen."
)
CHUNK = 1024 * 1024
WAIT_SECONDS = 2
MOST_IN_A_SECOND = 1000


@dataclass(frozen=True, slots=True)
class Backup:
    """Sikkerhedskopi: where it lies, and how much is in it besides the database."""

    path: Path
    files: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Restored:
    """Tilbagelagt: when the backup was made, and where that which it replaced is kept."""

    made_at: str
    files: int
    kept: Path | None


def create(settings: Settings, target: Path, *, now: datetime) -> Backup:
    """Back an installation up; the archive is there whole or not at all.

    The database is copied first. Files of deliveries are never changed, so each one that the copy
    knows of is still there when its turn comes.
    """
    if target.exists():
        raise UserError(f"Filen {target} findes allerede; vælg et andet navn.")
    if not target.parent.is_dir():
        raise UserError(f"Mappen {target.parent} findes ikke; opret den, eller vælg en anden.")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            database, draft = _database(settings, Path(folder)), Path(folder) / "archive"
            names = {database.name: database, **_files_of(settings.home)}
            _write(draft, names, now=now)
            draft.replace(target)
    except OSError as error:
        raise OperationError(
            f"Sikkerhedskopien kunne ikke skrives til {target.parent} ({error.strerror}); er disken fuld?"
        ) from error
    return Backup(target, len(names) - 1, target.stat().st_size, _sha256(target))


def restore(settings: Settings, source: Path, *, replace: bool, now: datetime) -> Restored:
    """Lay a backup back after checking every part; what lay there is kept in a folder beside it."""
    with _opened(source) as archive, _workshop(settings.home) as workshop:
        manifest = _checked(archive, source)
        _refuse_other_database(settings, manifest)
        if not replace and _is_in_use(settings):
            raise UserError(
                f"Der er allerede en installation i {settings.home}; brug --yes, hvis den skal erstattes. "
                "Intet er ændret."
            )
        for name in manifest["sha256"]:
            archive.extract(name, workshop)
        if SQLITE in manifest["sha256"]:
            _check_sqlite(workshop / SQLITE)
            _take_up(f"sqlite:///{workshop / SQLITE}", now=now)
        kept = _swap(settings, workshop, now=now)
    return Restored(manifest["made_at"], len(manifest["sha256"]) - 1, kept)


def _database(settings: Settings, folder: Path) -> Path:
    """Copy the database into a folder, as it was at one instant."""
    if not settings.store_url.startswith("sqlite"):
        return postgres_dump.dump(settings.store_url, folder / POSTGRES)
    path = _sqlite_path(settings)
    if not path.exists():
        raise UserError(f"Der er ingen installation i mappen {settings.home}; vælg en anden med --home.")
    copy = folder / SQLITE
    try:
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
    except sqlite3.DatabaseError as error:
        raise OperationError(f"Databasen kan ikke læses ({error}); sikkerhedskopien er ikke taget.") from error
    _check_sqlite(copy)
    return copy


def _check_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict != "ok":
        raise OperationError(f"Databasens kopi er beskadiget ({verdict}); brug en anden sikkerhedskopi.")


def _files_of(home: Path) -> dict[str, Path]:
    """List the files of deliveries, the municipality files and the reports by their names in the archive."""
    return {
        path.relative_to(home).as_posix(): path
        for folder in FOLDERS
        for path in sorted((home / folder).rglob("*"))
        if path.is_file() and not path.name.startswith(".incoming-")
    }


def _write(draft: Path, names: dict[str, Path], *, now: datetime) -> None:
    manifest = {
        "format": FORMAT,
        "kvalitet": version("kvalitet"),
        "made_at": now.replace(microsecond=0).isoformat(),
        "sha256": {name: _sha256(path) for name, path in names.items()},
    }
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
        for name, path in names.items():
            archive.write(path, name)


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except OSError as error:
        raise UserError(f"Filen {source} kan ikke åbnes; se efter, om stien er rigtig.") from error
    except zipfile.BadZipFile as error:
        raise UserError(f"Filen {source} er ikke en hel sikkerhedskopi; brug en anden. Intet er ændret.") from error


@contextmanager
def _workshop(home: Path) -> Iterator[Path]:
    """Give a folder on the installation's own disk, so that moving from it is one step."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as folder:
            yield Path(folder)
    except OSError as error:
        raise OperationError(
            f"Sikkerhedskopien kunne ikke lægges tilbage i {home} ({error.strerror}). Intet er ændret."
        ) from error


def _checked(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    """Read the manifest and check every part against it; anything else in the archive is refused."""
    broken = f"Filen {source} er ikke en hel sikkerhedskopi; brug en anden. Intet er ændret."
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        expected: dict[str, str] = manifest["sha256"]
        if manifest["format"] > FORMAT:
            raise OperationError("Sikkerhedskopien er fra en nyere udgave af kvalitet; opdatér programmet.")
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(broken) from error
    names = [name for name in archive.namelist() if name != MANIFEST]
    if sorted(names) != sorted(expected) or not all(map(_is_known, names)):
        raise UserError(broken)
    for name, digest in expected.items():
        with archive.open(name) as part:
            if _digest(part) != digest:
                raise UserError(f"»{name}« i {source} er ændret eller beskadiget; brug en anden. Intet er ændret.")
    return manifest


def _is_known(name: str) -> bool:
    """Tell whether a part is one that we write: nothing may be laid outside the installation."""
    path = PurePosixPath(name)
    return name in {SQLITE, POSTGRES} or (path.parts[0] in FOLDERS and ".." not in path.parts)


def _refuse_other_database(settings: Settings, manifest: dict[str, Any]) -> None:
    wanted = SQLITE if settings.store_url.startswith("sqlite") else POSTGRES
    if wanted not in manifest["sha256"]:
        raise UserError(
            "Sikkerhedskopien er fra en anden slags database; sæt KVALITET_DATABASE_URL, som den var. Intet er ændret."
        )


def _is_in_use(settings: Settings) -> bool:
    if settings.store_url.startswith("sqlite"):
        return _sqlite_path(settings).exists() or bool(_files_of(settings.home))
    return postgres_dump.has_tables(settings.store_url) or bool(_files_of(settings.home))


def _swap(settings: Settings, workshop: Path, *, now: datetime) -> Path | None:
    """Put the checked parts in place, the old ones aside; a PostgreSQL database is replaced in one transaction."""
    stem = f"before-restore-{now:%Y%m%dT%H%M%SZ}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, MOST_IN_A_SECOND)))
    aside = next(folder for name in names if not (folder := settings.home / name).exists())
    if (workshop / POSTGRES).exists():
        postgres_dump.load(settings.store_url, workshop / POSTGRES)
        _take_up(settings.store_url, now=now)
        old: list[tuple[Path, Path | None]] = []
    else:
        database = _sqlite_path(settings)
        _refuse_while_written(database)
        old = [(database.with_name(database.name + ending), None) for ending in ("-wal", "-shm")]
        old.append((database, workshop / SQLITE))
    old += [(settings.home / folder, workshop / folder) for folder in FOLDERS]
    moved: list[tuple[Path, Path]] = []
    try:
        for place, new in old:
            if place.exists():
                aside.mkdir(exist_ok=True)
                moved.append((place, place.replace(aside / place.name)))
            if new and new.exists():
                new.replace(place)
    except OSError:
        for place, kept in reversed(moved):
            if not place.exists():
                kept.replace(place)
        raise
    return aside if moved else None


def _take_up(url: str, *, now: datetime) -> None:
    """Bring a restored database up to date, and pause its mails: some of them were sent after the backup was made."""
    upgrade(url)
    store = Store.open(url)
    try:
        with store.write() as connection:
            mail_pauses.pause(connection, EVERYBODY, reason=RESTORED, by="kvalitet db restore", now=now)
    finally:
        store.close()


def _refuse_while_written(database: Path) -> None:
    """Fold the write-ahead log into the file, and refuse while another program holds the database."""
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        raise OperationError("Databasen er i brug; stop kvalitet, og prøv igen. Intet er ændret.") from error
    except sqlite3.DatabaseError:
        return  # a broken database is what a backup is for; it is kept aside as it is


def _sqlite_path(settings: Settings) -> Path:
    return Path(make_url(settings.store_url).database or "")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return _digest(file)


def _digest(file: Any) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
