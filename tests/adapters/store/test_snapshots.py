from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kvalitet.adapters.store import Store, snapshots, verdicts
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.adapters.store.verdicts import KeptVerdict
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement, MissingReason
from tests.adapters.store.planned import write
from tests.builders import YEAR, extract, instant, occurrence

PULL = occurrence(extract(), where=None)
NOW, LATER = instant("2026-09-01"), instant("2026-09-08")
LAST_YEAR = SchoolYear(2025)


def figure(value: str | None, *, unit: str = "323001", indicator: str = "absence") -> Measurement:
    return Measurement(
        indicator=indicator,
        school_year=LAST_YEAR,
        unit=unit,
        value=Decimal(value) if value else None,
        level=None,
        missing=None if value else MissingReason.SUPPRESSED,
        source="STIL",
        published_on=date(2026, 8, 20),
    )


def pulled(raw: bytes, *figures: Measurement, of: str | None = PULL.key) -> NewSnapshot:
    return NewSnapshot("proeveby", of, "files", {"school_year": "2025/26"}, raw, figures, school_year=LAST_YEAR)


@pytest.fixture(autouse=True)
def _plan(store: Store) -> None:
    write(store, [PULL])


def test_figures_are_seen_when_their_snapshot_is_published_and_not_before(store: Store) -> None:
    found = (figure("7.30"), figure(None, unit="323002"))
    with store.write() as connection:
        kept, is_new = snapshots.add(connection, pulled(b"one", *found), now=NOW)
        assert (is_new, kept.rows, kept.published_at) == (True, 2, None)
        assert snapshots.measurements(connection, "proeveby") == ()
        snapshots.publish(connection, kept.id, now=LATER)
        assert snapshots.measurements(connection, "proeveby") == found
        assert snapshots.measurements(connection, "naboby") == ()
        assert str(snapshots.measurements(connection, "proeveby")[0].value) == "7.30"


def test_figures_that_a_source_takes_back_leave_the_show(store: Store) -> None:
    with store.write() as connection:
        for raw, value in ((b"one", "7.3"), (b"two", "9.9"), (b"one", "7.3")):
            kept, _ = snapshots.add(connection, pulled(raw, figure(value)), now=NOW)
            snapshots.publish(connection, kept.id, now=NOW)
        assert snapshots.measurements(connection, "proeveby") == (figure("7.3"),)


def test_not_published_yet_takes_no_figure_off_show(store: Store) -> None:
    waiting = replace(figure(None), missing=MissingReason.NOT_PUBLISHED)
    elsewhere = replace(waiting, unit="323002")
    with store.write() as connection:
        for raw, found in ((b"one", (figure("7.3"),)), (b"two", (waiting, elsewhere))):
            kept, _ = snapshots.add(connection, pulled(raw, *found), now=NOW)
            snapshots.publish(connection, kept.id, now=NOW)
        assert snapshots.measurements(connection, "proeveby") == (figure("7.3"), elsewhere)


def test_the_same_bytes_are_kept_once_for_an_occurrence(store: Store) -> None:
    with store.write() as connection:
        first, _ = snapshots.add(connection, pulled(b"one", figure("7.3")), now=NOW)
        assert snapshots.add(connection, pulled(b"one", figure("7.3")), now=LATER) == (first, False)
        other, is_new = snapshots.add(connection, pulled(b"one", figure("7.3"), of=None), now=LATER)
        assert is_new is True
        assert snapshots.add(connection, pulled(b"one", figure("7.3"), of=None), now=LATER) == (other, False)
        assert [snapshot.id for snapshot in snapshots.snapshots(connection, "proeveby")] == [other.id, first.id]


def test_the_same_bytes_that_are_read_as_other_figures_are_kept_again(store: Store) -> None:
    with store.write() as connection:
        first, _ = snapshots.add(connection, pulled(b"one", figure("7.3")), now=NOW)
        with_pupils, is_new = snapshots.add(connection, pulled(b"one", replace(figure("7.3"), pupils=212)), now=LATER)
        assert (is_new, with_pupils.sha256) == (True, first.sha256)
        assert snapshots.measurements_of(connection, with_pupils.id) == (replace(figure("7.3"), pupils=212),)


def test_a_snapshot_keeps_the_answer_the_question_and_what_the_source_says_of_its_data(store: Store) -> None:
    new = replace(
        pulled(b"\x00raw", figure("7.3")),
        content_type="application/json",
        label="http://127.0.0.1/statistik",
        published_on=date(2026, 8, 20),
        updated_at=instant("2026-08-21", "08:00"),
    )
    with store.write() as connection:
        kept, _ = snapshots.add(connection, new, now=NOW)
        assert snapshots.snapshot(connection, "proeveby", kept.id) == kept
        assert snapshots.snapshot(connection, "naboby", kept.id) is None
        assert (kept.school_year, kept.content_type, kept.label) == (LAST_YEAR, new.content_type, new.label)
        assert (kept.published_on, kept.updated_at) == (date(2026, 8, 20), instant("2026-08-21", "08:00"))
        assert snapshots.raw_answer(connection, kept.id) == b"\x00raw"
        assert snapshots.request_of(connection, kept.id) == {"school_year": "2025/26"}


def test_what_was_on_show_before_a_snapshot_can_be_asked(store: Store) -> None:
    with store.write() as connection:
        first, second = (
            snapshots.add(connection, pulled(raw, figure(value)), now=NOW)[0]
            for raw, value in ((b"one", "7.3"), (b"two", "6.9"))
        )
        for kept in (first, second):
            snapshots.publish(connection, kept.id, now=NOW)
        assert snapshots.measurements(connection, "proeveby", before=second.id) == (figure("7.3"),)
        assert snapshots.measurements(connection, "proeveby", before=first.id) == ()


def test_every_figure_that_ever_came_home_can_be_traced(store: Store) -> None:
    with store.write() as connection:
        older, _ = snapshots.add(connection, pulled(b"one", figure("7.3"), figure("5", unit="323002")), now=NOW)
        newer, _ = snapshots.add(connection, pulled(b"two", figure("6.9")), now=LATER)
        traced = snapshots.told_of(connection, "proeveby", "absence", "323001")
        assert traced == [(newer, figure("6.9")), (older, figure("7.3"))]
        assert snapshots.told_of(connection, "naboby", "absence", "323001") == []


def test_a_newer_published_snapshot_stands_before_the_older_which_is_kept_as_it_was(store: Store) -> None:
    with store.write() as connection:
        older, _ = snapshots.add(connection, pulled(b"one", figure("7.3"), figure("5", unit="323002")), now=NOW)
        newer, _ = snapshots.add(connection, pulled(b"two", figure("6.9")), now=LATER)
        snapshots.publish(connection, older.id, now=NOW)
        assert snapshots.measurements(connection, "proeveby") == (figure("7.3"), figure("5", unit="323002"))
        snapshots.publish(connection, newer.id, now=LATER)
        assert snapshots.measurements(connection, "proeveby") == (figure("6.9"), figure("5", unit="323002"))
        kept = {snapshot.id: snapshot for snapshot in snapshots.snapshots(connection, "proeveby")}
        assert kept[older.id] == replace(older, published_at=NOW)


def test_publishing_again_does_not_change_when_it_was_first_on_show(store: Store) -> None:
    with store.write() as connection:
        kept, _ = snapshots.add(connection, pulled(b"one", figure("7.3")), now=NOW)
        snapshots.publish(connection, kept.id, now=NOW)
        snapshots.publish(connection, kept.id, now=LATER)
        assert snapshots.snapshots(connection, "proeveby") == [replace(kept, published_at=NOW)]


def test_figures_are_asked_by_indicator_and_unit(store: Store) -> None:
    grades = figure("8.1", indicator="grades")
    with store.write() as connection:
        kept, _ = snapshots.add(connection, pulled(b"one", figure("7.3"), grades, figure("5", unit="323002")), now=NOW)
        snapshots.publish(connection, kept.id, now=NOW)
        assert snapshots.measurements(connection, "proeveby", indicators=["grades"]) == (grades,)
        assert snapshots.measurements(connection, "proeveby", unit="323002") == (figure("5", unit="323002"),)
        assert snapshots.measurements(connection, "proeveby", indicators=[]) == ()


def test_a_verdict_is_news_only_when_it_says_something_else(store: Store) -> None:
    kept = KeptVerdict(
        "proeveby", "absence", "323001", YEAR, "attained", "Målet er nået.", confidential=False, judged_at=NOW
    )
    worse = replace(kept, attainment="not_attained", sentence="Målet er ikke nået.", judged_at=LATER)
    with store.write() as connection:
        assert verdicts.save(connection, kept) is True
        assert verdicts.save(connection, replace(kept, judged_at=LATER)) is False
        assert verdicts.verdicts(connection, "proeveby") == [kept]
        assert verdicts.save(connection, worse) is True
        assert verdicts.verdicts(connection, "proeveby") == [worse]


def test_of_many_verdicts_only_the_new_and_the_changed_are_news(store: Store) -> None:
    kept = KeptVerdict("proeveby", "absence", "323001", YEAR, "reached", "Nået.", confidential=False, judged_at=NOW)
    other, later = replace(kept, unit="323002"), replace(kept, judged_at=LATER)
    worse = replace(other, sentence="Ikke nået.", judged_at=LATER)
    with store.write() as connection:
        assert verdicts.save_new(connection, "proeveby", [kept, other]) == [kept, other]
        assert verdicts.save_new(connection, "proeveby", [later, worse]) == [worse]
        assert verdicts.verdicts(connection, "proeveby") == [kept, worse]


def test_verdicts_are_listed_by_goal_unit_and_year(store: Store) -> None:
    kept = KeptVerdict("proeveby", "absence", "323001", YEAR, "attained", "Nået.", confidential=True, judged_at=NOW)
    earlier, other = replace(kept, school_year=LAST_YEAR), replace(kept, unit="323002")
    with store.write() as connection:
        for one in (other, kept, earlier):
            verdicts.save(connection, one)
        assert verdicts.verdicts(connection, "proeveby") == [earlier, kept, other]
        assert verdicts.verdicts(connection, "proeveby", unit="323002") == [other]
        assert verdicts.verdicts(connection, "naboby") == []
