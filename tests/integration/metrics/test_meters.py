"""How many names clients can put into metrics, and that a slot goes on where it stopped."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families as parse
from sayso_ingest.metrics import CollectorMeter, Exposed, LanderMeter
from sayso_ingest.metrics.meters import DROP_REASONS, bounded


@given(st.dictionaries(st.text(max_size=5) | st.just("other"), st.integers(1, 10**9), max_size=120))
def test_reasons_of_clients_are_bounded_and_none_is_lost(dropped: dict[str, int]) -> None:
    kept = bounded(dropped)
    assert len(kept) <= DROP_REASONS + 1
    assert sum(kept.values()) == sum(dropped.values())
    if len(dropped) <= DROP_REASONS:
        assert kept == dropped


def exposed(folder: Path) -> dict[tuple[str, ...], float]:
    text = Exposed(folder, dict).text().decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in parse(text)
        for sample in family.samples
    }


def test_two_processes_add_up_and_a_gauge_is_what_was_set_last(tmp_path: Path) -> None:
    meters = [CollectorMeter(tmp_path), CollectorMeter(tmp_path)]
    for meter in meters:
        meter.events("p", accepted=2, rejected={"too_large": 1}, retried=0)
        meter.answered(0.003)
        meter.appended(100.0, 7)
    lander = LanderMeter(tmp_path)
    lander.round({"p": 1}, {"p": "LogGap"})
    lander.round({"p": 0}, {})
    found = exposed(tmp_path)
    for opened in (*meters, lander):
        opened.close()
    assert found["sayso_events_accepted_total", "p"] == 4
    assert found["sayso_events_rejected_total", "p", "too_large"] == 2
    assert found["sayso_waiting_bytes",] == 14
    assert found["sayso_request_seconds_bucket", "0.0025"] == 0
    assert found["sayso_request_seconds_bucket", "0.005"] == 2
    assert found["sayso_append_seconds_bucket", "10.0"] == 0
    assert found["sayso_append_seconds_bucket", "+Inf"] == 2
    assert found["sayso_append_seconds_sum",] == 200
    assert found["sayso_failures_in_a_row", "p"] == 0
    assert found["sayso_failure_timestamp_seconds", "LogGap", "p"] > 0
    assert ("sayso_events_retried_total", "p") not in found


def test_a_process_goes_on_where_the_one_before_it_was_killed(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from sayso_ingest.metrics import CollectorMeter\n"
        "meter = CollectorMeter(Path(sys.argv[1]))\n"
        "meter.events('p', accepted=1, rejected={}, retried=0)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    for _ in range(3):
        subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert exposed(tmp_path)["sayso_events_accepted_total", "p"] == 3
    assert len(list(tmp_path.glob("counter_*.db"))) == 1
