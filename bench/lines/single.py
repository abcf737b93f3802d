"""Single posts, each durable before it is answered, beside an empty view and an empty app behind the same server."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench.figure import Beside, Figure, in_turn
from bench.load.paced import steady
from bench.load.serving import collecting, empty
from bench.load.wrk import CONNECTIONS, highest_rate, need_wrk
from bench.run import Run


def measure(run: Run) -> Iterator[Figure]:
    need_wrk()
    seconds = run.size(10, 1)
    with collecting(run.folder / "data") as ours, empty("view") as view, empty("app") as app:
        rate, limit, unrouted = in_turn(
            *(
                partial(highest_rate, server.url, "single.lua", server.secret, seconds=seconds)
                for server in (ours, view, app)
            ),
            rounds=run.size(3, 1),
        )
        yield Figure(
            f"single posts, durable, {CONNECTIONS} connections, load on the same cores",
            rate,
            "posts/s",
            [
                Beside("an empty Flask view behind the same server", limit),
                Beside("an empty WSGI app, without Flask", unrouted),
            ],
            ">= 60 % of the empty view",
            rate >= 0.6 * limit,
        )
        paced, floor = (
            steady(server.url, server.secret, rate=rate / 2, seconds=run.size(30, 2))
            for server in (ours, view)
        )
        yield Figure(
            f"the same at a steady {rate / 2:,.0f} a second: p99",
            paced.p99,
            "ms",
            [
                Beside("the empty view at that pace", floor.p99),
                Beside("p50", paced.p50),
                Beside("worst", paced.worst),
            ],
            "p99 < 15 ms, nothing refused",
            paced.p99 < 15 and paced.refused == 0,
        )
