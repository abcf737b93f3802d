"""What waits, within bounds, in order."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sayso.backlog import Backlog
from sayso.options import Limits
from sayso.ready import Ready


def event(seq: int, *, size: int = 10, kind: str = "thumb") -> Ready:
    return Ready(str(seq), seq, 0.0, size, kind, b"")


def filled(count: int, *, limits: Limits | None = None, size: int = 10) -> Backlog:
    backlog = Backlog(limits or Limits())
    for seq in range(count):
        assert not backlog.put(event(seq, size=size))
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
    assert backlog.oldest == 0
    backlog.put_back()
    assert [item.id for item in backlog.take()] == ["0", "2", "3"]


def test_both_bounds_hold_for_what_waits_and_what_is_under_way() -> None:
    by_count = filled(3, limits=Limits(events=3, batch_events=2))
    by_count.take()
    assert by_count.put(event(4)) == [event(4)]
    by_bytes = filled(3, limits=Limits(bytes=30, batch_events=2))
    by_bytes.take()
    assert by_bytes.put(event(4, size=1)) == [event(4, size=1)]
    by_bytes.settle(["0"])
    assert not by_bytes.put(event(5))


def test_what_people_say_displaces_the_newest_of_what_was_only_seen_of_them() -> None:
    backlog = Backlog(Limits(events=4))
    for seq, kind in enumerate(["exposure", "thumb", "signal", "comment"]):
        backlog.put(event(seq, kind=kind))
    assert [gone.seq for gone in backlog.put(event(4, kind="rating"))] == [2]
    assert [gone.seq for gone in backlog.put(event(5, kind="exposure"))] == [5]
    assert [gone.seq for gone in backlog.put(event(6, kind="detail"))] == [0]
    assert [gone.seq for gone in backlog.put(event(7, kind="detail"))] == [7]
    assert [item.seq for item in backlog.take()] == [1, 3, 4, 6]


def test_a_large_event_displaces_as_many_as_it_needs_and_none_when_all_are_not_enough() -> None:
    backlog = Backlog(Limits(bytes=60))
    for seq in range(5):
        backlog.put(event(seq, kind="signal"))
    assert backlog.put(event(5, size=61)) == [event(5, size=61)]
    assert [gone.seq for gone in backlog.put(event(6, size=40))] == [4, 3, 2]
    assert [item.seq for item in backlog.take()] == [0, 1, 6]


def test_what_is_made_ready_takes_the_place_of_what_it_was_made_from() -> None:
    backlog = filled(3)
    backlog.take()
    assert backlog.replace([event(0, size=7), event(2)])
    backlog.put_back()
    assert [(item.seq, item.size) for item in backlog.take()] == [(0, 7), (2, 10)]


def test_echoes_stand_apart_and_within_the_same_bounds() -> None:
    backlog = filled(1, limits=Limits(bytes=40, events=20))
    assert backlog.hold_echo(event(1, size=25))
    assert not backlog.hold_echo(event(2, size=25))  # no bytes are left for it
    assert backlog.put(event(3, size=6)) == [event(3, size=6)]
    assert backlog.hold_echo(event(4, size=5))
    assert not backlog.hold_echo(event(5, size=0))  # they are a tenth of all
    assert (len(backlog), [item.seq for item in backlog.take()]) == (3, [0])
    assert [item.seq for item in backlog.take_echoes()] == [1, 4]
    assert (len(backlog), backlog.take_echoes(), backlog.has_room(30)) == (1, [], True)


def test_what_was_given_up_meanwhile_is_not_settled_again() -> None:
    backlog = filled(3)
    taken = backlog.take()
    assert len(backlog.give_up()) == 3
    assert not backlog.settle([item.id for item in taken])
    assert not backlog.replace([])


class AgainstAList(RuleBasedStateMachine):
    """The backlog and a plain list say the same, whatever happens in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.backlog = Backlog(Limits(events=8, bytes=60, batch_events=3, batch_bytes=20))
        self.waiting: list[Ready] = []
        self.under_way: list[Ready] = []
        self.named = 0

    @rule(size=st.integers(0, 25), kind=st.sampled_from(["thumb", "signal"]))
    def put(self, size: int, kind: str) -> None:
        self.named += 1
        new = event(self.named, size=size, kind=kind)
        gone = displaced(self.waiting, self.under_way, new)
        assert list(self.backlog.put(new)) == gone
        self.waiting = [item for item in [*self.waiting, new] if item not in gone]

    @rule()
    def take(self) -> None:
        expected: list[Ready] = []
        while not self.under_way and self.waiting and len(expected) < 3:
            if expected and sum(item.size for item in expected) + self.waiting[0].size > 20:
                break
            expected.append(self.waiting.pop(0))
        self.under_way = self.under_way or expected
        assert self.backlog.take() == expected

    @rule(which=st.sets(st.integers(0, 2)))
    def settle(self, which: set[int]) -> None:
        gone = {item.id for place, item in enumerate(self.under_way) if place in which}
        assert {item.id for item in self.backlog.settle(gone)} == gone
        self.under_way = [item for item in self.under_way if item.id not in gone]

    @rule()
    def put_back(self) -> None:
        self.backlog.put_back()
        self.waiting[:0] = self.under_way
        self.under_way = []

    @invariant()
    def counts_agree(self) -> None:
        assert len(self.backlog) == len(self.waiting) + len(self.under_way)
        first = self.backlog.first
        assert first == (self.waiting[0] if self.waiting else None)
        assert (self.backlog.oldest is None) == (not self.waiting and not self.under_way)


def displaced(waiting: list[Ready], under_way: list[Ready], new: Ready) -> list[Ready]:
    """Who has to go for a new one: tried out one by one, newest first."""
    held = [*waiting, *under_way, new]
    lesser = [item for item in reversed(waiting) if item.kind == "signal"] if new.kind == "thumb" else []
    for count in range(len(lesser) + 1):
        left = [item for item in held if item not in lesser[:count]]
        if len(left) <= 8 and sum(item.size for item in left) <= 60:
            return lesser[:count]
    return [new]


AgainstAList.TestCase.settings = settings(max_examples=50, stateful_step_count=30, deadline=None)
test_backlog_says_what_a_list_says = AgainstAList.TestCase
