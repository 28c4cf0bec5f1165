from pathlib import Path

import pytest

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.settings import Settings, SmtpSecurity


def write(home: Path, *lines: str) -> None:
    (home / "settings.env").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_an_installation_needs_no_settings(tmp_path: Path) -> None:
    found = Settings.read(tmp_path)
    assert found.home == tmp_path
    assert found.store_url == f"sqlite:///{tmp_path / 'kvalitet.db'}"
    assert found.municipality_folder == tmp_path / "municipalities"
    assert (found.host, found.port, found.prefect_port) == ("127.0.0.1", 8321, 4321)
    assert found.public_url == "http://127.0.0.1:8321"
    assert found.smtp_host == ""
    assert (found.templates / "invitation" / "body.txt").is_file()


def test_the_file_in_the_home_folder_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        "KVALITET_PORT=9000",
        "KVALITET_SMTP_HOST=mail.kommune.example",
        "KVALITET_SMTP_SECURITY=tls",
        "KVALITET_BASE_URL=https://aarshjul.kommune.example/",
        "KVALITET_MUNICIPALITIES=/srv/kommuner",
    )
    found = Settings.read(tmp_path)
    assert (found.port, found.smtp_host, found.smtp_security) == (9000, "mail.kommune.example", SmtpSecurity.TLS)
    assert found.public_url == "https://aarshjul.kommune.example"
    assert found.municipality_folder == Path("/srv/kommuner")


def test_the_environment_stands_before_the_file_and_the_command_line_before_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "KVALITET_PORT=9000", "KVALITET_HOST=127.0.0.2")
    monkeypatch.setenv("KVALITET_PORT", "9001")
    assert (Settings.read(tmp_path).port, Settings.read(tmp_path).host) == (9001, "127.0.0.2")
    assert Settings.read(tmp_path, port=9002).port == 9002


def test_the_home_folder_may_be_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "KVALITET_PORT=9000")
    monkeypatch.setenv("KVALITET_HOME", str(tmp_path))
    found = Settings.read()
    assert (found.home, found.port) == (tmp_path, 9000)


def test_a_database_of_one_s_own_is_used_as_it_is_given(tmp_path: Path) -> None:
    url = "postgresql://kvalitet@db.example/kvalitet"
    assert Settings.read(tmp_path, database_url=url).store_url == url


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("KVALITET_PORT=ottetusinde", "KVALITET_PORT"),
        ("KVALITET_PORT=70000", "KVALITET_PORT"),
        ("KVALITET_SMTP_SECURITY=måske", "KVALITET_SMTP_SECURITY"),
        ("KVALITET_SMTP_TIMEOUT=0", "KVALITET_SMTP_TIMEOUT"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_in_one_sentence(tmp_path: Path, line: str, name: str) -> None:
    write(tmp_path, line)
    with pytest.raises(UserError) as refused:
        Settings.read(tmp_path)
    assert refused.value.message == (f"Indstillingen {name} kan ikke bruges; ret den i settings.env eller i miljøet.")


def test_a_misspelt_setting_is_named_as_it_is_written(tmp_path: Path) -> None:
    write(tmp_path, "KVALITET_SMTP_HOTS=mail.kommune.example")
    with pytest.raises(UserError, match=r"^Indstillingen KVALITET_SMTP_HOTS kan ikke bruges;"):
        Settings.read(tmp_path)


def test_secrets_are_never_printed(tmp_path: Path) -> None:
    write(tmp_path, "KVALITET_SMTP_PASSWORD=hemmelig", "KVALITET_STIL_KEY=nøgle", "KVALITET_IMAP_PASSWORD=løsen")
    found = Settings.read(tmp_path)
    assert found.smtp_password.get_secret_value() == "hemmelig"
    assert not {word for word in ("hemmelig", "nøgle", "løsen") if word in repr(found) + found.model_dump_json()}


def test_every_setting_is_described_in_danish() -> None:
    undescribed = [name for name, field in Settings.model_fields.items() if not (field.description or "").endswith(".")]
    assert undescribed == []
