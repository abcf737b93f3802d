"""An application that says something all the time through the SDK, until it is killed: `sender.py URL KEY`."""

from __future__ import annotations

import itertools
import sys
import time

from sayso import Client

client = Client(sys.argv[1], sys.argv[2])
for number in itertools.count():
    client.thumb(f"sdk_{number}", value="up", actor=f"a{number % 7}")
    if number % 20 == 0:
        time.sleep(0.01)
