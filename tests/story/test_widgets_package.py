"""The npm package, as somebody installs it: every entry imports without a DOM, and has types that hold."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WIDGETS = Path(__file__).resolve().parents[2] / "widgets"
TSC = WIDGETS / "node_modules" / ".bin" / "tsc"
EXPORTS: dict[str, Any] = json.loads((WIDGETS / "package.json").read_text("utf-8"))["exports"]
ENTRIES = [name for name, where in EXPORTS.items() if "*" not in name and "default" in where]

PAGE = """
import { configure, registerStrings } from 'sayso-widgets';
import { createClient } from 'sayso-widgets/client';
import 'sayso-widgets/define/thumbs';
import de from 'sayso-widgets/lang/de';

registerStrings('de', de);
configure({ key: 'pk_1', url: 'https://feedback.example.com' });
const id: string = createClient({ key: 'sk_1', url: 'https://feedback.example.com' }).thumb('msg_1', { value: 'up' });
const thumbs = document.querySelector('sayso-thumbs');
if (thumbs) {
  thumbs.reasons = [{ id: 'tone', label: 'Wrong tone' }, 'Too long'];
  thumbs.context = { page: '/help' };
  thumbs.noExposure = true;
  const value: 'up' | 'down' | null = thumbs.value;
  thumbs.addEventListener('sayso-rate', (event) => console.log(event.detail, value, id));
}
document.addEventListener('sayso-close', ({ detail }) => console.log(detail.actor.length));
document.addEventListener('sayso-accept', ({ detail }) => detail.waitUntil(Promise.resolve(detail.ms.toFixed())));
"""
MISTAKES = {
    "document.querySelector('sayso-thumbs')!.value = 'sideways';": "sideways",
    "import { configure } from 'sayso-widgets'; configure({ key: 1 });": "number",
    "document.addEventListener('sayso-rate', ({ detail }) => detail.actor);": "actor",
    "document.addEventListener('sayso-detail', ({ detail }) => detail.comment.trim());": "undefined",
    "document.addEventListener('sayso-error', ({ detail }) => detail.event.id.trim());": "undefined",
}


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, require: Callable[[str, object, str], None]) -> Path:
    """A new project with the package installed, as it would be published."""
    require("TypeScript", TSC.exists(), "npm --prefix widgets ci")
    folder = tmp_path_factory.mktemp("project")
    made = run("npm", "run", "package", cwd=WIDGETS)
    assert made.returncode == 0, made.stdout + made.stderr
    packed = run("npm", "pack", "--pack-destination", folder, cwd=WIDGETS)
    assert packed.returncode == 0, packed.stderr
    (folder / "package.json").write_text('{"name": "page", "private": true, "type": "module"}')
    [tarball] = folder.glob("*.tgz")
    installed = run("npm", "install", "--no-audit", "--no-fund", "--offline", tarball, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    return folder


def compiled(project: Path, text: str) -> subprocess.CompletedProcess[str]:
    (project / "page.ts").write_text(text)
    options = (
        "--noEmit",
        "--strict",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--lib",
        "es2022,dom,dom.iterable",
    )
    return run(TSC, *options, "page.ts", cwd=project)


@pytest.mark.parametrize("entry", ENTRIES)
def test_item_18_every_entry_imports_where_there_is_no_dom(project: Path, entry: str) -> None:
    name = f"sayso-widgets{entry.removeprefix('.')}"
    done = run("node", "--input-type=module", "-e", f"await import('{name}')", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")


def test_its_types_hold_for_a_page_that_is_right(project: Path) -> None:
    done = compiled(project, PAGE)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_its_types_find_a_mistake(project: Path, mistake: str) -> None:
    done = compiled(project, f"import 'sayso-widgets/define/thumbs';\n{mistake}\n")
    assert done.returncode != 0
    assert MISTAKES[mistake] in done.stdout


def test_editors_are_told_of_each_element_and_its_attributes(project: Path) -> None:
    package = project / "node_modules" / "sayso-widgets"
    manifest = json.loads(
        (package / json.loads((package / "package.json").read_text())["customElements"]).read_text()
    )
    told = {
        declaration["tagName"]: {attribute["name"] for attribute in declaration.get("attributes", [])}
        for module in manifest["modules"]
        for declaration in module["declarations"]
        if "tagName" in declaration
    }
    assert set(told) == {"sayso-thumbs", "sayso-suggestion", "sayso-comment"}
    assert all(
        {"target", "part", "name", "actor", "session", "token"} <= attributes for attributes in told.values()
    )


def test_nothing_but_what_pages_need_is_in_it(project: Path) -> None:
    package = project / "node_modules" / "sayso-widgets"
    assert {path.name for path in package.iterdir()} == {
        "README.md",
        "LICENSE",
        "define.d.ts",
        "dist",
        "package",
        "package.json",
        "src",
    }
