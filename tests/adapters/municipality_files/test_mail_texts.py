from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import check, load
from kvalitet.mail_texts import MailKind, MailText, MailTexts, SubjectKind
from tests.adapters.municipality_files.folder import folder

TEXTS = """\
# Kommunens egne ord
subjects:
  deliverable: "{titel} {skoleår} – {skole}"
every_mail:
  greeting: "Kære {modtager}"
mails:
  reminder:
    introduction: |
      Vi mangler jeres aflevering.

      Fristen er {frist}.
  receipt:
    greeting: "Hej {modtager}"
"""


def texts(root: Path, content: str) -> Path:
    made = folder(root)
    (made / "mail_texts.yaml").write_text(content, encoding="utf-8")
    return made


def complaints(made: Path) -> list[str]:
    return [str(problem) for problem in check(made)[1]]


def test_a_municipality_without_the_file_has_no_words_of_its_own(tmp_path: Path) -> None:
    assert load(folder(tmp_path)).mail_texts == MailTexts()


def test_the_file_gives_subjects_and_the_parts_of_each_mail(tmp_path: Path) -> None:
    made = texts(tmp_path, TEXTS)
    read = load(made).mail_texts

    assert check(made)[1] == []
    assert read.subjects == {SubjectKind.DELIVERABLE: "{titel} {skoleår} – {skole}"}
    assert read.mails[MailKind.REMINDER] == MailText(
        greeting="Kære {modtager}", introduction="Vi mangler jeres aflevering.\n\nFristen er {frist}.\n"
    )
    assert read.mails[MailKind.RECEIPT].greeting == "Hej {modtager}"
    assert read.mails[MailKind.INVITATION] == MailText(greeting="Kære {modtager}")
    assert read.faults == {}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            "{frist}", "{dato}",
            "mail_texts.yaml, linje 8, mails.reminder.introduction: Pladsen {dato} kendes ikke her; brug en af: "
            "{kommune}, {skoleår}, {modtager}, {afsender}, {titel}, {skole}, {frist}, {dage}.",
            id="an unknown place",
        ),
        pytest.param(
            "{skoleår} – {skole}", "om {dage}",
            "mail_texts.yaml, linje 3, subjects.deliverable: Pladsen {dage} kendes ikke her; brug en af: "
            "{kommune}, {skoleår}, {titel}, {skole}.",
            id="a number of days in a subject",
        ),
        pytest.param(
            "{titel} {skoleår}", "Aflevering {skoleår}",
            "mail_texts.yaml, linje 3, subjects.deliverable: Emnet skal nævne {titel}, så mails om hver sin ting kan "
            "kendes fra hinanden.",
            id="a subject without a title",
        ),
        pytest.param(
            "{frist}.", "{frist.",
            "mail_texts.yaml, linje 8, mails.reminder.introduction: En tuborgklamme mangler sin mage eller sit navn; "
            "en plads skrives som en af: "
            "{kommune}, {skoleår}, {modtager}, {afsender}, {titel}, {skole}, {frist}, {dage}.",
            id="a brace without its fellow",
        ),
        pytest.param(
            "  receipt:", "  quittance:",
            "mail_texts.yaml, linje 12, mails.quittance: »quittance« kendes ikke; vælg en af: opening, reminder, "
            "overdue_notice, escalation, invitation, moved_invitation, "
            "reworded_invitation, uninvited, cancellation, receipt, sent_back, approved, weekly_digest.",
            id="an unknown mail",
        ),
        pytest.param(
            '    greeting: "Hej', '    greting: "Hej',
            "mail_texts.yaml, linje 13, mails.receipt.greting: Nøglen »greting« kendes ikke; mener du »greeting«?",
            id="an unknown key",
        ),
        pytest.param(
            '"Hej {modtager}"', '""',
            "mail_texts.yaml, linje 13, mails.receipt.greeting: Teksten er tom; skriv den, eller slet linjen.",
            id="an empty text",
        ),
        pytest.param(
            '"Hej {modtager}"', '"  "',
            "mail_texts.yaml, linje 13, mails.receipt.greeting: Teksten er tom; skriv den, eller slet linjen.",
            id="a text of nothing but spaces",
        ),
        pytest.param(
            '"Hej {modtager}"', "",
            "mail_texts.yaml, linje 13, mails.receipt.greeting: Nøglen har ingen værdi; skriv en, eller slet linjen.",
            id="a key without a text",
        ),
        pytest.param(
            '"Hej {modtager}"', f'"{"x" * 121}"',
            "mail_texts.yaml, linje 13, mails.receipt.greeting: Teksten er på 121 tegn; der er plads til 120. "
            "Gør den kortere.",
            id="a text that is too long",
        ),
        pytest.param(
            '"Hej {modtager}"', '"Hej\\n{modtager}"',
            "mail_texts.yaml, linje 13, mails.receipt.greeting: Her skal stå tekst på én linje.",
            id="a line break in a greeting",
        ),
        pytest.param(
            "Vi mangler jeres aflevering.", "Vi mangler\tjeres aflevering.",
            "mail_texts.yaml, linje 8, mails.reminder.introduction: Teksten indeholder tegn, som ikke kan vises; "
            "skriv den igen som ren tekst.",
            id="a tabulator",
        ),
        pytest.param(
            "Kære {modtager}", "Kære {titel}",
            "mail_texts.yaml, linje 5, every_mail.greeting: Pladsen {titel} kendes ikke her; brug en af: "
            "{kommune}, {skoleår}, {modtager}, {afsender}.",
            id="a place that not every mail has",
        ),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_used_is_told_with_its_line_and_why(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert TEXTS.count(old) == 1
    assert complaints(texts(tmp_path, TEXTS.replace(old, new))) == [told]


@pytest.mark.parametrize(
    ("old", "new", "held"),
    [
        ("{frist}", "{dato}", {"reminder"}),
        ("{titel} {skoleår}", "{dage}", {"opening", "reminder", "overdue_notice", "receipt", "sent_back", "approved"}),
        ("Kære {modtager}", "Kære {titel}", set(MailKind)),
        ("  receipt:", "  quittance:", set()),
        ("mails:", "mails: [", set(MailKind)),
        ("every_mail:", "hver_mail:", set(MailKind)),
    ],
)
def test_a_mistake_holds_up_the_mails_that_it_belongs_to_and_the_municipality_is_read(
    tmp_path: Path, old: str, new: str, held: set[str]
) -> None:
    made = texts(tmp_path, TEXTS.replace(old, new))

    assert set(load(made).mail_texts.faults) == held
    assert check(made)[0] is None
    assert complaints(made) != []


def test_two_mistakes_are_both_told(tmp_path: Path) -> None:
    made = texts(tmp_path, TEXTS.replace("{frist}", "{dato}").replace("Hej {modtager}", "Hej {dig}"))

    assert len(complaints(made)) == 2
    assert set(load(made).mail_texts.faults) == {MailKind.REMINDER, MailKind.RECEIPT}
