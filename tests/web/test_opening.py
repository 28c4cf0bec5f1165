"""The pages follow the municipalities' files while they run."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from kvalitet.adapters.settings import Settings
from kvalitet.web.opening import LOOKED_AGAIN_SECONDS, Opened
from tests.adapters.municipality_files.folder import FILES, folder


def change(path: Path, name: str, old: str, new: str) -> None:
    """Edit a file; its size says so, however coarse the clock of the files is."""
    text = (path / name).read_text(encoding="utf-8")
    assert old in text
    (path / name).write_text(text.replace(old, new), encoding="utf-8")


class Board:
    """An installation that is opened as the pages open it, at seconds of the test's own."""

    def __init__(self, tmp_path: Path) -> None:
        self.seconds = 100.0
        (tmp_path / "municipalities").mkdir()
        self.folder = folder(tmp_path / "municipalities")
        self.open = Opened(Settings.read(tmp_path), clock=lambda: self.seconds)

    def leader(self) -> str:
        return self.open().municipalities[0].schools[1].leader.address


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(tmp_path)


def test_it_is_opened_once(board: Board) -> None:
    first = board.open()
    board.seconds += LOOKED_AGAIN_SECONDS
    assert board.open() is first


def test_a_leader_who_is_replaced_in_the_files_is_replaced_on_the_pages_without_a_restart(board: Board) -> None:
    assert board.leader() == "leder.roerby@proeveby.example"
    store, secret = board.open().store, board.open().secret
    change(board.folder, "schools.yaml", "leder.roerby@", "ny.leder.roerby@")
    assert board.leader() == "leder.roerby@proeveby.example"
    board.seconds += LOOKED_AGAIN_SECONDS
    assert board.leader() == "ny.leder.roerby@proeveby.example"
    assert (board.open().store is store, board.open().secret == secret) == (True, True)


def test_files_that_are_being_mended_leave_the_last_good_ones_standing(
    board: Board, caplog: pytest.LogCaptureFixture
) -> None:
    board.open()
    change(board.folder, "schools.yaml", "leder.roerby@proeveby.example", "leder.roerby")
    board.seconds += LOOKED_AGAIN_SECONDS
    with caplog.at_level(logging.WARNING):
        assert board.leader() == "leder.roerby@proeveby.example"
        board.seconds += LOOKED_AGAIN_SECONDS
        board.open()
    assert caplog.text.count("Kommunernes filer er ændret, men kan ikke bruges") == 1
    (board.folder / "schools.yaml").write_text(FILES["schools.yaml"].replace("leder.roerby@", "x@"), encoding="utf-8")
    board.seconds += LOOKED_AGAIN_SECONDS
    assert board.leader() == "x@proeveby.example"


def test_a_folder_that_comes_or_goes_is_noticed(board: Board) -> None:
    assert len(board.open().municipalities) == 1
    (board.folder / "municipality.yaml").unlink()
    board.seconds += LOOKED_AGAIN_SECONDS
    assert board.open().municipalities == ()
