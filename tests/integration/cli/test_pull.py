"""`sayso pull` where something is wrong: what is said, and that nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import duckdb
import pytest
from landed import append, event, land
from sayso_ingest.cli import run

BODIES = {
    "/page": b"<p>Some other site answers here.</p>",
    "/cut": b"not all of it",
    "/junk": b"\0" * 8 + b"DUCK" + b"junk" * 5000,
}


class Elsewhere(BaseHTTPRequestHandler):
    """A server that is no console."""

    def do_GET(self) -> None:
        body = BODIES.get(self.path.removesuffix("/warehouse.duckdb").removesuffix("/many"))
        self.send_response(200 if body else 404)
        if body:
            length = str(len(body) * (2 if "/cut" in self.path else 1))
            self.send_header("Content-Length", "many" if "/many" in self.path else length)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("other")
    with duckdb.connect(str(folder / "other.duckdb")) as other:
        other.execute("CREATE TABLE t AS SELECT 1")
    BODIES["/other"] = (folder / "other.duckdb").read_bytes()
    append(folder / "default", event())
    land(folder / "default")
    whole = (folder / "default" / "warehouse.duckdb").read_bytes()
    BODIES["/half"] = whole[: len(whole) // 2]
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://x", "http://", "http://a..b", "http://x:99999"])
def test_what_is_no_address_is_wrong_usage(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["pull", "--url", url, "--key", "ak_1", "--data", str(tmp_path / "new")]) == 2
    assert "Write it with its scheme" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("key", ["sk_of_an_application", "", "ak_\u00fc"])
def test_what_is_no_admin_key_is_wrong_usage(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["pull", "--url", "http://127.0.0.1:1", "--key", key, "--data", str(tmp_path)]) == 2
    assert "sayso keys create --kind ak" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/page", "does not answer as a sayso console does"),
        ("/cut", "the answer ended in the middle"),
        ("/page/many", "does not answer as a sayso console does"),
        ("/junk", "What came is no published copy that can be read"),
        ("/other", "What came is no published copy that can be read"),
        ("/half", "What came is no published copy that can be read"),
        ("/nothing", "Is that the address of a sayso console?"),
    ],
)
def test_what_another_server_sends_replaces_nothing(
    elsewhere: str, path: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "default").mkdir()
    kept = tmp_path / "default" / "warehouse.duckdb"
    kept.write_text("what was there")
    assert run(["pull", "--url", elsewhere + path, "--key", "ak_1", "--data", str(tmp_path)]) == 1
    assert told in capsys.readouterr().err
    assert [file.name for file in kept.parent.iterdir()] == [kept.name]
    assert kept.read_text() == "what was there"
