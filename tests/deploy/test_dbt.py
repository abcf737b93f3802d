"""deploy/dbt: the published tables as dbt sources, tested by dbt itself."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from deploy.dbt_sources import FILE, sources
from landed import append, event, land, thumb

ROOT = Path(__file__).resolve().parents[2]
DBT = ROOT / ".cache" / "readers" / "bin" / "dbt"
PROJECT = """
name: shop
version: "1.0.0"
profile: shop
"""
PROFILES = """
shop:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: {folder}/analytics.duckdb
      attach:
        - path: {copy}
          alias: warehouse
          read_only: true
"""
MODEL = """
select target, count(*) as disliked from {{ source('sayso', 'verdicts') }}
where kind = 'thumb' and value = 'down' group by all
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A dbt project that uses the package, over a copy with an interaction, verdicts and a comment."""
    data = tmp_path / "data" / "default"
    said = [thumb("down", target="t", actor="u1"), event("comment", target="t", body={"text": "wrong"})]
    append(data, event("interaction", target="t", body={"input": "q", "output": "a"}), *said)
    land(data)
    project = tmp_path / "shop"
    (project / "models").mkdir(parents=True)
    (project / "dbt_project.yml").write_text(PROJECT)
    (project / "packages.yml").write_text(f"packages:\n  - local: {FILE.parents[1]}\n")
    (project / "profiles.yml").write_text(PROFILES.format(folder=project, copy=data / "warehouse.duckdb"))
    (project / "models" / "disliked.sql").write_text(MODEL)
    return project


def dbt(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [DBT, "--no-send-anonymous-usage-stats", "--no-use-colors", *words, "--profiles-dir", "."]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=300, cwd=project)


def test_the_sources_are_those_of_a_published_copy() -> None:
    assert FILE.read_text() == sources(), "Write them anew: .venv/bin/python tests/deploy/dbt_sources.py"


@pytest.mark.readers
def test_dbt_builds_on_the_sources_and_every_column_passes_its_tests(
    project: Path, require: Callable[[str, object, str], None]
) -> None:
    require("dbt", DBT.exists(), ".ci/reader-packages")
    assert dbt(project, "deps").returncode == 0
    tested = dbt(project, "test", "--select", "source:sayso")
    assert tested.returncode == 0, tested.stdout
    assert "ERROR=0" in tested.stdout
    assert "PASS=0" not in tested.stdout
    built = dbt(project, "run")
    assert built.returncode == 0, built.stdout
    shown = dbt(project, "show", "--inline", "select * from {{ ref('disliked') }}", "--output", "json")
    assert '"disliked": 1' in shown.stdout
