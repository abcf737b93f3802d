"""What a user installs: the built wheel, alone in a fresh environment, with the sources out of reach."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from installed import ROOT, build, install, run


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def base(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment after `pip install sayso`."""
    return install(wheel, tmp_path_factory.mktemp("base"), extras=frozenset())


@pytest.fixture(scope="module")
def full(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment after `pip install sayso[ingest,mining]`."""
    return install(wheel, tmp_path_factory.mktemp("full"), extras=frozenset({"ingest", "mining"}))


def test_the_wheel_carries_sql_templates_the_widget_script_and_the_typing_markers(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    assert {"sayso/py.typed", "sayso_ingest/py.typed"} <= carried
    for kind in (".sql", ".html"):
        source = ROOT / "ingest"
        files = {str(file.relative_to(source)) for file in source.rglob(f"*{kind}")}
        assert files
        assert files - carried == set()
    (script,) = (name for name in carried if name.endswith("/sayso.js"))
    assert zipfile.ZipFile(wheel).read(script) == (ROOT / "widgets" / "dist" / "sayso.js").read_bytes()


def test_the_wheel_carries_neither_tests_nor_leftovers(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"sayso", "sayso_ingest"}


def test_an_application_imports_the_sdk_from_the_base_install(base: Path) -> None:
    code = "import sayso; print(sayso.__file__); sayso.Client('http://127.0.0.1:1', 'sk_x').close(timeout=0)"
    outcome = run(base / "python", "-c", code, cwd=base)
    assert outcome.returncode == 0, outcome.stderr
    assert str(base.parent) in outcome.stdout
    assert str(ROOT) not in outcome.stdout


def test_the_base_install_names_the_command_that_brings_the_rest(base: Path) -> None:
    outcome = run(base / "sayso", "--help", cwd=base)
    assert outcome.returncode == 1
    assert "pip install 'sayso[ingest]'" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_without_the_mining_extra_mining_names_the_command_that_brings_it(
    wheel: Path, tmp_path: Path
) -> None:
    programs = install(wheel, tmp_path / "ingest", extras=frozenset({"ingest"}))
    outcome = run(programs / "sayso", "mine", "--set", "first", "--data", tmp_path / "data", cwd=tmp_path)
    assert outcome.returncode == 1
    assert "pip install 'sayso[mining]'" in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize("command", ["serve", "keys", "sql", "mine", "export"])
def test_the_commands_of_the_full_install_explain_themselves(full: Path, command: str) -> None:
    outcome = run(full / "sayso", command, "--help", cwd=full)
    assert outcome.returncode == 0, outcome.stderr
    assert f"sayso {command}" in outcome.stdout


def test_the_full_install_makes_a_key_in_an_empty_folder(full: Path, tmp_path: Path) -> None:
    outcome = run(full / "sayso", "keys", "create", "--kind", "sk", "--data", tmp_path / "data", cwd=tmp_path)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.startswith("sk_")
