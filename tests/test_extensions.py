from dataclasses import replace
from datetime import date

import pytest

from kvalitet.extensions import extended, problem, shared_due
from tests.builders import AARBY, RORBY, activity, occurrence

GOALS = activity(due="start-09-30")
OF_AARBY, OF_RORBY = occurrence(GOALS, where=AARBY), occurrence(GOALS, where=RORBY)
TODAY = date(2026, 10, 2)


@pytest.mark.parametrize(
    ("due", "holds"),
    [
        (None, date(2026, 9, 30)),
        (date(2026, 10, 12), date(2026, 10, 12)),
        (date(2026, 9, 15), date(2026, 9, 30)),
    ],
)
def test_the_later_of_the_planned_due_date_and_the_schools_own_holds(due: date | None, holds: date) -> None:
    assert extended(OF_AARBY, due) == replace(OF_AARBY, due=holds)


def test_an_activity_is_due_when_it_is_for_those_whose_date_was_not_extended() -> None:
    assert shared_due([extended(OF_AARBY, date(2026, 10, 12)), OF_RORBY]) == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("due", "reason", "told"),
    [
        (date(2026, 10, 12), "Ny leder", ""),
        (TODAY, "Ny leder", ""),
        (date(2027, 10, 1), "Ny leder", ""),
        (date(2026, 10, 12), "", "Skriv, hvorfor fristen udsættes; begrundelsen vises på forekomstens side."),
        (date(2026, 10, 12), "x" * 501, "Begrundelsen er for lang; den må højst fylde 500 tegn."),
        (
            date(2026, 9, 30),
            "Ny leder",
            "Den nye frist skal ligge efter den planlagte, 30.09.2026; vælg en senere dag.",
        ),
        (date(2026, 10, 1), "Ny leder", "Den nye frist er passeret; vælg i dag eller en senere dag."),
        (
            date(2027, 10, 2),
            "Ny leder",
            "Fristen kan højst udsættes et år; vælg en tidligere dag, eller fritag skolen.",
        ),
    ],
)
def test_an_extension_has_a_reason_and_a_later_day_that_has_not_passed(due: date, reason: str, told: str) -> None:
    assert problem(OF_AARBY, due, reason, today=TODAY) == told
