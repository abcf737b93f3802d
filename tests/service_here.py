"""A collector and a lander in threads of this process: what they are, without what a service is around them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from blank import open_warehouse
from sayso_ingest.analysis import catalog
from sayso_ingest.collector import GroupCommit, RateLimit, create_app
from sayso_ingest.eventlog import LogWriter, open_reader, open_writer
from sayso_ingest.keys import KeyRing
from sayso_ingest.lander import Lander
from sayso_ingest.operate import ensure_project
from sayso_ingest.places import keys_file, log_folder, project_folder
from sayso_ingest.warehouse import Publisher
from service import Landed
from werkzeug.serving import WSGIRequestHandler, make_server

LOOK_EVERY = 0.05
"""Seconds after which the lander looks into the log again."""


class ServiceHere(Landed):
    """Takes events over HTTP, and publishes all that it lands at once."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        first = ensure_project(data, "default")
        assert first, f"there is a project in {data} already"
        self.secret = first.secret
        self.url = ""

    @contextmanager
    def running(self) -> Iterator[ServiceHere]:
        """Take and land events until the block ends."""
        stop = threading.Event()
        with closing(GroupCommit(self._writer)) as commit:
            app = create_app(
                keyring=KeyRing(keys_file(self.data)),
                commit=commit,
                rate_limit=RateLimit(rate=1e6, burst=1_000_000),
                who_limit=RateLimit(rate=1e6, burst=1_000_000),
            )
            server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
            self.url = f"http://127.0.0.1:{server.server_port}"
            threads = [
                threading.Thread(target=server.serve_forever, kwargs={"poll_interval": LOOK_EVERY}),
                threading.Thread(target=self._land, args=[stop]),
            ]
            for thread in threads:
                thread.start()
            try:
                yield self
            finally:
                stop.set()
                server.shutdown()
                for thread in threads:
                    thread.join()
                server.server_close()

    def _writer(self, project: str) -> LogWriter:
        return open_writer("sqlite", folder=log_folder(project_folder(self.data, project)), project=project)

    def _land(self, stop: threading.Event) -> None:
        folder = project_folder(self.data, "default")
        warehouse = open_warehouse(folder, views=catalog())
        reader = open_reader("sqlite", folder=log_folder(folder), project=folder.name)
        with closing(Lander(reader, warehouse, Publisher(warehouse, folder))) as lander:
            while not stop.wait(LOOK_EVERY):
                lander.step()
                lander.publish_if_due(last=True)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass
