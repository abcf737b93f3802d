"""The entry point of the command `sayso` and of `python -m sayso_ingest`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code; without click, say how to get it."""
    try:
        from sayso_ingest.cli import run
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        from sayso_ingest.errors import MissingExtra

        sys.stderr.write(f"Error: {MissingExtra('click', 'ingest')}\n")
        sys.exit(1)
    except KeyboardInterrupt:  # while all of it is still being imported
        sys.exit(130)
    sys.exit(run())


if __name__ == "__main__":
    main()
