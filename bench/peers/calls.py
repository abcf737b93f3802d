"""How long single calls of a client hold up their caller, while its own thread sends what they record.

python -m bench.peers.calls CLIENT URL FOLDER METHOD CALLS
"""

from __future__ import annotations

import importlib
import json
import sys
import time

BURST = 200
PAUSE = 0.1
"""Seconds after each burst: under 2,000 calls a second, which every client but sentry's can send on time."""
WARM = 500


def main() -> None:
    name, url, folder, method, calls = sys.argv[1:]
    client = importlib.import_module(f"bench.peers.{name}").connect(url, folder)
    call, clock = getattr(client, method), time.perf_counter_ns
    took = []
    for number in range(WARM + int(calls)):
        began = clock()
        call(number)
        took.append(clock() - began)
        if number % BURST == 0:
            time.sleep(PAUSE)
    client.flush()
    ordered = sorted(took[WARM:])
    print(json.dumps({share: ordered[int(len(ordered) * share / 100)] / 1000 for share in (50, 99)}))


if __name__ == "__main__":
    main()
