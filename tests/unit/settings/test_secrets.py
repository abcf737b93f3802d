"""Secrets: as a variable, from a file, or from systemd; what is refused, and that no message has them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sayso_ingest.errors import SettingError
from sayso_ingest.settings import Settings, from_environment, secrets_set, table, unknown_variables

NAME = "SAYSO_KAFKA_PASSWORD"
SECRETS = {"kafka_password", "lake_password", "lake_secret", "embedder_key", "model_key", "second_model_key"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that its owner alone may read, with a secret in it."""
    path = tmp_path / NAME
    path.write_text("quite hidden\n")
    path.chmod(0o600)
    return path


def refusal(**environ: object) -> str:
    """Why an environment is refused."""
    with pytest.raises(SettingError) as refused:
        Settings.load(environ={name: str(value) for name, value in environ.items()})
    assert "hidden" not in str(refused.value)
    return str(refused.value)


def test_passwords_and_keys_are_secrets_and_nothing_else_is() -> None:
    assert {row.name for row in table() if row.secret} == SECRETS


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_each_secret_is_read_from_the_file_that_its_other_variable_names(name: str, file: Path) -> None:
    """Without the newline that an editor leaves at its end; and that variable is none that is strange."""
    environ = {f"SAYSO_{name.upper()}_FILE": str(file)}
    settings = Settings.load(environ=environ)
    assert getattr(settings, name) == "quite hidden"
    assert "hidden" not in repr(settings)
    assert unknown_variables(environ) == {}


def test_what_systemd_hands_over_under_the_name_of_the_variable_is_read(file: Path) -> None:
    environ = {"CREDENTIALS_DIRECTORY": str(file.parent)}
    assert Settings.load(environ=environ).kafka_password == "quite hidden"
    assert secrets_set(environ) == {NAME: str(file)}


def test_another_setting_has_no_file_and_who_names_one_is_told(file: Path) -> None:
    environ = {"SAYSO_LAKE_KEY_ID_FILE": str(file), "CREDENTIALS_DIRECTORY": str(file.parent)}
    assert Settings.load(environ=environ).lake_key_id == ""
    assert unknown_variables(environ) == {"SAYSO_LAKE_KEY_ID_FILE": "SAYSO_LAKE_KEY_ID"}


def test_a_secret_that_is_given_twice_is_refused_and_both_ways_are_named(file: Path, tmp_path: Path) -> None:
    ways = {NAME: "hidden", f"{NAME}_FILE": file, "CREDENTIALS_DIRECTORY": tmp_path}
    for left_out in ways:
        told = refusal(**{name: way for name, way in ways.items() if name != left_out})
        assert told.count(NAME) == 2
        assert (f"the credential {NAME} of systemd" in told) == (left_out != "CREDENTIALS_DIRECTORY")


def test_an_empty_variable_names_no_file() -> None:
    assert Settings.load(environ={f"{NAME}_FILE": "", NAME: "hidden"}).kafka_password == "hidden"


def test_a_file_that_is_of_no_use_is_named_with_the_reason_and_the_next_step(file: Path) -> None:
    missing = file.with_name("missing")
    assert f"the file {missing}, which cannot be read: No such file" in refusal(**{f"{NAME}_FILE": missing})
    assert "cannot be read: Is a directory" in refusal(**{f"{NAME}_FILE": file.parent})
    assert "neither a file nor a pipe" in refusal(**{f"{NAME}_FILE": "/dev/zero"})
    for content, why in (
        (b"\n", "is empty"),
        (b"\xff hidden", "is no text"),
        (b"hidden" * 11_000, "has more than 65536 bytes"),
        (b"hid\0den", "has a line break or another control character inside"),
        (b"hidden\nanother\n", "has a line break or another control character inside"),
    ):
        file.write_bytes(content)
        assert f"{NAME} is to come from the file {file}, which {why}. Write the secret" in refusal(
            **{f"{NAME}_FILE": file}
        )


def test_the_mark_that_some_editors_put_before_a_text_is_no_part_of_a_secret(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfquite hidden\r\n")
    assert Settings.load(environ={f"{NAME}_FILE": str(file)}).kafka_password == "quite hidden"


def test_a_pipe_is_read_to_its_end_and_one_into_which_nobody_writes_holds_nothing_up(file: Path) -> None:
    """A shell's `<(command)` is one, and the command may take its time."""
    pipe = file.with_name("pipe")
    os.mkfifo(pipe, 0o600)
    assert "is empty" in refusal(**{f"{NAME}_FILE": pipe})
    code = "import sys; from sayso_ingest.settings import Settings; print(Settings.load().kafka_password)"
    command = (
        f'{NAME}_FILE=<(sleep 0.2; printf "quite "; sleep 0.2; echo hidden) {sys.executable} -c "{code}"'
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "quite hidden\n", done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_this_user_may_not_read_is_named(file: Path) -> None:
    file.chmod(0)
    assert "Permission denied" in refusal(**{f"{NAME}_FILE": file})


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o666])
def test_a_file_that_everybody_may_read_or_write_is_refused_with_the_command_that_shuts_it(
    mode: int, file: Path
) -> None:
    file.chmod(mode)
    assert f"mode {mode:o}): chmod o= {file}" in refusal(**{f"{NAME}_FILE": file})
    file.chmod(mode & 0o770)
    assert Settings.load(environ={f"{NAME}_FILE": str(file)}).kafka_password == "quite hidden"


def test_where_engines_of_containers_put_secrets_their_modes_are_taken(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are 0444 there, and nobody else is in the container."""
    file.chmod(0o444)
    monkeypatch.setattr("sayso_ingest.settings.secret.HANDED_OUT", str(file.parent))
    assert Settings.load(environ={f"{NAME}_FILE": str(file)}).kafka_password == "quite hidden"


def test_an_option_of_the_code_comes_before_a_file(file: Path) -> None:
    settings = Settings.load(environ={f"{NAME}_FILE": str(file)}, kafka_password="other")
    assert settings.kafka_password == "other"


def test_the_address_of_a_webhook_may_be_in_a_file_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAM_WEBHOOK_FILE", str(file))
    assert from_environment("TEAM_WEBHOOK") == "quite hidden\n"


def test_what_is_set_is_told_with_where_it_comes_from_and_without_what_it_is(file: Path) -> None:
    environ = {f"{NAME}_FILE": str(file), "SAYSO_MODEL_KEY": "hidden", "SAYSO_PORT": "1"}
    assert secrets_set(environ) == {NAME: str(file), "SAYSO_MODEL_KEY": "the environment"}
