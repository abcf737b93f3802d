"""Ports: found, claimed, and refused with what to do."""

from __future__ import annotations

import socket

import pytest
from sayso_ingest.errors import ServiceFailed
from sayso_ingest.operate import claim_port


def test_port_0_finds_a_free_port() -> None:
    claim = claim_port("127.0.0.1", 0, option="--port")
    assert claim.port > 0
    claim.release()


def test_a_claimed_port_cannot_be_claimed_again_until_it_is_released() -> None:
    first = claim_port("127.0.0.1", 0, option="--port")
    with pytest.raises(ServiceFailed, match="is in use"):
        claim_port("127.0.0.1", first.port, option="--port")
    first.release()
    claim_port("127.0.0.1", first.port, option="--port").release()


@pytest.mark.parametrize("reuse", [False, True], ids=["alone", "sharing its port"])
def test_a_port_that_somebody_listens_on_is_refused_with_what_to_do(reuse: bool) -> None:
    with socket.socket() as other:
        if reuse:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ServiceFailed, match=rf"Port {port} is in use.*--console-port N"):
            claim_port("127.0.0.1", port, option="--console-port")


def test_the_port_of_a_server_on_one_address_is_in_use_on_all_of_them() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(ServiceFailed, match="is in use"):
            claim_port("0.0.0.0", other.getsockname()[1], option="--port")


def test_our_own_servers_sockets_are_let_in_beside_a_claim() -> None:
    claim = claim_port("127.0.0.1", 0, option="--port")
    with socket.socket() as ours:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        ours.bind(("127.0.0.1", claim.port))
        ours.listen()
        # Every connection goes to the server: the claim does not listen.
        for _ in range(20):
            socket.create_connection(("127.0.0.1", claim.port)).close()
    claim.release()
