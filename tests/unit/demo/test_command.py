"""What `sayso demo` makes of how the story ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sayso_ingest.cli.demo import demo
from sayso_ingest.demo import story
from sayso_ingest.demo.proof.comparison import Comparison
from sayso_ingest.errors import UsageError


def ending(*differences: str) -> Comparison:
    return Comparison(
        sent=1, landed=0, missing=1, doubled=0, verdicts=0, rejects=0, differences=list(differences)
    )


def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, comparison: Comparison) -> tuple[object, list[Path]]:
    monkeypatch.setattr(story, "tell", lambda *_, **__: comparison)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    result = CliRunner().invoke(demo, [], standalone_mode=False)
    return result.return_value, list(tmp_path.iterdir())


def test_the_exit_code_is_0_and_the_folder_is_removed_where_the_accounts_agree(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert run(monkeypatch, tmp_path, ending()) == (0, [])


def test_the_exit_code_is_1_and_the_folder_is_kept_where_an_event_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, left = run(monkeypatch, tmp_path, ending("missing: thumb 1 about m_1"))
    assert code == 1
    assert len(left) == 1


@pytest.mark.parametrize(
    ("program", "on_path", "said"),
    [
        (".venv/bin/sayso", False, "$ .venv/bin/sayso serve"),
        ("my venv/bin/sayso", False, "$ 'my venv/bin/sayso' serve"),
        (".venv/bin/sayso", True, "$ sayso serve"),
        ("sayso_ingest/__main__.py", False, "$ sayso serve"),
    ],
)
def test_the_last_line_can_be_typed_as_it_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str, on_path: bool, said: str
) -> None:
    """From a checkout, where the program is not on PATH, it begins as it was called."""
    monkeypatch.setattr(story, "tell", lambda *_, **__: ending())
    monkeypatch.chdir(tmp_path)
    file = tmp_path / program
    file.parent.mkdir(parents=True)
    file.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(file.parent if on_path else tmp_path))
    monkeypatch.setattr("sys.argv", [program])
    assert CliRunner().invoke(demo, []).output.splitlines()[-1] == said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--page", "--seed", "7"], "--seed is for sample traffic, and --page sends none."),
        (["--page", "--interactions", "40"], "--interactions is for sample traffic, and --page sends none."),
        (["--page", "--console"], "--console is for sample traffic, and --page sends none."),
        (["--port", "8800"], "--port is where the console or the page is: give --console or --page too."),
    ],
)
def test_an_option_that_would_be_left_out_of_account_is_refused(options: list[str], said: str) -> None:
    refused = CliRunner().invoke(demo, options, standalone_mode=False).exception
    assert isinstance(refused, UsageError)
    assert str(refused) == said
