"""Figures are read once for all who look, and are still never older, or others', than they may be."""

from __future__ import annotations

from datetime import timedelta

from kvalitet.adapters.installation import Installation
from tests.web import people
from tests.web.builders import NOON
from tests.web.conftest import browsing, let_in
from tests.web.figures.built import figure, publish

LIST, TESTS = "/proeveby/noegletal?skole=323001", "good_results_danish"


def test_figures_that_are_published_while_the_pages_are_open_are_shown_at_once(everybody: Installation) -> None:
    publish(everybody.store, figure("absence", 2024, "323001", "9.3"))
    with browsing(everybody) as browser:
        assert "9,3 %" in browser.get(LIST).text
        publish(everybody.store, figure("absence", 2024, "323001", "9.1"), now=NOON + timedelta(days=1), raw=b"nye")
        page = browser.get(LIST).text
    assert ("9,3 %" in page, "9,1 %" in page) == (False, True)


def test_what_was_read_for_one_viewer_is_not_shown_to_another(everybody: Installation) -> None:
    publish(everybody.store, figure(TESTS, 2024, "323001", "61.5"), figure("absence", 2024, "323002", "8.5"))
    pages = ("/proeveby/noegletal.csv", f"{LIST}&skole=323002", "/proeveby/noegletal/absence")
    with browsing(everybody) as browser:
        everything = "".join(browser.get(page).text for page in pages)
        let_in(browser.client, everybody, people.LEADER)
        own = "".join(browser.get(page).text for page in pages)
        let_in(browser.client, everybody, people.UNIONS)
        little = "".join(browser.get(page).text for page in pages)
    assert ["61,5" in text for text in (everything, own, little)] == [True, True, False]
    assert ["8,5" in text for text in (everything, own, little)] == [True, False, False]
