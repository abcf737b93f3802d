"""Settings: defaults, environment, options, and what is refused."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from sayso_ingest.errors import SettingError, UsageError
from sayso_ingest.eventlog import open_writer
from sayso_ingest.settings import LOG_ADDRESSES, Settings, table, unknown_variables


def test_without_anything_given_every_setting_has_its_default() -> None:
    settings = Settings.load(environ={})
    assert settings == Settings()
    assert (settings.data, settings.project, settings.port) == (Path("sayso-data"), "default", 8710)


def test_what_is_given_comes_before_the_environment_which_comes_before_the_default() -> None:
    settings = Settings.load(environ={"SAYSO_PORT": "1", "SAYSO_WORKERS": "3"}, port=2)
    assert (settings.port, settings.workers, settings.threads) == (2, 3, 32)


def test_a_key_is_in_no_message_and_no_representation() -> None:
    settings = Settings.load(environ={"SAYSO_EMBEDDER_KEY": " a-secret\n"})
    assert settings.embedder_key == "a-secret"
    assert "a-secret" not in repr(settings)


def test_none_means_not_given() -> None:
    assert Settings.load(environ={"SAYSO_PORT": "1"}, port=None).port == 1


def test_an_empty_variable_means_not_given() -> None:
    assert Settings.load(environ={"SAYSO_PORT": ""}).port == 8710


def test_the_environment_of_the_process_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_PROJECT", "help-shared")
    assert Settings.load().project == "help-shared"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("port", "65536"),
        ("port", "-1"),
        ("port", "http"),
        ("workers", "0"),
        ("threads", "1.5"),
        ("publish_interval", "nan"),
        ("publish_interval", "-1"),
        ("project", "../other"),
        ("project", "Default"),
        ("project", "a" * 64),
        ("data", "a\0b"),
        ("host", "http://x"),
        ("log", "postgres://x/y"),
        ("log", "kafka://"),
        ("log", "memory://name"),
        ("log_level", "loud"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_its_name_and_what_is(name: str, text: str) -> None:
    env = f"SAYSO_{name.upper()}"
    with pytest.raises(SettingError) as refused:
        Settings.load(environ={env: text})
    allowed = next(row.allowed for row in table() if row.name == name)
    assert str(refused.value) == f"{env} is {text!r}. Allowed: {allowed}."


def test_a_refused_option_is_named_as_it_was_typed() -> None:
    with pytest.raises(UsageError, match=r"--console-port is 'x'"):
        Settings.load(environ={}, console_port="x")


def test_a_setting_that_does_not_exist_is_an_error_that_lists_those_that_do() -> None:
    with pytest.raises(SettingError, match=r"no setting 'prot'.*data, project, host, port"):
        Settings.load(environ={}, prot=1)


@pytest.mark.parametrize("log", ["sqlite", "kafka://a:9092,b:9092/sayso"])
def test_both_kinds_of_log_can_be_named(log: str) -> None:
    assert Settings.load(environ={}, log=log).log == log


def test_the_event_log_names_the_same_addresses_as_the_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as refused:
        open_writer("kafka://no-port/sayso", folder=tmp_path, project="p")
    assert LOG_ADDRESSES in str(refused.value)


def test_settings_spelled_as_options_load_to_the_same_settings() -> None:
    settings = Settings(data=Path("/var/lib/sayso"), console_port=0, publish_interval=0.5)
    words = settings.options("data", "console_port", "publish_interval")
    assert words == ["--data", "/var/lib/sayso", "--console-port", "0", "--publish-interval", "0.5"]
    given = {option[2:].replace("-", "_"): text for option, text in zip(words[::2], words[1::2], strict=True)}
    assert Settings.load(environ={}, **given) == settings


def test_every_default_is_allowed() -> None:
    for row in table():
        assert row.parse(str(row.default), source=row.name) == row.default


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc] - what the test is about


def test_the_project_folder_is_in_the_data_folder() -> None:
    assert Settings(data=Path("d"), project="p").project_folder == Path("d/p")


def test_a_misspelled_variable_is_named_with_what_it_looks_like() -> None:
    environ = {
        "SAYSO_PRT": "5",
        "SAYSO_PORT": "1",
        "SAYSO_URL": "x",
        "SAYSO_KEY": "y",
        "HOME": "/",
        "SAYSO_QQ": "",
    }
    assert unknown_variables(environ) == {"SAYSO_PRT": "SAYSO_PORT", "SAYSO_QQ": None}
