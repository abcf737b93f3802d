"""Schemathesis asks a real collector all that the OpenAPI document allows and forbids, and holds it to its answers."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sayso_ingest.collector
from service import Service

pytestmark = pytest.mark.fuzz
ROOT = Path(__file__).resolve().parents[2]
SCHEMATHESIS = ROOT / ".cache" / "fuzz" / "bin" / "st"
DOCUMENT = Path(sayso_ingest.collector.__file__).parent / "static" / "openapi.json"
# The document cannot say in which years a time may be, nor how deep an event: what fits it may be refused with 400.
# An event that does not fit it is refused alone, in an answer of 200 that says so.
UNSAID = "positive_data_acceptance,negative_data_rejection"


@pytest.mark.parametrize("kind", ["sk", "pk"])
def test_the_collector_keeps_to_its_document(
    kind: str, tmp_path: Path, require: Callable[[str, object, str], None]
) -> None:
    require("Schemathesis", SCHEMATHESIS.exists(), ".ci/fuzz-packages")
    service = Service(tmp_path / "data")
    key = {"sk": service.secret, "pk": service.publishable}[kind]
    words = [SCHEMATHESIS, "run", DOCUMENT, "--url", service.url, "--header", f"Authorization: Bearer {key}"]
    limits = ["--max-examples", "300", "--seed", "11", "--generation-database", "none", "--no-color"]
    outcome = subprocess.run(
        [*words, *limits, "--exclude-checks", UNSAID],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    service.stop()
    print("\n".join(line for line in outcome.stdout.splitlines() if "generated" in line))
    assert outcome.returncode == 0, outcome.stdout
    assert "Traceback" not in service.err
