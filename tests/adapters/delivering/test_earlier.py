"""What a school promised before: the newest earlier year that it delivered for, its own and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kvalitet.adapters.deliveries import AnswersRefusedError, deliver
from kvalitet.adapters.delivering import earlier
from kvalitet.adapters.evaluating import judge_all
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, deliveries, plans
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.answers import Promise, Promised
from kvalitet.days import SchoolYear
from tests.web import builders
from tests.web.delivering import forms
from tests.web.delivering.forms import ANSWERS, KEY, LAST_AUTUMN, PROMISED

YEARS = tuple(SchoolYear(year) for year in (2024, 2025, 2026))


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    return forms.planned(store, tmp_path / "home", *YEARS)


def handed_in(installation: Installation, year: str, school: str = "323001", **answers: str) -> None:
    key = f"proeveby.{year}.action_plan.{school}"
    submission = Submission({**ANSWERS, **PROMISED, **answers}, "Lederen")
    deliver(installation, key, submission, now=LAST_AUTUMN)


def promised(installation: Installation) -> dict[str, Promised]:
    with installation.store.read() as connection:
        occurrence = plans.occurrence(connection, KEY)
        assert occurrence
        return earlier.promised(connection, forms.town(), occurrence)


def test_last_years_newest_version_is_asked_about(installation: Installation) -> None:
    handed_in(installation, "2025-26", **{"efforts.1.effort": "Læsebånd"})
    handed_in(installation, "2025-26")
    found = Promised(SchoolYear(2025), (Promise(1, "Gåbus · Klasselærerne · juni"),))
    assert promised(installation) == {"last_year": found}


def test_a_year_that_was_skipped_is_passed_over(installation: Installation) -> None:
    handed_in(installation, "2024-25")
    assert promised(installation)["last_year"].school_year == SchoolYear(2024)


def test_another_schools_promises_are_its_own(installation: Installation) -> None:
    handed_in(installation, "2025-26", "323002")
    assert promised(installation) == {}


def test_a_delivery_on_the_command_line_answers_too(installation: Installation) -> None:
    handed_in(installation, "2025-26")
    with pytest.raises(AnswersRefusedError) as refused:
        deliver(installation, KEY, Submission(ANSWERS, "Lederen"), now=builders.NOON)
    assert refused.value.message == (
        "Svar på, hvad der blev af »Gåbus · Klasselærerne · juni«: gennemført, opgivet, fortsætter."
    )
    answers = {**ANSWERS, "last_year.1.outcome": "done", "last_year.1.word": "Godt."}
    deliver(installation, KEY, Submission(answers, "Lederen"), now=builders.NOON)
    with installation.store.read() as connection:
        (made,) = deliveries.versions(connection, KEY)
        assert made.answers["last_year.1.promise"] == "Gåbus · Klasselærerne · juni"
        judged = judge_all(connection, forms.town(), SchoolYear(2026), now=datetime(2027, 1, 1, tzinfo=UTC))
        assert [verdict.goal for verdict in judged] == ["local.323001.2026-27.action_plan.absence"]
