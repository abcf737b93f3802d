"""What the files of deploy/ say, read by the programs that they are for."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
TOOLS = ROOT / ".cache" / "deploy"
COMPOSE = sorted((DEPLOY / "compose").glob("*.yml"))
OVERLAYS = sorted((DEPLOY / "kubernetes" / "overlays").iterdir())
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
Document = dict[str, Any]


@dataclass(frozen=True)
class Started:
    """A command line of sayso that a file starts, with the settings that it gives."""

    place: str
    words: tuple[str, ...]
    settings: Mapping[str, str]


def load_compose(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Have a compose file read by what docker compose reads it with."""
    (folder / "compose.yml").write_text(text)
    words = [TOOLS / "bin" / "compose", "-format", "json", "compose.yml"]
    return subprocess.run(words, check=False, capture_output=True, text=True, cwd=folder, timeout=60)


def composed(file: Path, folder: Path) -> Document:
    """A compose file as docker compose sees it."""
    loaded = load_compose(file.read_text(), folder)
    assert loaded.returncode == 0, loaded.stderr
    document: Document = json.loads(loaded.stdout)
    return document


def built(overlay: Path) -> str:
    """What `kubectl apply -k` would send of an overlay."""
    words = [TOOLS / "bin" / "kustomize", "build", overlay]
    outcome = subprocess.run(words, check=False, capture_output=True, text=True, timeout=60)
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout


def objects(overlay: Path) -> list[Document]:
    """Every object of an overlay."""
    return list(yaml.safe_load_all(built(overlay)))


def pods(overlay: Path) -> dict[str, Document]:
    """The pods of an overlay, by the name of what makes them."""
    return {name: template["spec"] for name, template in templates(overlay).items()}


def templates(overlay: Path) -> dict[str, Document]:
    """The same with their labels."""
    specs = [(one["metadata"]["name"], one.get("spec", {})) for one in objects(overlay)]
    made = [(name, spec.get("jobTemplate", {}).get("spec", spec)) for name, spec in specs]
    found = {name: spec["template"] for name, spec in made if "template" in spec}
    assert found, f"{overlay.name} has no pods"
    return found


def units() -> Iterator[Started]:
    """What systemd starts."""
    for unit in UNITS:
        text = unit.read_text()
        (line,) = re.findall(r"(?m)^ExecStart=(?:/bin/sh -euc 'exec )?/opt/sayso/bin/sayso (.+?)'?$", text)
        words = line.replace("%i", "default").replace("${MINE_SET}", "s").replace("${MINE_TREE}", "tree")
        settings = dict(re.findall(r"(?m)^Environment=(SAYSO_\w+)=(.+)$", text))
        yield Started(unit.name, tuple(shlex.split(words)), settings)


def containers(folder: Path) -> Iterator[Started]:
    """What compose files and Kubernetes start of our image."""
    for file in COMPOSE:
        for name, service in composed(file, folder)["services"].items():
            if service["image"].startswith("sayso"):
                yield Started(f"{file.name} {name}", tuple(service["command"]), ours(service["environment"]))
    for overlay in OVERLAYS:
        maps = {
            one["metadata"]["name"]: one["data"] for one in objects(overlay) if one["kind"] == "ConfigMap"
        }
        for name, pod in pods(overlay).items():
            for one in pod["containers"]:
                settings = [maps[source["configMapRef"]["name"]] for source in one["envFrom"]]
                settings.append({pair["name"]: pair["value"] for pair in one.get("env", ())})
                in_shell = re.findall(r"(?m)^sayso (.+)$", one["args"][0])
                words = shlex.split(in_shell[0]) if in_shell else one["args"]
                place = f"{overlay.name} {name} {one['name']}"
                yield Started(place, tuple(words), {k: v for some in settings for k, v in some.items()})


def ours(settings: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in settings.items() if name.startswith("SAYSO_")}


def blocks(manual: Path, heading: str) -> list[str]:
    """What a section of a manual has its reader type: each block of lines that are set in."""
    section = manual.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [re.sub(r"(?m)^ {4}", "", block) for block in re.findall(r"(?m)(?:^ {4}.*\n?)+", section)]


def shown(block: str) -> list[tuple[str, str]]:
    """The lines of a block, each with what it is said to print: what follows after the hash."""
    return re.findall(r"(?m)^(.*?)(?:\s+# (.*))?$", block.strip())
