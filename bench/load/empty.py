"""`python -m bench.load.empty view|app PORT`: an empty Flask view or WSGI app, served exactly as the collector is."""

from __future__ import annotations

import sys

from sayso_ingest.cli.wsgi import serve
from sayso_ingest.settings import Settings

from bench.load.apps import empty_app, empty_view

if __name__ == "__main__":
    settings = Settings()
    serve(
        {"view": empty_view, "app": empty_app}[sys.argv[1]],
        settings,
        room="empty",
        host="127.0.0.1",
        port=int(sys.argv[2]),
        workers=settings.workers,
        threads=settings.threads,
    )
