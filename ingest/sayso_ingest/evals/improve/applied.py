"""A proposal is taken: the prompt's file gets the changed text, if it still is as it was read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sayso import Prompt

from sayso_ingest.durable import sync
from sayso_ingest.errors import SaysoError
from sayso_ingest.evalsets import reachable


def apply(file: Path, before: Prompt, after: Prompt) -> None:
    """Write the changed text into the file: whoever reads it sees the old or the new one, whole. A link stays one.

    Raises:
        SaysoError: the file is not as it was when it was read, or cannot be written; it is left as it is then.
    """
    target = file.resolve()
    with reachable(target, doing="written"):
        if target.read_bytes() != before.text.encode():
            raise SaysoError(
                f"{file} was changed while the proposal was made, and is left as it is. Look at what changed it, and "
                "run the same again."
            )
        draft = target.with_name(f".{target.name}.proposed")
        draft.unlink(missing_ok=True)
        with draft.open("xb") as opened:
            opened.write(after.text.encode())
            opened.flush()
            os.fsync(opened.fileno())
        shutil.copymode(target, draft)
        draft.replace(target)
        sync(target.parent)
