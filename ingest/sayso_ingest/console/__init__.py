"""The console: private pages about one project, for the people who run it and learn from it.

In comes the published copy, opened anew for each page; out go pages and GET /healthz.
It must not know the collector, the log or the lander.
"""

from sayso_ingest.console.app import create_app

__all__ = ["create_app"]
