"""Explaining: why a mail cannot be written, in one Danish sentence that names the file and the line."""

from __future__ import annotations

import re
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2.exceptions import SecurityError, TemplateNotFound, TemplateSyntaxError, UndefinedError

from kvalitet.adapters import danish
from kvalitet.adapters.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMES = re.compile(r"'([^']*)' is undefined|has no attribute '([^']*)'|attribute '([^']*)' of '\w+' object is unsafe")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Fejl i en mail: what is wrong, and in which template and line, where it is one."""

    text: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.file}, linje {self.line}" if self.line else self.file
        return f"skabelonen {where}: {self.text}" if self.file else self.text


class UnwritableMailError(OperationError):
    """Mail, der ikke kan skrives: `reason` is the same for all mails with the same mistake."""

    def __init__(self, key: str, mistake: Mistake) -> None:
        super().__init__(f"Mailen »{key}« kan ikke sættes op: {mistake}")
        self.mistake = mistake
        self.reason = str(mistake)


def told(errors: Iterable[UnwritableMailError]) -> tuple[str, ...]:
    """Say once for each reason how many mails wait for it to be put right."""
    counts = Counter(error.reason for error in errors)
    return tuple(
        f"{danish.count_text(count, 'mail', 'mails').capitalize()} kan ikke sættes op og venter: {reason}"
        for reason, count in counts.items()
    )


def mistake_of(error: Exception, templates: Path) -> Mistake:
    """Say what is wrong; what is wrong with a template is told with its file and line."""
    if isinstance(error, OperationError):
        return Mistake(error.message)
    if isinstance(error, TemplateNotFound):
        return Mistake(f"skabelonen mangler i mappen {templates.name}.", str(error.name))
    if isinstance(error, TemplateSyntaxError):
        return Mistake(f"en kode er skrevet forkert ({error.message}).", str(error.name), error.lineno)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_in(frame.filename, templates)]
    if not frames:
        return Mistake(str(error))
    file = Path(frames[-1].filename).relative_to(templates).as_posix()
    return Mistake(f"{_mistake(error)}.", file, frames[-1].lineno or 0)


def _is_in(file: str, templates: Path) -> bool:
    return Path(file).is_relative_to(templates)


def _mistake(error: Exception) -> str:
    names = _NAMES.search(str(error))
    name = next(filter(None, names.groups()), "") if names else ""
    if isinstance(error, SecurityError):
        return f"»{name}« må ikke bruges i en skabelon" if name else str(error)
    if isinstance(error, UndefinedError):
        return f"navnet »{name}« findes ikke i denne mail" if name else f"et navn findes ikke ({error})"
    return f"noget kan ikke regnes ud ({type(error).__name__}: {error})"
