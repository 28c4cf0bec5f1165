"""What goes with an invitation, and in whose name it is sent: checked, built and read."""

from pathlib import Path

import pytest

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.municipality_files import check, load
from kvalitet.adapters.municipality_files.meeting_checking import LARGEST
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store
from kvalitet.invites import Paper, Papers
from kvalitet.municipality import Organizer
from kvalitet.wheel import Role
from tests.adapters.municipality_files.folder import folder

GUIDE = "question_guide: question_guides/samtale.md"
BOARD = "organizers:\n  - {role: director, name: Direktionen, address: direktionen@proeveby.example}\nsender:"
ON_BEHALF = f"{GUIDE}\n      on_behalf_of: director"


def with_material(home: Path, listed: str, **files: bytes) -> Path:
    made = folder(home, ("wheel.yaml", GUIDE, f"{GUIDE}\n      material: [{listed}]"))
    for name, content in files.items():
        (made / name.replace("_", ".")).write_bytes(content)
    return made


def told(made: Path) -> list[str]:
    return [str(problem) for problem in check(made)[1]]


def test_a_meeting_is_held_on_behalf_of_the_director(tmp_path: Path) -> None:
    made = folder(tmp_path, ("municipality.yaml", "sender:", BOARD), ("wheel.yaml", GUIDE, ON_BEHALF))
    there = load(made)
    director = Organizer(Role.DIRECTOR, "Direktionen", "direktionen@proeveby.example")
    assert there.organizer(there.wheel.activity("dialogue").meeting.on_behalf_of) == director
    assert there.organizer(None) is None
    assert there.is_inviting("Direktionen@proeveby.example")


def test_a_role_without_a_mailbox_of_its_own_cannot_invite(tmp_path: Path) -> None:
    made = folder(tmp_path, ("wheel.yaml", GUIDE, ON_BEHALF))
    assert told(made) == [
        (
            "wheel.yaml, linje 55, activities[2].meeting.on_behalf_of: Der mangler en postkasse for »director«; "
            "skriv den under organizers i municipality.yaml."
        )
    ]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("skoler@proeveby.example", "Det er afsenderens egen postkasse; slet punktet, for den indkalder i forvejen."),
        (
            "direktoer@proeveby.example",
            "Postkassen tilhører en, der selv bliver indkaldt og skal kunne svare; brug en fælles postkasse.",
        ),
        (
            "direktionen@andenby.example",
            "Postkassen skal ligge på afsenderens domæne, proeveby.example; ellers tror modtagerne ikke på den.",
        ),
    ],
)
def test_a_mailbox_that_cannot_invite_is_told(tmp_path: Path, address: str, sentence: str) -> None:
    changed = BOARD.replace("direktionen@proeveby.example", address)
    (problem,) = told(folder(tmp_path, ("municipality.yaml", "sender:", changed)))
    assert problem.endswith(f"organizers[0].address: {sentence}")


def test_material_is_read_with_the_question_guide_first(tmp_path: Path, store: Store) -> None:
    made = with_material(tmp_path, "dagsorden.pdf", dagsorden_pdf=b"%PDF-1.7")
    there = load(made)
    installation = Installation(Settings(home=tmp_path, municipalities=made.parent), store, (there,))
    papers = installation.papers(there, there.wheel.activity("dialogue"))
    guide = "Hvad går godt?\n"
    files = (Paper("Spørgeguide.txt", guide.encode()), Paper("dagsorden.pdf", b"%PDF-1.7"))
    assert papers == Papers(guide, files)
    (made / "dagsorden.pdf").unlink()
    with pytest.raises(UserError, match=r"Bilaget »dagsorden.pdf« kan ikke læses; kør »kvalitet check«."):
        installation.papers(there, there.wheel.activity("dialogue"))


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [
        ("mangler.pdf", "Bilaget »mangler.pdf« findes ikke i mappen; ret navnet, eller læg filen der."),
        ("../ude.pdf", "Bilaget »../ude.pdf« ligger uden for kommunens mappe; flyt det ind."),
        (
            "program.exe",
            (
                "Bilaget »program.exe« er af en slags, som ikke alle kan åbne; brug en af: "
                ".pdf, .docx, .xlsx, .pptx, .odt, .ods, .odp, .png, .jpg, .txt."
            ),
        ),
    ],
)
def test_material_that_cannot_be_sent_is_told(tmp_path: Path, listed: str, sentence: str) -> None:
    (problem,) = told(with_material(tmp_path, listed, program_exe=b"MZ"))
    assert problem == f"wheel.yaml, linje 55, activities[2].meeting.material[0]: {sentence}"


def test_material_that_is_too_large_for_mail_servers_is_told(tmp_path: Path) -> None:
    made = with_material(tmp_path, "stor.pdf, lille.pdf", stor_pdf=bytes(LARGEST), lille_pdf=b"1")
    (problem,) = told(made)
    assert problem.endswith("Bilagene fylder mere end 5 MB tilsammen; gør dem mindre, eller send et link.")
