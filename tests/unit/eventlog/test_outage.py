"""An outage is said once when it begins, and once when it ends."""

from __future__ import annotations

import pytest
from sayso_ingest.eventlog.outage import Outage


def test_each_outage_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage("in /data/log")
    for _ in range(2):
        outage.ends()
        outage.begins("no space")
        outage.begins("still no space")
        outage.ends()

    begun, ended = caplog.messages[::2], caplog.messages[1::2]
    assert len(caplog.messages) == 4
    assert all("in /data/log: no space" in message for message in begun)
    assert all("in /data/log can be appended to again" in message for message in ended)
