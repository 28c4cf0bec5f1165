"""mail_texts.yaml: the municipality's own words in its mails; the file need not be there.

A text that cannot be used holds up the mails that it belongs to, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from kvalitet.adapters.municipality_files.documents import Document, Problem, read
from kvalitet.adapters.municipality_files.sound import sound_part
from kvalitet.adapters.municipality_files.words import Entry, Line
from kvalitet.mail_texts import (
    EVERYWHERE,
    PLACES,
    SUBJECT_OF,
    SUBJECT_PLACES,
    MailKind,
    MailText,
    MailTexts,
    SubjectKind,
    mistake,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kvalitet.adapters.municipality_files.documents import Place

MAIL_TEXTS = "mail_texts.yaml"
LONGEST: dict[str, int] = {
    "subject": 80, "heading": 80, "greeting": 120, "introduction": 1500, "closing": 1500, "signature": 500,
}  # fmt: skip
NEEDS_TITLE = {SubjectKind.DELIVERABLE, SubjectKind.MEETING}


def not_empty(text: str) -> str:
    """Refuse a text without a word."""
    if not text.strip():
        raise ValueError("Teksten er tom; skriv den, eller slet linjen.")
    return text


Text = Annotated[str, AfterValidator(not_empty)]
TextLine = Annotated[Line, AfterValidator(not_empty)]


class EveryMailEntry(Entry):
    """What all mails share."""

    greeting: TextLine = ""
    closing: Text = ""
    signature: Text = ""


class MailTextEntry(EveryMailEntry):
    """The municipality's own parts of one mail."""

    heading: TextLine = ""
    introduction: Text = ""


class MailTextsFile(Entry):
    """mail_texts.yaml."""

    subjects: dict[SubjectKind, TextLine] = Field(default_factory=dict)
    every_mail: EveryMailEntry = EveryMailEntry()
    mails: dict[MailKind, MailTextEntry] = Field(default_factory=dict)


def mail_texts(folder: Path) -> tuple[MailTexts, list[Problem]]:
    """Read a municipality's own words, and tell what is wrong with them."""
    path = folder / MAIL_TEXTS
    if not path.exists():
        return MailTexts(), []
    document = read(path)
    if document.content is None:
        return _built(MailTextsFile(), document.problems), document.problems
    sound = sound_part(document, MailTextsFile)
    entry = sound.entry or MailTextsFile()
    problems = sorted({*document.problems, *sound.problems, *_problems(sound.document, entry)})
    return _built(entry, problems), problems


def _problems(document: Document, file: MailTextsFile) -> Iterator[Problem]:
    for subject, text in file.subjects.items():
        place: Place = ("subjects", subject.value)
        yield from _text_problems(document, place, text, SUBJECT_PLACES[subject], LONGEST["subject"])
        if subject in NEEDS_TITLE and "{titel}" not in text:
            message = "Emnet skal nævne {titel}, så mails om hver sin ting kan kendes fra hinanden."
            yield document.problem(place, message)
    for part, text in _parts(file.every_mail):
        yield from _text_problems(document, ("every_mail", part), text, EVERYWHERE, LONGEST[part])
    for kind, mail in file.mails.items():
        for part, text in _parts(mail):
            yield from _text_problems(document, ("mails", kind.value, part), text, PLACES[kind], LONGEST[part])


def _text_problems(
    document: Document, place: Place, text: str, places: tuple[str, ...], longest: int
) -> Iterator[Problem]:
    if message := mistake(text, places):
        yield document.problem(place, message)
    if len(text.strip()) > longest:
        message = f"Teksten er på {len(text.strip())} tegn; der er plads til {longest}. Gør den kortere."
        yield document.problem(place, message)
    if not all(letter.isprintable() or letter == "\n" for letter in text):
        yield document.problem(place, "Teksten indeholder tegn, som ikke kan vises; skriv den igen som ren tekst.")


def _parts(entry: EveryMailEntry) -> Iterator[tuple[str, str]]:
    for part in type(entry).model_fields:
        if text := getattr(entry, part):
            yield part, text


def _built(file: MailTextsFile, problems: list[Problem]) -> MailTexts:
    shared = dict(_parts(file.every_mail))
    mails = {
        kind: MailText(**shared | (dict(_parts(file.mails[kind])) if kind in file.mails else {}))
        for kind in MailKind
        if shared or kind in file.mails
    }
    faults: dict[MailKind, str] = {}
    for problem in problems:
        for kind in _held_up(problem.key):
            faults.setdefault(kind, str(problem))
    return MailTexts(dict(file.subjects), mails, faults)


def _held_up(key: str) -> set[MailKind]:
    """Find the mails that a mistake at a key belongs to: all of them, when it cannot be told."""
    section, _, rest = key.partition(".")
    name = rest.partition(".")[0]
    if section == "mails" and name in set(MailKind):
        return {MailKind(name)}
    if section == "subjects" and name in set(SubjectKind):
        return {kind for kind, subject in SUBJECT_OF.items() if subject == name}
    if name and section in {"mails", "subjects"}:
        return set()  # a mail that does not exist
    return set(MailKind)
