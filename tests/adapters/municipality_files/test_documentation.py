"""docs/kommunens-filer.md explains every key, and every word that may stand at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from kvalitet.adapters.municipality_files.building import TARGETS
from kvalitet.adapters.municipality_files.loading import MODELS, OPTIONAL
from kvalitet.adapters.municipality_files.mail_texts_file import LONGEST
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.mail_texts import EVERYWHERE, PLACES, SUBJECT_PLACES, MailKind, SubjectKind
from kvalitet.wheel import FieldType, Kind, Per, Ring, Role, Stage

FILES = MODELS | OPTIONAL
TEXT = (Path(__file__).parents[3] / "docs" / "kommunens-filer.md").read_text(encoding="utf-8")
KEY_ROW = re.compile(r"\| `([a-z_0-9-]+)` \|")
SUFFIXES: dict[Any, str] = {tuple: "[]", dict: ".*"}
HEAD = "| Nøgle | Skal den være der? | Betydning |"


def documented() -> dict[tuple[str, str], list[str]]:
    """List the keys in each table of keys, by file and place: ("wheel.yaml", "activities[].meeting")."""
    found: dict[tuple[str, str], list[str]] = {}
    for part in re.split(r"^## ", TEXT, flags=re.MULTILINE):
        file = part.split("\n", 1)[0].strip()
        for section in re.split(r"^### ", part, flags=re.MULTILINE)[1:]:
            heading = section.split("\n", 1)[0].strip()
            if HEAD in section:
                place = heading.strip("`") if heading.startswith("`") else ""
                found[file, place] = KEY_ROW.findall(section)
    return found


def sections(model: type[BaseModel], place: str = "") -> Iterator[tuple[str, list[str]]]:
    """Give every place of a file's model with its keys."""
    yield place, list(model.model_fields)
    for name, field in model.model_fields.items():
        inner, suffix = section_in(field.annotation)
        if inner:
            yield from sections(inner, f"{place}.{name}{suffix}".lstrip("."))


def section_in(annotation: Any) -> tuple[type[BaseModel] | None, str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    for argument in get_args(annotation):
        inner, suffix = section_in(argument)
        if inner:
            own = SUFFIXES.get(getattr(annotation, "__origin__", None), "")
            return inner, own + suffix
    return None, ""


@pytest.mark.parametrize("file", FILES)
def test_every_key_of_a_file_is_explained_and_no_other(file: str) -> None:
    assert {place: keys for (name, place), keys in documented().items() if name == file} == dict(sections(FILES[file]))


@pytest.mark.parametrize("kind", MailKind)
def test_every_place_of_every_mail_text_is_explained(kind: MailKind) -> None:
    places = ", ".join(f"`{{{place}}}`" for place in PLACES[kind] if place not in EVERYWHERE)
    assert f"| `{kind}` | " in TEXT
    assert re.search(rf"^\| `{kind}` \| [^|]+ \| {re.escape(places) or 'ingen andre'} \|$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("kind", SubjectKind)
def test_every_place_of_every_subject_is_explained(kind: SubjectKind) -> None:
    places = ", ".join(f"`{{{place}}}`" for place in SUBJECT_PLACES[kind])
    assert re.search(rf"^\| `{kind}` \| [^|]+ \| {re.escape(places)} \|$", TEXT, re.MULTILINE)


def test_how_long_a_text_may_be_is_told() -> None:
    assert [part for part, longest in LONGEST.items() if not re.search(rf"`{part}`.*højst {longest} tegn", TEXT)] == []


@pytest.mark.parametrize("words", [Kind, Per, Ring, Role, FieldType])
def test_every_word_of_the_wheel_is_explained(words: type[Enum]) -> None:
    assert [word.value for word in words if f"`{word.value}`" not in TEXT] == []


def test_every_stage_that_a_ladder_may_name_is_explained() -> None:
    assert [stage for stage in Stage if stage is not Stage.OPENING and f"`{stage}`" not in TEXT] == []


def test_every_kind_of_target_is_explained() -> None:
    assert [kind for kind in TARGETS if f"| `{kind}` |" not in TEXT] == []


def test_every_indicator_is_listed_with_its_title() -> None:
    indicators = TEXT.partition("## Nøgletal")[2]
    row = r"^\| `([a-z_0-9]+)` \| ([^|]+?)(?: \(fortroligt\))?(?:: [^|]+)? \|"
    listed = dict(re.findall(row, indicators, re.MULTILINE))
    catalogue = {key: indicator.title for key, indicator in load_catalogue().indicators.items()}
    assert {key: listed.get(key) for key in catalogue} == catalogue
