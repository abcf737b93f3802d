"""Projects that many tests begin with: made once in a process and copied, since to land and publish takes long."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Hashable
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, TypeVar

T = TypeVar("T")

_room = TemporaryDirectory(prefix="sayso-made-")
_made: dict[Hashable, tuple[Path, Any]] = {}


def made_once(folder: Path, make: Callable[..., T], *arguments: Hashable) -> T:
    """Let `make(folder, *arguments)` make a project, or copy the one that it made before; return what it returned."""
    key = (make, folder.name, arguments)
    if key not in _made:
        made = Path(mkdtemp(dir=_room.name)) / folder.name
        _made[key] = made, make(made, *arguments)
    made, returned = _made[key]
    shutil.copytree(made, folder)
    return deepcopy(returned)
