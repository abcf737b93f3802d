"""What the package exports can be imported where there is no page."""

from __future__ import annotations

import json
import subprocess

import pytest
from examples.apps import EXAMPLES

pytestmark = pytest.mark.examples

WIDGETS = EXAMPLES.parent
SCRIPT = "./sayso.js"  # for a script tag alone


def modules() -> list[str]:
    """Every module that `package.json` names, and every one behind a pattern."""
    exports = json.loads((WIDGETS / "package.json").read_text())["exports"]
    targets = {name: {"default": to} if isinstance(to, str) else to for name, to in exports.items()}
    paths = [to["default"] for name, to in targets.items() if name != SCRIPT and "default" in to]
    return sorted(str(file.relative_to(WIDGETS)) for path in paths for file in WIDGETS.glob(path))


def test_item_18_every_module_can_be_imported_in_node(node: str) -> None:
    lines = "\n".join(f"await import('./{module}');" for module in modules())
    done = subprocess.run(
        [node, "--input-type=module", "--eval", lines],
        check=False,
        capture_output=True,
        text=True,
        cwd=WIDGETS,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(modules()) > 10
