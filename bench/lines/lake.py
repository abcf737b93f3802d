"""The lake beside the file, over the same events: landing, publishing, freshness, what questions take, and bytes.

What is measured runs in the lake's own environment, with the DuckDB that it needs; see `bench.load.lake`.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import lakes
from sayso_ingest.errors import SaysoError

from bench.figure import Figure
from bench.run import CACHE, ROOT, Run

PYTHON = CACHE / "lake" / "bin" / "python"


def measure(run: Run) -> Iterator[Figure]:
    if not (PYTHON.exists() and lakes.GATEWAY.exists() and lakes.postgres_bin()):
        raise SaysoError(
            "This line needs PostgreSQL, an S3 server and DuckDB 1.5.5 in an environment of its own. Get them with: "
            "make test-lake"
        )
    command = [str(PYTHON), "-m", "bench.load.lake", str(run.folder), *run.size([], ["--quick"])]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as measuring:
        assert measuring.stdout
        for line in measuring.stdout:
            yield Figure.from_json(json.loads(line))
    assert measuring.returncode == 0, "what measures the lake failed"
