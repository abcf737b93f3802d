"""A process with a client that it does not use, or cannot make. How others end: failure_modes/."""

from __future__ import annotations

from integration.sdk.conftest import BEGIN, RunScript
from integration.sdk.loopback import Loopback


def test_a_process_with_nothing_to_say_ends_at_once(collector: Loopback, run_script: RunScript) -> None:
    ended = run_script(BEGIN)
    assert (ended.returncode, ended.stderr, collector.requests) == (0, "", [])


def test_settings_that_are_missing_are_named(run_script: RunScript) -> None:
    ended = run_script("import os, sayso; del os.environ['SAYSO_KEY']; sayso.Client.from_env()")
    assert "ConfigurationError: SAYSO_KEY not set." in ended.stderr
