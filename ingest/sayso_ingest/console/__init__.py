"""The console: private pages about one project, for the people who run it and learn from it.

In comes the published copy, opened anew for each request that asks something new; out go pages, downloads and
GET /healthz.
It must not know the collector, the log or the lander.

A page is one blueprint. To add the page "Models":

1. `pages/models.sql`: its statements, each under `-- name:` with a comment that says what it asks.
2. `pages/models.py`:

        SQL = read_statements(files(__package__) / "models.sql")
        blueprint = Blueprint("models", __name__)

        @blueprint.get("/models")
        def show() -> Answer:
            models = Table("models", SQL["models"], caption="How each is liked", about={"up_rate": "0 to 1"})
            return answer("models.html", models, newest=copy().one(SQL["newest"]))

   `copy()` is the published copy within limits, and remembers what it was asked until the next one is published; a page
   that is slow is shown of the one before until `refresher.py` has asked the new one. What is found by its id, and has
   no figures, is read by `copy().lookup()`, of the newest at any time.
   `answer` renders a template; it sorts, shortens and downloads the tables handed to it as the query string says.
   A share with `_low` and `_high` beside it is drawn with its interval. Charts are in `charts.py`.
3. `templates/models.html`: extends `base.html`, fills `title` and `main`, and shows `{{ table(tables.models) }}`.
4. One line in `pages/__init__.py`: its name in the navigation, and its blueprint.

No page has a style or a script within it: `static/` holds them, and the policy of every answer refuses others.
"""

from sayso_ingest.console.app import create_app, refresher_of, run_ahead
from sayso_ingest.console.charts import draw_nothing
from sayso_ingest.console.door import Door
from sayso_ingest.labels import read_labels

__all__ = ["Door", "create_app", "draw_nothing", "read_labels", "refresher_of", "run_ahead"]
