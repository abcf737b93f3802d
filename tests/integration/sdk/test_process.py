"""A process ends, or forks: nothing is lost that the budget allows, and nothing hangs."""

from __future__ import annotations

import time

import pytest
from integration.sdk.conftest import RunScript
from integration.sdk.loopback import Answer, Loopback

BEGIN = """
import os, sys, sayso, threading
client = sayso.Client.from_env()
def record(n, target="msg"):
    for number in range(n):
        client.thumb(f"{target}_{number}", value="up")
"""


def targets(collector: Loopback) -> list[str]:
    return sorted(event["target"] for event in collector.stored)


@pytest.mark.parametrize(
    "ending",
    [
        "",
        "sys.exit(3)",
        "raise ZeroDivisionError",
        "client.close()",
        "client.flush(); client.close(); client.close()",
    ],
)
def test_a_process_that_just_ends_delivers_everything(
    collector: Loopback, run_script: RunScript, ending: str
) -> None:
    run_script(f"{BEGIN}record(250)\n{ending}")
    assert len(set(collector.ids)) == len(collector.ids) == 250


def test_what_other_threads_and_exit_handlers_record_at_the_end_is_delivered_too(
    collector: Loopback, run_script: RunScript
) -> None:
    script = """
import atexit, time
atexit.register(record, 1, "handler")
def work():
    time.sleep(0.5)
    record(1, "thread")
threading.Thread(target=work).start()
record(1, "main")
"""
    ended = run_script(BEGIN + script)
    assert targets(collector) == ["handler_0", "main_0", "thread_0"]
    assert ended.stderr == ""


@pytest.mark.parametrize(
    "trouble", [Answer(hold=True), Answer(status=503), Answer(silent=True)], ids=["hangs", "503", "no answer"]
)
def test_a_process_ends_within_its_budget_and_says_what_is_lost(
    collector: Loopback, run_script: RunScript, trouble: Answer
) -> None:
    collector.otherwise = trouble
    started = time.monotonic()
    ended = run_script(BEGIN + "record(50)")
    assert time.monotonic() - started < 6  # the budget is 2 s, a slow machine's start-up comes on top
    assert ended.returncode == 0
    assert "Dropped 50 event(s) as unsent" in ended.stderr


def test_a_process_ends_within_its_budget_when_nobody_listens(run_script: RunScript) -> None:
    started = time.monotonic()
    ended = run_script(BEGIN + "record(50)", url="http://127.0.0.1:9")
    assert time.monotonic() - started < 6
    assert "could not be reached" in ended.stderr
    assert "Dropped 50 event(s) as unsent" in ended.stderr


def test_a_process_with_nothing_to_say_ends_at_once(collector: Loopback, run_script: RunScript) -> None:
    ended = run_script(BEGIN)
    assert (ended.returncode, ended.stderr, collector.requests) == (0, "", [])


def test_a_forked_child_delivers_its_own_and_leaves_the_parents_to_the_parent(
    collector: Loopback, run_script: RunScript
) -> None:
    script = """
record(30, "parent")
if os.fork() == 0:
    assert client.stats().recorded == 0
    record(30, "child")
    assert client.flush(10)
    os._exit(0)
_, status = os.wait()
assert status == 0, status
assert client.flush(10)
"""
    ended = run_script(BEGIN + script)
    assert ended.returncode == 0, ended.stderr
    assert targets(collector) == sorted(f"{who}_{n}" for who in ("parent", "child") for n in range(30))


def test_a_fork_while_another_thread_records_and_a_request_is_under_way_does_not_hang_the_child(
    collector: Loopback, run_script: RunScript
) -> None:
    collector.planned.append(Answer(hold=True, about="first_0"))
    script = """
stop = threading.Event()
def keep_recording():
    while not stop.wait(0.0005):
        client.signal("msg", name="busy")
record(100, "first")
threading.Thread(target=keep_recording, daemon=True).start()
for number in range(10):
    if os.fork() == 0:
        record(1, f"child{number}")
        os._exit(0 if client.flush(10) else 1)
    _, status = os.wait()
    assert status == 0, status
stop.set()
os._exit(0)
"""
    ended = run_script(BEGIN + script)
    assert ended.returncode == 0, ended.stderr
    assert [name for name in targets(collector) if name.startswith("child")] == [
        f"child{n}_0" for n in range(10)
    ]


def test_a_fork_while_another_thread_is_within_a_call_does_not_hang_the_child(
    collector: Loopback, run_script: RunScript
) -> None:
    script = """
import time
from datetime import UTC, datetime
inside = threading.Event()
def now():
    if threading.current_thread().name == "stuck":
        inside.set()
        time.sleep(60)
    return datetime.now(UTC)
client = sayso.Client(os.environ["SAYSO_URL"], "sk_1", now=now)
threading.Thread(target=record, args=(1,), name="stuck", daemon=True).start()
inside.wait()
if os.fork() == 0:
    record(1, "child")
    os._exit(0 if client.flush(10) else 1)
deadline = time.monotonic() + 15
while (ended := os.waitpid(-1, os.WNOHANG))[0] == 0 and time.monotonic() < deadline:
    time.sleep(0.01)
os._exit(0 if ended[0] and ended[1] == 0 else 1)
"""
    ended = run_script(BEGIN + script)
    assert ended.returncode == 0, ended.stderr
    assert targets(collector) == ["child_0"]


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_a_child_of_multiprocessing_that_just_ends_delivers(
    collector: Loopback, run_script: RunScript, way: str, tmp_path: object
) -> None:
    """Such a child never runs atexit."""
    script = f"{tmp_path}/script.py"
    with open(script, "w") as file:  # noqa: PTH123
        file.write(
            "import multiprocessing, sayso\n"
            "client = sayso.Client.from_env()\n"
            "def work():\n"
            "    client.thumb('child', value='up')\n"
            "if __name__ == '__main__':\n"
            "    client.thumb('parent', value='up')\n"
            f"    child = multiprocessing.get_context('{way}').Process(target=work)\n"
            "    child.start()\n"
            "    child.join()\n"
        )
    ended = run_script(
        f"import runpy, sys; sys.argv = [{script!r}]; runpy.run_path({script!r}, run_name='__main__')"
    )
    assert targets(collector) == ["child", "parent"], ended.stderr


def test_settings_that_are_missing_are_named(run_script: RunScript) -> None:
    ended = run_script("import os, sayso; del os.environ['SAYSO_KEY']; sayso.Client.from_env()")
    assert "ConfigurationError: SAYSO_KEY not set." in ended.stderr
