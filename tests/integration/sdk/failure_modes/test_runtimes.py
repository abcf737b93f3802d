"""Modes 10 to 14: the SDK inside real Celery, uWSGI, gevent and asyncio, and in a function that is frozen."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests
import sayso
from integration.sdk.conftest import RunScript, environment
from integration.sdk.loopback import Answer, Loopback
from processes import wait_until

TASKS = """
import os, sayso
from celery import Celery
from celery.signals import worker_process_shutdown

# Nothing waits for the thread: what the end of a worker's process delivers is all there is.
client = sayso.Client(os.environ["SAYSO_URL"], "sk_1", limits=sayso.Limits(linger=60))
client.thumb("before_the_fork", value="up")
spooled = sayso.Client.from_env(spool_dir=SPOOL, limits=sayso.Limits(linger=60))
stuck = sayso.Client.from_env()

app = Celery(broker="filesystem://", set_as_current=False)
app.conf.update(
    broker_transport_options={"data_folder_in": FOLDER, "data_folder_out": FOLDER, "polling_interval": 0.05},
    worker_hijack_root_logger=False,
)

@app.task(name="rate")
def rate(number):
    client.thumb(f"task_{number}", value="up")

@app.task(name="die")
def die():
    client.flush()
    spooled.thumb("spooled_0", value="up")
    os._exit(1)

@app.task(name="after_death")
def after_death():
    spooled.thumb("spooled_1", value="up")

@app.task(name="hang")
def hang():
    stuck.thumb("hangs", value="up")
    client.outcome("flushed", name="flush", value=stuck.flush(0.2))

@worker_process_shutdown.connect
def finish(**_):
    client.close()
    spooled.close()
"""


@contextmanager
def running(*command: str, folder: Path, collector: Loopback) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a process group of its own; its output goes to `folder`/out."""
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command] if command[0] == "celery" else [sys.executable, *command],
            cwd=folder,
            env=environment(collector.url),
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            collector.let_go.set()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_mode_10_celery_worker_processes_deliver_their_own_events_and_a_flush_in_a_task_is_bounded(
    collector: Loopback, run_script: RunScript, tmp_path: Path
) -> None:
    """A real worker with prefork; its process ends with os._exit after 5 tasks, and says so by a signal before.

    A task that ends its process by itself says nothing: only what is in a spool outlives it.
    """
    broker = tmp_path / "broker"
    broker.mkdir()
    spool = tmp_path / "spool"
    (tmp_path / "tasks.py").write_text(
        TASKS.replace("FOLDER", repr(str(broker))).replace("SPOOL", repr(str(spool)))
    )
    collector.planned.append(Answer(hold=True, about="hangs"))
    options = ("--pool=prefork", "--concurrency=1", "--max-tasks-per-child=5", "--without-mingle")
    with running("celery", "-A", "tasks", "worker", *options, folder=tmp_path, collector=collector):
        asked = run_script(
            "import tasks, time\n"
            "ask = [(tasks.rate, n) for n in range(3)] + [(tasks.die,)] + [(tasks.rate, n) for n in range(3, 6)]\n"
            "for task, *arguments in [*ask, (tasks.after_death,), (tasks.hang,)]:\n"
            "    task.delay(*arguments)\n"
            "    time.sleep(0.003)  # the broker sorts by milliseconds\n"
            "for client in (tasks.client, tasks.spooled, tasks.stuck):\n"
            "    client.close(0)\n",
            folder=tmp_path,
        )
        assert asked.returncode == 0, asked.stderr
        collector.wait_for(lambda: len(collector.stored) == 10, timeout=20)
        wait_until(lambda: not list(spool.glob("*.events")), what="the spool is empty")
    assert collector.targets == [
        *("flushed", "hangs", "spooled_0", "spooled_1"),
        *(f"task_{n}" for n in range(6)),
    ]
    assert [event["body"]["value"] for event in collector.stored if event["kind"] == "outcome"] == [False]


WSGI = """
import os
import sayso
client = sayso.Client(os.environ["SAYSO_URL"], "sk_1", limits=sayso.Limits(linger=0.05))
client.thumb("at_import", value="up")

def application(environ, start_response):
    client.thumb(environ["PATH_INFO"].strip("/"), value="up")
    start_response("200 OK", [])
    return [b"thanks"]
"""


@contextmanager
def uwsgi(folder: Path, collector: Loopback, *options: str) -> Iterator[str]:
    """Run a real uWSGI with the application above; yields its address."""
    (folder / "app.py").write_text(WSGI)
    arguments = ("--http-socket", "127.0.0.1:0", "--wsgi-file", "app.py", "--die-on-term", "--need-app")
    start = "import pyuwsgi; pyuwsgi.run()"
    with running("-c", start, *arguments, *options, folder=folder, collector=collector) as process:
        said = folder / "out"
        wait_until(
            lambda: "spawned uWSGI worker" in said.read_text() or process.poll() is not None, what=str(said)
        )
        found = re.search(r"bound to TCP address 127\.0\.0\.1:(\d+)", said.read_text())
        assert found, said.read_text()
        yield f"http://127.0.0.1:{found[1]}"
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def test_mode_11_uwsgi_without_threads_sends_from_within_the_call_and_says_so(
    collector: Loopback, tmp_path: Path
) -> None:
    with uwsgi(tmp_path, collector) as address:
        for number in range(3):
            assert requests.get(f"{address}/call_{number}", timeout=10).text == "thanks"
            assert f"call_{number}" in collector.targets
    assert "No thread can be started here" in (tmp_path / "out").read_text()
    assert len(collector.ids) == len(set(collector.ids))


def test_mode_11_uwsgi_with_threads_and_several_workers_delivers_in_the_background(
    collector: Loopback, tmp_path: Path
) -> None:
    options = ("--enable-threads", "--master", "--processes", "2")
    with uwsgi(tmp_path, collector, *options) as address:
        for number in range(8):
            assert requests.get(f"{address}/call_{number}", timeout=10).text == "thanks"
        collector.wait_for(lambda: {f"call_{number}" for number in range(8)} <= set(collector.targets))
    assert len(collector.ids) == len(set(collector.ids))
    assert "No thread can be started here" not in (tmp_path / "out").read_text()


@pytest.mark.parametrize("patched", ["before", "after"])
def test_mode_12_gevent_patches_everything_before_or_after_the_import_and_events_still_arrive(
    collector: Loopback, run_script: RunScript, patched: str
) -> None:
    """Without a flush, too: the thread that sends must not fall silent."""
    before, after = ("monkey.patch_all()", "") if patched == "before" else ("", "monkey.patch_all()")
    ended = run_script(f"""
from gevent import monkey
{before}
import os, sayso
client = sayso.Client(os.environ["SAYSO_URL"], "sk_1", limits=sayso.Limits(linger=0.01))
client.thumb("early", value="up")
{after}
import gevent, time

def work(number):
    for step in range(10):
        client.thumb(f"green_{{number}}_{{step}}", value="up")
        gevent.sleep(0)

gevent.joinall([gevent.spawn(work, number) for number in range(10)])
deadline = time.monotonic() + 10
while client.stats().waiting and time.monotonic() < deadline:
    gevent.sleep(0.01)
print(client.stats().delivered, flush=True)
client.thumb("late", value="up")
assert client.flush(5)
os._exit(0)
""")
    assert (ended.returncode, ended.stdout.strip()) == (0, "101"), ended.stderr
    assert len(set(collector.ids)) == len(collector.ids) == 102


def test_mode_12_other_greenlets_run_while_a_request_hangs(
    collector: Loopback, run_script: RunScript
) -> None:
    collector.otherwise = Answer(hold=True)
    ended = run_script("""
from gevent import monkey
monkey.patch_all()
import gevent, os, sayso
client = sayso.Client(os.environ["SAYSO_URL"], "sk_1", limits=sayso.Limits(linger=0))
client.thumb("hangs", value="up")
waiting = gevent.spawn(client.flush, 0.5)
for turn in range(10):
    gevent.sleep(0.01)
assert not waiting.ready()
assert waiting.get() is False
os._exit(0)
""")
    assert ended.returncode == 0, ended.stderr


def test_mode_13_a_function_that_is_frozen_between_calls_loses_nothing_it_flushed(
    collector: Loopback, tmp_path: Path
) -> None:
    """SIGSTOP stands in for the freeze, and a collector that hangs up meanwhile for the time that passes."""
    script = """
import os, sys, sayso
client = sayso.Client(os.environ["SAYSO_URL"], "sk_1", limits=sayso.Limits(linger=60))
for call in sys.stdin:
    client.thumb(call.strip(), value="up")
    print(client.flush(10), flush=True)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env=environment(collector.url),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin and process.stdout
        for call in ("first", "second", "third"):
            print(call, file=process.stdin, flush=True)
            assert process.stdout.readline() == "True\n"
            assert collector.stored[-1]["target"] == call
            process.send_signal(signal.SIGSTOP)
            collector.hang_up()
            process.send_signal(signal.SIGCONT)
        process.stdin.close()
    assert collector.targets == ["first", "second", "third"]


def test_mode_13_what_was_not_flushed_before_the_freeze_arrives_after_it(
    collector: Loopback, tmp_path: Path
) -> None:
    script = """
import os, sys, sayso
client = sayso.Client(os.environ["SAYSO_URL"], "sk_1", limits=sayso.Limits(linger=0.5))
client.thumb("unflushed", value="up")
print("returned", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env=environment(collector.url),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin and process.stdout
        assert process.stdout.readline() == "returned\n"
        process.send_signal(signal.SIGSTOP)
        assert collector.stored == []
        process.send_signal(signal.SIGCONT)
        collector.wait_for(lambda: collector.targets == ["unflushed"])
        process.stdin.close()


def in_a_loop(coroutine: Coroutine[None, None, bool], *, debug: bool = False) -> bool:
    """Run a coroutine in a thread of its own: in the main one, a browser's loop may be running for other tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine, debug=debug).result()


def test_mode_14_a_coroutine_that_records_never_holds_up_the_loop(
    collector: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    """asyncio's own debug mode says which step took long; the collector hangs all the while."""
    collector.otherwise = Answer(hold=True)
    client = sayso.Client(collector.url, "sk_1", limits=sayso.Limits(events=500, linger=0.0))

    async def application() -> bool:
        asyncio.get_running_loop().slow_callback_duration = 1.0
        for number in range(1000):
            client.interaction(f"msg_{number}", input="Hello?", output="Hello!")
            await asyncio.sleep(0)
        return await asyncio.to_thread(client.flush, 0.2)

    with caplog.at_level(logging.WARNING, "asyncio"):
        assert in_a_loop(application(), debug=True) is False
    assert [record.message for record in caplog.records if record.name == "asyncio"] == []
    assert client.stats().waiting == 500
    client.close(0)


def test_mode_14_a_coroutine_waits_for_delivery_without_blocking_the_others(collector: Loopback) -> None:
    client = sayso.Client(collector.url, "sk_1", limits=sayso.Limits(linger=60))

    async def application() -> bool:
        client.thumb("msg_1", value="up")
        return await asyncio.to_thread(client.flush)

    assert in_a_loop(application()) is True
    assert collector.targets == ["msg_1"]
    client.close(0)
