"""Programs on another machine: they ask over HTTP, attach the published file, and go away in the middle."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
import requests
from processes import children, with_word
from processes import wait_until as wait_at_most
from sayso_ingest.console.asking import AT_ONCE
from service import Service, run

ROWS = "SELECT repeat('x', 1000) AS x FROM range(1000000000)"
ENDLESS = "SELECT count(*) FROM range(1000000000000) t(i) WHERE hash(i) = 0"
BOMB = "SELECT repeat('x', 4000000000) AS x"


wait_until = partial(wait_at_most, seconds=60)  # each question is a process that has to start, and gives way


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("programs") / "data")
    yield service
    service.stop()


@pytest.fixture(scope="module")
def admin(service: Service) -> dict[str, str]:
    key = run("keys", "create", "--kind", "ak", "--data", service.data).stdout.strip()
    return {"Authorization": f"Bearer {key}"}


def asking(service: Service) -> set[int]:
    """The processes that answer questions of this service."""
    return with_word("\0".join(("sql", "-", "--data", str(service.data))))


def test_whoever_goes_away_ends_the_question(service: Service, admin: dict[str, str]) -> None:
    sql = f"{service.console}/sql?format=csv"
    with requests.post(sql, data=ROWS, headers=admin, stream=True, timeout=60) as answer:
        comes = answer.iter_content(2)  # held, for when it is forgotten the connection is closed
        assert next(comes) == b"x\n"
        assert asking(service)
    wait_until(lambda: not asking(service))


def test_a_question_is_cancelled_and_its_answer_is_a_broken_one(
    service: Service, admin: dict[str, str]
) -> None:
    """Rows are on their way when it is ended: nobody may take them for the whole answer."""
    sql = f"{service.console}/sql"
    asked = {"sql": ROWS, "format": "csv", "id": "mine", "timeout": 300}
    with requests.post(sql, json=asked, headers=admin, stream=True, timeout=60) as answer:
        comes = answer.iter_content(1 << 16)
        assert next(comes).startswith(b"x\n")
        assert requests.delete(f"{sql}/mine", headers=admin, timeout=60).status_code == 204
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            list(comes)
    assert requests.delete(f"{sql}/mine", headers=admin, timeout=60).status_code == 404


def test_twenty_endless_questions_at_once_leave_the_console_to_others(
    service: Service, admin: dict[str, str]
) -> None:
    def ask(number: int) -> int:
        asked = {"sql": ENDLESS, "id": f"q{number}", "timeout": 300}
        answer = requests.post(f"{service.console}/sql", json=asked, headers=admin, timeout=60)
        return answer.status_code

    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(ask, number) for number in range(20)]
        wait_until(lambda: sum(answer.done() for answer in answers) == 20 - AT_ONCE)
        assert len(asking(service)) == AT_ONCE
        assert requests.get(f"{service.console}/healthz", timeout=60).ok
        event = service.send(service.secret)
        wait_until(lambda: service.landed(event))
        assert len(asking(service)) == AT_ONCE
        for number in range(20):
            requests.delete(f"{service.console}/sql/q{number}", headers=admin, timeout=60)
        assert sorted(answer.result() for answer in answers) == [400] * AT_ONCE + [503] * (20 - AT_ONCE)
    assert not asking(service)


def test_a_question_that_would_use_up_all_memory_ends_alone(service: Service, admin: dict[str, str]) -> None:
    console = service.room("console")
    answer = requests.post(f"{service.console}/sql", data=BOMB, headers=admin, timeout=60)
    assert (answer.status_code, answer.json()["error"]) == (400, "query_failed")
    assert "emory" in answer.json()["message"]
    assert service.room("console") == console
    assert requests.get(f"{service.console}/healthz", timeout=60).ok


def test_the_published_file_comes_in_ranges(service: Service, admin: dict[str, str]) -> None:
    """As DuckDB asks for it that attaches it over HTTP."""
    wait_until(lambda: requests.get(f"{service.console}/warehouse.duckdb", headers=admin, timeout=60).ok)
    asked = {"headers": {**admin, "Range": "bytes=0-15"}, "timeout": 30}
    answer = requests.get(f"{service.console}/warehouse.duckdb", **asked)
    assert (answer.status_code, answer.content[8:12]) == (206, b"DUCK")


def test_pull_fetches_the_copy_once_and_every_reading_command_works_on_it(
    service: Service, admin: dict[str, str], tmp_path: Path
) -> None:
    wait_until(lambda: requests.get(f"{service.console}/warehouse.duckdb", headers=admin, timeout=60).ok)
    key = admin["Authorization"].removeprefix("Bearer ")
    words = ("pull", "--url", service.console, "--data", tmp_path)
    first, second = (run(*words, SAYSO_KEY=key) for _ in range(2))
    assert "has been fetched" in first.stderr
    assert "is the copy that is published there" in second.stderr
    count = "SELECT count(*) AS n FROM events"
    [(n,)] = service.query(count)
    assert run("sql", count, "--format", "csv", "--data", tmp_path).stdout == f"n\n{n}\n"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("localhost:1", "Write it with its scheme"),
        ("http://127.0.0.1:1", "could not be fetched"),
    ],
)
def test_pull_says_what_is_wrong_with_an_address(url: str, told: str, tmp_path: Path) -> None:
    done = run("pull", "--url", url, "--key", "ak_1", "--data", tmp_path)
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_pull_is_told_why_it_is_refused(service: Service, tmp_path: Path) -> None:
    done = run("pull", "--url", service.console, "--key", "ak_unknown", "--data", tmp_path)
    assert done.returncode == 1
    assert "unknown or revoked" in done.stderr


def test_pull_leaves_a_folder_alone_that_has_a_lander(service: Service) -> None:
    done = run("pull", "--url", service.console, "--key", "ak_1", "--data", service.data)
    assert done.returncode == 2
    assert "belongs to a lander" in done.stderr


def test_questions_end_with_a_console_that_is_killed_and_the_next_one_answers(
    service: Service, admin: dict[str, str]
) -> None:
    def ask() -> requests.Response:
        return requests.post(f"{service.console}/sql?timeout=600", data=ENDLESS, headers=admin, timeout=60)

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask)
        wait_until(lambda: asking(service))
        for worker in children(service.room("console")):
            os.kill(worker, signal.SIGKILL)
        wait_until(lambda: not asking(service))
        assert isinstance(answer.exception(), requests.ConnectionError)
    wait_until(lambda: is_healthy(service))


def is_healthy(service: Service) -> bool:
    try:
        return requests.get(f"{service.console}/healthz", timeout=20).ok
    except requests.ConnectionError:
        return False
