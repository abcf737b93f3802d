"""The lines of the table, in its order; each says in its own file what it measures and against what."""

from __future__ import annotations

from bench.lines import (
    batches,
    box,
    brokered,
    caller,
    collectors,
    delivery,
    drain,
    export,
    freshness,
    growth,
    kafka,
    lander,
    mining,
    publishing,
    recovery,
    rest,
    sample,
    servers,
    single,
    statistics,
    views,
    widgets,
)
from bench.run import Measure

LINES: dict[str, Measure] = {
    "caller": caller.measure,
    "drain": drain.measure,
    "delivery": delivery.measure,
    "single": single.measure,
    "servers": servers.measure,
    "batches": batches.measure,
    "lander": lander.measure,
    "growth": growth.measure,
    "kafka": kafka.measure,
    "collectors": collectors.measure,
    "recovery": recovery.measure,
    "brokered": brokered.measure,
    "views": views.measure,
    "statistics": statistics.measure,
    "freshness": freshness.measure,
    "publishing": publishing.measure,
    "mining": mining.measure,
    "sample": sample.measure,
    "export": export.measure,
    "rest": rest.measure,
    "box": box.measure,
    "widgets": widgets.measure,
}
