import socket
from pathlib import Path

import pytest

from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.settings import Settings
from kvalitet.supervisor.guarding import check_ports, sole_owner
from kvalitet.supervisor.running import run_all
from tests.supervisor.processes import settings_in


def test_a_second_start_on_the_same_home_is_refused(tmp_path: Path) -> None:
    with sole_owner(tmp_path), pytest.raises(OperationError, match=r"Kvalitet kører allerede med mappen") as refused:
        run_all(Settings(home=tmp_path))
    assert refused.value.exit_code == 1


def test_a_home_is_free_again_when_its_owner_has_gone(tmp_path: Path) -> None:
    with sole_owner(tmp_path / "ny"):
        pass
    with sole_owner(tmp_path / "ny"):
        assert (tmp_path / "ny").is_dir()


@pytest.mark.parametrize(("taken", "named"), [("port", "KVALITET_PORT"), ("prefect_port", "KVALITET_PREFECT_PORT")])
def test_a_taken_port_is_one_sentence_that_names_the_setting_and_starts_nothing(
    tmp_path: Path, taken: str, named: str
) -> None:
    settings = settings_in(tmp_path / "hjem")
    with (
        socket.create_server(("127.0.0.1", getattr(settings, taken))),
        pytest.raises(OperationError) as refused,
    ):
        run_all(settings)
    assert refused.value.message.endswith(f"vælg en anden med {named}.")
    assert not (settings.home / "logs").exists()


def test_free_ports_are_accepted_and_left_free(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    check_ports(settings)
    check_ports(settings)
