"""Serves the page beside a real service, until somebody stops it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sayso import Client
from werkzeug.serving import WSGIRequestHandler, make_server

from sayso_ingest.demo.command_line import PROJECT, CommandLine
from sayso_ingest.demo.page.app import Place, create_app
from sayso_ingest.demo.service import running_service
from sayso_ingest.errors import SaysoError
from sayso_ingest.places import project_folder, service_key_file

HOST = "127.0.0.1"
STOP_WITHIN = 10.0


@contextmanager
def open_page(data: Path, *, port: int) -> Iterator[str]:
    """Run a service on a folder and the page beside it; give the page's address.

    Raises:
        SaysoError: the service did not start, or the port is taken.
    """
    folder = project_folder(data, PROJECT)
    with running_service(data) as collector:
        publishable = CommandLine(data).line("keys", "create", "--kind", "pk", "--origin", "loopback")
        client = Client(collector, service_key_file(folder).read_text().strip())
        app = create_app(Place(collector, publishable, folder), client)
        try:
            server = make_server(HOST, port, app, threaded=True, request_handler=_Quiet)
        except (OSError, SystemExit) as error:  # werkzeug ends the process where a port is taken
            raise SaysoError(
                f"Port {port} of this machine is taken. Name another one: sayso demo --page --port 8800"
            ) from error
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        try:
            yield f"http://{HOST}:{server.port}/"
        finally:
            server.shutdown()
            server.server_close()
            client.close(STOP_WITHIN)


class _Quiet(WSGIRequestHandler):
    """Writes no line for a request: the terminal tells the story."""

    def log_request(self, *_: object) -> None:
        """Write nothing."""
