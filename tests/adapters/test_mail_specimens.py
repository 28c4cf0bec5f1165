import re
import shutil
from pathlib import Path

import pytest

from kvalitet.adapters.mail.rendering import Renderer
from kvalitet.adapters.mail_specimens import specimens, unusable
from kvalitet.adapters.municipality_files import load
from kvalitet.adapters.settings import CHECKOUT
from kvalitet.days import SchoolYear
from kvalitet.municipality import Municipality
from tests.builders import dialogue, municipality

TEMPLATES = CHECKOUT / "templates" / "email"
YEAR = SchoolYear(2026)


@pytest.fixture(scope="module", params=["kalundborg", "hvidovre"])
def here(request: pytest.FixtureRequest) -> Municipality:
    return load(CHECKOUT / "deployments" / request.param)


def test_every_template_has_a_specimen_that_can_be_written(here: Municipality) -> None:
    found = specimens(here, YEAR)
    renderer = Renderer(TEMPLATES, "https://kvalitet.example")

    assert {specimen.message.template for specimen in found} == {f.name for f in TEMPLATES.iterdir() if f.is_dir()}
    assert len({specimen.name for specimen in found}) == len(found) == 15
    for specimen in found:
        assert renderer.render(specimen.message, now=specimen.at, invite=specimen.invite).subject


def test_each_mistake_in_a_template_is_told_once_with_a_mail_that_shows_it(here: Municipality, tmp_path: Path) -> None:
    folder = tmp_path / "email"
    shutil.copytree(TEMPLATES, folder)
    with (folder / "tasks.txt").open("a", encoding="utf-8") as file:
        file.write("{{ items[0].nickname }}\n")
    (folder / "receipt" / "body.html").write_text("{% block %}", encoding="utf-8")
    last_line = len((folder / "tasks.txt").read_text(encoding="utf-8").splitlines())
    found = unusable(Renderer(folder, "https://kvalitet.example"), [here, here], YEAR)

    assert [(name, mistake.file, mistake.line) for name, mistake in found] == [
        ("opening", "tasks.txt", last_line),
        ("receipt", "receipt/body.html", 1),
    ]
    assert found[0][1].text == "navnet »nickname« findes ikke i denne mail."


def test_a_wheel_of_only_meetings_has_no_mails_about_deliveries() -> None:
    names = [specimen.name for specimen in specimens(municipality(dialogue()), YEAR)]

    assert names == ["invitation", "moved_invitation", "cancellation", "uninvited", "weekly_digest", "login"]


def test_the_page_of_mails_shows_every_picture_and_each_is_small() -> None:
    page = (CHECKOUT / "docs" / "mails.md").read_text(encoding="utf-8")
    pictures = {path.name: path.stat().st_size for path in (CHECKOUT / "docs" / "pictures").glob("mail-*.png")}

    assert set(re.findall(r"\(pictures/([\w-]+\.png)\)", page)) == set(pictures)
    assert len(pictures) == 18
    assert max(pictures.values()) < 100_000
