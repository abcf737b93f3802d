"""`python -m bench.load.empty PORT`: an empty Flask view, served exactly as the collector is."""

from __future__ import annotations

import sys

from sayso_ingest.cli.wsgi import serve
from sayso_ingest.settings import Settings

from bench.load.apps import empty

if __name__ == "__main__":
    settings = Settings()
    serve(
        empty,
        settings,
        room="empty",
        host="127.0.0.1",
        port=int(sys.argv[1]),
        workers=settings.workers,
        threads=settings.threads,
    )
