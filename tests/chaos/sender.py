"""An application that talks through the SDK until it is killed: `sender.py MODE URL SECRET PUBLISHABLE JOURNAL`.

MODE is `spool` (the client has one, beside the journal), `memory`, `tiny` (a queue that drops; ends in order when
standard input is closed, and prints its stats) or `drain` (sends what a spool holds, says nothing new). The journal
outlives every kill: each id before the call that makes its event, and again when the call has returned.
"""

from __future__ import annotations

import itertools
import json
import os
import select
import sys
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sayso import Client, Limits
from sayso.stamps import Ids

MODE, URL, SECRET, PUBLISHABLE, JOURNAL = sys.argv[1:]
BOUND = 30
ids = Ids()
journal = os.open(JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)


def write(word: str, event_id: str) -> None:
    os.write(journal, f"{word} {event_id}\n".encode())


def new_id(now: datetime) -> str:
    event_id = ids(now)
    write("begun", event_id)
    return event_id


def client(key: str, name: str, **options: Any) -> Client:
    if MODE in ("spool", "drain"):
        options["spool_dir"] = Path(JOURNAL).with_suffix("") / name
        options["spool_dir"].mkdir(parents=True, exist_ok=True)
    return Client(URL, key, new_id=new_id, **options)


if MODE == "tiny":
    back_end = client(SECRET, "sk", limits=Limits(events=BOUND, linger=0.05))
else:
    back_end = client(SECRET, "sk")
    browser = client(PUBLISHABLE, "pk")
write("started", str(os.getpid()))

if MODE == "drain":
    sys.stdin.read()
    print(json.dumps([asdict(back_end.stats()), asdict(browser.stats())]))
    sys.exit()

for number in itertools.count():
    write("made", back_end.thumb(f"{MODE}_{number}", value="up", actor=f"a{number % 7}"))
    if MODE == "tiny":
        if number % (2 * BOUND) == 0:
            time.sleep(0.2)
        if select.select([sys.stdin], [], [], 0)[0]:  # it was closed
            break
        continue
    if number % 50 == 0:  # what a publishable key may not say: the collector refuses it
        write("made", browser.annotation(f"{MODE}_{number}", label="no"))
    if number % 10 == 0:
        time.sleep(0.03)  # slower than the way is, or the spool would grow until it drops

for _ in range(
    2
):  # the first takes the last losses along, the second is there for a report that did not arrive
    write("made", back_end.thumb("last", value="up"))
    while not back_end.flush(timeout=5):
        pass
print(json.dumps(asdict(back_end.stats())))
