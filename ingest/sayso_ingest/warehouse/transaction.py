"""One transaction: all of it is written, or nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sayso_ingest.errors import WarehouseError
from sayso_ingest.warehouse.connect import Connection, DataErrors, DriverError

log = logging.getLogger(__name__)


@contextmanager
def transaction(connection: Connection, where: str, what: str) -> Iterator[Connection]:
    """Write what the block does there, once it has ended well.

    Raises:
        WarehouseError: the driver failed. What it was written with is to be opened again.
    """
    try:
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")
    except DataErrors:
        roll_back(connection)
        raise
    except DriverError as error:
        # A failed COMMIT leaves the driver's state in doubt, not the file.
        roll_back(connection)
        raise WarehouseError(
            f"{what.capitalize()} in {where} failed, nothing was written: {error}"
        ) from error
    except BaseException:
        roll_back(connection)
        raise


@contextmanager
def reading(where: str) -> Iterator[None]:
    """Read there, in the block.

    Raises:
        WarehouseError: the driver failed, as where a server of the lake is away. Open it again.
    """
    try:
        yield
    except DriverError as error:
        said = str(error).partition("\n\nLINE ")[0].strip()  # and not which words of ours it fell over
        raise WarehouseError(f"{where} cannot be read: {said}") from error


def roll_back(connection: Connection) -> None:
    """Leave a transaction, if there is one."""
    try:
        connection.execute("ROLLBACK")
    except DriverError:
        log.debug("nothing to roll back")
