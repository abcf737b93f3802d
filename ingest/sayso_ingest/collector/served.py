"""The files that are served, held in memory as they go out: whole, compressed, and by what they hold named."""

from __future__ import annotations

import gzip
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256, sha384
from pathlib import Path

from sayso_ingest import __version__

STATIC = Path(__file__).with_name("static")
WIDGET = STATIC / "sayso.js"
LANGUAGES = STATIC / "lang"
OPENAPI = STATIC / "openapi.json"


@dataclass(frozen=True, slots=True)
class Served:
    """One file."""

    content: bytes
    zipped: bytes
    mark: str
    """The version, and the beginning of the content's hash: as long as it is the same, so is the file."""
    etag: str
    integrity: str
    """What a page says of a script to be sure that it gets this one (`integrity="sha384-..."`)."""

    @property
    def path(self) -> str:
        """Where the widget's script is for ever."""
        return f"/sayso/{self.mark}/sayso.js"


def read_served(path: Path) -> Served | None:
    """Read a file, or remember it while it is the same; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return _read(path, (stat.st_mtime_ns, stat.st_ino, stat.st_size))


@lru_cache(maxsize=32)
def _read(path: Path, _stamp: tuple[int, int, int]) -> Served:
    content = path.read_bytes()
    digest = sha256(content).hexdigest()
    return Served(
        content=content,
        zipped=gzip.compress(content, 9, mtime=0),
        mark=f"{__version__}-{digest[:12]}",
        etag=digest[:32],
        integrity=f"sha384-{b64encode(sha384(content).digest()).decode()}",
    )
