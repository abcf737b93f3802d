"""Modes 8 and 9: the process forks while events wait, while a lock is held, and while a request is under way."""

from __future__ import annotations

from integration.sdk.conftest import BEGIN, RunScript
from integration.sdk.loopback import Answer, Loopback


def test_mode_08_a_forked_child_delivers_its_own_and_leaves_the_parents_to_the_parent(
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
    assert collector.targets == sorted(f"{who}_{n}" for who in ("parent", "child") for n in range(30))


def test_mode_09_a_fork_while_another_thread_records_and_a_request_is_under_way_does_not_hang_the_child(
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
    assert [name for name in collector.targets if name.startswith("child")] == [
        f"child{n}_0" for n in range(10)
    ]


def test_mode_09_a_fork_while_another_thread_is_within_a_call_does_not_hang_the_child(
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
    assert collector.targets == ["child_0"]


def test_mode_08_parent_and_child_never_use_one_connection(
    collector: Loopback, run_script: RunScript
) -> None:
    """They would read each other's answers."""
    script = """
record(1, "before")
assert client.flush(10)
if os.fork() == 0:
    record(1, "child")
    os._exit(0 if client.flush(10) else 1)
record(1, "parent")
assert client.flush(10)
_, status = os.wait()
assert status == 0, status
"""
    ended = run_script(BEGIN + script)
    assert ended.returncode == 0, ended.stderr
    peer = {request.envelope["events"][0]["target"]: request.peer for request in collector.requests}
    assert peer["before_0"] == peer["parent_0"] != peer["child_0"]


def test_mode_09_a_fork_while_another_thread_is_logging_does_not_hang_the_child(
    collector: Loopback, run_script: RunScript
) -> None:
    script = """
import logging, time
handler = logging.StreamHandler()
logging.getLogger("sayso").addHandler(handler)
held = threading.Event()

def hold():
    handler.acquire()
    held.set()
    time.sleep(60)

threading.Thread(target=hold, daemon=True).start()
held.wait()
if os.fork() == 0:
    client.thumb("msg", value="sideways")
    record(1, "child")
    os._exit(0 if client.flush(10) else 1)
_, status = os.wait()
os._exit(status)
"""
    ended = run_script(BEGIN + script)
    assert ended.returncode == 0, ended.stderr
    assert collector.targets == ["child_0"]
    assert "Dropped 1 event(s) as invalid_value" in ended.stderr


def test_mode_09_a_fork_that_python_was_not_told_of_hangs_no_method(
    run_script: RunScript, collector: Loopback
) -> None:
    """As uWSGI forks: no hook runs in the child, and a thread that it has not holds the lock for ever."""
    script = """
import ctypes, signal
from sayso.disabled import Disabled

held = threading.Event()
buffer = client._buffer

def hold():
    with buffer._shared.lock:
        held.set()
        threading.Event().wait()

threading.Thread(target=hold, daemon=True).start()
held.wait()
calls = {
    "record": lambda: buffer.record("thumb", "msg", {"value": "up"}, {}),
    "leave_out": buffer.leave_out,
    "flush": lambda: buffer.flush(1),
    "close": lambda: buffer.close(1),
    "stats": buffer.stats,
}
assert calls.keys() == {name for name in vars(Disabled) if not name.startswith("_")}
for name, call in calls.items():
    child = ctypes.PyDLL(None).fork()
    if child == 0:
        signal.alarm(5)  # ends a child that hangs
        call()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, name
os._exit(0)
"""
    ended = run_script(BEGIN + script)
    assert ended.returncode == 0, ended.stderr
