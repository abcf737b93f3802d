"""The warehouse: a DuckDB file a project, or a lake, its tables and views, and what readers open of them.

In come batches of rows and positions from the lander; out go published copies and answers to read-only SQL.
It must not know where rows come from (no log, no HTTP) nor what questions are asked of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sayso_ingest.warehouse.attached import Attached, read_attached
from sayso_ingest.warehouse.belongings import Belongings, Traces
from sayso_ingest.warehouse.connect import spare_memory
from sayso_ingest.warehouse.definition import Definition, read_definitions, read_statements
from sayso_ingest.warehouse.erasure import Subject, belongings_of, count_again, spelt_otherwise
from sayso_ingest.warehouse.evals import EvalRows, evals_of, publish_evals
from sayso_ingest.warehouse.lake.address import Home, Lake, home_of, lake_of
from sayso_ingest.warehouse.lake.look import LakeReport, look_at_lake
from sayso_ingest.warehouse.lake.snapshot import LakeState, snapshot_lake, state_of
from sayso_ingest.warehouse.migrate import known_migrations
from sayso_ingest.warehouse.pattern import Patterns
from sayso_ingest.warehouse.place import look_at_live
from sayso_ingest.warehouse.published import FILE, Published
from sayso_ingest.warehouse.snapshot import Contents, snapshot

if TYPE_CHECKING:
    from sayso_ingest.warehouse.arrow import Columns, Row, Rows
    from sayso_ingest.warehouse.batch import Batch
    from sayso_ingest.warehouse.lake.live import LakeWarehouse
    from sayso_ingest.warehouse.lake.move import MovedWarehouse, move_to_lake
    from sayso_ingest.warehouse.lake.publish import LakePublisher
    from sayso_ingest.warehouse.live import Warehouse
    from sayso_ingest.warehouse.positions import AcceptedGap
    from sayso_ingest.warehouse.publish import Publisher
    from sayso_ingest.warehouse.removal import Removed
    from sayso_ingest.warehouse.store import Store

# What writes needs numpy and pyarrow, 40 MB that each reader of the published copy can do without.
_WRITING = {
    "AcceptedGap": "positions",
    "Batch": "batch",
    "Columns": "arrow",
    "LakePublisher": "lake.publish",
    "LakeWarehouse": "lake.live",
    "MovedWarehouse": "lake.move",
    "move_to_lake": "lake.move",
    "Publisher": "publish",
    "Row": "arrow",
    "Rows": "arrow",
    "Removed": "removal",
    "Store": "store",
    "Warehouse": "live",
}

__all__ = [
    "FILE",
    "AcceptedGap",
    "Attached",
    "Batch",
    "Belongings",
    "Columns",
    "Contents",
    "Definition",
    "EvalRows",
    "Home",
    "Lake",
    "LakePublisher",
    "LakeReport",
    "LakeState",
    "LakeWarehouse",
    "MovedWarehouse",
    "Patterns",
    "Published",
    "Publisher",
    "Removed",
    "Row",
    "Rows",
    "Store",
    "Subject",
    "Traces",
    "Warehouse",
    "belongings_of",
    "count_again",
    "evals_of",
    "home_of",
    "known_migrations",
    "lake_of",
    "look_at_lake",
    "look_at_live",
    "move_to_lake",
    "publish_evals",
    "read_attached",
    "read_definitions",
    "read_statements",
    "snapshot",
    "snapshot_lake",
    "spare_memory",
    "spelt_otherwise",
    "state_of",
]


def __getattr__(name: str) -> Any:
    if name not in _WRITING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WRITING[name]}"), name)
