"""Failing well: every error becomes one Danish sentence on stderr and an exit code."""

from __future__ import annotations

import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from typer.exceptions import Abort, TyperException

from kvalitet.adapters import clock
from kvalitet.adapters.errors import OperationError, ShownError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

LOG_NAME = "kvalitet-fejl.log"
_home: list[Path] = []


class LinesError(UserError):
    """Flere fejl: each on its own line, with a last sentence that says what to do."""

    def __init__(self, lines: Iterable[str], message: str) -> None:
        super().__init__("\n".join([*lines, message]))


def log_in(home: Path) -> None:
    """Note where this run's faults are to be written down."""
    _home[:] = [home]


def fail(error: Exception, *, debug: bool) -> int:
    """Tell what went wrong, and give the exit code."""
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{error}\n")
        return UserError.exit_code
    shown = error if isinstance(error, ShownError) else _shown(error)
    if debug:
        sys.stderr.write("".join(traceback.format_exception(error)))
    sys.stderr.write(f"{shown.message}\n")
    return shown.exit_code


def _shown(error: Exception) -> ShownError:
    if isinstance(error, TyperException):
        return UserError(_usage(error))
    if isinstance(error, Abort):
        return OperationError("Afbrudt. Intet er ændret.")
    return OperationError(
        f"Der er en fejl i kvalitet selv ({type(error).__name__}); send filen {_write_down(error)} til dem, "
        "der passer programmet."
    )


def _usage(error: TyperException) -> str:
    """Say in Danish what Typer says in English."""
    context = getattr(error, "ctx", None)
    see = f"se »{context.command_path if context else 'kvalitet'} --help«."
    option = getattr(error, "option_name", "")
    parameter = getattr(error, "param", None)
    name = (parameter.metavar if parameter.param_type_name == "argument" else parameter.opts[0]) if parameter else ""
    texts = {
        "NoSuchOption": f"Tilvalget {option} findes ikke; {see}",
        "BadOptionUsage": f"Tilvalget {option} skal have en værdi; {see}",
        "MissingParameter": f"{name} mangler; {see}",
        "BadParameter": f"Værdien til {name} kan ikke bruges; {see}",
    }
    return texts.get(type(error).__name__) or f"{_stray_words(error.message)}; {see}"


def _stray_words(english: str) -> str:
    """Say of words that stand where no command or value of that name is."""
    if english.startswith("No such command"):
        return f"Kommandoen »{english.split(chr(39))[1]}« findes ikke"
    if english.startswith("Missing command"):
        return "Der mangler en kommando"
    return "Der er for mange ord på linjen"


def _write_down(error: Exception) -> Path:
    """Append the traceback to the installation's log, or to a temporary file where that cannot be written."""
    text = f"{clock.now().isoformat()} {''.join(traceback.format_exception(error))}\n"
    for folder in (*_home, Path(tempfile.gettempdir())):
        try:
            with (folder / LOG_NAME).open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError:
            continue
        return folder / LOG_NAME
    return Path(LOG_NAME)
