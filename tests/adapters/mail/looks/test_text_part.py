from kvalitet.adapters.mail.writing.text_part import WIDTH, wrapped

LINK = "https://kvalitet.example/kalundborg/forekomst/kalundborg.2026-27.leadership_dialogue.323001"
WORDS = "Tre afleveringer mangler stadig, selv om skolerne er rykket for dem to gange i denne måned."


def test_a_short_line_stands_as_it_is() -> None:
    assert wrapped("Hvad:     Delmål\n") == "Hvad:     Delmål\n"


def test_a_long_paragraph_is_folded_at_a_space() -> None:
    lines = wrapped(WORDS).splitlines()

    assert len(lines) == 2
    assert " ".join(lines) == WORDS
    assert max(map(len, lines)) <= WIDTH


def test_what_does_not_fit_stands_below_its_own_column() -> None:
    assert wrapped(f"Deltagere: {WORDS}\n").splitlines()[1].startswith(" " * 11 + "dem")
    assert wrapped(f"* {WORDS}\n").splitlines()[1].startswith("  ")
    assert wrapped(f"  {WORDS}\n").splitlines()[1].startswith("  ")


def test_a_link_is_never_broken_and_keeps_its_indentation() -> None:
    assert wrapped(f"Se mødet: {LINK}\n") == f"Se mødet:\n{LINK}\n"
    assert wrapped(f"  {LINK}\n") == f"  {LINK}\n"


def test_there_are_never_two_empty_lines_together_nor_one_at_an_end() -> None:
    assert wrapped("\n\nKære\n \n\n\nskole\n\n") == "Kære\n\nskole\n"
