from __future__ import annotations

from collections.abc import Iterator

import pytest
from sayso_ingest.lander.read import MakeRows
from sayso_ingest.warehouse import Warehouse


@pytest.fixture(scope="session")
def make_rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeRows]:
    """Makes rows of the types that the columns of a warehouse have."""
    warehouse = Warehouse.open(tmp_path_factory.mktemp("project"))
    yield warehouse.rows
    warehouse.close()
