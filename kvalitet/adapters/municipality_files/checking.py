"""Checking the wheel: what no single value can tell, told with file, line and key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kvalitet.adapters.municipality_files.complaints import unique, unknown_activity, unknown_indicator
from kvalitet.adapters.municipality_files.form_fields.checking import field_problems
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.sources.offering import offered_by
from kvalitet.days import SchoolYear
from kvalitet.timetable import DEFAULT_START_TIMES
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time
    from pathlib import Path

    from kvalitet.adapters.municipality_files.documents import Document, Place, Problem
    from kvalitet.adapters.municipality_files.main_file import OfficeHoursEntry
    from kvalitet.adapters.municipality_files.models import (
        ActivityEntry,
        ExtractEntry,
        MeetingEntry,
    )

BELONGS: dict[str, tuple[set[Kind], str]] = {
    "extract": ({Kind.EXTRACT}, "dataudtræk (extract)"),
    "fields": ({Kind.DELIVERABLE}, "det, som skolerne afleverer (deliverable)"),
    "figures": ({Kind.DELIVERABLE}, "det, som skolerne afleverer (deliverable)"),
    "ladder": ({Kind.DELIVERABLE}, "det, som skolerne afleverer (deliverable)"),
    "meeting": ({Kind.MEETING, Kind.DIALOGUE}, "møder og samtaler (meeting, dialogue)"),
    "ends_in": ({Kind.MEETING, Kind.DIALOGUE}, "møder og samtaler (meeting, dialogue)"),
}

YEARS = tuple(map(SchoolYear, range(2018, 2041)))


def wheel_problems(document: Document, file: Any, folder: Path, hours: OfficeHoursEntry | None) -> Iterator[Problem]:
    """Check wheel.yaml."""
    keys = [(("activities", n, "key"), a.key) for n, a in enumerate(file.activities)]
    yield from unique(document, keys, "Aktiviteten")
    known = {activity.key: activity for activity in file.activities}
    for number, activity in enumerate(file.activities):
        place: Place = ("activities", number)
        yield from _window_problems(document, place, activity)
        yield from _reference_problems(document, place, activity, known, set(file.ladders))
        yield from _kind_problems(document, place, activity)
        if activity.meeting:
            yield from _meeting_problems(document, (*place, "meeting"), activity.meeting, folder, hours)
        yield from field_problems(document, place, activity, known)
        yield from _year_problems(document, place, activity, known)
    yield from _cycle_problems(document, file.activities)


def _window_problems(document: Document, place: Place, activity: ActivityEntry) -> Iterator[Problem]:
    if any(activity.due.in_year(year) < activity.opens.in_year(year) for year in YEARS):
        message = f"Fristen {activity.due} ligger før åbningen {activity.opens}; byt dem om, eller ret start/end."
        yield document.problem((*place, "due"), message)


def _reference_problems(
    document: Document, place: Place, activity: ActivityEntry, known: Mapping[str, Any], ladders: set[str]
) -> Iterator[Problem]:
    if activity.ladder and activity.ladder not in ladders:
        yield document.problem((*place, "ladder"), f"Rykkertrappen »{activity.ladder}« findes ikke under ladders.")
    ends_in = known.get(activity.ends_in or "")
    if activity.ends_in and ends_in is None:
        yield document.problem((*place, "ends_in"), unknown_activity(activity.ends_in, known))
    elif ends_in and (ends_in.kind is not Kind.DELIVERABLE or ends_in.per is not activity.per):
        message = f"»{activity.ends_in}« skal være en leverance (deliverable) for den samme enhed: per: {activity.per}."
        yield document.problem((*place, "ends_in"), message)
    for number, key in enumerate(activity.after):
        if key not in known:
            yield document.problem((*place, "after", number), unknown_activity(key, known))


def _kind_problems(document: Document, place: Place, activity: ActivityEntry) -> Iterator[Problem]:
    if activity.kind is Kind.EXTRACT and activity.extract is None:
        yield document.problem((*place, "kind"), "Et dataudtræk skal have »extract« med de nøgletal, der hentes.")
    if activity.kind is Kind.DELIVERABLE and not activity.fields:
        yield document.problem((*place, "kind"), "En leverance skal have »fields« med mindst ét felt at udfylde.")
    named = [((*place, "figures", n), key) for n, key in enumerate(activity.figures)]
    if activity.extract:
        named += _extracted(place, activity.extract)
        yield from _extract_problems(document, (*place, "extract"), activity.extract)
    for where, key in named:
        if key not in load_catalogue():
            yield document.problem(where, unknown_indicator(key))
    for key, (kinds, whom) in BELONGS.items():
        if getattr(activity, key) and activity.kind not in kinds:
            yield document.problem((*place, key), f"»{key}« hører kun til {whom}.")


def _extracted(place: Place, extract: ExtractEntry) -> list[tuple[Place, str]]:
    """List the indicators that an extract names, each with its place."""
    lists: list[tuple[Place, tuple[str, ...]]] = [((*place, "extract", "indicators"), extract.indicators)]
    for number, source in enumerate(extract.sources):
        lists.append(((*place, "extract", "sources", number, "indicators"), source.indicators))
    return [((*where, n), key) for where, keys in lists for n, key in enumerate(keys)]


def _extract_problems(document: Document, place: Place, extract: ExtractEntry) -> Iterator[Problem]:
    """Find an extract without figures, and figures that two sources would both give."""
    if not extract.indicators and not extract.sources:
        yield document.problem(place, "Skriv de nøgletal, der hentes, under »indicators« eller »sources«.")
    if extract.indicators and extract.sources:
        message = "Skriv enten »indicators« (én kilde) eller »sources« (flere kilder), ikke begge dele."
        yield document.problem((*place, "sources"), message)
    yield from _quarrels(document, (*place, "sources"), extract)
    yield from _not_offered(document, (*place, "indicators"), extract.source, extract.indicators)
    for number, source in enumerate(extract.sources):
        yield from _not_offered(document, (*place, "sources", number, "indicators"), source.source, source.indicators)


def _not_offered(document: Document, place: Place, source: str, indicators: tuple[str, ...]) -> Iterator[Problem]:
    offered = offered_by(source)
    for number, key in enumerate(indicators):
        if offered is not None and key in load_catalogue() and key not in offered:
            message = f"Kilden »{source}« har ikke »{key}«; hent det fra en anden kilde under »sources«."
            yield document.problem((*place, number), message)


def _quarrels(document: Document, place: Place, extract: ExtractEntry) -> Iterator[Problem]:
    giver: dict[tuple[str, int], str] = {}
    asked: set[tuple[str, int]] = set()
    for number, source in enumerate(extract.sources):
        offset = extract.year_offset if source.year_offset is None else source.year_offset
        if (source.source, offset) in asked:
            message = f"Kilden »{source.source}« står to gange for det samme skoleår; skriv nøgletallene samlet."
            yield document.problem((*place, number, "source"), message)
        asked.add((source.source, offset))
        for n, key in enumerate(source.indicators):
            if (other := giver.setdefault((key, offset), source.source)) != source.source:
                message = f"»{key}« hentes allerede fra »{other}«; lad kun én kilde give det."
                yield document.problem((*place, number, "indicators", n), message)


def _meeting_problems(
    document: Document, place: Place, meeting: MeetingEntry, folder: Path, hours: OfficeHoursEntry | None
) -> Iterator[Problem]:
    if meeting.question_guide and (message := _guide_problem(folder, meeting.question_guide)):
        yield document.problem((*place, "question_guide"), message)
    if hours is None:
        return
    for number, start in enumerate(meeting.start_times):
        if not fits(start, meeting.minutes, hours):
            message = f"Et møde kl. {start:%H.%M} på {meeting.minutes} minutter ligger ikke inden for kontortiden"
            where = (*place, "start_times", number)
            yield document.problem(where, f"{message}; ret tiden her eller i municipality.yaml.")
    if not meeting.start_times and not any(fits(start, meeting.minutes, hours) for start in DEFAULT_START_TIMES):
        message = "De sædvanlige mødetider kl. 9 og 13 passer ikke i kontortiden; skriv »start_times«."
        yield document.problem(place, message)


def fits(start: time, minutes: int, hours: OfficeHoursEntry) -> bool:
    """Tell whether a meeting lies inside the office hours."""
    begins, opens, closes = (part.hour * 60 + part.minute for part in (start, hours.first, hours.last))
    return opens <= begins and begins + minutes <= closes


def _guide_problem(folder: Path, guide: str) -> str:
    path = (folder / guide).resolve()
    if not path.is_relative_to(folder.resolve()):
        return f"Spørgeguiden »{guide}« ligger uden for kommunens mappe; flyt den ind i question_guides."
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return f"Spørgeguiden »{guide}« er ikke gemt som UTF-8; gem den igen med tegnsættet UTF-8."
    except OSError:
        return f"Spørgeguiden »{guide}« findes ikke i mappen; ret navnet, eller læg filen der."
    return "" if text.strip() else f"Spørgeguiden »{guide}« er tom; skriv den, eller slet linjen her."


def _year_problems(
    document: Document, place: Place, activity: ActivityEntry, known: Mapping[str, Any]
) -> Iterator[Problem]:
    first, last = activity.first_school_year, activity.last_school_year
    if first and last and last < first:
        yield document.problem((*place, "last_school_year"), f"{last} ligger før det første skoleår, {first}.")
    if activity.every_years > 1 and first is None:
        message = "Skriv også »first_school_year«, så det er klart, hvilke skoleår det er."
        yield document.problem((*place, "every_years"), message)
    for key in (*activity.after, *filter(None, [activity.ends_in])):
        if key in known and not any(_happens(activity, year) and _happens(known[key], year) for year in YEARS):
            where = (*place, "after") if key in activity.after else (*place, "ends_in")
            yield document.problem(where, f"»{key}« finder aldrig sted i det samme skoleår som »{activity.key}«.")


def _happens(activity: ActivityEntry, year: SchoolYear) -> bool:
    first, last = activity.first_school_year, activity.last_school_year
    if (first and year < first) or (last and year > last):
        return False
    return (year.start - (first.start if first else 0)) % activity.every_years == 0


def _cycle_problems(document: Document, activities: tuple[ActivityEntry, ...]) -> Iterator[Problem]:
    waits = {activity.key: set(activity.after) for activity in activities}
    for number, activity in enumerate(activities):
        reached, wanted = set[str](), set(activity.after)
        while wanted:
            key = wanted.pop()
            reached.add(key)
            wanted |= waits.get(key, set()) - reached
        if activity.key in reached:
            yield document.problem(
                ("activities", number, "after"),
                f"»{activity.key}« kommer til at vente på sig selv; fjern en af ventetiderne.",
            )
