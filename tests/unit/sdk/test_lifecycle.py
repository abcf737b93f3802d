"""What the SDK notices of the process it is in."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from sayso.lifecycle import threads_sleep


@pytest.mark.parametrize(
    ("options", "sleep"),
    [({}, True), ({"enable-threads": True}, False), ({"threads": b"4"}, False), ({"http": b":80"}, True)],
)
def test_threads_sleep_under_uwsgi_unless_it_was_told_otherwise(
    options: dict[str, object], sleep: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The module that uWSGI puts into its processes says with which options it was started."""
    monkeypatch.setitem(sys.modules, "uwsgi", SimpleNamespace(opt=options))
    assert threads_sleep() is sleep


def test_threads_run_elsewhere() -> None:
    assert not threads_sleep()
