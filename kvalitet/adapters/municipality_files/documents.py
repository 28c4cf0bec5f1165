"""Documents: YAML read with the line of every value, and nothing guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Place = tuple[str | int, ...]
# The one in C is ten times faster, and not everywhere.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAB = re.compile(r" *\t")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Fejl: where it stands, and one Danish sentence."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}, linje {self.line}" + (f", {self.key}" if self.key else "")
        return f"{where}: {self.message}"


@dataclass
class Document:
    """Dokument: a file's content as texts, lists and mappings, and the line of each place in it.

    Where faulty parts have been left out, `written_at` tells where a place stands in the file.
    """

    file: str
    content: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    written_at: dict[Place, Place] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """Give the line of a place, or of the nearest place around it."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1

    def problem(self, place: Place, message: str) -> Problem:
        """Make a problem at a place."""
        known = next((place[:n] for n in range(len(place), 0, -1) if place[:n] in self.written_at), ())
        written = (*self.written_at.get(known, ()), *place[len(known) :])
        return Problem(self.file, self.line(place), dotted(written), message)

    def without(self, faulty: set[Place]) -> Document:
        """Give the document without some of its parts; what is left keeps its lines and names."""
        left = Document(self.file)
        left.content = self._copy(self.content, (), left, (), faulty)
        return left

    def _copy(self, value: Any, place: Place, left: Document, new: Place, faulty: set[Place]) -> Any:
        left.lines[new] = self.line(place)
        left.written_at[new] = self.written_at.get(place, place)
        if isinstance(value, dict):
            kept = [key for key in value if (*place, key) not in faulty]
            return {key: self._copy(value[key], (*place, key), left, (*new, key), faulty) for key in kept}
        if isinstance(value, list):
            kept_items = [index for index in range(len(value)) if (*place, index) not in faulty]
            return [
                self._copy(value[index], (*place, index), left, (*new, number), faulty)
                for number, index in enumerate(kept_items)
            ]
        return value


def read(path: Path) -> Document:
    """Read a YAML file; what cannot be read is a problem of the document."""
    document = Document(path.name)
    try:
        raw = path.read_bytes()
    except OSError:
        return _failed(document, 1, "Filen mangler eller kan ikke åbnes; læg den i kommunens mappe.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return _failed(document, line, "Filen er ikke gemt som UTF-8; gem den igen med tegnsættet UTF-8.")
    try:
        return _composed(document, text)
    except yaml.MarkedYAMLError as error:
        return _failed(document, *_unreadable(text, error))
    except (yaml.YAMLError, RecursionError):
        return _failed(document, 1, "Filen indeholder tegn, som YAML ikke kender; skriv den igen som ren tekst.")


def dotted(place: Place) -> str:
    """Write a place as a person reads it: activities[3].due."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _failed(document: Document, line: int, message: str) -> Document:
    document.problems.append(Problem(document.file, line, "", message))
    return document


def _composed(document: Document, text: str) -> Document:
    node = yaml.compose(text, Loader=_LOADER)
    if node is None:
        return _failed(document, 1, "Filen er tom; udfyld den, som docs/kommunens-filer.md viser.")
    document.content = _value(document, node, (), set())
    return document


def _unreadable(text: str, error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """Say where a file stops making sense; a tab is the usual reason, and found where it stands."""
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if _TAB.match(line):
            return number, "Linjen er rykket ind med tabulator; brug mellemrum."
    mark = error.problem_mark or error.context_mark
    line_number = min(mark.line + 1, len(lines)) if mark else 1
    return line_number, "Filen kan ikke forstås herfra; se efter indrykning, kolon og anførselstegn."


def _value(document: Document, node: yaml.Node, place: Place, seen: set[int]) -> Any:
    document.lines.setdefault(place, node.start_mark.line + 1)
    if id(node) in seen:
        document.problems.append(document.problem(place, "Genveje med & og * kan ikke bruges; skriv værdien helt ud."))
        return node.value if isinstance(node, yaml.ScalarNode) else None
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(document, node, place, seen))
    if isinstance(node, yaml.SequenceNode):
        return [_value(document, child, (*place, number), seen) for number, child in enumerate(node.value)]
    is_null = node.tag == "tag:yaml.org,2002:null"
    return None if is_null else node.value


def _pairs(document: Document, node: yaml.MappingNode, place: Place, seen: set[int]) -> Iterator[tuple[str, Any]]:
    found: set[str] = set()
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
        here = (*place, key)
        document.lines[here] = key_node.start_mark.line + 1
        if key in found:
            message = f"Nøglen »{key}« står to gange samme sted; slet den ene."
            document.problems.append(document.problem(here, message))
        found.add(key)
        yield key, _value(document, value_node, here, seen)
