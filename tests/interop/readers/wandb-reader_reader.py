"""Reads what W&B wrote offline with W&B's own reader of such files: a folder in, a line of JSON out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import wandb
from wandb.proto import wandb_internal_pb2
from wandb.sdk.internal.datastore import DataStore


def values(items: Any) -> dict[str, Any]:
    """What was logged, by name: a nested one is joined by dots."""
    return {".".join(item.nested_key) or item.key: json.loads(item.value_json) for item in items}


def read(path: Path) -> dict[str, Any]:
    """The run in a file, record by record."""
    store = DataStore()
    store.open_for_scan(str(path))
    saw: dict[str, Any] = {"summary": {}, "points": [], "artifacts": {}, "kinds": []}
    while (written := store.scan_data()) is not None:
        record = wandb_internal_pb2.Record()
        record.ParseFromString(written)
        kind = record.WhichOneof("record_type")
        saw["kinds"].append(kind)
        if kind == "run":
            run = record.run
            saw["run"] = {
                "id": run.run_id,
                "name": run.display_name,
                "project": run.project,
                "notes": run.notes,
            }
            saw["job_type"], saw["host"], saw["git"] = run.job_type, run.host, run.git.remote_url
            saw["config"] = values(run.config.update)
        elif kind == "summary":
            saw["summary"].update(values(record.summary.update))
        elif kind == "history":
            saw["points"].append(values(record.history.item))
        elif kind == "artifact":
            files = sorted(entry.path for entry in record.artifact.manifest.contents)
            saw["artifacts"][record.artifact.name] = {"type": record.artifact.type, "files": files}
        elif kind == "exit":
            saw["exit_code"] = record.exit.exit_code
    saw["tables"] = [json.loads(table.read_text()) for table in path.parent.glob("files/**/*.table.json")]
    return saw


def main() -> None:
    """Read every run below a folder, in the order in which they were written."""
    saw = [read(path) for path in sorted(Path(sys.argv[1]).glob("**/*.wandb"))]
    print(json.dumps({"versions": {"wandb (reader)": wandb.__version__}, "runs": saw}))


main()
