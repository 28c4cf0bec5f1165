import pytest

from kvalitet.mail_texts import PLACES, SUBJECT_OF, SUBJECT_PLACES, MailKind, MailText, MailTexts, fill, mistake

ALLOWED = ("titel", "skoleår")


def test_each_place_gets_its_value_as_it_stands() -> None:
    assert fill("{titel} {skoleår}", {"titel": "Mål {skoleår}", "skoleår": "2026/27"}) == "Mål {skoleår} 2026/27"


@pytest.mark.parametrize("values", [{"titel": "Mål"}, {"titel": "Mål", "skole": ""}])
def test_a_text_with_a_place_that_has_no_value_is_not_used(values: dict[str, str]) -> None:
    assert fill("{titel} – {skole}", values) == ""


def test_a_text_without_places_is_used_as_it_is() -> None:
    assert fill("Kære alle", {}) == "Kære alle"


@pytest.mark.parametrize("text", ["{titel} {skoleår}", "Ingen pladser", ""])
def test_a_text_with_known_places_has_no_mistake(text: str) -> None:
    assert mistake(text, ALLOWED) == ""


def test_an_unknown_place_is_named_with_those_that_may_stand_there() -> None:
    assert mistake("{titel} {dage}", ALLOWED) == "Pladsen {dage} kendes ikke her; brug en af: {titel}, {skoleår}."


@pytest.mark.parametrize(
    "text", ["{titel", "titel}", "{}", "{ titel }", "{{titel}}", "{titel.__class__}", "{% if titel %}", "{titel!r}"]
)
def test_anything_else_in_braces_is_a_mistake(text: str) -> None:
    assert mistake(text, ALLOWED) == (
        "En tuborgklamme mangler sin mage eller sit navn; en plads skrives som en af: {titel}, {skoleår}."
    )


def test_every_mail_has_its_places_and_its_subject_and_no_subject_has_one_that_changes() -> None:
    assert set(PLACES) == set(SUBJECT_OF) == set(MailKind)
    assert {place for places in SUBJECT_PLACES.values() for place in places} == {"kommune", "skoleår", "titel", "skole"}
    for kind, subject in SUBJECT_OF.items():
        assert set(SUBJECT_PLACES[subject]) <= set(PLACES[kind])


def test_a_municipality_without_own_words_has_none() -> None:
    assert not MailTexts()
    assert MailTexts(mails={MailKind.RECEIPT: MailText(greeting="Kære {modtager}")})
    assert MailTexts(faults={MailKind.RECEIPT: "Teksten er tom."})
