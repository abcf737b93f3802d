"""What waits, within bounds, in order."""

from __future__ import annotations

from collections import deque

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sayso.backlog import Backlog, Limits


def filled(count: int, *, limits: Limits | None = None, size: int = 10) -> Backlog:
    backlog = Backlog(limits or Limits())
    for number in range(count):
        assert backlog.put(str(number), b"x" * size, float(number))
    return backlog


def test_a_batch_has_as_many_events_as_are_allowed() -> None:
    backlog = filled(250)
    assert [item.id for item in backlog.take()] == [str(number) for number in range(100)]


def test_a_batch_has_as_many_bytes_as_are_allowed() -> None:
    backlog = filled(10, size=200 * 1024)
    assert len(backlog.take()) == 2


def test_an_event_larger_than_a_batch_goes_alone() -> None:
    backlog = filled(3, limits=Limits(batch_bytes=5))
    assert len(backlog.take()) == 1


def test_nothing_is_taken_while_something_is_under_way() -> None:
    backlog = filled(250)
    backlog.take()
    assert backlog.take() == []


def test_what_is_put_back_comes_first_again_and_in_order() -> None:
    backlog = filled(5, limits=Limits(batch_events=3))
    backlog.take()
    backlog.settle(["1"])
    assert backlog.oldest == 1
    backlog.put_back()
    assert [item.id for item in backlog.take()] == ["0", "2", "3"]


def test_both_bounds_hold_for_what_waits_and_what_is_under_way() -> None:
    by_count = filled(3, limits=Limits(events=3, batch_events=2))
    by_count.take()
    assert not by_count.put("new", b"", 0)
    by_bytes = filled(3, limits=Limits(bytes=30, batch_events=2))
    by_bytes.take()
    assert not by_bytes.put("new", b"x", 0)
    by_bytes.settle(["0"])
    assert by_bytes.put("new", b"x" * 10, 0)


def test_what_was_given_up_meanwhile_is_not_settled_again() -> None:
    backlog = filled(3)
    taken = backlog.take()
    assert backlog.give_up() == 3
    assert backlog.settle([item.id for item in taken]) == 0


class AgainstAList(RuleBasedStateMachine):
    """The backlog and a plain list say the same, whatever happens in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.backlog = Backlog(Limits(events=8, bytes=60, batch_events=3, batch_bytes=20))
        self.waiting: deque[tuple[str, int]] = deque()
        self.under_way: list[tuple[str, int]] = []
        self.named = 0

    @rule(size=st.integers(0, 25))
    def put(self, size: int) -> None:
        self.named += 1
        held = [*self.waiting, *self.under_way]
        fits = len(held) < 8 and sum(known for _, known in held) + size <= 60
        assert self.backlog.put(str(self.named), b"x" * size, 0.0) == fits
        if fits:
            self.waiting.append((str(self.named), size))

    @rule()
    def take(self) -> None:
        expected: list[tuple[str, int]] = []
        while not self.under_way and self.waiting and len(expected) < 3:
            if expected and sum(size for _, size in expected) + self.waiting[0][1] > 20:
                break
            expected.append(self.waiting.popleft())
        self.under_way = self.under_way or expected
        assert [item.id for item in self.backlog.take()] == [name for name, _ in expected]

    @rule(which=st.sets(st.integers(0, 2)))
    def settle(self, which: set[int]) -> None:
        gone = {name for place, (name, _) in enumerate(self.under_way) if place in which}
        assert self.backlog.settle(gone) == len(gone)
        self.under_way = [item for item in self.under_way if item[0] not in gone]

    @rule()
    def put_back(self) -> None:
        self.backlog.put_back()
        self.waiting.extendleft(reversed(self.under_way))
        self.under_way = []

    @invariant()
    def counts_agree(self) -> None:
        assert len(self.backlog) == len(self.waiting) + len(self.under_way)
        first = self.backlog.first
        assert (first.id if first else None) == (self.waiting[0][0] if self.waiting else None)
        assert (self.backlog.oldest is None) == (not self.waiting and not self.under_way)


AgainstAList.TestCase.settings = settings(max_examples=50, stateful_step_count=30, deadline=None)
test_backlog_says_what_a_list_says = AgainstAList.TestCase
