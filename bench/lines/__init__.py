"""The lines of the table, in its order; each says in its own file what it measures and against what."""

from __future__ import annotations

from bench.lines import caller, delivery, drain
from bench.run import Measure

LINES: dict[str, Measure] = {
    "caller": caller.measure,
    "drain": drain.measure,
    "delivery": delivery.measure,
}
