"""Asks what answers at the collector's address. An empty request changes nothing there."""

from __future__ import annotations

from sayso import ConfigurationError, HttpTransport, TransportError

from sayso_ingest.operate.doctor.facts import CollectorFacts

PATIENCE = 3.0
"""Seconds."""
_EMPTY = b'{"events":[]}'


def ask_collector(url: str, service_key: str, *, patience: float = PATIENCE) -> CollectorFacts:
    """Send no events with the service key: a collector on this data folder takes them."""
    try:
        transport = HttpTransport(url, service_key)
    except ConfigurationError:  # no key to ask with
        transport = HttpTransport(url, "sk_none")
    try:
        answer = transport.send(_EMPTY, timeout=patience)
    except TransportError:
        return CollectorFacts(url, None)
    finally:
        transport.close()
    return CollectorFacts(url, answer.status, takes_key=answer.status == 200 and answer.results is not None)
