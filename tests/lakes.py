"""A real PostgreSQL and a real S3 server (versitygw) in a temporary folder on loopback, for tests marked `lake`.

`with running_servers(folder) as servers`; the fixture `lake_servers` is one pair for the whole session. Each project
gets a database of its own, copied from one that has all tables and views: to make these takes seconds.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path

from sayso_ingest.warehouse import Definition, Lake, LakeWarehouse

ROOT = Path(__file__).resolve().parents[1]
GATEWAY = ROOT / ".cache" / "lake" / "bin" / "versitygw"
READY_WITHIN = 60.0
PROJECT = "default"
BUCKET = "sayso-tests"
KEY_ID, SECRET, PASSWORD = "test-key-id", "test-s3-secret", "test-pg-password"
TUNING = ("-c", "max_connections=200", "-c", "listen_addresses=127.0.0.1")
UNSYNCED = ("-c", "fsync=off")
"""A power failure is no part of these tests; one that is killed loses nothing by it."""


def postgres_bin() -> Path | None:
    """The folder of PostgreSQL's programs; Debian has them in no PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    named = shutil.which("postgres")
    return found[-1].parent if found else Path(named).parent if named else None


def can_run() -> bool:
    """Tell whether all is here (`make test-lake` sees to it)."""
    return (
        postgres_bin() is not None and GATEWAY.exists() and find_spec("duckdb_extension_ducklake") is not None
    )


class ServerFailed(Exception):
    """A server did not start."""


@dataclass
class Servers:
    """Both servers; each can be killed and started again."""

    folder: Path
    postgres_port: int
    s3_port: int
    durable: bool = False
    """PostgreSQL waits for the disk, as it does where nobody tells it otherwise."""
    made: int = 0
    _templates: dict[tuple[str, ...], str] = field(default_factory=dict)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def lake(self) -> Lake:
        """How the lakes of these servers are reached, but for the database."""
        return Lake(
            project=PROJECT,
            host="127.0.0.1",
            port=self.postgres_port,
            database="postgres",
            user="sayso",
            data=f"s3://{BUCKET}/postgres",
            password=PASSWORD,
            endpoint=f"127.0.0.1:{self.s3_port}",
            key_id=KEY_ID,
            secret=SECRET,
            tls=False,
        )

    def new_lake(self) -> Lake:
        """A lake that has nothing in it, not even tables."""
        return self._new("template1")

    def blank(self, folder: Path, views: Iterable[Definition] = ()) -> Lake:
        """A lake that has all tables and views, and nothing in them."""
        views = list(views)
        key = tuple(statement for view in views for statement in view.statements())
        if key not in self._templates:
            # To make the tables takes longest, and they are the same whatever the views.
            lake = self.blank(folder) if views else self.new_lake()
            LakeWarehouse.open(lake, folder, views=views).close()
            self._templates[key] = lake.database
        return self._new(self._templates[key])

    def _new(self, template: str) -> Lake:
        self.made += 1
        name = f"lake{self.made}"
        lake = replace(self.lake, database=name, data=f"s3://{BUCKET}/{name}")
        # What reads a catalog keeps a connection to it, which would be in the way of a copy.
        self.sql(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'",
            f"CREATE DATABASE {name} TEMPLATE {template}",
        )
        files = self.folder / "s3" / BUCKET / template
        if files.exists():
            shutil.copytree(files, files.with_name(name))
            moved = f"UPDATE \"{lake.schema}\".ducklake_metadata SET value = '{lake.files}' WHERE key = 'data_path'"
            self.sql(moved, database=name)
        return lake

    def environ(self, lake: Lake) -> Mapping[str, str]:
        """The settings that lead to a lake, as the environment has them."""
        return {
            "SAYSO_WAREHOUSE": f"ducklake:postgres://{lake.user}@{lake.host}:{lake.port}/{lake.database}",
            "SAYSO_LAKE_PASSWORD": lake.password,
            "SAYSO_LAKE_DATA": lake.data,
            "SAYSO_LAKE_ENDPOINT": lake.endpoint,
            "SAYSO_LAKE_KEY_ID": lake.key_id,
            "SAYSO_LAKE_SECRET": lake.secret,
            "SAYSO_LAKE_TLS": "off",
        }

    def sql(self, *statements: str, database: str = "postgres") -> str:
        """Let PostgreSQL's own client say something; return what it prints."""
        words = [word for statement in statements for word in ("-c", statement)]
        return self._client("psql", database, "-qAt", "-v", "ON_ERROR_STOP=1", *words)

    def dump(self, database: str) -> str:
        """All that a database says, as its own backup has it."""
        return self._client("pg_dump", database)

    def files_of(self, database: str) -> Path:
        """Where PostgreSQL keeps the tables of a database, as they are after a checkpoint."""
        oid = self.sql(f"SELECT oid FROM pg_database WHERE datname = '{database}'", "CHECKPOINT").strip()
        return self.folder / "postgres" / "data" / "base" / oid

    def _client(self, program: str, database: str, *words: str) -> str:
        where = ["-h", "127.0.0.1", "-p", str(self.postgres_port), "-U", "sayso", "-d", database]
        environ = {**os.environ, "PGPASSWORD": PASSWORD}
        done = subprocess.run(
            [_program(program), *where, *words], env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def pids(self) -> list[int]:
        """Both servers' processes; each may have children."""
        return [process.pid for process in self._running.values()]

    def start_postgres(self) -> None:
        """Start PostgreSQL, also one that was killed."""
        self._await_port_free(self.postgres_port)
        data = self.folder / "postgres" / "data"
        (data / "postmaster.pid").unlink(missing_ok=True)
        words = ["-D", str(data), "-p", str(self.postgres_port), "-k", str(data.parent), *TUNING]
        words += () if self.durable else UNSYNCED
        self._start("postgres", [*_as_nobody(), _program("postgres"), *words], self.postgres_port)
        deadline = time.monotonic() + READY_WITHIN
        ready = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.postgres_port)]
        while subprocess.run(ready, check=False).returncode:
            if time.monotonic() > deadline:
                raise ServerFailed("PostgreSQL does not take connections")
            time.sleep(0.05)

    def start_s3(self) -> None:
        """Start the S3 server, also one that was killed."""
        self._await_port_free(self.s3_port)
        self._start_s3("s3", self.s3_port)

    def _start_s3(self, name: str, port: int, *options: str) -> None:
        words = ["--quiet", "--port", f"127.0.0.1:{port}", *options, "posix", str(self.folder / "s3")]
        environ = {**os.environ, "ROOT_ACCESS_KEY": KEY_ID, "ROOT_SECRET_KEY": SECRET}
        self._start(name, [*_tied(), str(GATEWAY), *words], port, environ)

    @contextmanager
    def another_s3(self, *options: str) -> Iterator[str]:
        """One more S3 server of the same files, with options of its own; yield its address."""
        port, _ = _free_ports()
        self._start_s3("another", port, *options)
        try:
            yield f"127.0.0.1:{port}"
        finally:
            self.kill("another")

    def kill(self, name: str) -> None:
        """kill -9 of `postgres` (with its children) or an S3 server."""
        process = self._running.pop(name)
        if name == "postgres":
            for line in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
                with suppress(ProcessLookupError):  # it has ended meanwhile
                    os.kill(int(line), signal.SIGKILL)
        process.kill()
        process.wait()

    def stop(self) -> None:
        """End both."""
        for name in list(self._running):
            self.kill(name)

    def _start(
        self, name: str, words: list[str], port: int, environ: Mapping[str, str] | None = None
    ) -> None:
        with (self.folder / f"{name}.log").open("ab") as output:
            process = subprocess.Popen(words, stdout=output, stderr=subprocess.STDOUT, env=environ)
        self._running[name] = process
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise ServerFailed(
            f"{name} did not start:\n{(self.folder / f'{name}.log').read_text(errors='replace')[-4000:]}"
        )

    @staticmethod
    def _await_port_free(port: int) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)):
                    return
            time.sleep(0.05)


@contextmanager
def running_servers(folder: Path, *, durable: bool = False) -> Iterator[Servers]:
    """Make a database cluster and a bucket in an empty folder, and run both servers for the block."""
    (folder / "s3" / BUCKET).mkdir(parents=True)
    home = folder / "postgres"
    home.mkdir()
    (home / "password").write_text(PASSWORD)
    if os.geteuid() == 0:  # PostgreSQL refuses to be root
        folder.chmod(0o755)
        for path in (home, home / "password"):
            shutil.chown(path, "nobody")
    made = subprocess.run(
        [*_as_nobody(), _program("initdb"), "-D", str(home / "data"), "-U", "sayso", "-E", "UTF8", "--no-sync",
         "--no-locale", "-A", "scram-sha-256", "--pwfile", str(home / "password")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise ServerFailed(f"initdb failed:\n{made.stdout}{made.stderr}")
    servers = Servers(folder, *_free_ports(), durable=durable)
    try:
        servers.start_postgres()
        servers.start_s3()
        yield servers
    finally:
        servers.stop()


def _program(name: str) -> str:
    folder = postgres_bin()
    assert folder is not None
    return str(folder / name)


def _as_nobody() -> list[str]:
    if os.geteuid():
        return _tied()
    # In this order: to become another user takes the tie to the parent away.
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *_tied()]


def _tied() -> list[str]:
    """Where util-linux is, what is started dies with the test process even if that is killed."""
    return ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
