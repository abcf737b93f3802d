"""deploy/monitoring, read by Prometheus' own promtool: each rule fires at its fault, and none without one."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import requests
from deploy.files import DEPLOY, ROOT
from integration.metrics.promql import expressions, rules
from prometheus_client.parser import text_string_to_metric_families as parse
from service import Service

pytestmark = pytest.mark.deploy
PROMTOOL = ROOT / ".cache" / "promtool" / "promtool"
RULES = DEPLOY / "monitoring" / "alerts.yml"
Series = Mapping[str, str]
MINUTES = 90
OF_PROJECT, OF_MACHINE = '{instance="a",project="default"}', '{instance="a"}'
STEADY = f"0+60x{MINUTES}"


def refused(code: str) -> str:
    return f'sayso_requests_refused_total{{instance="a",code="{code}"}}'


def rejected(reason: str) -> str:
    return f'sayso_events_rejected_total{{instance="a",project="default",reason="{reason}"}}'


HEALTHY: Series = {
    'up{job="sayso",instance="a"}': f"1x{MINUTES}",
    "sayso_disk_free_bytes" + OF_MACHINE: f"5e11x{MINUTES}",
    "sayso_disk_reserve_bytes" + OF_MACHINE: f"5e8x{MINUTES}",
    "sayso_round_timestamp_seconds" + OF_MACHINE: STEADY,
    "sayso_failures_in_a_row" + OF_PROJECT: f"0x{MINUTES}",
    "sayso_lag_seconds" + OF_PROJECT: f"2x{MINUTES}",
    "sayso_lag_records" + OF_PROJECT: f"3x{MINUTES}",
    "sayso_published_timestamp_seconds" + OF_PROJECT: STEADY,
    "sayso_events_accepted_total" + OF_PROJECT: f"0+6000x{MINUTES}",
    'sayso_append_seconds_bucket{instance="a",le="0.025"}': f"0+6000x{MINUTES}",
    'sayso_append_seconds_bucket{instance="a",le="2.5"}': f"0+6000x{MINUTES}",
    'sayso_append_seconds_bucket{instance="a",le="+Inf"}': f"0+6000x{MINUTES}",
    'sayso_dropped_events{instance="a",project="default",reason="queue_full"}': f"7x{MINUTES}",
    refused("log_unavailable"): f"3x{MINUTES}",
    refused("unknown_key"): f"0+1x{MINUTES}",
    rejected("invalid_body"): f"0+60x{MINUTES}",
}
LATER = f"_x{MINUTES - 5} 1x5"
"""What nobody has seen before: it appears with its first value, five minutes before the question."""
FAULTS: Mapping[str, tuple[Series, set[str]]] = {
    "SaysoDown": ({'up{job="sayso",instance="a"}': f"0x{MINUTES}"}, set()),
    "SaysoRefusesEvents": ({refused("log_unavailable"): STEADY}, set()),
    "SaysoFails": ({refused("internal"): LATER}, set()),
    "SaysoDiskReserveReached": (
        {"sayso_disk_free_bytes" + OF_MACHINE: f"4e8x{MINUTES}"},
        {"SaysoDiskNearlyFull"},
    ),
    "SaysoDiskNearlyFull": ({"sayso_disk_free_bytes" + OF_MACHINE: f"8e8x{MINUTES}"}, set()),
    "SaysoLanderStands": ({"sayso_round_timestamp_seconds" + OF_MACHINE: f"60x{MINUTES}"}, set()),
    "SaysoLandingFails": ({"sayso_failures_in_a_row" + OF_PROJECT: f"0+1x{MINUTES}"}, set()),
    "SaysoBehind": ({"sayso_lag_seconds" + OF_PROJECT: f"0+60x{MINUTES}"}, set()),
    "SaysoCopyIsOld": ({"sayso_published_timestamp_seconds" + OF_PROJECT: f"60x{MINUTES}"}, set()),
    "SaysoAppendsSlowly": (
        {'sayso_append_seconds_bucket{instance="a",le="0.025"}': f"0+5000x{MINUTES}"},
        set(),
    ),
    "SaysoRejectsMuch": ({rejected("invalid_body"): f"0+1200x{MINUTES}"}, set()),
    "SaysoRedactionFails": ({rejected("not_redacted"): LATER}, set()),
    "SaysoTurnsKeysAway": ({refused("revoked_key"): STEADY}, set()),
    "SaysoClientsDropEvents": (
        {'sayso_dropped_events{instance="a",project="default",reason="queue_full"}': f"0+9x{MINUTES}"},
        set(),
    ),
}


@pytest.fixture(autouse=True)
def promtool(require: Callable[[str, object, str], None]) -> None:
    require("promtool", PROMTOOL.exists(), ".ci/deploy-tools")


def told(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROMTOOL, *words], check=False, capture_output=True, text=True, timeout=60)


def case(series: Series, firing: set[str]) -> dict[str, object]:
    """What promtool is to see: these alerts, and no other, fire at the end."""
    samples = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in sorted(firing)]
    question = 'group by (alertname) (ALERTS{alertstate="firing"})'
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [{"expr": question, "eval_time": f"{MINUTES}m", "exp_samples": samples}],
    }


def judged(folder: Path, *cases: dict[str, object]) -> str:
    """What promtool has to say of the cases: nothing where they are so."""
    file = folder / "cases.yml"
    file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": cases}))
    outcome = told("test", "rules", file)
    return "" if outcome.returncode == 0 else outcome.stdout + outcome.stderr


def test_each_rule_fires_at_its_fault_and_none_without_one(tmp_path: Path) -> None:
    assert FAULTS.keys() == {str(rule["alert"]) for rule in rules()}
    cases = [case({**HEALTHY, **fault}, {name, *also}) for name, (fault, also) in FAULTS.items()]
    assert judged(tmp_path, case(HEALTHY, set()), *cases) == ""
    assert "SaysoDown" in judged(tmp_path, case(HEALTHY, {"SaysoDown"}))


def test_every_expression_of_the_rules_and_the_dashboard_is_one(tmp_path: Path) -> None:
    asked = [expression.replace("$__rate_interval", "5m") for expression in expressions()]
    rules = [{"record": f"sayso:asked:{number}", "expr": text} for number, text in enumerate(asked)]
    file = tmp_path / "asked.yml"
    file.write_text(json.dumps({"groups": [{"name": "asked", "rules": rules}]}))
    for checked in (told("check", "rules", RULES), told("check", "rules", file)):
        assert checked.returncode == 0, checked.stdout + checked.stderr
    file.write_text(file.read_text().replace("histogram_quantile", "histogram_quantil"))
    assert told("check", "rules", file).returncode != 0


def scraped(text: str, rises: float) -> Series:
    """What a service says, as series: what counts rises with each minute, and its clock is that of the series."""
    found = {}
    for family in parse(text):
        for sample in family.samples:
            labels = ",".join(
                f'{name}="{value}"' for name, value in {**sample.labels, "instance": "a"}.items()
            )
            value = f"{sample.value:g}x{MINUTES}"
            if sample.name.endswith("_timestamp_seconds"):
                value = STEADY
            elif family.type == "counter" and sample.value:
                value = f"0+{rises:g}x{MINUTES}"
            found[f"{sample.name}{{{labels}}}"] = value
    return found


def test_what_a_service_says_that_keeps_more_free_than_there_is_fires_the_rules_of_the_disk(
    tmp_path: Path,
) -> None:
    """Its real words, a post refused among them: the names and labels of the rules are those that there are."""
    service = Service(tmp_path / "data", "--private-port", "0", "--disk-reserve", "900TB")
    try:
        headers = {"Authorization": f"Bearer {service.secret}"}
        event = {
            "id": "01900000-0000-7000-8000-000000000001",
            "kind": "thumb",
            "target": "t",
            "body": {"value": "up"},
        }
        posted = requests.post(
            f"{service.url}/v1/events", json={"events": [event]}, headers=headers, timeout=10
        )
        assert posted.status_code == 503
        found = re.search(r"Health and metrics: (\S+)/metrics", service.err)
        assert found
        said = requests.get(f"{found[1]}/metrics", timeout=10).text
    finally:
        service.stop()
    disk = {"SaysoRefusesEvents", "SaysoDiskReserveReached", "SaysoDiskNearlyFull"}
    assert judged(tmp_path, case(scraped(said, rises=60), disk)) == ""
