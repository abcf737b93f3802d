"""`sayso serve` as an operator meets it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from processes import children, wait_until
from sayso_ingest.operate import ensure_project
from service import Service, run, run_here

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all tests that leave it as it was, apart from events and killed children."""
    service = Service(tmp_path_factory.mktemp("serve") / "data")
    yield service
    service.stop()
    wait_until(lambda: not service.processes())


@pytest.fixture(scope="module")
def secret(service: Service) -> str:
    found = re.search(r"sk_[A-Za-z0-9_-]{43}", service.out)
    assert found
    return found[0]


def test_the_curl_line_works_as_printed(
    service: Service, require: Callable[[str, object, str], None]
) -> None:
    require("curl", shutil.which("curl"), "apt-get install curl")
    line = service.printed("curl ")
    answer = subprocess.run(shlex.split(line), check=True, capture_output=True, text=True, timeout=30)
    [result] = json.loads(answer.stdout)["results"]
    assert result["status"] == "accepted"
    wait_until(lambda: service.landed(result["id"]))


def test_the_question_works_as_printed(service: Service, secret: str) -> None:
    event_id = service.send(secret, target="asked")
    wait_until(lambda: service.landed(event_id))
    answer = run(*shlex.split(service.printed("sayso sql"))[1:], "--format", "json")
    assert {"target": "asked", "who": "actor:a", "value": "up"} in json.loads(answer.stdout)


def test_the_script_is_where_the_printed_page_looks_for_it(service: Service) -> None:
    source = re.search(r'src="([^"]+)"', service.printed("<script"))
    assert source
    assert requests.get(source[1], timeout=20).status_code == 200


def test_the_printed_publishable_key_is_for_pages_of_this_machine(service: Service) -> None:
    key = re.search(r'data-key="(pk_[A-Za-z0-9_-]{43})"', service.printed("<script"))
    assert key
    listed = json.loads(run_here("keys", "list", "--data", service.data, "--format", "json").stdout)
    assert ["loopback"] in [row["origins"] for row in listed if row["kind"] == "pk"]


def test_both_ports_say_that_they_are_healthy(service: Service) -> None:
    for url in (service.url, service.console):
        assert requests.get(f"{url}/healthz", timeout=20).status_code == 200


def test_the_console_counts_what_has_landed(service: Service, secret: str) -> None:
    event_id = service.send(secret)
    wait_until(lambda: service.landed(event_id))
    page = requests.get(f"{service.console}/health", timeout=20).text
    assert re.search(r"It holds</dt>\s*<dd>\s*[1-9][0-9,]* event", page)


def test_status_counts_what_has_landed(service: Service, secret: str) -> None:
    event_id = service.send(secret)
    wait_until(lambda: service.landed(event_id))
    [project] = json.loads(run_here("status", "--data", service.data, "--format", "json").stdout)
    assert project["project"] == "default"
    assert project["events"] >= 1
    assert project["published_at"] >= project["last_landed_at"] >= project["last_received_at"]


def test_status_says_whether_a_collector_takes_events_for_this_folder(
    service: Service, tmp_path: Path
) -> None:
    def said(*words: str, **environ: str) -> str:
        ended = (run if environ else run_here)("status", "--data", service.data, *words, **environ)
        assert ended.returncode == 0
        return ended.stderr

    port, console = (url.rpartition(":")[2] for url in (service.url, service.console))
    assert f"The collector at {service.url} takes events for default." in said("--port", port)
    assert f"The collector at {service.url} takes events" in said(SAYSO_PORT=port)
    assert "No collector answers at http://127.0.0.1:9. Start it with `sayso serve`" in said("--port", "9")
    assert "takes no events for default (404): sayso doctor says why." in said("--port", console)
    assert "ollector" not in said("--port", "0")
    other = tmp_path / "other"
    ensure_project(other, "p")
    elsewhere = run_here("status", "--data", other, "--port", port)
    assert "takes no events for p (401)" in elsewhere.stderr


def test_a_new_key_works_at_once_and_a_revoked_one_no_longer(service: Service) -> None:
    created = run_here("keys", "create", "--kind", "sk", "--data", service.data)
    secret = created.stdout.strip()
    service.send(secret)
    key_id = re.search(r"key_\w+", created.stderr)
    assert key_id
    assert run_here("keys", "revoke", key_id[0], "--data", service.data).returncode == 0
    headers = {"Authorization": f"Bearer {secret}"}

    def refused() -> bool:
        answer = requests.post(f"{service.url}/v1/events", json={"events": []}, headers=headers, timeout=20)
        return answer.status_code == 401

    wait_until(refused)


def test_the_supervisor_and_the_collector_load_no_database(service: Service) -> None:
    collector = service.room("collect")
    for pid in (service.process.pid, collector, *children(collector)):
        assert "duckdb" not in Path(f"/proc/{pid}/maps").read_text()


def test_a_body_without_end_is_refused_and_not_kept_in_memory(service: Service, secret: str) -> None:
    workers = children(service.room("collect"))
    before = sum(map(_peak, workers))
    address = ("127.0.0.1", int(service.url.rpartition(":")[2]))
    head = f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n"
    head += "Content-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n"
    sent = 0
    with socket.create_connection(address, timeout=10) as client, suppress(ConnectionError):
        client.sendall(head.encode())
        while sent < 200_000_000:
            sent += client.send(b" " * 1_000_000)
    assert sent < 100_000_000
    assert sum(map(_peak, workers)) - before < 50_000_000


def _peak(pid: int) -> int:
    """The most memory that a process has had, in bytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


def test_a_second_service_on_the_same_port_is_refused_before_it_makes_anything(
    service: Service, tmp_path: Path
) -> None:
    port = service.url.rpartition(":")[2]
    refused = run("serve", "--data", tmp_path / "other", "--port", port)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: Port {port} is in use: another `sayso serve` may be running")
    assert "--port N" in refused.stderr
    assert not (tmp_path / "other").exists()


@pytest.mark.slow
@pytest.mark.parametrize("room", ["collect", "land", "console"])
def test_a_room_that_is_killed_comes_back_and_nothing_is_lost(
    room: str, service: Service, secret: str
) -> None:
    first = service.room(room)
    before = service.send(secret)
    os.kill(first, signal.SIGKILL)
    after = service.send(secret)
    wait_until(lambda: service.landed(before) and service.landed(after))
    wait_until(lambda: _runs(service, room, other_than=first))
    wait_until(lambda: _healthy(service.console))


def _runs(service: Service, room: str, *, other_than: int) -> bool:
    try:
        return service.room(room) != other_than
    except (StopIteration, FileNotFoundError):
        return False


def _healthy(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=20).status_code == 200
    except requests.RequestException:
        return False


@pytest.mark.slow
def test_the_workers_of_a_killed_collector_do_not_go_on_answering(service: Service) -> None:
    wait_until(lambda: _healthy(service.url))
    collector = service.room("collect")
    workers = children(collector)
    assert len(workers) == 2
    os.kill(collector, signal.SIGKILL)
    wait_until(lambda: not workers & service.processes())
    wait_until(lambda: _healthy(service.url))


@pytest.mark.slow
def test_one_worker_that_is_killed_is_replaced_and_the_server_stays(service: Service, secret: str) -> None:
    wait_until(lambda: _healthy(service.url))
    collector = service.room("collect")
    wait_until(lambda: len(children(collector)) == 2)
    worker = min(children(collector))
    os.kill(worker, signal.SIGKILL)
    service.send(secret)
    wait_until(lambda: worker not in children(collector) and len(children(collector)) == 2)
    assert service.room("collect") == collector


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_stops_everything_and_what_was_accepted_is_there_at_the_next_start(
    number: int, code: int, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    first = Service(data)
    found = re.search(r"sk_[A-Za-z0-9_-]{43}", first.out)
    assert found
    event_id = first.send(found[0])
    assert first.stop(number) == code
    assert first.processes() == set()
    assert "Traceback" not in first.err
    again = Service(data)
    try:
        wait_until(lambda: again.landed(event_id))
        assert again.out == ""
        assert f"sayso keys create --kind sk --data {data}" in again.err
    finally:
        again.stop()


@pytest.mark.slow
def test_a_supervisor_that_is_killed_takes_all_with_it(tmp_path: Path) -> None:
    service = Service(tmp_path / "data")
    assert len(service.processes()) >= 6
    service.stop(signal.SIGKILL)
    wait_until(lambda: not service.processes())


def test_a_port_that_another_program_has_is_refused(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = run("serve", "--data", tmp_path / "data", "--port", "0", "--console-port", str(port))
    assert refused.returncode == 1
    assert f"Port {port} is in use" in refused.stderr
    assert "--console-port N" in refused.stderr


def test_an_address_of_another_machine_is_wrong_usage(tmp_path: Path) -> None:
    refused = run("serve", "--data", tmp_path / "data", "--host", "192.0.2.1")
    assert refused.returncode == 2
    assert "Nothing can listen on 192.0.2.1" in refused.stderr
    assert "--host" in refused.stderr


def test_a_service_that_cannot_work_says_why_and_ends(tmp_path: Path) -> None:
    """A lander whose warehouse is no database never becomes healthy."""
    live = tmp_path / "data" / "default" / "live"
    live.mkdir(parents=True)
    (live / "warehouse.duckdb").write_text("not a database" * 1000)
    ended = run("serve", "--data", tmp_path / "data", "--port", "0", "--console-port", "0")
    assert ended.returncode == 1
    assert "cannot be opened" in ended.stderr
    assert "Error: lander ended with exit code 1: the 5th time in a row" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_second_service_on_the_same_folder_is_refused_at_once(service: Service) -> None:
    done = run("serve", "--data", service.data, "--port", "0", "--console-port", "0")
    assert done.returncode == 1
    assert done.stderr.count("\n") <= 3
    assert "Another `sayso serve` runs on" in done.stderr
