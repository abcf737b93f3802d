"""One child process of the supervisor: started, watched, started again."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sayso_ingest.errors import ServiceFailed
from sayso_ingest.operate.ports import reached_at

GIVE_UP_AFTER = 5
"""Starts in a row that never became healthy, after which no other one is tried."""
FIRST_WAIT = 0.2
"""Seconds before the first start again; doubled with every end in a row."""
LONGEST_WAIT = 5.0
"""Seconds: the most that is waited for one that did not become healthy."""
LONGEST_WAIT_AFTER_HEALTH = 1.0
"""Seconds: what worked until somebody killed it will work again, and is missed meanwhile."""
STEADY = 60.0
"""Seconds that a child has to have been healthy, for its end to count as the first in a row."""
PATIENCE = 120.0
"""Seconds in which a child has to become healthy, or it is killed."""

Probe = Callable[[], bool]
Say = Callable[[str], None]


@dataclass(frozen=True)
class ChildSpec:
    """What to run, and how to see that it is healthy.

    Without a probe the child says so itself, by a line on its standard output.
    """

    name: str
    command: Sequence[str]
    probe: Probe | None = None


@dataclass(frozen=True)
class Failures:
    """How often a child has ended: pure, so that the rules can be read and tested."""

    before_healthy: int = 0
    in_a_row: int = 0
    was_healthy: bool = False

    def after(self, healthy_for: float | None) -> Failures:
        """Count one more end, of a child that had been healthy for so many seconds, or never (None)."""
        steady = healthy_for is not None and healthy_for >= STEADY
        return Failures(
            before_healthy=self.before_healthy + 1 if healthy_for is None else 0,
            in_a_row=1 if steady else self.in_a_row + 1,
            was_healthy=self.was_healthy or healthy_for is not None,
        )

    @property
    def hopeless(self) -> bool:
        """Whether starting it again makes no sense.

        One that has worked is never given up: what is in its way now (a full disk) goes by, and the others work on.
        """
        return self.before_healthy >= GIVE_UP_AFTER and not self.was_healthy

    @property
    def wait(self) -> float:
        """Seconds until the next start: doubled with every end in a row."""
        longest = LONGEST_WAIT if self.before_healthy else LONGEST_WAIT_AFTER_HEALTH
        return float(min(longest, FIRST_WAIT * 2 ** (self.in_a_row - 1))) if self.in_a_row else 0.0


class Child:
    """A child process and what is known about it; `step` does what is due and never blocks for long."""

    def __init__(self, spec: ChildSpec, *, clock: Callable[[], float], say: Say) -> None:
        self.spec = spec
        self._clock = clock
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = Failures()
        self._due = clock()
        self._healthy_since: float | None = None

    @property
    def healthy(self) -> bool:
        """Whether it runs and has shown that it works."""
        return self._process is not None and self._healthy_since is not None

    @property
    def pid(self) -> int | None:
        """Its process id, None between two runs."""
        return self._process.pid if self._process else None

    def step(self) -> None:
        """Start it if that is due, see whether it is healthy, notice that it ended.

        Raises:
            ServiceFailed: it ended too often before it became healthy.
        """
        now = self._clock()
        if self._process is None:
            if now >= self._due:
                self._start(now)
        elif self._process.poll() is not None:
            self._ended(self._process.returncode, now)
        elif self._healthy_since is None:
            if self._looks_healthy(self._process):
                self._healthy_since = now
            elif now - self._due > PATIENCE:
                self._say(f"{self.spec.name} is not healthy after {PATIENCE:.0f} s: killing it.")
                self.kill()

    def terminate(self) -> None:
        """Ask it to stop."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def ended(self) -> bool:
        """Whether it has stopped, or was not running."""
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """End it and everything it started, now."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _start(self, now: float) -> None:
        # A group of its own: Ctrl-C on the terminal reaches the supervisor alone, which stops all in
        # order, and `kill` reaches what the child has started too.
        self._process = subprocess.Popen(
            self.spec.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if self.spec.probe is None else 2,
            process_group=0,
        )
        if self._process.stdout is not None:
            os.set_blocking(self._process.stdout.fileno(), False)
        self._due = now
        self._healthy_since = None

    def _ended(self, code: int, now: float) -> None:
        healthy_for = None if self._healthy_since is None else now - self._healthy_since
        self._failures = self._failures.after(healthy_for)
        self.kill()  # what it had started
        self._process = None
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        if self._failures.hopeless:
            raise ServiceFailed(
                f"{self.spec.name} {how}: the {self._failures.before_healthy}th time in a row before it "
                "became healthy. What it said about that is above; put it right and start again."
            )
        self._due = now + self._failures.wait
        self._say(f"{self.spec.name} {how}; it starts again in {self._failures.wait:.1f} s.")

    def _looks_healthy(self, process: subprocess.Popen[bytes]) -> bool:
        if self.spec.probe is not None:
            return self.spec.probe()
        return bool(process.stdout and process.stdout.read(4096))


def answers(host: str, port: int, *, timeout: float = 1.0) -> Probe:
    """Return a probe that asks GET /healthz of a server which listens on `host`."""
    target = reached_at(host)

    def probe() -> bool:
        connection = http.client.HTTPConnection(target, port, timeout=timeout)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return probe
