import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.answers import (
    Outcome,
    Promise,
    Promised,
    cleaned,
    day_text,
    differing,
    is_answered,
    knows,
    place,
    places_of,
    promise_rows,
    promises_in,
    rows_of,
    shown,
    taking,
    with_promises,
)
from kvalitet.days import SchoolYear
from kvalitet.wheel import FormField
from tests.builders import file_field, goal_field, number_field, promises_field, table_field, text_field

TWO = {
    "efforts.1.effort": "Læsebånd",
    "efforts.1.who": "Lederen",
    "efforts.1.until": "",
    "efforts.2.effort": "Gåbus",
    "efforts.2.who": "Alle",
    "efforts.2.until": "juni",
}
PROMISED = {"last_year": Promised(SchoolYear(2025), (Promise(1, "Læsebånd"), Promise(2, "Gåbus")))}
GOAL = {
    "absence.text": "Flere i skole",
    "absence.indicator": "absence",
    "absence.target": "5,4",
    "absence.by": "2027-06-30",
}


@pytest.mark.parametrize(
    ("field", "name", "is_known"),
    [
        (text_field(), "goal", True),
        (text_field(), "goal.text", False),
        (text_field(), "other", False),
        (file_field(), "plan", False),
        (goal_field(), "absence", False),
        (goal_field(), "absence.target", True),
        (goal_field(), "absence.reason", False),
        (goal_field(), "absence.text.1", False),
        (table_field(), "efforts", False),
        (table_field(), "efforts.1.effort", True),
        (table_field(), "efforts.1.price", False),
        (table_field(), "efforts.x.effort", False),
        (table_field(), "efforts.٣.effort", False),
        (table_field(), "efforts.1000.effort", False),
        (promises_field(), "last_year", False),
        (promises_field(), "last_year.1.outcome", True),
        (promises_field(), "last_year.1.why", False),
        (promises_field(), "last_year.x.word", False),
    ],
)
def test_a_place_is_known_by_its_field(field: FormField, name: str, *, is_known: bool) -> None:
    assert knows(field, name) is is_known


def test_a_place_is_named_by_its_field_and_its_parts() -> None:
    assert place(table_field(), 2, "who") == "efforts.2.who"


def test_rows_come_in_order_and_empty_ones_do_not_count() -> None:
    answers = {"efforts.10.effort": "Sidst", "efforts.2.who": " Alle ", "efforts.3.effort": " ", "goal": "Mål"}
    assert rows_of(table_field(), answers) == (
        {"effort": "", "who": "Alle", "until": ""},
        {"effort": "Sidst", "who": "", "until": ""},
    )


def test_cleaning_numbers_the_rows_anew_and_leaves_the_rest_alone() -> None:
    answers = {"efforts.4.effort": "Gåbus", "efforts.2.effort": " ", "goal": " Mål ", "other": "?"}
    assert cleaned((table_field(), text_field()), answers) == {
        "goal": " Mål ",
        "other": "?",
        "efforts.1.effort": "Gåbus",
        "efforts.1.who": "",
        "efforts.1.until": "",
    }


@given(st.dictionaries(st.from_regex(r"efforts\.\d{1,3}\.(effort|who|until)", fullmatch=True), st.text(max_size=9)))
def test_cleaning_twice_is_cleaning_once(answers: dict[str, str]) -> None:
    once = cleaned((table_field(),), answers)
    assert cleaned((table_field(),), once) == once
    assert rows_of(table_field(), once) == rows_of(table_field(), answers)


def test_a_row_of_promises_is_one_line() -> None:
    assert promises_in(table_field(), TWO) == (Promise(1, "Læsebånd · Lederen"), Promise(2, "Gåbus · Alle · juni"))


def test_an_answer_tells_which_promise_it_is_about() -> None:
    answers = {"last_year.1.outcome": "done", "last_year.2.promise": "Gåbus til alle"}
    assert with_promises((text_field(), promises_field()), answers, PROMISED) == {
        "last_year.1.outcome": "done",
        "last_year.1.promise": "Læsebånd",
        "last_year.2.promise": "Gåbus til alle",
    }


@pytest.mark.parametrize(
    ("field", "answers", "lines"),
    [
        (text_field(), {"goal": " Flere \n"}, ("Flere",)),
        (text_field(), {"goal": " "}, ()),
        (number_field(), {"percent": "5,4"}, ("5,4 procent",)),
        (number_field(), {}, ()),
        (goal_field(), GOAL, ("Flere i skole", "Samlet elevfravær, måltal 5,4, senest 30.6.2027")),
        (goal_field(), {"absence.text": "Flere"}, ("Flere",)),
        (goal_field(), {"absence.indicator": "gone", "absence.by": "til jul"}, ("gone, senest til jul",)),
        (goal_field(), {}, ()),
        (table_field(), TWO, ("Læsebånd · Lederen", "Gåbus · Alle · juni")),
        (
            promises_field(),
            {
                "last_year.2.promise": "Gåbus",
                "last_year.2.outcome": Outcome.DROPPED.value,
                "last_year.2.word": "For få var med.",
                "last_year.1.promise": "Læsebånd",
                "last_year.1.outcome": "done",
                "last_year.3.promise": "Ingen svar",
                "last_year.4.word": "Bare et ord",
            },
            ("Læsebånd: gennemført", "Gåbus: opgivet. For få var med.", "Bare et ord"),
        ),
    ],
)
def test_what_was_answered_is_written_line_by_line(
    field: FormField, answers: dict[str, str], lines: tuple[str, ...]
) -> None:
    assert shown(field, answers) == lines
    assert is_answered(field, answers) is bool(lines)


def test_a_day_is_written_as_danes_do() -> None:
    assert (day_text("2027-06-30"), day_text("snart")) == ("30.6.2027", "snart")


def test_the_answers_to_promises_are_read_by_number() -> None:
    answers = {"last_year.2.outcome": "done", "last_year.1.word": " Godt ", "goal": "Mål"}
    assert promise_rows(promises_field(), answers) == {
        1: {"promise": "", "outcome": "", "word": "Godt"},
        2: {"promise": "", "outcome": "done", "word": ""},
    }


def test_fields_differ_by_what_is_read_in_them() -> None:
    fields = (text_field(), number_field(), table_field())
    mine, theirs = {"goal": "Flere", **TWO}, {"goal": " Flere ", "percent": "5", **TWO, "efforts.3.effort": "Ny"}
    assert [field.key for field in differing(fields, mine, theirs)] == ["percent", "efforts"]


def test_taking_anothers_field_takes_the_whole_of_it() -> None:
    mine = {"goal": "Mit", "efforts.1.effort": "Min", "efforts.2.effort": "Min anden"}
    theirs = {"goal": "Deres", "efforts.1.effort": "Deres"}
    assert taking((table_field(),), mine, theirs) == {"goal": "Mit", "efforts.1.effort": "Deres"}


def test_what_was_answered_in_a_field_is_given_place_by_place_as_it_is_asked_now() -> None:
    last = {
        "efforts.2.effort": "Læsebånd",
        "efforts.7.effort": "Gåbus",
        "efforts.7.gone": "En kolonne, der er taget ud",
        "goal": "Flere i skole",
        "other": "Et felt, der er taget ud",
    }
    rest = {f"efforts.{number}.{column}": "" for number in (1, 2) for column in ("who", "until")}
    assert places_of(table_field(), last) == rest | {"efforts.1.effort": "Læsebånd", "efforts.2.effort": "Gåbus"}
    assert places_of(text_field(), last) == {"goal": "Flere i skole"}
