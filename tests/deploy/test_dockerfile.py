"""The Dockerfile, read as text: what a reviewer would look for. Building the image needs a Docker daemon."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest
from deploy.files import ROOT, TOOLS

DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"
Instruction = tuple[str, str]


def instructions() -> list[Instruction]:
    """Every instruction as (NAME, the rest), continued lines joined."""
    joined = re.sub(r"\\\n\s*", "", DOCKERFILE.read_text())
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def rests(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


def last_stage() -> list[Instruction]:
    found = instructions()
    return found[max(place for place, (name, _) in enumerate(found) if name == "FROM") :]


def test_every_base_image_is_pinned_to_a_full_version() -> None:
    for image in rests("FROM"):
        assert re.match(r"[\w./-]+:\d+\.\d+\.\d+\S*( AS \w+)?$", image), image


def test_the_image_runs_as_a_numbered_user_that_is_not_root() -> None:
    users = [rest for name, rest in last_stage() if name == "USER"]
    assert users
    assert int(users[-1]) > 0


def test_the_image_says_whether_it_is_healthy() -> None:
    assert "/healthz" in dict(last_stage())["HEALTHCHECK"]


def test_the_data_live_in_a_folder_of_a_volume_so_that_a_backup_can_take_its_place() -> None:
    stage = dict(last_stage())
    assert stage["VOLUME"] == "/data"
    assert re.search(r"SAYSO_DATA=/data/\w+$", stage["ENV"])


@pytest.mark.deploy
def test_hadolint_has_no_complaint_and_would_have_one(require: Callable[[str, object, str], None]) -> None:
    hadolint = TOOLS / "bin" / "hadolint"
    require("hadolint", hadolint.exists(), ".ci/deploy-tools")

    def told(text: str) -> str:
        words = [hadolint, "--no-color", "-"]
        return subprocess.run(
            words, check=False, capture_output=True, text=True, input=text, timeout=30
        ).stdout

    assert told(DOCKERFILE.read_text()) == ""
    assert "DL3006" in told(DOCKERFILE.read_text().replace(":3.13.14-slim-bookworm", ""))


def test_no_key_or_password_has_a_default() -> None:
    assert not re.search(r"(?i)(password|secret|token|[sp]k_)\S*=", DOCKERFILE.read_text())


def test_what_is_copied_exists_and_passes_the_ignore_file() -> None:
    ignore = DOCKERFILE.with_name("Dockerfile.dockerignore").read_text()
    allowed = re.findall(r"(?m)^!(\S+)$", ignore)
    for copy in rests("COPY"):
        if not copy.startswith("--from="):
            for source in copy.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert source in allowed
