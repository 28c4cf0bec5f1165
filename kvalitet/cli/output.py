"""Output: tables and JSON on stdout, questions and progress where a person is looking."""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import typer

from kvalitet.adapters.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GAP = "  "


def say(text: str) -> None:
    """Write a line on stdout."""
    typer.echo(text)


def say_json(value: object) -> None:
    """Write a value as JSON, with æøå as they are."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """Write a table: drawn on a terminal, aligned lines elsewhere; `empty` is said when there are no rows."""
    lines = [tuple(row) for row in rows]
    if not lines:
        say(empty)
    elif sys.stdout.isatty():
        _drawn(headings, lines)
    else:
        _aligned(headings, lines)


def ask(question: str, *, yes: bool) -> None:
    """Ask before something is done; any answer but yes is an OperationError, and nothing is done."""
    if yes:
        return
    typer.echo(f"{question} [j/n] ", nl=False, err=True)
    if sys.stdin.readline().strip().casefold() not in {"j", "ja"}:
        raise OperationError("Intet er ændret; svar j, eller brug --yes.")


def working(text: str) -> AbstractContextManager[Any]:
    """Show on a terminal that long work is going on."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console  # noqa: PLC0415 -- only a terminal needs it

    return Console(stderr=True).status(text)


def _drawn(headings: Sequence[str], rows: list[tuple[str, ...]]) -> None:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 -- as above
    from rich.console import Console  # noqa: PLC0415 -- as above
    from rich.table import Table  # noqa: PLC0415 -- as above
    from rich.text import Text  # noqa: PLC0415 -- as above

    drawn = Table(*headings, box=SIMPLE_HEAD)
    for row in rows:
        drawn.add_row(*map(Text, row))
    Console().print(drawn)


def _aligned(headings: Sequence[str], rows: list[tuple[str, ...]]) -> None:
    lines = [tuple(headings), *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    for line in lines:
        say(GAP.join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
