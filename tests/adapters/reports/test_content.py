"""What the report says: the sentences, the matrix, and a page for each school."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.reports import releasing
from kvalitet.adapters.reports.model import Cell, QualityReport, Statement
from kvalitet.adapters.store import Store, snapshots
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.quality_reports import Edition
from kvalitet.wheel import Wheel
from tests.adapters.reports.town import GRADES, NOW, SECRET_TEXT, figure, lived, with_statements
from tests.builders import AARBY, YEAR, instant

Made = Callable[..., QualityReport]


def test_five_sentences_sum_the_year_up(made: Made) -> None:
    assert {sentence.heading: sentence.text for sentence in made().sentences} == {
        "Det er gået godt": "1 af 2 skoler har nået målet »Tre aftaler«.",
        "Det er ikke gået godt nok": (
            "»Fravær som landet« er ikke på rette vej: 8,4 %; kravet er højst landsgennemsnittet, der samme skoleår er "
            "7,3 %. 1 af 3 skoler har ikke nået målet »Mindst 6,5 i karakter«."
        ),
        "Det kan vi ikke sige noget om": (
            "»Mindst 6,5 i karakter« kan ikke vurderes for 1 af 3 skoler. »Tre aftaler« er stadig i gang på 1 af 2 "
            "skoler. Et mål måles på prøveresultater, som er fortrolige, og er ikke med i denne udgave."
        ),
        "Det har skolerne afleveret": (
            "Skolerne har afleveret 5 af de 11 ting, som årshjulet beder dem om i skoleåret 2026/27. Seks ting er over "
            "fristen: Ågård Skole (4), Rørby Skole (1) og Aarby Skole (1)."
        ),
        "Det sker der nu": (
            "De næste skridt i årshjulet er »Status til kommunalbestyrelsen« (senest 30. juni 2027) og »Møde i "
            "udvalget« (senest 30. juni 2027). Indsatsen »Alle til stede« fortsætter."
        ),
    }


def test_when_the_wheel_has_come_round_the_next_years_first_steps_are_told(lived_in: Installation) -> None:
    town, summer = lived_in.municipalities[0], instant("2027-07-20", "12:00")
    report = releasing.preview(lived_in, town, YEAR, Edition.PUBLIC, now=summer)
    assert report.sentences[4].text == (
        "Årshjulet for 2026/27 er kørt rundt. I hjulet for 2027/28 er det næste »Skolens mål« (senest 30. september "
        "2027), »Plan for test« (senest 30. september 2027) og »Aftaler« (senest 30. september 2027)."
    )


def test_the_internal_edition_tells_of_the_confidential_goal(made: Made) -> None:
    badly = made(Edition.INTERNAL).sentences[1].text
    assert "»Gode resultater i dansk« er ikke på rette vej: 61,37 %; kravet er en stigning" in badly


def test_the_matrix_tells_every_cell_in_words(made: Made) -> None:
    report = made()
    assert report.goal_titles == (
        "Fravær som landet", "Mindst 6,5 i karakter", "Gode resultater i dansk", "Tre aftaler",
    )  # fmt: skip
    cells = {row.name: [f"{cell.text} {cell.written}".strip() for cell in row.cells] for row in report.matrix}
    assert cells == {
        "Prøveby Kommune": ["ikke på rette vej 8,4 %", "1 af 3 nået", "fortroligt", "1 af 2 nået"],
        "Rørby Skole": ["9,6 %", "ikke nået 5,9", "fortroligt", "–"],
        "Ågård Skole": ["8,7 %", "kan ikke vurderes", "fortroligt", "i gang 0 af 3"],
        "Aarby Skole": ["7,1 %", "nået 7,2", "fortroligt", "nået 3 af 3"],
    }


def test_where_the_municipality_has_no_figure_the_schools_newest_stand_with_their_year(
    sqlite_url: str, tmp_path: Path
) -> None:
    store = Store.open(sqlite_url)
    found = lived(store, tmp_path / "home", figure("absence", MUNICIPALITY, "8.8", YEAR))
    report = releasing.preview(found, found.municipalities[0], YEAR, Edition.PUBLIC, now=NOW)
    store.close()
    first = {row.name: row.cells[0] for row in report.matrix}
    assert (first["Prøveby Kommune"].text, first["Aarby Skole"]) == (
        "kan ikke vurderes",
        Cell(None, "7,1 %", "2025/26"),
    )


def test_a_goal_has_its_verdict_its_years_its_drawing_and_the_efforts_that_go_on(made: Made) -> None:
    goal = made().goals[0]
    assert goal.whole is not None
    assert goal.whole.story == (
        "8,4 % i skoleåret 2025/26; kravet er højst landsgennemsnittet, der samme skoleår er 7,3 % (senest i skoleåret "
        "2026/27): ikke på rette vej; der er 1,1 procentpoint ned til kravet; tallet skal falde 1,1 procentpoint om "
        "året for at nå det, hvis landsgennemsnittet bliver, hvor det er. Kilde: Uddannelsesstatistik.dk "
        "(offentliggjort 12.11.2026, hentet 10.6.2027)."
    )
    assert [(y.school_year, y.municipality.written, y.country.missing) for y in goal.years] == [
        ("2024/25", "8,1 %", "tallet er ikke hentet"),
        ("2025/26", "8,4 %", ""),
    ]
    assert goal.chart is not None
    assert goal.chart.listed == (
        "Hele landet 7,3 %; Prøveby Kommune 8,4 %; Rørby Skole 9,6 %; Ågård Skole 8,7 %; Aarby Skole 7,1 %."
    )
    assert goal.chart.alt.startswith("Samlet elevfravær 2025/26. Tre skoler, fra 7,1 % til 9,6 %.")
    assert [(effort.title, effort.when, effort.where) for effort in goal.efforts] == [
        ("Alle til stede", "siden 2018/19", "Rørby Skole")
    ]


def test_a_withheld_figure_is_not_judged_and_its_verdict_does_not_tell_it(made: Made) -> None:
    judged = {one.name: one for one in made().goals[1].schools}["Ågård Skole"]
    assert (judged.value, judged.target, judged.written, judged.text) == (None, None, "", "kan ikke vurderes endnu")


def test_a_school_has_its_figures_beside_the_municipality_and_the_country(made: Made) -> None:
    school = {one.name: one for one in made().schools}["Aarby Skole"]
    absence, grades = school.comparisons
    assert [figure.written for figure in (absence.own, absence.municipality, absence.country)] == [
        "7,1 %", "8,4 %", "7,3 %",
    ]  # fmt: skip
    assert (grades.own.written, grades.country.written, grades.country.missing) == ("7,2", "–", "tallet er ikke hentet")
    assert school.delivered == "Skolen har afleveret 3 af 4 ting; 1 er over fristen."
    assert [line.title for line in school.outstanding] == ["Skolebestyrelsens udtalelse"]


def test_what_a_school_writes_where_test_results_are_shown_is_printed_in_the_internal_edition_alone(
    made: Made,
) -> None:
    public, internal = ({one.name: one for one in made(edition).schools}["Aarby Skole"] for edition in Edition)
    assert [written.lines for written in public.written] == [
        ("Aarby Skole er til stede", "Samlet elevfravær, måltal 4,8, senest 30.6.2027")
    ]
    assert (SECRET_TEXT,) in [written.lines for written in internal.written]


def test_a_school_is_told_how_far_it_is_with_the_goal_that_it_has_set_itself(made: Made) -> None:
    report = made()
    school = {one.name: one for one in report.schools}["Aarby Skole"]
    assert [(own.goal, own.text, own.written) for own in school.own] == [
        ("Aarby Skole er til stede", "ikke på rette vej", "7,1 %")
    ]
    assert report.own_goals == "To mål: ikke på rette vej."


def test_a_figure_of_few_pupils_is_said_to_be_too_uncertain(sqlite_url: str, tmp_path: Path) -> None:
    few = figure("grade_average_danish_maths", AARBY.number, "6.6", pupils=9)
    store = Store.open(sqlite_url)
    found = lived(store, tmp_path / "home", few)
    report = releasing.preview(found, found.municipalities[0], YEAR, Edition.PUBLIC, now=NOW)
    store.close()
    assert (
        "»Mindst 6,5 i karakter« er for usikkert til at vurdere på 1 af 3 skoler, fordi de har få elever."
        in report.sentences[2].text
    )
    assert [row.cells[1].text for row in report.matrix if row.name == "Aarby Skole"] == ["for usikkert"]


def test_the_boards_statements_are_printed_or_it_is_told_why_there_is_none(lived_in: Installation) -> None:
    town = with_statements(lived_in).municipalities[0]
    report = releasing.preview(lived_in, town, YEAR, Edition.PUBLIC, now=NOW)
    assert report.statements == (
        Statement("Rørby Skole", ("Bestyrelsen på Rørby Skole er enig.",), ""),
        Statement("Ågård Skole", (), "fritaget"),
        Statement("Aarby Skole", ("Bestyrelsen på Aarby Skole er enig.", "Bilag: udtalelse.pdf"), ""),
    )
    internal = releasing.preview(lived_in, town, YEAR, Edition.INTERNAL, now=NOW)
    assert [one.standing for one in internal.statements] == ["", "fritaget, Ny bestyrelse", ""]


def test_a_statement_in_a_form_that_shows_test_results_is_printed_in_the_internal_edition_alone(
    lived_in: Installation,
) -> None:
    town = with_statements(lived_in).municipalities[0]
    shown = replace(town.wheel.activity("statement"), figures=("good_results_danish",))
    activities = tuple(shown if one.key == shown.key else one for one in town.wheel.activities)
    here = replace(town, wheel=Wheel(activities))
    public, internal = (releasing.preview(lived_in, here, YEAR, edition, now=NOW) for edition in Edition)
    assert [(one.school, one.lines, one.standing) for one in public.statements] == [
        ("Rørby Skole", (), "afleveret"),
        ("Ågård Skole", (), "fritaget"),
        ("Aarby Skole", (), "afleveret"),
    ]
    assert public.withheld[-1].startswith(
        "Det, skolerne har skrevet i »Plan for test« og »Skolebestyrelsens udtalelse«, er ikke med:"
    )
    assert internal.statements[0].lines == ("Bestyrelsen på Rørby Skole er enig.",)


def test_what_is_missing_and_what_is_withheld_is_told(made: Made) -> None:
    report = made()
    assert [(gap.where, gap.why) for gap in report.gaps if gap.indicators == GRADES.title] == [
        ("Hele landet og Prøveby Kommune", "tallet er ikke hentet"),
        ("Ågård Skole", "tallet vises ikke, fordi der er for få elever"),
    ]
    few, goals, forms = report.withheld
    assert few == "Et tal vises ikke, fordi der er for få elever bag, eller fordi et sådant tal ellers kunne regnes ud."
    assert goals == (
        "Vurderingen af »Gode resultater i dansk« er ikke med: den bygger på prøveresultater, som er fortrolige "
        "(folkeskoleloven § 55 b)."
    )
    assert forms == (
        "Det, skolerne har skrevet i »Plan for test«, er ikke med: formularen viser fortrolige prøveresultater, som "
        "svarene kan gengive."
    )
    assert [(line.source, line.published, line.pulled) for line in report.sources] == [
        ("Uddannelsesstatistik.dk", "12. november 2026", "10. juni 2027")
    ]


def test_each_source_has_its_own_day_of_fetching(lived_in: Installation) -> None:
    town = lived_in.municipalities[0]
    found = replace(figure("class_size", COUNTRY, "21.3"), source="Danmarks Statistik", published_on=None)
    new = NewSnapshot(town.key, None, "statbank", {}, b"andre tal", (found,))
    with lived_in.store.write() as connection:
        kept, _ = snapshots.add(connection, new, now=NOW - timedelta(days=40))
        snapshots.publish(connection, kept.id, now=NOW)
    report = releasing.preview(lived_in, town, YEAR, Edition.PUBLIC, now=NOW)
    assert [(line.source, line.published, line.pulled) for line in report.sources] == [
        ("Danmarks Statistik", "ikke oplyst", "1. maj 2027"),
        ("Uddannelsesstatistik.dk", "12. november 2026", "10. juni 2027"),
    ]


def test_each_point_of_the_year_tells_when_it_was(made: Made) -> None:
    told = [(count.title, count.period) for count in made().counts]
    assert len(told) == 6
    assert told[0] == ("Skolens mål", "15. august – 30. september 2026")
    assert [period for _, period in told if not period.endswith(("2026", "2027"))] == []
