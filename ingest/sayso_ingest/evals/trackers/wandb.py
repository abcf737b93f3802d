"""W&B: a run of ours is a run whose id is ours, in the project of its eval set.

Where and how is W&B's own affair: WANDB_API_KEY, WANDB_ENTITY, WANDB_PROJECT, WANDB_BASE_URL. With
WANDB_MODE=offline it is written into a folder, for `wandb sync`.
"""

from __future__ import annotations

from typing import Any

from sayso_ingest.errors import UsageError
from sayso_ingest.evals.trackers.tracker import Logged

QUIET = {"WANDB_SILENT": "true", "WANDB_ERROR_REPORTING": "false"}
TABLE = "results_table"
FIRST_WORD = 60.0
"""Seconds within which its server must have answered."""


def log(logged: Logged) -> str:
    """Log a run, or bring up to date what was logged of it before; the address of its page, or its folder.

    Raises:
        UsageError: W&B was told to log nothing.
    """
    import wandb

    with wandb.init(
        id=logged.run_id,
        name=logged.run_id,
        project=wandb.setup().settings.project or logged.project,
        job_type="eval",
        notes=logged.account,
        config=dict(logged.parameters),
        resume="allow",
        settings=_settings(wandb),
    ) as run:
        table = wandb.Table(columns=list(logged.table.columns), data=[list(row) for row in logged.table.rows])
        # What was logged before has its point in each chart already.
        metrics = {} if run.resumed else logged.metrics
        run.log({**metrics, TABLE: table})
        run.summary.update(dict(logged.metrics))
        run.log_artifact(_artifact(wandb, logged))
        seen = run.settings.sync_dir if run.offline else run.url
    wandb.teardown()
    if seen is None:
        raise UsageError("WANDB_MODE says that nothing is logged. Set it to online or offline.")
    return str(seen)


def _settings(wandb: Any) -> Any:
    """Nothing of this machine, of a repository that happens to be here, or of what the process prints."""
    return wandb.Settings(
        silent=True,
        console="off",
        host="",
        disable_git=True,
        disable_job_creation=True,
        save_code=False,
        init_timeout=FIRST_WORD,
        x_disable_meta=True,
        x_disable_stats=True,
        x_save_requirements=False,
        x_disable_machine_info=True,
    )


def _artifact(wandb: Any, logged: Logged) -> Any:
    """The files as a version of an artifact; the same files again are the same version."""
    artifact = wandb.Artifact(logged.run_id, type="sayso-run")
    for path in logged.files:
        artifact.add_file(path, policy="immutable")
    return artifact
