"""Documents: YAML read with the line of every value, and nothing guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Place = tuple[str | int, ...]


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
    """Dokument: a file's content as texts, lists and mappings, and the line of each place in it."""

    file: str
    content: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """Give the line of a place, or of the nearest place around it."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1

    def problem(self, place: Place, message: str) -> Problem:
        """Make a problem at a place."""
        return Problem(self.file, self.line(place), dotted(place), message)


def read(path: Path) -> Document:
    """Read a YAML file; what cannot be read is a problem of the document."""
    document = Document(path.name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return _failed(document, 1, "Filen er ikke gemt som UTF-8; gem den igen med tegnsættet UTF-8.")
    except OSError:
        return _failed(document, 1, "Filen mangler eller kan ikke åbnes; læg den i kommunens mappe.")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return _failed(document, line, f"Filen kan ikke læses som YAML ({error.problem}); se på indrykning og kolon.")
    except yaml.YAMLError:
        return _failed(document, 1, "Filen indeholder tegn, som YAML ikke kender; skriv den igen som ren tekst.")
    if node is None:
        return _failed(document, 1, "Filen er tom.")
    document.content = _value(document, node, ())
    return document


def dotted(place: Place) -> str:
    """Write a place as a person reads it: activities[3].due."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _failed(document: Document, line: int, message: str) -> Document:
    document.problems.append(Problem(document.file, line, "", message))
    return document


def _value(document: Document, node: yaml.Node, place: Place) -> Any:
    document.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(document, node, place))
    if isinstance(node, yaml.SequenceNode):
        return [_value(document, child, (*place, number)) for number, child in enumerate(node.value)]
    is_null = node.tag == "tag:yaml.org,2002:null"
    return None if is_null else node.value


def _pairs(document: Document, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = (*place, key)
        document.lines[here] = key_node.start_mark.line + 1
        if key in seen:
            message = f"Nøglen »{key}« står to gange samme sted; slet den ene."
            document.problems.append(Problem(document.file, key_node.start_mark.line + 1, dotted(here), message))
        seen.add(key)
        yield key, _value(document, value_node, here)
