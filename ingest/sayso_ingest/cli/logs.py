"""What rooms say while they work: lines on standard error."""

from __future__ import annotations

import logging
import sys


def configure_logging(room: str, level: str) -> None:
    """Send the log of this process to standard error, each line with its time and room."""
    logging.basicConfig(
        stream=sys.stderr,
        level=level.upper(),
        format=f"%(asctime)s {room} %(levelname)s %(message)s",
        force=True,
    )
