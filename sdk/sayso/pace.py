"""When the next attempt may be made. Whoever calls holds the lock of `Shared`."""

from __future__ import annotations

from dataclasses import dataclass

from sayso import retry


@dataclass(slots=True)
class Pace:
    """Pauses after attempts that failed, and who is in a hurry."""

    hurry: int = -1
    """Events up to this number do not wait for company."""
    failures: int = 0
    backoff_until: float = 0.0
    asked_until: float = 0.0
    """The collector itself asked for a pause."""

    @property
    def pause_until(self) -> float:
        """When the pauses are over."""
        return max(self.backoff_until, self.asked_until)

    def after(self, now: float, *, slow_down: bool, asked: float) -> None:
        """Note how an attempt went."""
        self.failures = self.failures + 1 if slow_down else 0
        if slow_down:
            self.backoff_until = now + retry.wait(self.failures)
            self.asked_until = now + asked

    def soon(self, newest: int) -> None:
        """Let nothing up to a number wait any longer, unless the collector asked for it."""
        self.hurry = newest
        self.backoff_until = 0.0

    def last_chance(self, newest: int) -> None:
        """Let nothing wait for company or for a better moment."""
        self.hurry, self.failures, self.backoff_until, self.asked_until = newest, 0, 0.0, 0.0
