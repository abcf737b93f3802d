"""What callers and the sender share: who waits for what, and what is counted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sayso.hooks import Hooks
from sayso.options import Limits
from sayso.ready import Ready
from sayso.shared import Shared
from sayso.spool.segment import FOREIGN, Segment


@contextmanager
def made(folder: Path | None = None, *, events: int = 10_000) -> Iterator[Shared]:
    """Make one, and hold its lock, as whoever uses it does."""
    shared = Shared(Limits(events=events), Hooks(), time.monotonic, folder)
    with shared.lock:
        yield shared


def event(seq: int, *, segment: Segment | None = None) -> Ready:
    return Ready.of(b"{}", id=str(seq), seq=seq, since=0.0, kind="thumb", segment=segment)


def test_what_was_recorded_up_to_a_number_is_waited_for_and_nothing_later() -> None:
    with made() as shared:
        shared.put(event(5))
        assert shared.settled(4)
        assert not shared.settled(5)
        shared.backlog.take()
        assert not shared.settled(5)
        assert shared.settle(["5"]) == 1
        assert shared.settled(5)


def test_what_others_have_left_is_not_waited_for(tmp_path: Path) -> None:
    with made(tmp_path) as shared:
        segment = Segment(tmp_path / "other.000001.events")
        shared.restore(segment, [event(FOREIGN, segment=segment)], {"spool_unreadable": 2})
        assert shared.settled(10)
        stats = shared.stats()
        assert (stats.recorded, stats.recovered, stats.waiting) == (3, 1, 1)
        assert stats.dropped == {"spool_unreadable": 2}


def test_what_found_no_room_in_memory_is_waited_for_too_and_what_comes_after_follows_it(
    tmp_path: Path,
) -> None:
    with made(tmp_path, events=1) as shared:
        for seq in range(3):
            assert shared.put(event(seq))
        assert len(shared.backlog) == 1
        shared.backlog.take()
        shared.settle(["0"])
        assert shared.settled(0)
        assert not shared.settled(1)
        shared.put(event(3))  # there is room now, and two are before it
        assert len(shared.backlog) == 0
        assert shared.stats().waiting == 3
        assert shared.give_up() == 3


def test_an_echo_waits_until_another_event_comes() -> None:
    with made() as shared:
        shared.keep_echo(event(0))
        assert shared.backlog.first is None
        assert shared.stats().waiting == 1
        shared.put(event(1))
        assert [item.seq for item in shared.backlog.take()] == [0, 1]
