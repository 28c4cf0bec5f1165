"""A checker that is missing is told of in a sentence, and never overlooked where all tests must run."""

import pytest

from tests.calendar_checkers.checking import missing

SENTENCE = "libical mangler. På Debian og Ubuntu: apt install --no-install-recommends libical-dev"


def test_on_a_developers_machine_the_test_is_skipped_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception) as skipped:
        missing("libical", "libical-dev")
    assert skipped.value.msg == SENTENCE


def test_where_everything_must_run_the_test_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception) as failed:
        missing("libical", "libical-dev")
    assert failed.value.msg == f"{SENTENCE} (.ci/run skulle have gjort det)"
