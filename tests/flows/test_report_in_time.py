"""The report of a year whose wheel has come round is written once, as a draft, with a link to it."""

from __future__ import annotations

from datetime import UTC, datetime

from flows import data_extract, plan_year, quality_report
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.reports import keeping, releasing
from kvalitet.days import SchoolYear
from kvalitet.quality_reports import Edition, Version

YEAR = SchoolYear(2026)
LAST_DAY = datetime(2027, 6, 30, 4, 0, tzinfo=UTC)
AFTERWARDS = datetime(2027, 7, 1, 4, 0, tzinfo=UTC)


def test_the_draft_is_written_the_day_after_the_wheel_has_come_round_and_never_again(
    installation: Installation,
) -> None:
    kalundborg = installation.municipality("kalundborg")
    plan_year.run(installation, kalundborg, now=datetime(2026, 6, 1, 4, tzinfo=UTC), school_year=YEAR)
    assert not quality_report.has_work(installation, kalundborg, LAST_DAY)
    assert quality_report.has_work(installation, kalundborg, AFTERWARDS)
    outcome = quality_report.run(installation, kalundborg, now=AFTERWARDS)
    assert outcome.rows == ({"skoleår": "2026/27", "rapport": "kladde, nr. 1"},)
    assert outcome.links == (
        (
            "Kvalitetsrapport 2026/27, kladde, nr. 1",
            f"{installation.settings.public_url}/kalundborg/rapport/2026-27/1/offentlig.pdf",
        ),
    )
    (stored,) = keeping.versions(installation.settings.home, "kalundborg", YEAR)
    assert (stored.version, stored.written_by) == (Version.DRAFT, "Årshjulet")
    assert not quality_report.has_work(installation, kalundborg, AFTERWARDS)
    assert not quality_report.run(installation, kalundborg, now=AFTERWARDS)


def test_the_real_figures_of_a_school_stand_on_its_page(installation: Installation) -> None:
    kalundborg, now = installation.municipality("kalundborg"), datetime(2026, 5, 4, 4, 0, tzinfo=UTC)
    plan_year.run(installation, kalundborg, now=datetime(2026, 4, 1, 4, tzinfo=UTC), school_year=YEAR)
    data_extract.run(installation, kalundborg, now=now)
    report = releasing.preview(installation, kalundborg, YEAR, Edition.PUBLIC, now=now)
    (school,) = [one for one in report.schools if one.number == "323003"]
    figures = {one.indicator: (one.school_year, one.own.written) for one in school.comparisons}
    assert school.name == "Rynkevangskolen"
    wanted = ("Samlet elevfravær", "Karaktergennemsnit, 9. klasses prøver", "Social trivsel", "Ro og orden")
    assert {indicator: figures[indicator] for indicator in wanted} == {
        "Samlet elevfravær": ("2024/25", "9,3 %"),
        "Karaktergennemsnit, 9. klasses prøver": ("2024/25", "6,4"),
        "Social trivsel": ("2024/25", "3,8"),
        "Ro og orden": ("2024/25", "3,7"),
    }


def test_hvidovres_final_status_waits_for_every_school_board_in_the_years_when_it_is_due(
    installation: Installation,
) -> None:
    hvidovre, now = installation.municipality("hvidovre"), datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
    plan_year.run(installation, hvidovre, now=datetime(2025, 4, 1, 4, tzinfo=UTC), school_year=SchoolYear(2025))
    plan_year.run(installation, hvidovre, now=datetime(2026, 4, 1, 4, tzinfo=UTC), school_year=YEAR)
    waits = releasing.unfinished(installation.board(hvidovre, SchoolYear(2025), now=now))
    assert len(waits) == 9
    assert "»Skolebestyrelsens udtalelse« fra Dansborgskolen" in waits
    assert releasing.unfinished(installation.board(hvidovre, YEAR, now=now)) == ()
