"""`python -m bench.load.waitress_pair PORT`: two processes of waitress on one socket."""

from __future__ import annotations

import os
import signal
import socket
import sys

import waitress

from bench.load.apps import collector


def main() -> None:
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=1024)
    children = [pid for _ in range(2) if (pid := _serve_in_child(listener))]
    signal.signal(signal.SIGTERM, lambda *_: [os.kill(pid, signal.SIGTERM) for pid in children])
    for pid in children:
        os.waitpid(pid, 0)


def _serve_in_child(listener: socket.socket) -> int:
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        waitress.serve(collector(), sockets=[listener], threads=32, connection_limit=1000, _quiet=True)
    return pid


if __name__ == "__main__":
    main()
