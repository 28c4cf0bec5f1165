"""Goals, tables of agreements and promises in wheel.yaml: what is built of them, and what is told of mistakes."""

from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import check
from kvalitet.wheel import Column, FieldType, FormField, Option
from tests.adapters.municipality_files.folder import folder

LAST = "      - key: plan\n        title: Planen\n        type: file\n"
FIELDS = """\
      - key: absence
        title: Mål for fravær
        type: goal
        indicators: [absence]
      - key: efforts
        title: Indsatser
        type: table
        least_rows: 2
        promises: true
        columns:
          - {key: effort, title: Indsats}
          - {key: until, title: Færdig, required: false}
      - key: last_year
        title: Hvad blev der af det?
        type: promises
        answers_to: local_goals.efforts
"""
COLUMNS = FIELDS[FIELDS.index("        columns:") : FIELDS.index("      - key: last_year")]
LADDER = "    ladder: standard\n"
PLACE = "activities[1].fields"


def changed(*changes: tuple[str, str]) -> tuple[str, str, str]:
    text = FIELDS
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return ("wheel.yaml", LAST, LAST + text)


def test_goals_tables_and_promises_are_built(tmp_path: Path) -> None:
    municipality, problems = check(
        folder(tmp_path, changed(), ("wheel.yaml", LADDER, f"{LADDER}    figures: [absence]\n"))
    )
    assert problems == []
    assert municipality
    activity = municipality.wheel.activity("local_goals")
    assert activity.figures == ("absence",)
    assert activity.fields[-3:] == (
        FormField("absence", "Mål for fravær", FieldType.GOAL, indicators=(Option("absence", "Samlet elevfravær"),)),
        FormField(
            "efforts",
            "Indsatser",
            FieldType.TABLE,
            columns=(Column("effort", "Indsats"), Column("until", "Færdig", required=False)),
            least_rows=2,
            promises=True,
        ),
        FormField("last_year", "Hvad blev der af det?", FieldType.PROMISES, answers_to="local_goals.efforts"),
    )


@pytest.mark.parametrize(
    ("change", "place", "told"),
    [
        (("        indicators: [absence]\n", ""), "[4].type", "Et felt af typen goal skal have »indicators«"),
        (("[absence]", "[absense]"), "[4].indicators[0]", "Nøgletallet »absense« kendes ikke; mener du »absence«?"),
        (("[absence]", "[parent_satisfaction]"), "[4].indicators[0]", "»parent_satisfaction« er et niveau"),
        ((COLUMNS, ""), "[5].type", "Et felt af typen table skal have »columns« at udfylde."),
        (("key: until", "key: effort"), "[5].columns[1].key", "Kolonnen »effort« står to gange"),
        (("least_rows: 2", "least_rows: 51"), "[5].least_rows", "»51« er for meget; højst 50."),
        (("        type: goal\n", ""), "[4].indicators", "»indicators« hører kun til felter af typen goal."),
        (("        type: promises\n", ""), "[6].answers_to", "»answers_to« hører kun til felter af typen promises."),
        (("        answers_to: local_goals.efforts\n", ""), "[6].type", "Et felt af typen promises skal"),
        (
            ("local_goals.efforts", "local_goals.effort"),
            "[6].answers_to",
            "»local_goals.effort« er ingen tabel med løfter; mener du »local_goals.efforts«?",
        ),
        (("        promises: true\n", ""), "[6].answers_to", "»local_goals.efforts« er ingen tabel med løfter"),
    ],
)  # fmt: skip
def test_a_mistake_in_them_is_told_with_its_place(
    tmp_path: Path, change: tuple[str, str], place: str, told: str
) -> None:
    municipality, problems = check(folder(tmp_path, changed(change)))
    assert municipality is None
    (found, *_) = [str(problem) for problem in problems if f"{PLACE}{place}: " in str(problem)]
    assert found.split(": ", maxsplit=1)[1].startswith(told)


def test_promises_are_answered_by_the_same_unit(tmp_path: Path) -> None:
    other = """\
  - key: status
    title: Status
    kind: deliverable
    per: municipality
    opens: start-09-01
    due: start-10-01
    owner: administration
    fields:
      - key: last_year
        title: Hvad blev der af det?
        type: promises
        answers_to: local_goals.efforts
"""
    asked = "  - key: dialogue\n"
    _, problems = check(folder(tmp_path, changed(), ("wheel.yaml", asked, other + asked)))
    (told,) = [str(problem) for problem in problems]
    assert told.endswith(
        "activities[2].fields[0].answers_to: »local_goals« afleveres ikke af den samme enhed; "
        "brug per: municipality begge steder."
    )


def test_figures_are_shown_only_where_something_is_delivered(tmp_path: Path) -> None:
    _, problems = check(folder(tmp_path, ("wheel.yaml", "    ends_in: local_goals\n", "    figures: [absense]\n")))
    assert [str(problem).split(": ", maxsplit=1)[1] for problem in problems] == [
        "»figures« hører kun til det, som skolerne afleverer (deliverable).",
        "Nøgletallet »absense« kendes ikke; mener du »absence«?",
    ]
