"""What is counted and measured while a service runs, and the private port that says it: alive, ready, metrics.

The processes of a service count into small files of one folder (`CollectorMeter`, `LanderMeter`); the process that has
the private port reads all of them (`Exposed`). It must not know how the rooms work that it counts for.
"""

from sayso_ingest.metrics.exposed import Exposed
from sayso_ingest.metrics.meters import CollectorMeter, LanderMeter
from sayso_ingest.metrics.private_port import PrivatePort

__all__ = ["CollectorMeter", "Exposed", "LanderMeter", "PrivatePort"]
