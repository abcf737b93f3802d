"""Publishing a lake: fold what has landed, and name the commit that readers attach. Nothing is copied."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from sayso_ingest.errors import WarehouseError
from sayso_ingest.warehouse.lake.live import LakeWarehouse

log = logging.getLogger(__name__)


class LakePublisher:
    """Publishes a lake when something changed and not too often, and looks after its files in between."""

    copying = False
    """Nothing is ever under way that a checkpoint could disturb."""

    def __init__(
        self,
        warehouse: LakeWarehouse,
        *,
        interval: float = 1.0,
        upkeep: float = 600.0,
        keep: float = 3600.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._warehouse = warehouse
        self._interval = interval
        self._upkeep = upkeep
        self._keep = keep
        self._clock = clock
        self._next = clock()
        self._next_upkeep = clock() + upkeep
        self._published: int | None = None
        self._new = False

    def due(self) -> bool:
        """It is time, and there is something new."""
        return self._clock() >= self._next and self.changed()

    def changed(self) -> bool:
        """Something landed since the last time."""
        return self._published != self._warehouse.landing()

    def start(self, *, now: datetime) -> None:
        """Fold, and let readers see it.

        Raises:
            WarehouseError: that failed; readers keep what was published last.
        """
        began = self._clock()
        self._next = began + self._interval
        self._warehouse.fold(now=now)
        self._warehouse.checkpoint()
        self._published = self._warehouse.landing()
        self._new = True
        # However little there is to fold, the catalog is asked for it: half of the time is left to land.
        held_up = self._clock() - began
        self._next = began + max(self._interval, 2 * held_up)

    def forget(self) -> None:
        """Publish what is there then, whether anything has landed or not; nothing is kept aside."""
        self._published = None

    def purge(self, *, now: datetime) -> list[str]:
        """Leave nothing of what was published before, whoever reads it, and name what cannot be reached.

        Raises:
            WarehouseError: that failed. Begin again.
        """
        return self._warehouse.purge(now=now)

    def poll(self, *, wait: bool = False) -> bool:  # noqa: ARG002 - nothing is ever under way
        """Say whether something new was published since this was asked last; look after the files when it is time."""
        new, self._new = self._new, False
        if self._clock() >= self._next_upkeep:
            self._look_after()
        return new

    def cancel(self) -> None:
        """Nothing is under way."""

    def _look_after(self) -> None:
        try:
            self._warehouse.look_after(keep=self._keep)
        except WarehouseError as error:
            # Nothing depends on it: what is not merged or removed now is so the next time.
            log.warning("%s (it is tried again in %.0f s)", error, self._upkeep)
        self._next_upkeep = self._clock() + self._upkeep
