"""The same collector behind three servers: why it is served by the one it is."""

from __future__ import annotations

from collections.abc import Iterator

from bench.figure import Beside, Figure, in_turn
from bench.load.serving import Serving, behind, collecting
from bench.load.wrk import highest_rate, need_wrk
from bench.peers.environment import servers_folder
from bench.run import Run


def measure(run: Run) -> Iterator[Figure]:
    need_wrk()
    packages, seconds = servers_folder(), run.size(10, 1)

    def rate(server: Serving) -> float:
        return highest_rate(server.url, "single.lua", server.secret, seconds=seconds)

    with (
        collecting(run.folder / "granian") as granian,
        behind("gunicorn", run.folder / "gunicorn", packages) as gunicorn,
        behind("waitress", run.folder / "waitress", packages) as waitress,
    ):
        ours, *others = in_turn(
            lambda: rate(granian), lambda: rate(gunicorn), lambda: rate(waitress), rounds=run.size(3, 1)
        )
    beside = [
        Beside(name, other) for name, other in zip(("gunicorn gthread", "waitress"), others, strict=True)
    ]
    yield Figure(
        "the collector behind granian, single posts",
        ours,
        "posts/s",
        beside,
        "the fastest",
        ours >= max(others),
    )
