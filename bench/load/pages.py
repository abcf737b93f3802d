"""The pages of the console over a project's published copy: how long each takes at first, again while it is kept, and
at first of a new copy, when what was kept is of the one before.

`python -m bench.load.pages FOLDER` asks those of a folder that holds one, and gives the file a new time of change each
time: so it passes for a new copy.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from flask import url_for
from flask.testing import FlaskClient
from sayso_ingest.analysis import catalog
from sayso_ingest.console import create_app, draw_nothing
from sayso_ingest.console.pages import PAGES
from sayso_ingest.console.problems import problem_id_of
from sayso_ingest.warehouse import Published
from sayso_ingest.warehouse.published import FILE

EMPTY = "/questions"
"""A page that asks nothing of the copy."""
_TWO_VERSIONS = """
SELECT prompt_name, list(prompt_version ORDER BY thumbs DESC, prompt_version) AS versions
FROM prompt_versions
WHERE prompt_name IS NOT NULL AND prompt_version IS NOT NULL AND name = ''
GROUP BY prompt_name
HAVING count(*) > 1
ORDER BY sum(thumbs) DESC, prompt_name
LIMIT 1
"""


@dataclass(frozen=True)
class Load:
    """A page, and the seconds that it took: of the first copy, again of the same, and then of a new one."""

    path: str
    first: float
    kept: float
    flipped: float


def load(folder: Path, *, rounds: int = 1, inner: bool = True) -> Iterator[Load]:
    """Load every page of a console that has seen nothing of the copy, and load it again; yield the medians.

    Without `inner` only those that the navigation leads to.
    """
    draw_nothing()  # as a console does when it has started
    _load(folder, "/")
    for path in [*_pages(folder), *(_inner(folder) if inner else ())]:
        took = [_load(folder, path) for _ in range(rounds)]
        yield Load(path, *map(median, zip(*took, strict=True)))


def _load(folder: Path, path: str) -> tuple[float, float, float]:
    """Load it in an app that asks ahead, whose thread has not begun: a reader comes as soon as there is a new copy."""
    client = create_app(project_folder=folder, ahead=True).test_client()
    client.get(EMPTY)  # the first request of an app makes what later ones need
    first, kept = _get(client, path), _get(client, path)
    _replace(folder / FILE)
    return first, kept, _get(client, path)


def _replace(file: Path) -> None:
    """Let a copy pass for a new one."""
    stat = file.stat()
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1000))


def _get(client: FlaskClient, path: str) -> float:
    began = time.perf_counter()
    response = client.get(path)
    took = time.perf_counter() - began
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status}: {response.text[:500]}")
    return took


def _pages(folder: Path) -> list[str]:
    """What the navigation leads to."""
    with create_app(project_folder=folder).test_request_context():
        return [url_for(page.endpoint) for page in PAGES]


def _inner(folder: Path) -> list[str]:
    """What these lead to: the answer of each question, two versions side by side, the most frequent problem."""
    paths = [f"/questions/{view.name}" for view in catalog()]
    with Published.open(folder) as copy:
        for row in copy.query(_TWO_VERSIONS):
            query = {"prompt": row["prompt_name"], "a": row["versions"][0], "b": row["versions"][1]}
            paths.append(f"/prompts?{urlencode(query)}")
        for row in copy.query("FROM what_goes_wrong LIMIT 1"):
            paths.append(f"/problems/{problem_id_of(row['source'], row['what'])}")
    return [*paths, "/inbox?kind=comments", "/inbox?text=77", "/inbox?reason=wrong", "/inbox?unread=1"]


def main() -> int:
    for page in load(Path(sys.argv[1])):
        print(f"{page.path:60} {page.first:8.3f} s {page.kept:8.3f} s {page.flipped:8.3f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
