"""MLflow: a run of ours is a run in the experiment of its eval set, found again by the tag `sayso.run_id`.

Which server is MLflow's own affair: MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN and so on; MLFLOW_EXPERIMENT_NAME
names another experiment.
"""

from __future__ import annotations

import json
from typing import Any

from sayso_ingest.errors import UsageError
from sayso_ingest.evals.trackers.tracker import Logged, Table

QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    # Its own would try for minutes where nobody listens.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}
RUN_ID = "sayso.run_id"
TABLE = "results_table.json"


def log(logged: Logged) -> str:
    """Log a run, or bring up to date what was logged of it before; the address of its page.

    Raises:
        UsageError: nobody has said where MLflow is.
    """
    import mlflow
    from mlflow.environment_variables import MLFLOW_EXPERIMENT_NAME

    if not mlflow.is_tracking_uri_set():
        raise UsageError("MLFLOW_TRACKING_URI is not set. Say where it is: http://localhost:5000")
    client = mlflow.MlflowClient()
    experiment = _experiment(client, MLFLOW_EXPERIMENT_NAME.get() or logged.project)
    run = _run(client, experiment, logged)
    _describe(client, run, logged)
    for path in logged.files:
        client.log_artifact(run.info.run_id, path)
    client.log_text(run.info.run_id, _table(logged.table), TABLE)
    client.set_terminated(run.info.run_id, "FINISHED", logged.ended_ms)
    return _seen(client.tracking_uri, experiment, run.info.run_id)


def _experiment(client: Any, name: str) -> str:
    found = client.get_experiment_by_name(name)
    return str(found.experiment_id if found else client.create_experiment(name))


def _run(client: Any, experiment: str, logged: Logged) -> Any:
    """The run that was logged before, whole or not, or a new one."""
    found = client.search_runs([experiment], f"tags.`{RUN_ID}` = '{logged.run_id}'", max_results=1)
    if found:
        return found[0]
    return client.create_run(
        experiment, start_time=logged.began_ms, tags={RUN_ID: logged.run_id}, run_name=logged.run_id
    )


def _describe(client: Any, run: Any, logged: Logged) -> None:
    """Parameters never change once they are there; the same metric at the same time is one."""
    from mlflow.entities import Metric, Param, RunTag
    from mlflow.utils.mlflow_tags import MLFLOW_LOGGED_ARTIFACTS, MLFLOW_RUN_NOTE

    tags = {
        MLFLOW_RUN_NOTE: logged.account,
        MLFLOW_LOGGED_ARTIFACTS: json.dumps([{"path": TABLE, "type": "table"}]),
    }
    client.log_batch(
        run.info.run_id,
        metrics=[Metric(name, value, logged.ended_ms, 0) for name, value in logged.metrics.items()],
        params=[
            Param(name, str(value))
            for name, value in logged.parameters.items()
            if name not in run.data.params
        ],
        tags=[RunTag(name, value) for name, value in tags.items()],
    )


def _table(table: Table) -> str:
    """The table as MLflow's own `log_table` writes it, which needs pandas."""
    return json.dumps({"columns": table.columns, "data": table.rows})


def _seen(uri: str, experiment: str, run: str) -> str:
    if uri.startswith(("http://", "https://")):
        return f"{uri.rstrip('/')}/#/experiments/{experiment}/runs/{run}"
    return f"run {run} of experiment {experiment} in {uri}"
