"""The lines of the table, in its order; each says in its own file what it measures and against what."""

from __future__ import annotations

from bench.lines import batches, box, caller, delivery, drain, freshness, lander, rest, servers, single
from bench.run import Measure

LINES: dict[str, Measure] = {
    "caller": caller.measure,
    "drain": drain.measure,
    "single": single.measure,
    "servers": servers.measure,
    "batches": batches.measure,
    "lander": lander.measure,
    "freshness": freshness.measure,
    "rest": rest.measure,
    "box": box.measure,
    "delivery": delivery.measure,
}
