"""Land everything that waits in the log of a project, in a process of its own; print what it took.

python -m bench.load.landing PROJECT_FOLDER PUBLISH_INTERVAL LOG
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from sayso_ingest.analysis import catalog
from sayso_ingest.eventlog import open_reader
from sayso_ingest.lander import HAND_OVER, Lander
from sayso_ingest.places import log_folder
from sayso_ingest.warehouse import Publisher, Warehouse

from bench.run import ROOT

NEVER = 1e9


@dataclass(frozen=True)
class Landing:
    """What a landing took."""

    rows: int
    """Events that were stored."""
    seconds: float
    opened_in: float
    peak_mb: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Rows a second, while there were any."""
        return self.rows / self.seconds


def land(project: Path, *, publish_interval: float = NEVER, log: str = "sqlite") -> Landing:
    """Land what waits in the log, and leave the warehouse whole."""
    command = [sys.executable, "-m", "bench.load.landing", str(project), str(publish_interval), log]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=1800)
    return Landing(**json.loads(done.stdout))


def main() -> None:
    folder, interval, log = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    began = time.perf_counter()
    warehouse = Warehouse.open(folder, views=catalog())
    reader = open_reader(log, folder=log_folder(folder), project=folder.name)
    publisher = Publisher(warehouse, folder, interval=interval)
    sys.setswitchinterval(HAND_OVER)
    lander = Lander(reader, warehouse, publisher)
    opened_in = time.perf_counter() - began
    if interval == NEVER:
        lander.publish_if_due(last=True)  # the first copy is always due: it is made before the clock starts
    before = stored(warehouse)
    began, worked = time.perf_counter(), time.process_time()
    while lander.step():
        lander.publish_if_due()
    took, worked = time.perf_counter() - began, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(asdict(Landing(stored(warehouse) - before, took, opened_in, peak, worked))))
    lander.close()


def stored(warehouse: Warehouse) -> int:
    return int(warehouse.query("SELECT count(*) FROM events")[0][0])


if __name__ == "__main__":
    main()
