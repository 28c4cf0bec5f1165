from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.municipality_files import Problem, check, load, load_all
from kvalitet.days import RelativeDay, SchoolHoliday, SchoolYear
from kvalitet.municipality import Contact, Effort, SchoolGroup
from kvalitet.targets import AtMost, CountPerSchool
from kvalitet.wheel import ExtractSource, FieldType, FormField, Kind, LadderStep, Per, Ring, Role, Stage
from tests.adapters.municipality_files.folder import FILES, folder


def test_a_municipality_is_read_from_its_files(tmp_path: Path) -> None:
    read = load(folder(tmp_path))
    assert (read.key, read.name, read.number) == ("proeveby", "Prøveby Kommune", "326")
    assert (read.sender.address, read.sender.domain) == ("skoler@proeveby.example", "proeveby.example")
    assert (read.office_hours.first, read.office_hours.last) == (time(8), time(16))
    assert (read.digest_to, read.due_soon_days) == ((Role.ADMINISTRATION,), 14)
    assert read.groups == (SchoolGroup("north", "Nord"),)
    assert read.contacts[2] == Contact(
        Role.CONSULTANT, "Konsulenten i nord", "konsulent@proeveby.example", school_group="north"
    )


def test_an_institution_number_stays_text_with_its_zeros(tmp_path: Path) -> None:
    school = load(folder(tmp_path)).school("000123")
    assert (school.name, school.group) == ("Årby Skole", "north")
    assert (school.opened, school.closed) == (date(2010, 8, 1), date(2030, 7, 31))
    assert school.leader == Contact(
        Role.SCHOOL_LEADER, "Skolelederen på Årby Skole", "leder.aarby@proeveby.example", school="000123"
    )


def test_a_deliverable_has_its_fields_and_its_ladder(tmp_path: Path) -> None:
    activity = load(folder(tmp_path)).wheel.activity("local_goals")
    assert (activity.kind, activity.per, activity.ring) == (Kind.DELIVERABLE, Per.SCHOOL, Ring.DELIVERABLES)
    assert (activity.opens, activity.due) == (RelativeDay.parse("start-08-01"), RelativeDay.parse("start-09-30"))
    assert (activity.every_years, activity.first_school_year) == (2, SchoolYear(2018))
    assert activity.fields == (
        FormField("goal", "Skolens mål"),
        FormField("percent", "Fravær", FieldType.NUMBER, minimum=0.0, maximum=7.5),
        FormField("level", "Hvordan går det?", FieldType.CHOICE, choices=("godt", "skidt")),
        FormField("plan", "Planen", FieldType.FILE),
    )
    assert activity.ladder == (
        LadderStep(-3, Stage.REMINDER, (Role.SCHOOL_LEADER,)),
        LadderStep(7, Stage.ESCALATION, (Role.CONSULTANT, Role.SCHOOL_LEADER)),
    )


def test_a_dialogue_has_its_meeting_and_an_extract_its_indicators(tmp_path: Path) -> None:
    wheel = load(folder(tmp_path)).wheel
    dialogue, extract = wheel.activity("dialogue"), wheel.activity("spring_extract")
    assert dialogue.meeting.start_times == (time(9), time(13))
    assert dialogue.meeting.question_guide == "question_guides/samtale.md"
    assert (dialogue.ends_in, dialogue.after) == ("local_goals", ("spring_extract",))
    assert extract.extract_sources == (ExtractSource("files", ("absence",), year_offset=-1),)


def test_an_extract_may_have_several_sources_each_with_its_school_year(tmp_path: Path) -> None:
    sources = """      year_offset: -2
      sources:
        - {source: files, indicators: [absence]}
        - {source: stil, indicators: [well_being_social], year_offset: -1}
"""
    changed = ("wheel.yaml", "      source: files\n      indicators: [absence]\n", sources)
    extract = load(folder(tmp_path, changed)).wheel.activity("spring_extract")
    assert extract.extract_sources == (
        ExtractSource("files", ("absence",), year_offset=-2),
        ExtractSource("stil", ("well_being_social",), year_offset=-1),
    )


def test_goals_have_typed_targets_and_efforts_their_school_years(tmp_path: Path) -> None:
    read = load(folder(tmp_path))
    absence, goals_set = read.goals
    assert (absence.target, absence.deadline) == (AtMost(value=Decimal("6.5")), date(2027, 6, 30))
    assert (absence.focus_area, absence.indicator) == ("Fravær og trivsel", read.indicators[0])
    assert (goals_set.target, goals_set.deadline) == (CountPerSchool(count=1), SchoolYear(2026))
    assert (goals_set.deliverable, goals_set.field) == ("local_goals", "goal")
    assert read.efforts == (Effort("together", "Fælles om fravær", ("absence",), "2018/19", "2020/21", ("000123",)),)


def test_a_listed_school_year_has_its_own_holidays_and_the_others_the_pattern(tmp_path: Path) -> None:
    holidays = load(folder(tmp_path)).calendar.school_holidays
    in_2026 = [h for h in holidays if SchoolYear.containing(h.first) == SchoolYear(2026)]
    in_2027 = [h for h in holidays if SchoolYear.containing(h.first) == SchoolYear(2027)]
    assert in_2026 == [
        SchoolHoliday("Efterårsferie", date(2026, 10, 10), date(2026, 10, 18)),
        SchoolHoliday("Juleferie", date(2026, 12, 22), date(2027, 1, 3)),
    ]
    assert in_2027[0] == SchoolHoliday("Efterårsferie", date(2027, 10, 16), date(2027, 10, 24), assumed=True)
    assert (holidays[0].first, holidays[-1].last) == (date(2010, 10, 16), date(2045, 8, 6))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2023, 5, 5), "Store bededag"),
        (date(2024, 4, 26), None),
        (date(2026, 6, 5), "Grundlovsdag"),
        (date(2026, 12, 24), "Juleaftensdag"),
        (date(2026, 12, 31), "Nytårsaften"),
        (date(2026, 5, 1), None),
        (date(2026, 5, 14), "Kristi himmelfartsdag"),
    ],
)
def test_town_halls_are_closed_on_public_holidays_and_on_the_days_of_custom(
    tmp_path: Path, day: date, name: str | None
) -> None:
    assert load(folder(tmp_path)).calendar.public_holidays.get(day) == name


def test_no_problem_is_told_of_files_without_mistakes(tmp_path: Path) -> None:
    municipality, problems = check(folder(tmp_path))
    assert problems == []
    assert municipality is not None


def test_a_problem_is_written_with_file_line_and_key() -> None:
    problem = Problem("wheel.yaml", 41, "activities[3].due", "Nøglen mangler; tilføj den.")
    assert str(problem) == "wheel.yaml, linje 41, activities[3].due: Nøglen mangler; tilføj den."
    assert str(Problem("wheel.yaml", 1, "", "Filen er tom.")) == "wheel.yaml, linje 1: Filen er tom."


def test_loading_lists_every_problem_of_every_file_in_one_error(tmp_path: Path) -> None:
    broken = folder(
        tmp_path,
        ("contacts.yaml", "address: direktoer@", "address: direktør@"),
        ("wheel.yaml", "due: start-06-30", "due: start-04-30"),
        ("municipality.yaml", "due_soon_days: 14", "due_soon_days: to uger"),
    )
    with pytest.raises(UserError) as raised:
        load(broken)
    assert raised.value.exit_code == 2
    assert raised.value.message == (
        "Kommunens filer i »proeveby« har fejl; ret dem:\n"
        "  municipality.yaml, linje 12, due_soon_days: »to uger« er ikke et helt tal.\n"
        "  contacts.yaml, linje 7, contacts[1].address: »direktør@proeveby.example« kan ikke være en mailadresse; "
        "skriv den som navn@kommune.dk, uden æ, ø og å.\n"
        "  wheel.yaml, linje 11, activities[0].due: Fristen start-04-30 ligger før åbningen start-05-01; "
        "byt dem om, eller ret start/end."
    )


def test_one_mistake_does_not_hide_another_in_the_same_file(tmp_path: Path) -> None:
    broken = folder(
        tmp_path,
        ("wheel.yaml", "    title: Dataudtræk\n", ""),
        ("wheel.yaml", "title: Skolens mål\n    kind: deliverable", "titel: Skolens mål\n    kind: deliverable"),
        ("wheel.yaml", "due: start-10-last", "due: start-08-31"),
        ("wheel.yaml", "minutes: 90", "minutes: halvanden time"),
    )
    assert [str(problem) for problem in check(broken)[1]] == [
        "wheel.yaml, linje 6, activities[0].title: Nøglen mangler; tilføj den.",
        "wheel.yaml, linje 15, activities[1].title: Nøglen mangler; tilføj den.",
        "wheel.yaml, linje 16, activities[1].titel: Nøglen »titel« kendes ikke; mener du »title«?",
        (
            "wheel.yaml, linje 45, activities[2].due: Fristen start-08-31 ligger før åbningen start-09-01; "
            "byt dem om, eller ret start/end."
        ),
        "wheel.yaml, linje 51, activities[2].meeting.minutes: »halvanden time« er ikke et helt tal.",
    ]


def test_every_folder_with_a_municipality_is_loaded_in_order_of_key(tmp_path: Path) -> None:
    first = folder(tmp_path)
    second = folder(tmp_path / "other", ("municipality.yaml", "key: proeveby", "key: aaby"))
    second.rename(tmp_path / "aaby")
    (tmp_path / "notes").mkdir()
    assert first.parent == tmp_path
    assert [municipality.key for municipality in load_all(tmp_path)] == ["aaby", "proeveby"]
    assert load_all(tmp_path / "nowhere") == ()


def test_every_file_is_missing_from_an_empty_folder(tmp_path: Path) -> None:
    municipality, problems = check(tmp_path)
    assert municipality is None
    assert [problem.file for problem in problems] == list(FILES_IN_ORDER)
    assert {problem.message for problem in problems} == {
        "Filen mangler eller kan ikke åbnes; læg den i kommunens mappe."
    }
    assert len(check(tmp_path / "nowhere")[1]) == len(FILES)


FILES_IN_ORDER = (
    "municipality.yaml",
    "schools.yaml",
    "contacts.yaml",
    "school_holidays.yaml",
    "wheel.yaml",
    "goals.yaml",
)
