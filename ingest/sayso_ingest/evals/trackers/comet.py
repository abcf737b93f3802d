"""Comet: a run of ours is an experiment with a key that follows from it, in the project of its eval set.

Where and how is Comet's own affair: COMET_API_KEY, COMET_WORKSPACE, COMET_PROJECT_NAME, COMET_URL_OVERRIDE. With
COMET_START_ONLINE=false it is written into COMET_OFFLINE_DIRECTORY, for `comet upload`.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from sayso_ingest.errors import UsageError
from sayso_ingest.evals.trackers.tracker import Logged, Table

QUIET = {"COMET_DISABLE_AUTO_LOGGING": "1", "COMET_LOGGING_CONSOLE": "ERROR"}
TABLE = "results_table.csv"


def log(logged: Logged) -> str:
    """Log a run, or bring up to date what was logged of it before; the address of its page, or its file.

    Raises:
        UsageError: nobody has said who logs it.
    """
    import comet_ml

    settings = comet_ml.config.get_config()
    if not settings["comet.api_key"] and settings.get_bool(None, "comet.start.online") is not False:
        raise UsageError("COMET_API_KEY is not set. Comet shows yours in its account settings")
    experiment = comet_ml.start(
        project_name=settings["comet.project_name"] or logged.project,
        experiment_key=logged.key,
        mode="get_or_create",
        experiment_config=_config(comet_ml, logged),
    )
    experiment.log_parameters(dict(logged.parameters))
    experiment.log_metrics(dict(logged.metrics), step=0)
    experiment.log_others({"sayso.run_id": logged.run_id, "sayso.account": logged.account})
    for path in logged.files:
        experiment.log_asset(path, Path(path).name, overwrite=True)
    # Not log_table, which would put a second one beside the first.
    experiment.log_asset(_table(logged.table), TABLE, overwrite=True)
    experiment.end()
    if isinstance(experiment, comet_ml.OfflineExperiment):
        return _newest(Path(experiment.offline_directory), logged.key)
    return str(experiment.url)


def _config(comet_ml: Any, logged: Logged) -> Any:
    """Nothing of this machine, of a repository that happens to be here, or of what the process prints."""
    return comet_ml.ExperimentConfig(
        name=logged.run_id,
        tags=["sayso"],
        display_summary_level=0,
        log_code=False,
        log_graph=False,
        parse_args=False,
        log_git_metadata=False,
        log_git_patch=False,
        log_env_details=False,
        auto_output_logging=False,
        auto_param_logging=False,
        auto_metric_logging=False,
        auto_log_co2=False,
    )


def _table(table: Table) -> io.StringIO:
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(table.columns)
    rows.writerows(table.rows)
    text.seek(0)
    return text


def _newest(folder: Path, key: str) -> str:
    """The file that was written last for an experiment."""
    return str(max(folder.glob(f"{key}*.zip"), key=lambda path: path.stat().st_mtime))
