"""A copy for a backup keeps out of the way of who works on the live file."""

from __future__ import annotations

from pathlib import Path

import pytest
from landed import append, land, thumb
from sayso_ingest.errors import WarehouseError
from sayso_ingest.places import live_warehouse
from sayso_ingest.warehouse import Contents, snapshot
from sayso_ingest.warehouse.aside import asked


def test_it_does_not_open_a_live_file_that_somebody_had_a_lander_let_go_of(tmp_path: Path) -> None:
    """Who did opens it, lets go of it to replace it, and opens it again."""
    folder, target = tmp_path / "p", tmp_path / "copy"
    append(folder, thumb())
    land(folder)
    with asked(live_warehouse(folder).parent), pytest.raises(WarehouseError, match="not published landing 2"):
        snapshot(folder, target, at_least=2, patience=0.5)
    snapshot(folder, target, at_least=2)
    assert Contents.of(target).events == 1
