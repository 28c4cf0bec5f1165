from __future__ import annotations

import pytest

from kvalitet.quality_reports import Edition, ReportPlan, Version

DRAFT, COUNCIL, FINAL = Version
WAITS = ("»Udtalelse« fra Aarby Skole",)


def test_the_draft_waits_for_nothing() -> None:
    assert ReportPlan().obstacles(DRAFT, (), WAITS) == ()


def test_each_step_waits_for_those_before_it() -> None:
    assert ReportPlan().obstacles(COUNCIL, (), WAITS) == ("»Kladde« er ikke skrevet endnu.",)
    assert ReportPlan().obstacles(FINAL, (DRAFT,), ()) == ("»Udkast til kommunalbestyrelsen« er ikke skrevet endnu.",)
    assert ReportPlan().obstacles(COUNCIL, (DRAFT,), WAITS) == ()


def test_the_final_version_waits_for_what_is_to_be_done_first_as_well() -> None:
    assert ReportPlan().obstacles(FINAL, (DRAFT, COUNCIL), WAITS) == ("»Udtalelse« fra Aarby Skole mangler.",)
    assert ReportPlan().obstacles(FINAL, (DRAFT, COUNCIL), ()) == ()


def test_a_step_that_the_municipality_does_not_have_cannot_be_written() -> None:
    short = ReportPlan(steps=(DRAFT, FINAL))
    assert short.obstacles(COUNCIL, (DRAFT,), ()) == (
        "Kommunens rapport har ikke trinnet »udkast til kommunalbestyrelsen«; trinnene står i municipality.yaml.",
    )
    assert short.obstacles(FINAL, (DRAFT,), ()) == ()


@pytest.mark.parametrize(
    ("written", "step"), [((), DRAFT), ((DRAFT,), COUNCIL), ((DRAFT, COUNCIL), FINAL), (tuple(Version), None)]
)
def test_the_next_step_is_the_first_that_has_not_been_written(
    written: tuple[Version, ...], step: Version | None
) -> None:
    assert ReportPlan().next_step(written) is step


def test_the_internal_edition_says_that_it_is_confidential() -> None:
    assert [edition.danish for edition in Edition] == ["offentlig udgave", "intern udgave, fortrolig"]
