"""What a worker of the collector loads: a large package by accident would cost each of them its memory."""

from __future__ import annotations

import subprocess
import sys

LARGE = {"celery", "datasets", "duckdb", "kafka", "numpy", "pandas", "pyarrow", "requests", "rich", "sklearn"}


def test_a_worker_loads_no_package_that_is_for_other_rooms() -> None:
    script = (
        "import sys, tempfile, dataclasses, pathlib\n"
        "from sayso_ingest.cli.wsgi import load_collector\n"
        "from sayso_ingest.keys import create_key\n"
        "from sayso_ingest.places import keys_file\n"
        "from sayso_ingest.settings import Settings\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    settings = dataclasses.replace(Settings(), data=pathlib.Path(folder))\n"
        "    create_key(keys_file(settings.data), kind='sk', project='default')\n"
        "    load_collector(settings)\n"
        "print(*{name.partition('.')[0] for name in sys.modules})\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert "flask" in done.stdout.split()
    assert LARGE.isdisjoint(done.stdout.split())
