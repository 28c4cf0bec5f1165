from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.schools.dialogue_sheets import Section, sections_of
from kvalitet.adapters.store import deliveries, plans, verdicts
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.adapters.store.verdicts import KeptVerdict
from kvalitet.days import SchoolYear
from kvalitet.goals import AtLeast, AtMost, Goal, Per
from kvalitet.occurrences import Changes, plan
from kvalitet.wheel import Column, FieldType, FormField, Wheel
from tests.goal_builders import ABSENCE, TESTS
from tests.web import builders, people
from tests.web.conftest import browsing

KEY = "proeveby.2026-27.dialogue.323001"
DIALOGUE = f"/proeveby/forekomst/{KEY}"
SHEET = f"{DIALOGUE}/samtaleark"
LAST_YEAR = SchoolYear(2025)
HOSTILE = "#evil[*x*] 0. klasse"
OPEN_SENTENCE = "Mindre fravær: på rette vej: Samlet elevfravær er 5,1 procent; kravet er højst 5,5 procent."
SECRET_SENTENCE = "Gode resultater: målet er ikke nået: Gode resultater i dansk er 61,3 procent."


def goal(indicator: object, title: str) -> Goal:
    return Goal(
        key=indicator.key,  # type: ignore[attr-defined]
        title=title,
        focus_area="results",
        target=(AtMost if indicator is ABSENCE else AtLeast)(value=Decimal(5)),
        per=Per.SCHOOL,
        deadline=SchoolYear(2027),
        indicator=indicator,  # type: ignore[arg-type]
    )


@pytest.fixture
def talking(everybody: Installation) -> Installation:
    """An installation with goals, verdicts and last year's deliveries of one school."""
    (found,) = everybody.municipalities
    municipality = replace(found, goals=(goal(ABSENCE, "Mindre fravær"), goal(TESTS, "Gode resultater")))
    wanted = plan(municipality, LAST_YEAR)
    positions = {occurrence.key: place for place, occurrence in enumerate(wanted)}
    then = datetime(2025, 9, 1, 10, tzinfo=UTC)
    with everybody.store.write() as connection:
        changes = Changes(new=wanted, moved=(), dropped=())
        plans.write(connection, changes, positions=positions, wake_on=dict.fromkeys(positions), now=then)
        given = Submission(answers={"goal": f"Vi lover {HOSTILE}", "percent": "5,4"}, by="Leder")
        deliveries.add(connection, "proeveby.2025-26.local_goals.323001", given, now=then)
        for key, attainment, sentence, confidential in (
            (ABSENCE.key, "on_course", OPEN_SENTENCE, False),
            (TESTS.key, "not_reached", SECRET_SENTENCE, True),
        ):
            kept = KeptVerdict("proeveby", key, "323001", LAST_YEAR, attainment, sentence, confidential, then)
            verdicts.save(connection, kept)
    return replace(everybody, municipalities=(municipality,))


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_the_sheet_gathers_the_schools_goals_promises_and_what_is_open(talking: Installation) -> None:
    with browsing(talking, people.DIRECTOR) as opened:
        assert f'href="{SHEET}"' in opened.get(DIALOGUE).text
        answered = opened.send(
            "/proeveby/forekomst/proeveby.2026-27.absence_plan.323001/aflever", {"goal": "Færre dage", "percent": "4"}
        )
        assert answered.status_code == 303
        page = text_of(opened.get(SHEET).text)
    assert "Samtaleark: Buerup Skole 2026/27" in page
    assert "Mindre fravær på rette vej Samlet elevfravær er 5,1 procent; kravet er højst 5,5 procent." in page
    assert "Løfter fra 2025/26 Skolens egne mål (afleveret) Skolens mål Vi lover #evil[*x*] 0. klasse" in page
    assert "Mål i procent 5,4 procent" in page
    assert "Det mangler Skolens egne mål overskredet, frist 31. august 2026" in page
    assert "Senest afleveret Plan for fravær afleveret, udgave 1 af 22. november 2026" in page
    # Its proposed day has gone by.
    assert "Næste møder Møde i skolegrupperne tid ikke aftalt, mellem 1. oktober og 31. januar 2027" in page
    assert "Spørgsmål til samtalen Spørgsmål Hvad går godt?" in page


def test_a_dialogue_that_ends_in_a_plan_looks_back_on_that_plan_alone(talking: Installation) -> None:
    (found,) = talking.municipalities
    dialogue = replace(found.wheel.activity("dialogue"), ends_in="absence_plan")
    activities = tuple(dialogue if one.key == "dialogue" else one for one in found.wheel.activities)
    here = replace(talking, municipalities=(replace(found, wheel=replace(found.wheel, activities=activities)),))
    with browsing(here, people.DIRECTOR) as opened:
        assert "Løfter fra 2025/26 Der er intet afleveret fra det år" in text_of(opened.get(SHEET).text)
        given = Submission(answers={"goal": "Færre sygedage"}, by="Leder")
        with here.store.write() as connection:
            delivery = deliveries.add(connection, "proeveby.2025-26.absence_plan.323001", given, now=builders.NOON)
            comment = "Et godt mål."
            deliveries.decide(
                connection, delivery.id, decision="approved", by="Direktøren", comment=comment, now=builders.NOON
            )
        page = text_of(opened.get(SHEET).text)
    assert "Løfter fra 2025/26 Plan for fravær (godkendt) Et godt mål. Skolens mål Færre sygedage" in page
    assert "Vi lover" not in page


def test_what_the_school_has_written_of_its_promises_stands_beside_them(talking: Installation) -> None:
    (found,) = talking.municipalities
    asked = FormField("looking_back", "Sidste års indsatser", FieldType.PROMISES, answers_to="absence_plan.efforts")
    columns = (Column("effort", "Indsats"),)
    efforts = FormField("efforts", "Indsatser", FieldType.TABLE, columns=columns, promises=True, required=False)
    plan_again = replace(found.wheel.activity("absence_plan"), fields=(asked, efforts))
    activities = tuple(plan_again if one.key == "absence_plan" else one for one in found.wheel.activities)
    here = replace(talking, municipalities=(replace(found, wheel=replace(found.wheel, activities=activities)),))
    answers = {
        "looking_back.1.promise": "Makkerlæsning",
        "looking_back.1.outcome": "done",
        "looking_back.1.word": "Alle er med.",
    }
    with here.store.write() as connection:
        given = Submission(answers=answers, by="Leder")
        deliveries.add(connection, "proeveby.2026-27.absence_plan.323001", given, now=builders.NOON)
    with browsing(here, people.DIRECTOR) as opened:
        page = text_of(opened.get(SHEET).text)
    assert (
        "Sådan gik det, skriver skolen i »Plan for fravær« 2026/27 (afleveret) "
        "Sidste års indsatser Makkerlæsning: gennemført. Alle er med."
    ) in page


@pytest.mark.parametrize(
    ("reader", "sees"),
    [
        (people.DIRECTOR, True),
        (people.ADMINISTRATION, True),
        (people.CONSULTANT, True),
        (people.LEADER, True),
        (people.DEPUTY, True),
        (people.SCHOOL_BOARD, False),
    ],
)
def test_confidential_verdicts_are_for_those_who_may_see_test_results(
    talking: Installation, reader: str, *, sees: bool
) -> None:
    with browsing(talking, reader) as opened:
        page = text_of(opened.get(SHEET).text)
    assert ("61,3" in page) is sees
    assert ("En fortrolig vurdering vises kun for dem, der har adgang til prøveresultater." in page) is not sees
    assert "5,1 procent" in page


@pytest.mark.parametrize(
    ("reader", "status"),
    [(people.OTHER_LEADER, 404), (people.UNIONS, 404), (people.OPERATOR, 403), ("", 303)],
)
def test_the_sheet_of_a_school_is_not_for_others(talking: Installation, reader: str, status: int) -> None:
    with browsing(talking, reader) as opened:
        assert {opened.get(address).status_code for address in (SHEET, f"{SHEET}.pdf")} == {status}


def test_what_is_no_dialogue_with_one_school_has_no_sheet(talking: Installation) -> None:
    with browsing(talking) as opened:
        answer = opened.get("/proeveby/forekomst/proeveby.2026-27.autumn_meeting.nord/samtaleark")
    assert answer.status_code == 404
    assert "er ikke en samtale med én skole" in answer.text


def test_the_sheet_is_a_tagged_pdf_on_one_page_of_a4(talking: Installation) -> None:
    with browsing(talking, people.DIRECTOR) as opened:
        answer = opened.get(f"{SHEET}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    name = "attachment; filename*=UTF-8''Samtaleark%20Buerup%20Skole%202026-27.pdf"
    assert answer.headers["content-disposition"] == name
    pdf = answer.content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/Lang(da-DK)" in pdf
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 595\.27\d* 841\.88\d*\]", pdf)


def test_hostile_names_are_printed_as_they_are_written(talking: Installation) -> None:
    (found,) = talking.municipalities
    renamed = tuple(replace(one, name=HOSTILE) if one.number == "323001" else one for one in found.schools)
    here = replace(talking, municipalities=(replace(found, schools=renamed),))
    with browsing(here, people.DIRECTOR) as opened:
        pdf = opened.get(f"{SHEET}.pdf").content
    title = re.search(rb"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", pdf, re.DOTALL)
    assert title
    assert title[1].decode() == f"Samtaleark: {HOSTILE} 2026/27"


def test_a_guide_is_read_as_headings_with_questions() -> None:
    guide = "# Guide\n\nIndledning.\n\n## Mål\n- Hvad?\n* Hvorfor?\n## Tom\nTekst\n"
    assert sections_of(guide) == (Section("Mål", ("Hvad?", "Hvorfor?")),)
    assert sections_of("- Kun et spørgsmål") == (Section("", ("Kun et spørgsmål",)),)


@pytest.mark.parametrize("day", ["0001-01-01", "2026-11-01", "2027-07-01"])
@pytest.mark.parametrize("page", ["hjul.pdf", "forekomst/proeveby.2026-27.dialogue.323001/samtaleark.pdf"])
def test_paper_is_printed_as_seen_from_another_day(everybody: Installation, page: str, day: str) -> None:
    with browsing(everybody) as opened:
        printed = opened.get(f"/proeveby/{page}?dato={day}")
    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")


def test_what_was_promised_where_test_results_are_shown_is_for_those_who_may_see_them(talking: Installation) -> None:
    (found,) = talking.municipalities
    shown = [replace(one, figures=(TESTS.key,)) if one.key == "local_goals" else one for one in found.wheel.activities]
    here = replace(talking, municipalities=(replace(found, wheel=Wheel(tuple(shown))),))
    seen = {}
    for reader in (people.LEADER, people.SCHOOL_BOARD):
        with browsing(here, reader) as opened:
            seen[reader] = "Vi lover" in opened.get(SHEET).text
    assert seen == {people.LEADER: True, people.SCHOOL_BOARD: False}
