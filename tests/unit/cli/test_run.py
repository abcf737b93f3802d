"""What becomes of errors: a message on standard error and an exit code, never a traceback."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import click
import pytest
from sayso_ingest.cli import DISTRIBUTIONS, EXTRAS, FAILURE, INTERRUPTED, MODULES, OK, WRONG_USAGE, run, sayso
from sayso_ingest.cli.options import Command, with_settings
from sayso_ingest.errors import MissingExtra, NotFound, SettingError
from sayso_ingest.settings import Settings


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException | None], int]:
    """Run `sayso status`, with something else inside."""

    def with_error(error: BaseException | None) -> int:
        def fail() -> None:
            if error:
                raise error

        replaced = Command("status", callback=fail, examples="sayso status")
        monkeypatch.setattr(sayso, "get_command", lambda _ctx, _name: replaced)
        return run(["status"])

    return with_error


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (NotFound("Nothing there. Look elsewhere."), FAILURE, "Error: Nothing there. Look elsewhere.\n"),
        (SettingError("SAYSO_PORT is 'x'."), WRONG_USAGE, "Error: SAYSO_PORT is 'x'.\n"),
        (click.UsageError("No."), WRONG_USAGE, "Error: No.\n"),
        (KeyboardInterrupt(), INTERRUPTED, ""),
        (click.Abort(), INTERRUPTED, ""),
    ],
)
def test_an_error_that_was_foreseen_is_its_message_and_its_code(
    error: BaseException,
    code: int,
    message: str,
    command: Callable[[BaseException], int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command(error) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(message)
    assert "Traceback" not in err


def test_a_server_that_exits_has_said_how(command: Callable[[BaseException], int]) -> None:
    """The exit of one whose workers cannot start is not taken for a reader that has gone."""
    with pytest.raises(SystemExit) as exited:
        command(SystemExit(1))
    assert exited.value.code == 1


def test_an_error_that_was_not_foreseen_is_one_line_that_says_how_to_see_more(
    command: Callable[[BaseException], int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(ZeroDivisionError("by\nzero")) == FAILURE
    assert capsys.readouterr().err == (
        "Error: Unexpected ZeroDivisionError: by zero. Run again with SAYSO_LOG_LEVEL=debug to see where.\n"
    )


def test_who_asks_for_it_gets_the_traceback(
    command: Callable[[BaseException], int],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SAYSO_LOG_LEVEL", "debug")
    assert command(ZeroDivisionError("by zero")) == FAILURE
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("package", "extra"), EXTRAS.items())
def test_a_package_that_is_missing_is_named_with_the_command_that_installs_it(
    package: str, extra: str, command: Callable[[BaseException], int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(ModuleNotFoundError("No module", name=f"{package}.part")) == FAILURE
    assert capsys.readouterr().err == f"Error: {MissingExtra(DISTRIBUTIONS.get(package, package), extra)}\n"


def test_success_is_zero(command: Callable[[BaseException | None], int]) -> None:
    assert command(None) == OK


def test_a_wrong_setting_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAYSO_LOG_LEVEL", "loud")
    assert run(["status"]) == WRONG_USAGE
    assert "SAYSO_LOG_LEVEL is 'loud'" in capsys.readouterr().err


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_lists_every_command_and_ends_in_examples(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([flag]) == OK
    text = capsys.readouterr().out
    assert all(f"\n  {name} " in text for name in MODULES)
    assert "sayso serve" in text.partition("Examples:")[2]


def commands(group: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(group, click.Group):
        return [path]
    context = click.Context(group)
    below = [(name, group.get_command(context, name)) for name in group.list_commands(context)]
    return [path, *(leaf for name, command in below if command for leaf in commands(command, (*path, name)))]


def test_the_help_of_every_command_ends_in_examples(capsys: pytest.CaptureFixture[str]) -> None:
    for path in commands(sayso):
        assert run([*path, "--help"]) == OK
        examples = capsys.readouterr().out.partition("\nExamples:\n")[2].strip().splitlines()
        assert examples, path
        assert all(line.strip().startswith(("sayso ", "duckdb ")) for line in examples), path


def test_help_lists_commands_in_whole_sentences_and_says_what_an_option_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for path in commands(sayso):
        assert run([*path, "--help"]) == OK
        text = capsys.readouterr().out
        listed = text.partition("\nCommands:\n")[2].partition("\nExamples:")[0].split("\n")
        assert all(line.endswith(".") for line in listed if line), path
        assert "INTEGER" not in text, path
        assert "DIRECTORY" not in text, path


def test_every_command_stands_in_its_module() -> None:
    for name, module in MODULES.items():
        listed = importlib.import_module(f"sayso_ingest.cli.{module}").COMMANDS
        assert name in [command.name for command in listed]


def test_a_command_is_given_the_settings_that_were_typed() -> None:
    seen: list[Settings] = []

    @click.command(cls=Command, examples="sayso x")
    @with_settings("port")
    def x(settings: Settings) -> None:
        """Look."""
        seen.append(settings)

    x.main(["--port", "5", "--project", "p"], standalone_mode=False)
    assert seen == [Settings(port=5, project="p")]
