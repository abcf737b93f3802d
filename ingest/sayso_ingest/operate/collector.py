"""What answers at the collector's address, for a project. An empty request changes nothing there."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sayso import ConfigurationError, HttpTransport, TransportError

from sayso_ingest.places import service_key_file

PATIENCE = 3.0
"""Seconds."""
_EMPTY = b'{"events":[]}'


@dataclass(frozen=True, slots=True)
class CollectorFacts:
    """What answered at the collector's address when it was asked with the service key; status None means nothing."""

    url: str
    status: int | None
    takes_key: bool = False
    not_ready: str = ""
    """What it says of itself where its log takes nothing now."""


def service_key(folder: Path) -> str:
    """The secret with which the rooms of a service send to a project; nothing where it cannot be read."""
    try:
        return service_key_file(folder).read_text(errors="replace").strip()
    except OSError:
        return ""


def ask_collector(url: str, folder: Path, *, patience: float = PATIENCE) -> CollectorFacts:
    """Send no events with a project's service key: a collector on its data folder takes them."""
    try:
        transport = HttpTransport(url, service_key(folder))
    except ConfigurationError:  # no key to ask with
        transport = HttpTransport(url, "sk_none")
    try:
        answer = transport.send(_EMPTY, timeout=patience)
    except TransportError:
        return CollectorFacts(url, None)
    finally:
        transport.close()
    takes_key = answer.status == 200 and answer.results is not None
    return CollectorFacts(url, answer.status, takes_key, _not_ready(url, patience) if takes_key else "")


def _not_ready(url: str, patience: float) -> str:
    """What a collector says of itself at /readyz, which an empty request does not tell: nothing where it is ready.

    A proxy need not pass that on.
    """
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=patience)
    try:
        connection.request("GET", "/readyz")
        said = connection.getresponse().read(1000).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()
    return said if said.startswith("not ready: ") else ""
