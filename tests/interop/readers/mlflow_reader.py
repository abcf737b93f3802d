"""Asks an MLflow server what runs it has: the folder holds its address in `uri`; a line of JSON out."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import mlflow

TABLE = "results_table.json"


def seen(client: Any, experiment: Any) -> dict[str, Any]:
    """All of an experiment, its runs with their tables and files as MLflow's own reader has them."""
    runs = client.search_runs([experiment.experiment_id])
    tables = client.load_table(experiment.experiment_id, TABLE, run_ids=[run.info.run_id for run in runs])
    return {"runs": [one(client, run) for run in runs], "table": json.loads(tables.to_json(orient="records"))}


def one(client: Any, run: Any) -> dict[str, Any]:
    """A run: what is said of it, how often each metric was logged, and its files."""
    run_id = run.info.run_id
    with tempfile.TemporaryDirectory() as folder:
        names = [file.path for file in client.list_artifacts(run_id)]
        files = {name: Path(client.download_artifacts(run_id, name, folder)).read_text() for name in names}
    return {
        "id": run_id,
        "name": run.info.run_name,
        "status": run.info.status,
        "took": [run.info.start_time, run.info.end_time],
        "parameters": run.data.params,
        "metrics": run.data.metrics,
        "points": {name: len(client.get_metric_history(run_id, name)) for name in run.data.metrics},
        "tags": run.data.tags,
        "files": files,
    }


def main() -> None:
    """Read every experiment that has runs."""
    mlflow.set_tracking_uri((Path(sys.argv[1]) / "uri").read_text())
    client = mlflow.MlflowClient()
    found = [each for each in client.search_experiments() if client.search_runs([each.experiment_id])]
    saw = {each.name: seen(client, each) for each in found}
    print(json.dumps({"versions": {"mlflow": mlflow.__version__}, "experiments": saw}))


main()
