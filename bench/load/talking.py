"""An application that says something at a steady pace through our client; prints what its client counted.

    python -m bench.load.talking URL KEY RATE SECONDS

Of ten events three are interactions with 600 bytes of text, three exposures, three thumbs and one a comment.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from sayso import Client

from bench.run import ROOT

INPUT = "How do I reach the office when the line is busy, number {0}? " * 2
OUTPUT = "First look at the settings page, then at list {0} of numbers below it. " * 7


def start(
    url: str, key: str, *, rate: float, seconds: float, prefix: Sequence[str] = ()
) -> subprocess.Popen[str]:
    """Begin to talk; `finish` waits for the end."""
    command = [*prefix, sys.executable, "-m", "bench.load.talking", url, key, str(rate), str(seconds)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What the client counted: recorded, delivered, retried, rejected, dropped, and how many were interactions."""
    output, _ = process.communicate()
    assert process.returncode == 0, "the application failed"
    return dict(json.loads(output))


def main() -> None:
    url, key, rate, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    client, total = Client(url, key), int(rate * seconds)
    began, interactions = time.monotonic(), 0
    for number in range(total):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        interactions += _say(client, number)
    client.close(30)
    stats = client.stats()
    counts = {"delivered": stats.delivered, "retried": stats.retried, "lost": sum(stats.dropped.values())}
    print(json.dumps({"recorded": total, "interactions": interactions} | counts))


def _say(client: Client, number: int) -> bool:
    turn, step = divmod(number, 10)
    target, actor = f"msg_{turn}_{step % 3}", f"u_{turn % 5021}"
    if step < 3:
        client.interaction(
            target,
            input=INPUT.format(number),
            output=OUTPUT.format(number),
            model="large-1",
            prompt={"name": "helpdesk", "version": "v7"},
            session=f"s_{turn}",
            actor=actor,
        )
    elif step < 6:
        client.exposure(target, surface="thumbs", actor=actor)
    elif step < 9:
        client.thumb(target, value="down" if number % 7 == 0 else "up", actor=actor)
    else:
        client.comment(target, text=INPUT.format(number), actor=actor)
    return step < 3


if __name__ == "__main__":
    main()
