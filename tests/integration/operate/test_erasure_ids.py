"""Ids that look like the one that is erased, and are others, are named with the command for each."""

from __future__ import annotations

import shlex
from pathlib import Path

from landed import append, land, thumb
from sayso_ingest.operate import ensure_project
from sayso_ingest.places import project_folder
from sayso_ingest.warehouse import Published
from service import run_here

COMPOSED, DECOMPOSED = "ren\u00e9", "rene\u0301"
OTHERS = [DECOMPOSED, "REN\u00c9", f"\u00a0{COMPOSED} "]


def test_a_preview_names_ids_that_look_the_same_and_each_is_erased_by_what_is_printed(tmp_path: Path) -> None:
    """And nobody else is named, however near."""
    ensure_project(tmp_path, "default")
    folder = project_folder(tmp_path, "default")
    actors = [COMPOSED, *OTHERS, "rene", "ren\u00e91"]
    append(folder, *(thumb(actor=actor, target=f"t{n}") for n, actor in enumerate(actors)))
    land(folder)
    preview = run_here("erase", "--data", tmp_path, "--actor", COMPOSED)
    commands = [
        line.partition("To erase it: ")[2] for line in preview.stderr.splitlines() if "Also there" in line
    ]
    assert sorted(shlex.split(command)[3] for command in commands) == sorted(OTHERS)
    assert "'rene\\u0301' (1 events)" in preview.stderr
    [command] = [command for command in commands if DECOMPOSED in command]
    assert run_here(*shlex.split(command)[1:], "--yes").returncode == 0
    with Published.open(folder) as copy:
        left = {row["actor"] for row in copy.query("SELECT actor FROM events")}
    assert left == {*actors} - {DECOMPOSED}
