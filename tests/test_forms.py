import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.forms import LONGEST_TEXT, problems
from kvalitet.wheel import FormField
from tests.builders import activity, choice_field, file_field, number_field, text_field

NO_FILES: frozenset[str] = frozenset()


def said(field: FormField, answer: str) -> str | None:
    return problems(activity(fields=(field,)), {field.key: answer}, files=NO_FILES).get(field.key)


def test_a_form_that_is_filled_in_has_no_problems() -> None:
    form = activity(fields=(text_field(), number_field(), choice_field(), file_field()))
    answers = {"goal": "Flere skal trives.", "percent": "5,4", "level": "lav"}
    assert problems(form, answers, files=frozenset({"plan"})) == {}


def test_all_problems_are_told_at_once_in_danish() -> None:
    form = activity(fields=(text_field(), number_field(), choice_field(), file_field()))
    assert problems(form, {"goal": "  ", "level": "midt imellem", "other": "?"}, files=NO_FILES) == {
        "other": "Feltet »other« findes ikke i »Skolens egne mål«.",
        "goal": "Udfyld »Skolens mål«.",
        "percent": "Udfyld »Fravær i procent«.",
        "level": "Vælg en af mulighederne i »Niveau«: høj, lav.",
        "plan": "Vedhæft »Planen«.",
    }


def test_what_is_not_required_may_be_left_out() -> None:
    form = activity(fields=(text_field(required=False), number_field(required=False), file_field(required=False)))
    assert problems(form, {}, files=NO_FILES) == {}


@pytest.mark.parametrize("answer", ["0", "5,4", "100", " 7 ", "5,4 %"])
def test_a_number_may_be_written_as_danes_write_it(answer: str) -> None:
    assert said(number_field(), answer) is None


@pytest.mark.parametrize("answer", ["fem", "5.4", "5,4 %%", "1-2", "--3", "…"])
def test_what_is_no_number_is_refused_with_an_example(answer: str) -> None:
    assert said(number_field(), answer) == "Skriv »Fravær i procent« som et tal, fx 5,4."


@pytest.mark.parametrize(
    ("minimum", "maximum", "answer", "sentence"),
    [
        (0, 100, "-1", "»Fravær i procent« skal ligge mellem 0 og 100."),
        (0, 100, "100,1", "»Fravær i procent« skal ligge mellem 0 og 100."),
        (None, 7.5, "8", "»Fravær i procent« skal ligge mellem … og 7,5."),
        (1, None, "0", "»Fravær i procent« skal ligge mellem 1 og …."),
        (None, None, "-1000", None),
    ],
)
def test_a_number_outside_its_bounds_is_told_the_bounds(
    minimum: float | None, maximum: float | None, answer: str, sentence: str | None
) -> None:
    assert said(number_field(minimum=minimum, maximum=maximum), answer) == sentence


def test_a_text_may_be_long_but_not_endless() -> None:
    assert said(text_field(), "a" * LONGEST_TEXT) is None
    assert said(text_field(), "a" * (LONGEST_TEXT + 1)) == (
        "»Skolens mål« er for lang; højst 20000 tegn, eller vedhæft en fil."
    )


def test_a_file_is_no_answer_in_words() -> None:
    form = activity(fields=(file_field(),))
    assert problems(form, {"plan": "plan.pdf"}, files=NO_FILES) == {"plan": "Vedhæft »Planen«."}


@given(st.dictionaries(st.sampled_from(["goal", "percent", "level", "plan", "other"]), st.text(max_size=40)))
def test_whatever_is_sent_in_gets_whole_sentences_and_never_an_exception(answers: dict[str, str]) -> None:
    form = activity(fields=(text_field(), number_field(), choice_field(), file_field()))
    found = problems(form, answers, files=NO_FILES)
    assert all(sentence.endswith(".") for sentence in found.values())
    assert ("other" in found) is ("other" in answers)
