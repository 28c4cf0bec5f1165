from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.extracting.deciding import Answer, DecidedAlreadyError, decide
from kvalitet.adapters.extracting.dossiers import HIDDEN, dossier
from kvalitet.adapters.extracting.importing import import_file
from kvalitet.adapters.extracting.keeping import published_on
from kvalitet.adapters.extracting.pulling import Errand, Pulled, pull
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import Store, log, snapshots
from kvalitet.adapters.store.extracts import baselines, pulls, reviews
from kvalitet.adapters.store.extracts.pulls import Ending, PullKey
from kvalitet.adapters.store.extracts.reviews import Ruling
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.goals import Goal, Per
from kvalitet.measurements import MUNICIPALITY
from kvalitet.pulls import Finding, PullOutcome
from kvalitet.targets import RisePercent
from tests.adapters.extracting.held import figure, held
from tests.adapters.installed import installation as made
from tests.adapters.store.planned import write
from tests.builders import extract, instant, municipality, occurrence
from tests.flows.test_at_once import at_once

WHEEL = extract(indicators=("grade_average",))
PULL = occurrence(WHEEL, where=None)
GOAL = Goal(
    key="grades",
    title="Karaktererne stiger 10 procent",
    focus_area="learning",
    target=RisePercent(percent=Decimal(10)),
    per=Per.MUNICIPALITY,
    deadline=SchoolYear(2028),
    indicator=load_catalogue()["grade_average"],
    baseline_year=SchoolYear(2025),
)
PLACE = municipality(WHEEL, goals=(GOAL,))
NOW, LATER, LAST = instant("2026-09-01"), instant("2026-09-08"), instant("2026-09-15")
HEAD = "skoleår;institutionsnummer;indikator;værdi;kilde"
YES = Answer(Ruling.RELEASED, " Skolen har ringet. ", "direktør")
NO = Answer(Ruling.REJECTED, "Det er sidste års tal.", "direktør")


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    write(store, [PULL])
    return made(store, tmp_path, PLACE)


def put(installation: Installation, *values: str, name: str = "2025-26.csv") -> Path:
    """Lay a file of grades beside the wheel, one figure for each school."""
    folder = installation.settings.municipality_folder / PLACE.key / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"2025/26;32300{number};grade_average;{value};STIL" for number, value in enumerate(values, start=1)]
    (folder / name).write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return folder / name


def pulled(installation: Installation, *, now: object = NOW) -> Pulled:
    (one,) = pull(Errand(installation, PLACE, PULL, now))  # type: ignore[arg-type]  # an instant
    return one


def on_show(installation: Installation) -> list[str]:
    with installation.store.read() as connection:
        return [str(found.value) for found in snapshots.measurements(connection, PLACE.key)]


def fixed(installation: Installation) -> list[str]:
    with installation.store.read() as connection:
        return [str(found.value) for found in baselines.baselines(connection, PLACE.key)]


def test_figures_that_cannot_be_true_are_held_back_until_they_are_released(installation: Installation) -> None:
    put(installation, "6,4", "7,0")
    pulled(installation)
    put(installation, "6,4", "17,0")
    one = pulled(installation, now=LATER)
    assert (one.ending.outcome, on_show(installation)) == (PullOutcome.QUARANTINED, ["6.4", "7.0"])
    assert pulled(installation, now=LATER).ending.outcome is PullOutcome.QUARANTINED
    decision = decide(installation, PLACE, one.pull, YES, now=LAST)
    assert (decision.reason, decision.decided_by, decision.decided_at) == ("Skolen har ringet.", "direktør", LAST)
    assert on_show(installation) == ["6.4", "17.0"]
    assert pulled(installation, now=LAST).ending.outcome is PullOutcome.UNCHANGED
    with installation.store.read() as connection:
        assert [event.event for event in log.events(connection)] == [
            "extract_published",
            "extract_held",
            "extract_released",
        ]


def test_rejected_figures_are_never_shown_though_the_source_goes_on_giving_them(installation: Installation) -> None:
    put(installation, "6,4", "17,0")
    one = pulled(installation)
    decide(installation, PLACE, one.pull, NO, now=LATER)
    again = pulled(installation, now=LAST)
    assert again.ending.detail == ("Kilden giver stadig de tal, der er afvist. De seneste gode tal vises fortsat.")
    assert (again.ending.outcome, on_show(installation)) == (PullOutcome.UNCHANGED, [])


def test_a_decision_is_made_once_on_what_was_held_back_and_with_a_reason(installation: Installation) -> None:
    put(installation, "6,4", "7,0")
    shown = pulled(installation)
    put(installation, "6,4", "17,0")
    waiting = pulled(installation, now=LATER)
    with pytest.raises(UserError, match="Skriv, hvorfor"):
        decide(installation, PLACE, waiting.pull, replace(YES, reason=" "), now=LAST)
    with pytest.raises(DecidedAlreadyError, match="er ikke holdt tilbage"):
        decide(installation, PLACE, shown.pull, YES, now=LAST)
    decide(installation, PLACE, waiting.pull, NO, now=LAST)
    with pytest.raises(DecidedAlreadyError, match="er afgjort i forvejen"):
        decide(installation, PLACE, waiting.pull, YES, now=LAST)
    with pytest.raises(UserError, match=r"har ikke nogen hentning nr\. 99"):
        decide(installation, PLACE, 99, YES, now=LAST)
    assert on_show(installation) == ["6.4", "7.0"]


def test_held_figures_that_newer_ones_have_overtaken_wait_for_nobody(installation: Installation) -> None:
    put(installation, "6,4", "17,0")
    one = pulled(installation)
    with installation.store.read() as connection:
        assert reviews.held(connection, PLACE.key) == 1
    put(installation, "6,4", "7,0")
    assert pulled(installation, now=LATER).ending.outcome is PullOutcome.PUBLISHED
    with installation.store.read() as connection:
        known = dossier(connection, PLACE, one.pull, sees_confidential=True)
        assert reviews.held(connection, PLACE.key) == 0
    assert known is not None
    assert (known.is_overtaken, known.is_held) == (True, False)
    with pytest.raises(DecidedAlreadyError, match="er afløst af nyere tal"):
        decide(installation, PLACE, one.pull, YES, now=LAST)
    assert on_show(installation) == ["6.4", "7.0"]


def test_a_pull_that_brought_nothing_cannot_be_released(installation: Installation) -> None:
    one = pulled(installation)
    assert one.ending.outcome is PullOutcome.NOT_PUBLISHED
    with pytest.raises(DecidedAlreadyError, match="gav ingen tal"):
        decide(installation, PLACE, one.pull, YES, now=LATER)


def test_a_revision_backwards_is_shown_with_both_figures_and_moves_no_baseline(installation: Installation) -> None:
    put(installation, "6,4", "7,0")
    pulled(installation)
    put(installation, "6,6", "7,0")
    one = pulled(installation, now=LATER)
    assert (on_show(installation), fixed(installation)) == (["6.6", "7.0"], ["6.4", "7.0"])
    with installation.store.read() as connection:
        known = dossier(connection, PLACE, one.pull, sees_confidential=False)
    assert known is not None
    (revised,) = known.change.revised
    assert (str(revised.former.value), str(revised.now.value)) == ("6.4", "6.6")
    assert [str(found.value) for found in known.fixed.values()] == ["6.4", "7.0"]


def test_a_baseline_is_fixed_when_held_figures_are_released_and_not_before(installation: Installation) -> None:
    put(installation, "6,4", "17,0")
    one = pulled(installation)
    assert fixed(installation) == []
    decide(installation, PLACE, one.pull, YES, now=LATER)
    assert fixed(installation) == ["6.4", "17.0"]


def test_a_file_that_a_person_gives_is_put_on_show_whole(installation: Installation) -> None:
    kept = import_file(installation, PLACE, put(installation, "6,4"), now=NOW)
    assert (kept.snapshot.source, kept.snapshot.occurrence, kept.snapshot.rows) == ("import", None, 1)
    assert (kept.outcome, on_show(installation)) == (PullOutcome.PUBLISHED, ["6.4"])
    with installation.store.read() as connection:
        assert [event.detail for event in log.events(connection)] == ["1 tal fra 2025-26.csv vises nu."]


def test_a_file_with_one_faulty_row_is_refused_whole(installation: Installation) -> None:
    file = put(installation, "6,4", "7,0", "mange")
    with pytest.raises(UserError, match=r"^Filen 2025-26\.csv er ikke indlæst\. række 4"):
        import_file(installation, PLACE, file, now=NOW)
    assert on_show(installation) == []


def test_a_file_with_figures_that_cannot_be_true_is_held_back(installation: Installation) -> None:
    kept = import_file(installation, PLACE, put(installation, "64"), now=NOW)
    assert (kept.outcome, on_show(installation)) == (PullOutcome.QUARANTINED, [])


def test_who_may_not_see_confidential_figures_sees_none_in_the_report(installation: Installation) -> None:
    number = held(installation.store, PLACE.key, PULL.key, now=NOW)
    with installation.store.read() as connection:
        hidden = dossier(connection, PLACE, number, sees_confidential=False)
        seen = dossier(connection, PLACE, number, sees_confidential=True)
        assert dossier(connection, replace(PLACE, key="naboby"), number, sees_confidential=True) is None
    assert hidden is not None
    assert seen is not None
    assert [(found.value, found.why) for found in hidden.findings[1:]] == [
        ("", "Tallet ligger uden for det, som nøgletallet kan være."),
        ("", HIDDEN),
    ]
    assert [found.value for found in seen.findings] == ["7,3 → 31,5", "187,5", ""]
    assert {found.indicator for found in hidden.change.new} == {"absence"}
    assert {found.indicator for found in seen.change.new} == {"absence", "good_results_danish"}
    assert (hidden.is_confidential, hidden.is_held) == (True, True)


def test_the_figure_of_a_few_pupils_is_told_to_nobody_nor_what_would_give_it_away(installation: Installation) -> None:
    few = replace(figure("9.9", indicator="grade_average"), pupils=3)
    others = [replace(few, unit=unit, value=Decimal("6.4"), pupils=40) for unit in ("323002", "323003")]
    whole = replace(few, unit=MUNICIPALITY, value=Decimal("6.5"), pupils=83)
    new = NewSnapshot(PLACE.key, None, "import", {}, b"raa", (few, *others, whole))
    with installation.store.write() as connection:
        kept, _ = snapshots.add(connection, new, now=NOW)
        told = Finding(why="Springer.", holds=True, value="6,4 → 9,9", indicator="grade_average", unit="323001")
        reviews.add_findings(connection, kept.id, [told])
        ending = Ending(PullOutcome.QUARANTINED, "", kept.id)
        number = pulls.keep(connection, PullKey(PLACE.key, None, "import", None), {}, ending, now=NOW)
        known = dossier(connection, PLACE, number, sees_confidential=True)
    assert known is not None
    assert [found.value for found in known.findings] == [""]
    shown = {found.unit: found.value for found in known.change.new}
    assert (shown["323001"], shown[MUNICIPALITY]) == (None, Decimal("6.5"))
    assert [shown[unit] for unit in ("323002", "323003")].count(None) >= 1


def test_a_file_that_was_held_back_can_be_decided_though_another_file_has_been_given_since(
    installation: Installation,
) -> None:
    import_file(installation, PLACE, put(installation, "64"), now=NOW)
    other = put(installation, "8,1", name="fravær.csv")
    other.write_text(other.read_text(encoding="utf-8").replace("grade_average", "absence"), encoding="utf-8")
    assert import_file(installation, PLACE, other, now=LATER).outcome is PullOutcome.PUBLISHED
    with installation.store.read() as connection:
        held_back = pulls.pulls(connection, PLACE.key)[-1]
        known = dossier(connection, PLACE, held_back.id, sees_confidential=True)
        assert reviews.held(connection, PLACE.key) == 1
    assert known is not None
    assert (known.is_overtaken, known.is_held) == (False, True)
    decide(installation, PLACE, held_back.id, NO, now=LAST)
    with installation.store.read() as connection:
        assert reviews.held(connection, PLACE.key) == 0


def test_a_file_that_is_released_late_does_not_take_a_newer_files_figures_off_show(installation: Installation) -> None:
    import_file(installation, PLACE, put(installation, "64", "7,0"), now=NOW)
    assert import_file(installation, PLACE, put(installation, "6,4"), now=LATER).outcome is PullOutcome.PUBLISHED
    with installation.store.read() as connection:
        held_back = pulls.pulls(connection, PLACE.key)[-1]
    decide(installation, PLACE, held_back.id, YES, now=LAST)
    assert on_show(installation) == ["6.4", "7.0"]


def test_four_people_who_answer_at_once_make_one_decision(installation: Installation) -> None:
    number = held(installation.store, PLACE.key, PULL.key, now=NOW)

    def answer(one: int) -> str:
        try:
            decide(installation, PLACE, number, replace(YES if one % 2 else NO, by=f"person {one}"), now=LATER)
        except DecidedAlreadyError:
            return "for sent"
        return "afgjort"

    assert sorted(at_once(answer)) == ["afgjort", "for sent", "for sent", "for sent"]
    with installation.store.read() as connection:
        assert len(reviews.decisions(connection, PLACE.key)) == 1


def test_a_snapshot_knows_when_the_source_published_its_newest_figure() -> None:
    unsaid = figure("6.4")
    early, late = (replace(unsaid, published_on=date(2026, 9, day)) for day in (1, 3))
    assert published_on([early, late, unsaid]) == date(2026, 9, 3)
    assert published_on([unsaid]) is None
