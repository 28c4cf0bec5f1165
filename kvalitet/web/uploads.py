"""Uploads: reading a form with a file, without ever holding more of it than is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from kvalitet.adapters.file_store import HEAD, LARGEST_FILE, LARGEST_MEGABYTES, kind_problem
from kvalitet.forms import LONGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

    from starlette.requests import Request
    from starlette.responses import Response

LARGEST_FORM = LARGEST_FILE + 1024 * 1024
# What is read and thrown away, so that a browser that sends too much gets an answer and not a broken line.
LONGEST_PATIENCE = 20 * LARGEST_FILE
MOST_FIELDS = 400
CHUNK = 64 * 1024
UNREADABLE = "Formularen kunne ikke læses; hent siden igen, og udfyld den på ny."
TOO_LARGE = f"Filen er for stor; den må højst fylde {LARGEST_MEGABYTES} MB. Vælg en mindre fil."


class _TooLargeError(MultiPartException):
    """For stort: more was sent than a form may hold; as the parser's own error, so that it closes its files."""


@dataclass(frozen=True)
class Filled:
    """Udfyldt formular: the texts by field, the file, and whether the whole was cut off as too large."""

    data: FormData
    is_too_large: bool = False

    def text(self, name: str) -> str:
        """Give the text of a field; "" when it was not sent."""
        found = self.data.get(name, "")
        # PostgreSQL keeps no NUL, and no person types one.
        return found.replace("\0", "") if isinstance(found, str) else ""

    def file(self, name: str) -> UploadFile | None:
        """Give the file of a field; None when no file was chosen."""
        found = self.data.get(name)
        return found if isinstance(found, UploadFile) and found.filename else None


async def answer_form(request: Request, answer: Callable[[Request, Filled], Response]) -> Response:
    """Read a form, let a thread answer it, and let go of its files."""
    filled = await read_form(request)
    try:
        return await run_in_threadpool(answer, request, filled)
    finally:
        await filled.data.close()


async def read_form(request: Request) -> Filled:
    """Read a form; of one that is too large the texts before the file are kept."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _read_plain_form(request)
    parser = _Parser(request)
    try:
        return Filled(await parser.parse())
    except _TooLargeError:
        texts: list[tuple[str, str | UploadFile]] = [
            (name, value) for name, value in parser.items if isinstance(value, str)
        ]
        return Filled(FormData(texts), is_too_large=True)
    except MultiPartException as error:
        raise HTTPException(400, UNREADABLE) from error
    except ClientDisconnect as error:
        raise HTTPException(400, UNREADABLE) from error


async def _read_plain_form(request: Request) -> Filled:
    """Read a form without a file; what the parser refuses is told in Danish."""
    try:
        return Filled(await request.form(max_fields=MOST_FIELDS))
    except HTTPException as error:
        raise HTTPException(413, "Der er skrevet for meget i formularen; gør teksten kortere.") from error
    except ClientDisconnect as error:
        raise HTTPException(400, UNREADABLE) from error


def refuse_unknown(file: UploadFile) -> str:
    """Say what is wrong with a file's kind, told by its name and its first bytes; "" when nothing is."""
    head = file.file.read(HEAD)
    file.file.seek(0)
    return kind_problem(file.filename or "", head)


def chunks(file: UploadFile) -> Iterator[bytes]:
    """Read a file piece by piece."""
    while piece := file.file.read(CHUNK):
        yield piece


class _Parser(MultiPartParser):
    """Læser: takes a form that came whole; one that was cut off on its way is not taken for one without its last."""

    def __init__(self, request: Request) -> None:
        stream = self._limited(request)
        most = {"max_files": MOST_FIELDS, "max_fields": MOST_FIELDS, "max_part_size": 4 * LONGEST_TEXT}
        super().__init__(request.headers, stream, **most)
        self._is_whole = False

    def on_end(self) -> None:
        """Note that the last boundary has come."""
        self._is_whole = True

    async def _limited(self, request: Request) -> AsyncGenerator[bytes, None]:
        """Give what a form may hold, read the rest away, and then say that it was too much."""
        size = 0
        async for piece in request.stream():
            if size < LARGEST_FORM:
                yield piece[: LARGEST_FORM - size]
            size += len(piece)
            if size > LONGEST_PATIENCE:
                break
        if size > LARGEST_FORM:
            raise _TooLargeError("too large")
        if not self._is_whole:
            raise MultiPartException("cut off")
