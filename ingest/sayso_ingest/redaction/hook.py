"""A function of the operator's own that each text passes after the patterns, named by a setting."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from sayso_ingest.errors import SettingError

Hook = Callable[[str], str]


def load_hook(name: str) -> Hook | None:
    """Import `module:function`; None for an empty name.

    Raises:
        SettingError: there is no such function.
    """
    if not name:
        return None
    module, _, function = name.partition(":")
    try:
        hook = getattr(importlib.import_module(module), function)
    except Exception as error:
        raise SettingError(
            f"SAYSO_REDACT_HOOK is {name!r}, and it cannot be loaded: {error}. Install its package beside sayso, or "
            "name the folder that it is in with PYTHONPATH."
        ) from error
    if not callable(hook):
        raise SettingError(
            f"SAYSO_REDACT_HOOK is {name!r}, and that is no function. Name one that takes a text."
        )
    return hook  # type: ignore[no-any-return]  # what it returns is looked at each time
