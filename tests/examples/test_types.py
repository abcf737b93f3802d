"""The examples pass their frameworks' own checks of types. That of Next.js is part of its build."""

from __future__ import annotations

import subprocess

import pytest
from examples.apps import EXAMPLES

pytestmark = pytest.mark.examples

CHECKS = {
    "assistant-ui": ["typescript/bin/tsc"],
    "react": ["typescript/bin/tsc"],
    "svelte": ["svelte-check/bin/svelte-check", "--fail-on-warnings"],
    "vue": ["vue-tsc/bin/vue-tsc.js"],
}


@pytest.mark.parametrize("example", CHECKS)
def test_an_example_has_the_types_that_it_says(node: str, example: str) -> None:
    program, *options = CHECKS[example]
    command = [node, str(EXAMPLES / "node_modules" / program), *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=EXAMPLES / example)
    assert done.returncode == 0, done.stdout + done.stderr
