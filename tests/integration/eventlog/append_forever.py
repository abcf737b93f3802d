"""A writer to be killed: appends to a log for ever and prints what the log acknowledged.

    python append_forever.py URL FOLDER PROJECT NAME

Each record is `NAME-<number> <padding>`. Its first word is printed only after its append returned True, so whoever
reads the other end of the pipe has a list of acknowledged records that no kill can take back.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sayso_ingest.eventlog import open_writer


def main() -> None:
    url, folder, project, name = sys.argv[1:]
    writer = open_writer(url, folder=Path(folder), project=project)
    number = 0
    while True:
        names = [f"{name}-{n}".encode() for n in range(number, number + 1 + number % 7)]
        number += len(names)
        durable = writer.append([name + b" " + b"x" * 300 for name in names])
        said = b"".join(name + b"\n" for name, ok in zip(names, durable, strict=True) if ok)
        os.write(1, said)


if __name__ == "__main__":
    main()
