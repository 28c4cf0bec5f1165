"""Forms with goals, tables and promises."""

import pytest

from kvalitet.answers import MOST_ROWS, Promise, Promised
from kvalitet.days import SchoolYear
from kvalitet.forms import LONGEST_TEXT, problems
from kvalitet.wheel import FormField
from tests.builders import activity, goal_field, promises_field, table_field

GOAL = {
    "absence.text": "Flere i skole",
    "absence.indicator": "absence",
    "absence.target": "5,4",
    "absence.by": "2027-06-30",
}
ROW = {"efforts.1.effort": "Læsebånd", "efforts.1.who": "Lederen"}
PROMISED = {"last_year": Promised(SchoolYear(2025), (Promise(1, "Læsebånd"), Promise(2, "Gåbus")))}
SAID = {
    "last_year.1.outcome": "done",
    "last_year.1.word": "Godt.",
    "last_year.2.outcome": "dropped",
    "last_year.2.word": "For få.",
}


def found(field: FormField, answers: dict[str, str], promised: dict[str, Promised] | None = None) -> dict[str, str]:
    return problems(activity(fields=(field,)), answers, files=frozenset(), promised=promised or {})


def test_a_whole_goal_has_no_problems() -> None:
    assert found(goal_field(), GOAL) == {}


def test_a_goal_says_what_is_measured_how_much_and_by_when() -> None:
    assert found(goal_field(), {"absence.target": "lavt", "absence.by": "til jul"}) == {
        "absence.text": "Skriv målet i »Mål for fravær«.",
        "absence.indicator": "Vælg det nøgletal, som »Mål for fravær« måles på.",
        "absence.target": "Skriv måltallet i »Mål for fravær« som et tal, fx 5,4.",
        "absence.by": "Skriv den dag, hvor »Mål for fravær« senest er nået, fx 2027-06-30.",
    }


def test_a_goal_that_is_not_required_is_left_out_whole_or_not_at_all() -> None:
    assert found(goal_field(required=False), {"absence.text": " "}) == {}
    assert list(found(goal_field(required=False), {"absence.text": "Flere", "absence.target": "-"})) == [
        "absence.indicator",
        "absence.target",
        "absence.by",
    ]


def test_a_composed_field_itself_is_no_place_to_answer() -> None:
    assert found(goal_field(required=False), {"absence": "5,4"}) == {
        "absence": "Feltet »absence« findes ikke i »Skolens egne mål«."
    }


def test_a_cell_may_be_long_but_not_endless() -> None:
    long = {**ROW, "efforts.1.who": "a" * (LONGEST_TEXT + 1)}
    assert found(table_field(), long) == {
        "efforts.1.who": "»Indsatser« er for lang; højst 20000 tegn, eller vedhæft en fil."
    }


@pytest.mark.parametrize(
    ("field", "answers", "told"),
    [
        (table_field(), ROW, {}),
        (table_field(), {}, {"efforts.1.effort": "Udfyld »Indsatser«."}),
        (table_field(required=False), {}, {}),
        (
            table_field(required=False),
            {"efforts.1.until": "juni"},
            {
                "efforts.1.effort": "Udfyld »Indsats« i række 1 af »Indsatser«.",
                "efforts.1.who": "Udfyld »Hvem« i række 1 af »Indsatser«.",
            },
        ),
        (
            table_field(least_rows=3),
            ROW,
            {"efforts.2.effort": "Udfyld mindst 3 rækker i »Indsatser«; der er 1."},
        ),
        (table_field(required=False, least_rows=3), ROW, {}),
    ],
)
def test_a_table_has_enough_whole_rows(field: FormField, answers: dict[str, str], told: dict[str, str]) -> None:
    assert found(field, answers) == told


def test_a_table_is_full_at_last() -> None:
    rows = {f"efforts.{n}.{column}": "x" for n in range(1, MOST_ROWS + 2) for column in ("effort", "who")}
    assert found(table_field(), rows) == {
        "efforts.51.effort": "»Indsatser« har plads til 50 rækker; saml nogle af dem."
    }


def test_every_promise_is_answered_with_an_outcome_and_a_word() -> None:
    assert found(promises_field(), SAID, PROMISED) == {}
    assert found(promises_field(), {"last_year.1.outcome": "done", "last_year.2.outcome": "måske"}, PROMISED) == {
        "last_year.1.word": "Skriv med et par ord, hvordan det gik med »Læsebånd«.",
        "last_year.2.outcome": "Svar på, hvad der blev af »Gåbus«: gennemført, opgivet, fortsætter.",
    }


def test_an_answer_to_another_promise_than_the_one_that_stands_is_none() -> None:
    answers = {**SAID, "last_year.1.promise": "Læsebånd i 3. klasse", "last_year.2.promise": "Gåbus"}
    assert list(found(promises_field(), answers, PROMISED)) == ["last_year.1.outcome"]


def test_where_nothing_was_promised_there_is_nothing_to_answer() -> None:
    assert found(promises_field(), {}) == {}
