"""The report of a year whose wheel has come round is written once, as a draft, with a link to it."""

from __future__ import annotations

from datetime import UTC, datetime

from flows import plan_year, quality_report
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.reports import keeping
from kvalitet.days import SchoolYear
from kvalitet.quality_reports import Version

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
