"""A prompt's version in DuckDB leads back to its text and commit, with git and no other tool."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import sayso
from conftest import Require
from processes import wait_until
from service import Service

SOMEBODY = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder: Path, *words: str) -> str:
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **SOMEBODY}
    ran = subprocess.run(
        ["git", *words], cwd=folder, env={**os.environ, **alone}, capture_output=True, check=True
    )
    return ran.stdout.decode()


def test_every_version_leads_back_to_its_text(tmp_path: Path, require: Require) -> None:
    require("git", shutil.which("git"), "apt-get install git")
    repository = tmp_path / "repository"
    (repository / "prompts").mkdir(parents=True)
    file = repository / "prompts" / "help.md"
    git(repository, "init", "--quiet")
    service = Service(tmp_path / "data")
    said = {}
    try:
        with sayso.Client(service.url, service.secret) as client:
            for text in ("Be short.\n", "Be kind.\n"):
                file.write_text(text)
                git(repository, "add", "--all")
                git(repository, "commit", "--quiet", "--message", text)
                prompt = sayso.Prompt.from_file(file)
                said[prompt.version] = text
                client.interaction(text, prompt=prompt, output="Hello!")
            file.write_text("Be both.\n")
            client.interaction("Be both.", prompt=sayso.Prompt.from_file(file), output="Hello!")
            assert client.flush(20)
        columns = "prompt_version, prompt_commit, prompt_path, prompt_dirty"
        question = f"SELECT {columns} FROM interactions ORDER BY occurred_at"
        wait_until(lambda: len(service.query(question)) == 3, seconds=60)
        *clean, changed = service.query(question)
        found = {version: git(repository, "show", f"{commit}:{path}") for version, commit, path, _ in clean}
    finally:
        service.stop()
    assert found == said
    assert [dirty for *_, dirty in (*clean, changed)] == [False, False, True]
    assert changed[1] == clean[1][1]
