"""An operator whose disk is full, or read-only: nothing accepted is lost, the service stays, and goes on by itself."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from disks import fill, grow, mounted, mounted_image, read_only
from processes import wait_until
from sayso_ingest.eventlog import left_over
from sayso_ingest.parsers import bytes_of
from service import Service, run


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB."""
    with mounted(tmp_path / "disk", megabytes=12) as folder:
        yield folder


def test_a_full_disk_is_survived(disk: Path, tmp_path: Path) -> None:
    """Sent until it is full and on, its lander killed, looked at, enlarged: every accepted event is landed, once."""
    service = Service(disk / "data", output=tmp_path)
    accepted: set[str] = set()
    refused = 0
    deadline = time.monotonic() + 60
    while refused < 20 and time.monotonic() < deadline:
        told = post(service)
        accepted |= told
        refused += not told
    assert refused == 20
    fill(disk / "ballast")  # somebody else does
    os.kill(service.room("land"), signal.SIGKILL)  # and it cannot start again
    time.sleep(8)  # long enough for what cannot work to have been given up, if it were
    assert service.process.poll() is None, service.err
    assert requests.get(f"{service.url}/healthz", timeout=20).status_code == 200

    grow(disk, megabytes=200)
    goes_on(service, accepted)


def test_with_a_reserve_the_disk_never_becomes_full(disk: Path, tmp_path: Path) -> None:
    """The collector refuses while there is room to land what came in; the private port and the doctor say why."""
    grow(disk, megabytes=200)
    reserve = ["--disk-reserve", "200MB"]
    service = Service(disk / "data", "--private-port", "0", "--workers", "1", *reserve, output=tmp_path)
    found = re.search(r"Health and metrics: (\S+)/metrics", service.err)
    assert found, service.err
    accepted: set[str] = set()
    while taken := post(service):
        accepted |= taken
        assert left_over(disk, "0") > 100_000_000
    wait_until(lambda: landed(service) >= accepted, what="everything accepted landed")
    (disk / "ballast").write_bytes(bytes(max(0, left_over(disk, "199MB"))))
    wait_until(lambda: requests.get(f"{found[1]}/readyz", timeout=20).status_code == 503, seconds=10)
    ready = requests.get(f"{found[1]}/readyz", timeout=20).text
    assert "event log could not be written: less than its reserve is free on the disk" in ready
    assert not post(service)
    told = re.search(
        r"\nsayso_disk_reserve_bytes (\S+)", requests.get(f"{found[1]}/metrics", timeout=20).text
    )
    assert told and 200_000_000 < float(told[1]) < 220_000_000
    doctor = run("doctor", "--data", service.data, "--port", service.url.rpartition(":")[2], *reserve)
    assert "the collector answers 503 now" in doctor.stdout
    grow(disk, megabytes=300)
    wait_until(lambda: requests.get(f"{found[1]}/readyz", timeout=20).status_code == 200, what="ready again")
    goes_on(service, accepted)


@pytest.mark.parametrize("reserve", ["0", "50MB"])
def test_what_was_accepted_while_no_lander_ran_finds_room_to_be_landed_and_published(
    tmp_path: Path, reserve: str
) -> None:
    """On 100 MB: the collector refuses long before the disk is full, and then it never becomes full."""
    with mounted_image(tmp_path / "disk", megabytes=100) as disk:
        service = Service(disk / "data", "--disk-reserve", reserve, output=tmp_path)
        wait_until((disk / "data" / "default" / "live" / "landed").exists)
        os.kill(service.room("land"), signal.SIGSTOP)
        accepted: set[str] = set()
        while told := post(service):
            accepted |= told
        assert len(accepted) > 100
        least = left_over(disk, "0")
        os.kill(service.room("land"), signal.SIGCONT)
        deadline = time.monotonic() + 90
        while not landed(service) >= accepted:
            least = min(least, left_over(disk, "0"))
            assert time.monotonic() < deadline, service.err
        print(f"reserve {reserve}: {len(accepted)} accepted, {least / 1e6:.1f} MB were free at least")
        assert least > bytes_of(reserve)
        assert "failed" not in service.err
        wait_until(lambda: post(service), what="events taken again")
        assert service.stop() == 0


def test_a_folder_that_becomes_read_only_is_survived(tmp_path: Path) -> None:
    """The project's, with its log, its live file and its copy, while a worker and the lander have to start anew."""
    service = Service(tmp_path / "data")
    accepted = post(service)
    wait_until(lambda: landed(service) == accepted)
    with read_only(service.data / "default"):
        for pid in service.workers():
            os.kill(pid, signal.SIGKILL)
        os.kill(service.room("land"), signal.SIGKILL)
        wait_until(lambda: refuses(service), what="503")
        assert not post(service)
        wait_until(lambda: service.err.count("lander ended with exit code 1") >= 2)
        assert service.process.poll() is None, service.err
        assert requests.get(f"{service.url}/healthz", timeout=20).status_code == 200
    goes_on(service, accepted)


def goes_on(service: Service, accepted: set[str]) -> None:
    """Everything accepted lands, what is sent now too, and nobody had to look at a traceback."""
    wait_until(lambda: landed(service) >= accepted, seconds=90, what="everything accepted landed")
    accepted.add(service.send(service.secret))
    wait_until(lambda: landed(service) == accepted, seconds=90, what="what was sent after it landed")
    assert service.query("SELECT count(*) - count(DISTINCT event_id) FROM events") == [(0,)]
    assert "Traceback" not in service.err
    assert service.stop() == 0


def refuses(service: Service) -> bool:
    try:
        return not post(service)
    except requests.ConnectionError:
        return False  # the workers start


def post(service: Service) -> set[str]:
    """Post a batch; return the ids that were accepted, none when it was to be sent again later."""
    events = [
        {"id": str(uuid4()), "kind": "comment", "target": "m", "body": {"text": os.urandom(4000).hex()}}
        for _ in range(20)
    ]
    headers = {"Authorization": f"Bearer {service.secret}"}
    answer = requests.post(f"{service.url}/v1/events", json={"events": events}, headers=headers, timeout=30)
    if answer.status_code == 200:
        return {r["id"] for r in answer.json()["results"] if r["status"] == "accepted"}
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    return set()


def landed(service: Service) -> set[str]:
    return {str(event_id) for (event_id,) in service.query("SELECT event_id FROM events")}
