"""The manual's snippets run as printed, one after the other, in one process of a reader."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
import sayso
from integration.sdk.conftest import RunScript
from integration.sdk.loopback import Loopback
from sayso.notices import WHY
from sayso.options import Options
from sayso.retry import GIVE_UP_AFTER, GIVE_UP_ON_DISK_AFTER, LONGEST, LONGEST_ASKED

README = Path(__file__).resolve().parents[3] / "sdk" / "README.md"
TEXT = README.read_text("utf-8")


def test_the_snippets_run_from_top_to_bottom_as_printed_and_lose_nothing(
    collector: Loopback, run_script: RunScript, tmp_path: Path
) -> None:
    """All of them in one file, which just ends: every event arrives, and no line says that one was dropped."""
    snippets = re.findall(r"```python\n(.*?)```", TEXT, re.S)
    assert len(snippets) >= 6
    done = run_script("\n".join(snippets).replace("http://localhost:8710", collector.url), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    # The one loss is what the last collector in memory was told to reject.
    assert re.findall(r"Dropped .* as (\w+)", done.stderr) == ["id_reused"], done.stderr
    recorded = [("interaction", "msg_1"), ("thumb", "msg_1"), ("interaction", "msg_3"), ("thumb", "msg_4")]
    recorded += [(kind, "msg_2") for kind in ("thumb", "detail", "retraction")]
    assert sorted((event["kind"], event["target"]) for event in collector.stored) == sorted(recorded)


def test_every_method_and_argument_is_in_the_table() -> None:
    for method in (name for name in vars(sayso.Client) if not name.startswith("_")):
        assert f"`{method}" in TEXT or f".{method}(" in TEXT, method
    for argument in (*sayso.Context.__annotations__, *Options.__annotations__):
        assert f"`{argument}`" in TEXT, argument
    for field in dataclasses.fields(sayso.Limits):
        assert f"{field.name}=..." in TEXT, field.name


@pytest.mark.parametrize("reason", WHY)
def test_every_reason_of_the_sdks_own_is_explained(reason: str) -> None:
    assert f"`{reason}`" in TEXT


def test_the_bounds_are_the_real_ones() -> None:
    limits = sayso.Limits()
    assert (limits.events, limits.bytes, limits.batch_events, limits.batch_bytes) == (
        10_000,
        2**24,
        100,
        2**19,
    )
    assert (limits.linger, limits.exit_budget, limits.spool_bytes) == (1.0, 2.0, 50_000_000)
    assert (LONGEST, LONGEST_ASKED, GIVE_UP_AFTER) == (30, 300, 15 * 60)
    assert GIVE_UP_ON_DISK_AFTER == 7 * 24 * 3600
    for said in (
        "10 000, and 16 MiB",
        "100 events or 512 KiB",
        "at most 1 second",
        "up to 30 s",
        "up to 300 s",
        "15 minutes old; 7 days",
        "50 MB for all that share it, in files of 256 KiB",
    ):
        assert said in TEXT
