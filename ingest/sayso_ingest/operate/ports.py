"""Ports: found free, or refused with a reason, before anything starts."""

from __future__ import annotations

import errno
import socket
import sys
from dataclasses import dataclass

from sayso_ingest.errors import ServiceFailed, SettingError


@dataclass(frozen=True)
class Claim:
    """A port that this process keeps for its children until it ends."""

    host: str
    port: int
    holder: socket.socket | None

    def release(self) -> None:
        """Let others have the port."""
        if self.holder is not None:
            self.holder.close()


def claim_port(host: str, port: int, *, option: str) -> Claim:
    """Check that a port can be listened on and keep it; port 0 finds a free one.

    Raises:
        ServiceFailed: another process has it; the message names the `option` that chooses another.
        SettingError: there is no such address here, or the port needs more rights.
    """
    family, address = _resolve(host, port, option=option)
    # Without SO_REUSEPORT this fails if anybody listens, another sayso included, which would share the
    # port with ours and get a part of its requests.
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            raise _explain(error, host=host, port=port, option=option) from error
        address = probe.getsockname()
    return Claim(host, address[1], _hold(family, address))


def reached_at(host: str) -> str:
    """Return the address at which this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - told apart, not bound


def _hold(family: int, address: tuple[object, ...]) -> socket.socket | None:
    """Bind without listening: no connection comes here, and nobody else's server gets the port.

    Only Linux lets the server's sockets in beside it.
    """
    if sys.platform != "linux":
        return None
    holder = socket.socket(family, socket.SOCK_STREAM)
    # No SO_REUSEADDR: with it, and not listening, it would not be in the way of the check above.
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        holder.bind(address)
    except OSError:
        # Connections of a server that shared with nobody are still closing: we can serve, but not hold.
        holder.close()
        return None
    return holder


def _resolve(host: str, port: int, *, option: str) -> tuple[int, tuple[object, ...]]:
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise SettingError(
            f"There is no address {host!r}: {error.strerror}. "
            f"Give one of this machine's with {option.replace('port', 'host')}, such as 127.0.0.1."
        ) from error
    return family, address


def _explain(error: OSError, *, host: str, port: int, option: str) -> Exception:
    if error.errno == errno.EADDRINUSE:
        return ServiceFailed(
            f"Port {port} is in use: another `sayso serve` may be running, or another program has it "
            f"(`ss -ltnp 'sport = :{port}'` says which). Stop it, or choose another port with {option} N "
            f"({option} 0 takes a free one)."
        )
    if error.errno == errno.EACCES:
        return SettingError(
            f"Port {port} needs more rights than this process has. "
            f"Choose one above 1023 with {option} N, or put a proxy before it."
        )
    return SettingError(
        f"Nothing can listen on {host}, port {port}: {error.strerror}. "
        f"Give an address of this machine with {option.replace('port', 'host')}, such as 127.0.0.1."
    )
