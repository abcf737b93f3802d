"""Modes 1 to 7: the end of a process, of a client, and of its patience."""

from __future__ import annotations

import logging
import threading
import time

import pytest
import sayso
from integration.sdk.conftest import BEGIN, RunScript
from integration.sdk.loopback import Answer, Loopback
from processes import wait_until
from sayso.buffer import Buffer
from sayso.stamps import Stamps
from sayso.transport import HttpTransport


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
def test_mode_01_a_process_that_just_ends_delivers_everything(
    collector: Loopback, run_script: RunScript, ending: str
) -> None:
    run_script(f"{BEGIN}record(250)\n{ending}")
    assert len(set(collector.ids)) == len(collector.ids) == 250


def test_mode_01_what_other_threads_and_exit_handlers_record_at_the_end_is_delivered_too(
    collector: Loopback, run_script: RunScript
) -> None:
    script = """
import atexit
atexit.register(record, 1, "handler")
def work():
    threading.main_thread().join()  # the script is done, and what is to be delivered first is delivered
    record(1, "thread")
threading.Thread(target=work).start()
record(1, "main")
"""
    ended = run_script(BEGIN + script)
    assert collector.targets == ["handler_0", "main_0", "thread_0"]
    assert ended.stderr == ""


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_mode_01_a_child_of_multiprocessing_that_just_ends_delivers(
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
    assert collector.targets == ["child", "parent"], ended.stderr


@pytest.mark.parametrize(
    "trouble", [Answer(hold=True), Answer(status=503), Answer(silent=True)], ids=["hangs", "503", "no answer"]
)
def test_mode_02_a_process_ends_within_its_budget_and_says_what_is_lost(
    collector: Loopback, run_script: RunScript, trouble: Answer
) -> None:
    collector.otherwise = trouble
    started = time.monotonic()
    ended = run_script(BEGIN + "record(50)", SAYSO_EXIT_BUDGET="0.3")
    assert time.monotonic() - started < 6  # of which a slow machine's start-up takes most
    assert ended.returncode == 0
    assert "Dropped 50 event(s) as unsent" in ended.stderr


def test_mode_02_a_process_ends_within_its_budget_when_nobody_listens(run_script: RunScript) -> None:
    started = time.monotonic()
    ended = run_script(BEGIN + "record(50)", url="http://127.0.0.1:9", SAYSO_EXIT_BUDGET="0.3")
    assert time.monotonic() - started < 6
    assert "could not be reached" in ended.stderr
    assert "Dropped 50 event(s) as unsent" in ended.stderr


def test_mode_04_two_may_flush_and_close_at_once(collector: Loopback, client: sayso.Client) -> None:
    collector.planned.append(Answer(status=503))
    client.thumb("msg_1", value="up")
    answers: list[bool] = []
    threads = [
        threading.Thread(target=lambda act=act: answers.append(act(10)))
        for act in (client.flush, client.close, client.flush, client.close)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 4
    assert len(collector.ids) == 1


def test_mode_07_a_client_that_nobody_holds_delivers_and_its_thread_ends(
    collector: Loopback,
) -> None:
    before = threading.enumerate()
    client = Buffer(
        HttpTransport(collector.url, "sk_1"),
        Stamps(),
        limits=sayso.Limits(linger=0.0),
        idle=0.1,
    )
    sent = client.record("thumb", "msg_1", {"value": "up"}, {})
    (thread,) = (
        thread for thread in threading.enumerate() if thread.name == "sayso" and thread not in before
    )
    del client
    collector.wait_for(lambda: sent in collector.ids)
    thread.join(5)
    assert thread not in threading.enumerate()


def test_mode_03_a_flush_takes_no_longer_than_it_may_and_what_still_waits_can_be_asked(
    collector: Loopback, client: sayso.Client
) -> None:
    collector.otherwise = Answer(hold=True)
    for _ in range(3):
        client.thumb("msg_1", value="up")
    started = time.monotonic()
    assert client.flush(0.2) is False
    assert time.monotonic() - started < 5
    assert client.stats().waiting == 3


def test_mode_04_what_is_told_about_a_loss_may_flush_and_close_the_client(
    collector: Loopback, client: sayso.Client
) -> None:
    """The log handler runs in the thread that sends: it would wait for itself."""

    class Flusher(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append((threading.current_thread().name, client.flush(5)))

    said: list[tuple[str, bool]] = []
    collector.planned.append(Answer(status=404))
    logging.getLogger("sayso").addHandler(handler := Flusher())
    try:
        client.thumb("msg_1", value="up")
        wait_until(lambda: said)
    finally:
        logging.getLogger("sayso").removeHandler(handler)
    client.thumb("msg_2", value="up")
    assert client.close(5)
    assert said[0][0] == "sayso"
    assert collector.targets == ["msg_2"]


def test_mode_05_recording_while_the_interpreter_shuts_down_raises_nothing(
    collector: Loopback, run_script: RunScript
) -> None:
    """From a thread that never ends, an exit handler that runs last, and a finalizer that runs after all of them."""
    script = """
import atexit, time, weakref

class Last:
    def __del__(self, record=record):
        record(1, "finalizer")

def forever():
    while True:
        record(1, "forever")
        time.sleep(0.001)

sys.last = Last()
threading.Thread(target=forever, daemon=True).start()
record(1, "main")
"""
    early = "import atexit\natexit.register(lambda: record(1, 'handler'))\n"
    ended = run_script(early + BEGIN + script)
    assert ended.returncode == 0
    assert "Traceback" not in ended.stderr
    assert "rror" not in ended.stderr.replace("error", "")
    assert "main_0" in collector.targets


def test_mode_06_clients_share_the_time_at_the_end_and_do_not_add_it_up(
    collector: Loopback, run_script: RunScript
) -> None:
    collector.otherwise = Answer(hold=True)
    started = time.monotonic()
    ended = run_script("""
import sayso
clients = [sayso.Client.from_env() for _ in range(8)]
for client in clients:
    client.thumb("msg_1", value="up")
""")
    assert time.monotonic() - started < 10  # eight budgets would be 16 s
    assert ended.returncode == 0
    assert "Dropped 1 event(s) as unsent" in ended.stderr


def test_mode_06_every_client_of_a_process_delivers_at_its_end(
    collector: Loopback, run_script: RunScript
) -> None:
    run_script("""
import sayso
clients = [sayso.Client.from_env() for _ in range(8)]
for number, client in enumerate(clients):
    client.thumb(f"msg_{number}", value="up")
""")
    assert collector.targets == [f"msg_{number}" for number in range(8)]
