"""`kvalitet up --home` on a folder that is not an installation yet."""

from pathlib import Path

from kvalitet.adapters.settings import SETTINGS_FILE
from tests.cli.command_line import CommandLine


def test_an_empty_home_is_made_ready_and_says_what_goes_into_it(tmp_path: Path) -> None:
    home = tmp_path / "kommunen"
    ended = CommandLine(tmp_path, "")("up", "--home", str(home))
    assert ended.code == 2
    assert f"Der er ingen kommuner i {home / 'municipalities'} endnu." in ended.err
    assert sorted(path.name for path in home.iterdir()) == ["municipalities", SETTINGS_FILE]


def test_settings_that_are_there_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text("KVALITET_PORT=8400\n", encoding="utf-8")
    CommandLine(tmp_path, "")("up", "--home", str(tmp_path))
    assert (tmp_path / SETTINGS_FILE).read_text(encoding="utf-8") == "KVALITET_PORT=8400\n"
