"""Opening: from what the command line says to settings, municipalities, store, school year and day."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from kvalitet.adapters import clock, danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.settings import CHECKOUT, Settings
from kvalitet.cli.failing import log_in
from kvalitet.days import SchoolYear
from kvalitet.municipality import DANISH_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

DEMONSTRATION_FILES = CHECKOUT / "deployments"
FIRST_YEAR, LAST_YEAR = 2000, 2098
NOON = time(12, 0)
_DANISH_DATE = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")


def settings_of(home: Path | None, files: Path | None) -> Settings:
    """Read the settings; where the home folder has no municipalities of its own, those of the checkout serve."""
    settings = Settings.read(home, **({"municipalities": files} if files else {}))
    log_in(settings.home)
    own = settings.municipality_folder
    if settings.municipalities is None and not (own.is_dir() and any(own.iterdir())):
        return settings.model_copy(update={"municipalities": DEMONSTRATION_FILES})
    return settings


@contextmanager
def opened(home: Path | None, files: Path | None) -> Iterator[Installation]:
    """Open an installation whose database has the tables of this version."""
    from kvalitet.adapters.installation import Installation  # noqa: PLC0415 -- slow, and --plan-only does without
    from kvalitet.adapters.store.database.upgrading import require_current  # noqa: PLC0415 -- as above

    settings = settings_of(home, files)
    if not settings.database_url and not (settings.home / "kvalitet.db").exists():
        raise UserError(
            f"Der er ingen installation i mappen {settings.home}; vælg en anden med --home, "
            "eller begynd med »kvalitet db upgrade« eller »kvalitet up«."
        )
    installation = Installation.open(settings)
    try:
        require_current(installation.store)
        yield installation
    finally:
        installation.store.close()


def chosen(municipalities: Iterable[Municipality], key: str | None) -> Municipality:
    """Give the municipality that is asked for, or the only one."""
    found = {municipality.key: municipality for municipality in municipalities}
    if key is None and len(found) == 1:
        return next(iter(found.values()))
    known = danish.list_text(danish.in_order(found)) or "ingen"
    if key is None:
        raise UserError(f"Her er flere kommuner ({known}); vælg en med --municipality.")
    if key not in found:
        raise UserError(f"Kommunen »{key}« findes ikke her; vælg en af: {known}.")
    return found[key]


def year_of(text: str) -> SchoolYear:
    """Read 2026, 2026/27 or 2026-27."""
    try:
        year = SchoolYear(int(text)) if re.fullmatch(r"\d{4}", text) else SchoolYear.parse(text)
    except ValueError as error:
        raise UserError(str(error)) from error
    if not FIRST_YEAR <= year.start <= LAST_YEAR:
        raise UserError(f"Skoleåret {year.label} ligger for langt væk; vælg et mellem {FIRST_YEAR} og {LAST_YEAR}.")
    return year


def day_of(text: str) -> date:
    """Read 2026-11-02 or 2.11.2026."""
    try:
        if danish_date := _DANISH_DATE.fullmatch(text.strip()):
            day, month, year = map(int, danish_date.groups())
            return date(year, month, day)
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise UserError(f"»{text}« er ikke en dato; skriv den som 2026-11-02.") from error


def clock_of(text: str) -> time:
    """Read 9:30 or 9.30."""
    match = re.fullmatch(r"(\d{1,2})[:.](\d{2})", text.strip())
    try:
        if match:
            return time(int(match[1]), int(match[2]))
    except ValueError:
        pass
    raise UserError(f"»{text}« er ikke et klokkeslæt; skriv det som 9:30.")


def seen_from(text: str | None) -> datetime:
    """Give this instant, or noon of the day that is asked for."""
    if text is None:
        return clock.now()
    return datetime.combine(day_of(text), NOON, tzinfo=DANISH_TIME).astimezone(clock.now().tzinfo)


def require_planned(installation: Installation, municipality: Municipality, school_year: SchoolYear) -> None:
    """Stop with the way on where a school year is not planned."""
    from kvalitet.adapters.store import plans  # noqa: PLC0415 -- as above

    with installation.store.read() as connection:
        planned = plans.school_years(connection, municipality.key)
    if school_year not in planned:
        raise UserError(
            f"Skoleåret {school_year.label} er ikke planlagt for {municipality.name}; "
            f"kør »kvalitet plan {school_year.start} --municipality {municipality.key} --write« først."
        )


def planned_occurrence(installation: Installation, key: str) -> tuple[Municipality, Occurrence]:
    """Find an occurrence by key, with its municipality; an unknown one is a UserError."""
    from kvalitet.adapters.store import plans  # noqa: PLC0415 -- as above

    with installation.store.read() as connection:
        occurrence = plans.occurrence(connection, key)
    if occurrence is None:
        raise UserError(f"»{key}« findes ikke i planen; se nøglerne med »kvalitet occurrences«.")
    return installation.municipality(occurrence.municipality), occurrence
