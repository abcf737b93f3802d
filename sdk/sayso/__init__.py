"""sayso: collect what people say about the output of an LLM.

    client = sayso.Client("http://localhost:8710", "sk_...")
    client.interaction("msg_1", input="How do I ...", output="Open the ...")
    client.thumb("msg_1", value="down", actor="u_12")

Comes in: calls of an application, from any thread. Goes out: events of the wire, to a collector.
It never makes the application wait, never raises for what it is given, and counts what it loses.

The way of a call: client -> snapshot -> buffer -> shared (backlog, spool) -> sender (ready, envelope) -> transport;
and back: response -> fate -> tally.
"""

from sayso.client import Client
from sayso.errors import ConfigurationError, SaysoError, TransportError
from sayso.events import Context
from sayso.options import Limits
from sayso.prompt import Prompt
from sayso.response import Response, Result
from sayso.tally import Stats
from sayso.transport import HttpTransport, PrintTransport, Transport

__all__ = [
    "Client",
    "ConfigurationError",
    "Context",
    "HttpTransport",
    "Limits",
    "PrintTransport",
    "Prompt",
    "Response",
    "Result",
    "SaysoError",
    "Stats",
    "Transport",
    "TransportError",
]
