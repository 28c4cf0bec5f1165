"""The file store: files of deliveries, kept under their own fingerprint."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.store.deliveries import StoredFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_MEGABYTES = LARGEST_FILE // (1024 * 1024)
LONGEST_NAME = 120
HEAD = 8
# What a file of each kind begins with; text has no such mark.
BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF",),
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp"), (b"PK\x03\x04",)),
    **dict.fromkeys(("doc", "xls", "ppt"), (b"\xd0\xcf\x11\xe0",)),
    "png": (b"\x89PNG",),
    **dict.fromkeys(("jpg", "jpeg"), (b"\xff\xd8\xff",)),
    **dict.fromkeys(("txt", "csv"), (b"",)),
}
KINDS = "PDF, Word, Excel, PowerPoint, OpenDocument, billede eller ren tekst"
ACCEPTED = ",".join(f".{kind}" for kind in BEGINNINGS)


class FileStore:
    """Fillager: a folder in which every file is named by the SHA-256 of its content.

    Each of the checks sees a file, by its name and where it lies, before it is kept, and may refuse it.
    """

    def __init__(self, folder: Path, checks: Iterable[Callable[[str, Path], None]] = ()) -> None:
        self.folder = folder
        self._checks = tuple(checks)

    def keep(self, name: str, chunks: Iterable[bytes]) -> StoredFile:
        """Keep a file whole or not at all; empty and too large ones are a UserError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return self._keep(name, chunks)
        except OSError as error:
            raise OperationError("Filen kunne ikke gemmes; er disken fuld? Intet er afleveret.") from error

    def _keep(self, name: str, chunks: Iterable[bytes]) -> StoredFile:
        digest, size = hashlib.sha256(), 0
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    _check_size(name, size)
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if not size:
                raise UserError(f"Filen »{plain_name(name)}« er tom; vælg en anden fil.")
            for check in self._checks:
                check(name, Path(temporary))
            target = self.path(digest.hexdigest())
            target.parent.mkdir(exist_ok=True)
            Path(temporary).replace(target)
        finally:
            Path(temporary).unlink(missing_ok=True)
        return StoredFile(plain_name(name), digest.hexdigest(), size)

    def path(self, sha256: str) -> Path:
        """Give where a file lies."""
        return self.folder / sha256[:2] / sha256


def kind_problem(name: str, head: bytes) -> str:
    """Say what is wrong with a file's kind, told by its name and its first bytes; "" when nothing is."""
    plain = plain_name(name)
    beginnings = BEGINNINGS.get(plain.rpartition(".")[2].casefold())
    if beginnings is None:
        return f"Filen »{plain}« er af en slags, der ikke tages imod; vælg {KINDS}."
    if not head.startswith(beginnings):
        return f"Filen »{plain}« er ikke det, som dens navn siger; gem den igen som {KINDS}."
    return ""


def plain_name(name: str) -> str:
    """Take the name alone from what a browser or a mail sends: no folders, no control characters."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    printable = "".join(character for character in last if character.isprintable()).strip(". ")
    return printable[-LONGEST_NAME:] or "fil"


def _check_size(name: str, size: int) -> None:
    if size > LARGEST_FILE:
        raise UserError(f"Filen »{plain_name(name)}« er for stor; den må højst fylde {LARGEST_MEGABYTES} MB.")
