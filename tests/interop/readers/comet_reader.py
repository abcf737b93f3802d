"""Reads what Comet wrote offline as `comet upload` does, up to sending it: a folder in, a line of JSON out."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import comet_ml
from comet_ml import schemas
from comet_ml.offline import unzip_offline_archive

VALIDATORS = {
    "parameter_msg": schemas.get_parameter_msg_validator(),
    "metric_msg": schemas.get_metric_msg_validator(),
    "log_other": schemas.get_log_other_msg_validator(),
    "file_upload": schemas.get_upload_msg_validator(),
}
"""What the upload takes; any other kind of message would be something that we did not log."""


def read(path: Path) -> dict[str, Any]:
    """The experiment in an archive, each message held against Comet's own schema of its kind."""
    folder = Path(unzip_offline_archive(str(path)))
    experiment = json.loads((folder / "experiment.json").read_text())
    schemas.get_experiment_file_validator().validate(experiment)
    saw: dict[str, Any] = {
        "experiment": experiment,
        "parameters": {},
        "metrics": {},
        "others": {},
        "files": {},
    }
    for line in (folder / "messages.json").read_text().splitlines():
        message = json.loads(line)
        payload = message["payload"]
        VALIDATORS[message["type"]].validate(payload)
        if message["type"] == "parameter_msg":
            saw["parameters"][payload["param"]["paramName"]] = payload["param"]["paramValue"]
        elif message["type"] == "metric_msg":
            saw["metrics"].setdefault(payload["metric"]["metricName"], []).append(
                payload["metric"]["metricValue"]
            )
        elif message["type"] == "log_other":
            saw["others"][payload["key"]] = payload["value"]
        else:
            asset = payload["additional_params"]
            text = (folder / payload["file_path"]).read_text()
            saw["files"][asset["fileName"]] = {"text": text, "overwrite": asset["overwrite"]}
    shutil.rmtree(folder)
    return saw


def main() -> None:
    """Read every archive in a folder, in the order in which they were written."""
    archives = sorted(Path(sys.argv[1]).glob("*.zip"), key=lambda path: path.stat().st_mtime)
    saw = [read(path) for path in archives]
    print(json.dumps({"versions": {"comet_ml": comet_ml.__version__}, "experiments": saw}))


main()
