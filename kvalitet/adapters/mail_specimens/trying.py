"""Trying: every mail is written once, so that a mistake in a template is found before the mail is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.mail.writing.explaining import Mistake, UnwritableMailError
from kvalitet.adapters.mail_specimens.making import specimens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.days import SchoolYear
    from kvalitet.municipality import Municipality


def unusable(
    renderer: Renderer, municipalities: Iterable[Municipality], school_year: SchoolYear
) -> list[tuple[str, Mistake]]:
    """List what is wrong with the templates, each mistake once, with a mail that shows it."""
    found: dict[Mistake, str] = {}
    for municipality in municipalities:
        for specimen in specimens(municipality, school_year):
            try:
                renderer.render(specimen.message, now=specimen.at, invite=specimen.invite)
            except UnwritableMailError as error:
                found.setdefault(error.mistake, specimen.name)
    return [(name, mistake) for mistake, name in found.items()]
