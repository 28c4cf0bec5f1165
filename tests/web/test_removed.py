"""What has been taken out of the municipality's files is history, not an error."""

from dataclasses import replace

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.wheel import Wheel
from tests.web.conftest import browsing
from tests.web.test_forms import GOALS
from tests.web.test_pages import PAGES


@pytest.fixture
def without_goals(installation: Installation) -> Installation:
    (found,) = installation.municipalities
    left = tuple(activity for activity in found.wheel.activities if activity.key != "local_goals")
    return replace(installation, municipalities=(replace(found, wheel=Wheel(left)),))


def test_pages_do_without_an_activity_that_has_left_the_files(without_goals: Installation) -> None:
    with browsing(without_goals) as browser:
        wrong = {address: browser.get(address).status_code for address in PAGES if "local_goals" not in address}
    assert set(wrong.values()) == {200}


def test_the_page_of_what_has_left_the_files_says_so(without_goals: Installation) -> None:
    with browsing(without_goals) as browser:
        page = browser.get(GOALS)
    assert page.status_code == 404
    assert "er taget ud af planen for 2026/27." in page.text
