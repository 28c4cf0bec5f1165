"""The page for operators, the units and the compose file tell the truth."""

import configparser
import re
from pathlib import Path

import pytest
import yaml

from kvalitet.adapters.engine.environment import environment
from kvalitet.adapters.settings import CHECKOUT, Settings

PAGE = (CHECKOUT / "docs" / "operation.md").read_text(encoding="utf-8")
UNITS = sorted((CHECKOUT / "deployments" / "systemd").glob("*.service"))
COMPOSE = yaml.safe_load((CHECKOUT / "deployments" / "compose.yaml").read_text(encoding="utf-8"))
# What the supervisor tells Prefect because of its own home and ports; the others are told in the files.
OF_THE_SUPERVISOR = {
    "PREFECT_SERVER_API_HOST",
    "PREFECT_SERVER_API_PORT",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT",
    "KVALITET_CHECKOUT",
}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_own_description(name: str) -> None:
    description = Settings.model_fields[name].description
    assert description
    assert f"| `KVALITET_{name.upper()}` |" in PAGE
    assert description in PAGE


def test_the_page_documents_no_setting_that_is_not_there() -> None:
    documented = set(re.findall(r"^\| `KVALITET_(\w+)` \|", PAGE, flags=re.MULTILINE))
    assert documented == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_program_of_the_venv_as_a_user_without_rights(unit: Path) -> None:
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names keep their capitals
    read.read_string(unit.read_text(encoding="utf-8"))
    service = read["Service"]
    assert service["ExecStart"].startswith("/opt/kvalitet/.venv/bin/")
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("kvalitet", "true", "strict")
    assert unit.name in PAGE


def test_prefect_is_told_the_same_everywhere(tmp_path: Path) -> None:
    told = set(environment(Settings(home=tmp_path))) - OF_THE_SUPERVISOR
    file = (CHECKOUT / "deployments" / "systemd" / "prefect.env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+)=", file, flags=re.MULTILINE)) == told
    assert {name for name in COMPOSE["x-program"]["environment"] if not name.startswith("KVALITET_")} == told


def test_the_compose_file_has_the_parts_that_the_page_names() -> None:
    assert set(COMPOSE["services"]) == {"database", "tables", "server", "deploy", "worker", "web"}
