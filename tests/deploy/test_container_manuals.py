"""What the manuals for containers have their reader type, as far as it goes without an engine and a cluster."""

from __future__ import annotations

import base64
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from deploy.files import DEPLOY, OVERLAYS, pods
from service import run_here

pytestmark = pytest.mark.deploy
MANUALS = {name: (DEPLOY / name / "README.md").read_text() for name in ("docker", "compose", "kubernetes")}
NOBODY = "unix:///nowhere/docker.sock"
OURS = re.compile(
    r"(?m)^    (?:docker run .*?sayso:0\.1\.0|docker exec (?:-it )?sayso sayso"
    r"|docker compose .*?run --rm --no-deps (?:-v \S+ )?service|docker compose .*?exec service sayso"
    r"|kubectl exec .*?-- sayso) +([a-z].*)$"
)
"""A command line of sayso in a container, however it gets there."""


def typed(manual: str, program: str) -> list[str]:
    """The lines of a manual that begin with a program, continued ones joined, without what is said about them."""
    text = manual.replace("\\\n", "")
    return [re.sub(r"\s+(#|\|) .*$", "", line) for line in re.findall(rf"(?m)^    ({program} .*)$", text)]


@pytest.mark.parametrize("name", MANUALS)
def test_every_command_of_sayso_in_a_container_is_one_with_options_that_it_has(name: str) -> None:
    lines = OURS.findall(MANUALS[name].replace("\\\n", ""))
    assert len(lines) >= 3
    for line in lines:
        outcome = run_here(*shlex.split(line, comments=True), "--help")
        assert (outcome.returncode, outcome.stderr) == (0, ""), line


def test_docker_s_client_takes_every_line_and_ends_where_no_engine_answers(
    require: Callable[[str, object, str], None], tmp_path: Path
) -> None:
    """There is no terminal for what asks for a password, and no checkout to send for a build."""
    require("Docker's client", shutil.which("docker"), "apt-get install docker.io")
    lines = typed(MANUALS["docker"], "docker")
    assert {line.split()[1] for line in lines} >= {"build", "volume", "run", "exec", "stop", "start"}
    shutil.copytree(DEPLOY / "docker", tmp_path / "deploy" / "docker")
    for line in lines:
        words = ["docker", "--host", NOBODY, *shlex.split(line.replace(" -it ", " -i "))[1:]]
        done = subprocess.run(words, check=False, capture_output=True, text=True, cwd=tmp_path, timeout=60)
        assert "annot connect to the Docker daemon" in done.stderr, (line, done.stderr)


def test_the_secrets_that_kubectl_makes_have_the_files_that_pods_are_told_of(
    require: Callable[[str, object, str], None], tmp_path: Path
) -> None:
    require("kubectl", shutil.which("kubectl"), "apt-get install kubernetes-client")
    for name in ("kafka-ca.crt", "lake-password", "lake-secret", "keys.json", "projects.json"):
        (tmp_path / name).write_text("hidden\n")
    made: dict[str, set[str]] = {}
    for line in typed(MANUALS["kubernetes"], "kubectl create secret"):
        words = line.split(" && ")[0].replace(" --dry-run=client -o yaml", "")
        done = subprocess.run(
            ["sh", "-c", f"{words} --dry-run=client --output yaml"],
            check=True,
            capture_output=True,
            text=True,
            input="hidden\n",
            cwd=tmp_path,
            timeout=60,
        )
        secret = yaml.safe_load(done.stdout)
        made[secret["metadata"]["name"]] = set(secret["data"])
        assert {base64.b64decode(value) for value in secret["data"].values()} == {b"hidden\n"}
    wanted: dict[str, set[str]] = {"sayso-keys": {"keys.json", "projects.json"}, "sayso-kafka-ca": {"ca.crt"}}
    for pod in (pod for overlay in OVERLAYS for pod in pods(overlay).values()):
        of_volume = {one["name"]: one["secret"]["secretName"] for one in pod["volumes"] if "secret" in one}
        for container in pod["containers"]:
            folders = {one["mountPath"]: of_volume.get(one["name"]) for one in container["volumeMounts"]}
            for pair in container.get("env", ()):
                folder, _, file = pair["value"].rpartition("/")
                if pair["name"].endswith("_FILE"):
                    wanted.setdefault(folders[folder], set()).add(file)
    assert made == wanted
