from __future__ import annotations

from collections.abc import Iterator

import pytest
from blank import open_warehouse
from sayso_ingest.lander.read import MakeRows


@pytest.fixture(scope="session")
def make_rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeRows]:
    """Makes rows of the types that the columns of a warehouse have."""
    warehouse = open_warehouse(tmp_path_factory.mktemp("project"))
    yield warehouse.rows
    warehouse.close()
