"""Commands and pages read a lake as they read a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lakes import PROJECT, Servers
from landed import append, event, thumb
from sayso_ingest.analysis import catalog
from sayso_ingest.console import create_app
from sayso_ingest.eventlog import open_reader
from sayso_ingest.lander import Lander
from sayso_ingest.places import log_folder
from sayso_ingest.warehouse import Lake, LakePublisher, LakeWarehouse
from service import run

pytestmark = pytest.mark.lake

PAGES = ("/", "/inbox", "/prompts", "/problems", "/questions", "/sql")


@pytest.fixture(scope="module")
def landed(lake_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Lake]]:
    """A project that has landed something in a lake."""
    folder = tmp_path_factory.mktemp("data") / PROJECT
    folder.mkdir()
    lake = lake_servers.blank(folder, catalog())
    prompt = {"name": "help", "version": "v1"}
    for n in range(30):
        append(
            folder,
            event(
                "interaction",
                target=f"m{n}",
                body={"input": f"question {n}", "output": "so", "prompt": prompt},
            ),
            thumb("down" if n % 3 else "up", target=f"m{n}", actor=f"a{n}"),
        )
    append(folder, event("comment", target="m1", body={"text": "not what I asked"}))
    warehouse = LakeWarehouse.open(lake, folder, views=catalog())
    reader = open_reader("sqlite", folder=log_folder(folder), project=PROJECT)
    lander = Lander(reader, warehouse, LakePublisher(warehouse))
    while lander.step():
        pass
    lander.close()
    yield folder, lake


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sql", "SELECT count(*) AS n FROM verdicts"), "31"),
        (("ask", "prompt_versions"), "v1"),
        (("status",), "61"),
        (("mine", "--set", "help", "--budget", "3"), "3"),
        (("verify",), ""),
    ],
)
def test_commands(
    landed: tuple[Path, Lake], lake_servers: Servers, words: tuple[str, ...], said: str
) -> None:
    folder, lake = landed
    done = run(*words, "--data", folder.parent, **lake_servers.environ(lake))
    assert done.returncode == 0, done.stderr
    assert said in done.stdout


def test_pages(landed: tuple[Path, Lake]) -> None:
    folder, lake = landed
    client = create_app(project_folder=folder, home=lake).test_client()
    answers = {page: client.get(page, follow_redirects=True).status_code for page in PAGES}
    assert set(answers.values()) == {200}, answers


def test_a_backup_of_a_lake_is_refused(
    landed: tuple[Path, Lake], lake_servers: Servers, tmp_path: Path
) -> None:
    """One without its warehouse would be taken for a whole one."""
    folder, lake = landed
    done = run("backup", "--to", tmp_path / "b", "--data", folder.parent, **lake_servers.environ(lake))
    assert done.returncode == 2
    assert "pg_dump" in done.stderr
