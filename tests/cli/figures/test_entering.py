"""`kvalitet extract enter`: a figure that no source has, and what stood there before."""

from tests.cli.command_line import CommandLine

WHAT = ("extract", "enter", "parent_satisfaction", "2025/26", "kommune", "-m", "kalundborg")
FROM = ("--source", "Forældreundersøgelsen 2026", "--by", "Fagcenter Børn")
TESTS = ("extract", "enter", "good_results_maths", "2025/26", "323003", "-m", "kalundborg")


def test_a_figure_is_entered_and_what_stood_there_is_told(kvalitet: CommandLine) -> None:
    first = kvalitet(*WHAT, "--value", "middel", *FROM)
    assert (first.code, first.err) == (0, "")
    assert first.out == (
        "Forældretilfredshed for Kalundborg Kommune i 2025/26 er indtastet. Der stod ikke noget tal.\n"
    )
    second = kvalitet(*WHAT, "--value", "Høj", *FROM)
    assert second.out.endswith("er indtastet. Før stod der middel (kilde: Forældreundersøgelsen 2026).\n")
    third = kvalitet(*WHAT, "--value", "høj", *FROM)
    assert third.out.endswith("er uændret. Før stod der høj (kilde: Forældreundersøgelsen 2026).\n")


def test_an_indicator_may_be_named_and_a_difference_may_be_negative(kvalitet: CommandLine) -> None:
    words = ("extract", "enter", "Forskel til socioøkonomisk reference", "2025/26", "323003", "-m", "kalundborg")
    ran = kvalitet(*words, "--value", "-0,2", "--pupils", "40", "--published", "2026-06-01", *FROM, "--json")
    assert ran.json == {
        "snapshot": 1,
        "outcome": "published",
        "indicator": "socioeconomic_difference",
        "school_year": "2025/26",
        "unit": "323003",
        "confidential": False,
        "former_snapshot": None,
    }
    taken_back = kvalitet(*words, "--value", "ingen", *FROM)
    assert taken_back.out.endswith("Før stod der -0,2 (kilde: Forældreundersøgelsen 2026).\n")


def test_a_confidential_figure_is_not_written_back(kvalitet: CommandLine) -> None:
    kvalitet(*TESTS, "--value", "81,25", *FROM)
    ran = kvalitet(*TESTS, "--value", "79,5", *FROM)
    assert (ran.code, "81" in ran.out, "79" in ran.out) == (0, False, False)
    assert ran.out.endswith("er indtastet. Der stod et tal i forvejen; det er gemt.\n")


def test_all_that_is_wrong_is_told_at_once(kvalitet: CommandLine) -> None:
    ran = kvalitet(*WHAT, "--value", "god", "--source", " ", "--published", "2027-01-01", "--by", "Fagcenter Børn")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "Vælg et af niveauerne: meget lav, lav, middel, høj, meget høj. "
        "Skriv, hvor tallet kommer fra, med højst 300 tegn. "
        "Skriv den dag, tallet er fra; den kan ikke ligge i fremtiden.\n"
    )
    nowhere = kvalitet("extract", "enter", "lykke", "2030/31", "999999", "-m", "kalundborg", "--value", "1", *FROM)
    assert (nowhere.code, nowhere.err) == (
        2,
        "Vælg et nøgletal. Vælg et skoleår, der er begyndt. Vælg en skole, kommunen eller hele landet.\n",
    )
