"""Which page is made ahead, and how much of the time that takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.console.watched import BEHIND, FITS, MOST, SHARE, Watch, Watched, following, rest

SLOW = 0.25
OLD, NEW = (1, 1), (2, 2)
costs = st.lists(st.floats(0, FITS), min_size=1, max_size=20)
watches = st.lists(
    st.builds(
        Watch,
        st.text(max_size=2),
        st.floats(0, 100),
        st.floats(0, 100),
        st.sampled_from([None, OLD, NEW]),
        st.floats(0, 2 * FITS),
    ),
    max_size=20,
)


@given(watches)
def test_what_was_never_made_comes_first_and_what_is_up_to_date_or_takes_no_time_is_left(
    pages: list[Watch],
) -> None:
    chosen = following(pages, NEW, slow=SLOW)
    if any(page.version is None for page in pages):
        assert chosen is not None
        assert chosen.version is None
    elif chosen is not None:
        assert chosen.version == OLD
        assert chosen.cost >= SLOW


@given(costs)
def test_work_takes_its_share_of_the_time_and_no_more(works: list[float]) -> None:
    worked, passed = 0.0, 0.0
    for work in works:
        worked += work
        assert worked <= SHARE * passed + work + 1e-9
        passed += work + rest(work)
    assert worked <= SHARE * passed + 1e-9


@given(costs, st.integers(1, 60))
def test_a_page_that_is_made_again_at_all_is_made_again_before_it_is_too_old_to_be_shown(
    takes: list[float], steps: int
) -> None:
    """Where there is a new copy at each moment, and all of the pages were just made."""
    pages = [Watch(str(place), version=OLD, made=0.0, cost=cost) for place, cost in enumerate(takes)]
    began = {page.address: 0.0 for page in pages}
    now = 0.0
    for _ in range(steps):
        page = following(pages, NEW, slow=SLOW)
        if page is None:
            assert all(cost < SLOW for cost in takes)
            return
        ended = now + page.cost
        assert ended - began[page.address] <= BEHIND + 1e-6
        began[page.address], page.made = now, ended
        now = ended + rest(page.cost)


@given(costs)
def test_of_pages_that_do_not_all_fit_those_asked_for_last_are_made(takes: list[float]) -> None:
    pages = [Watch(str(n), asked=n, made=n, version=OLD, cost=SLOW + cost) for n, cost in enumerate(takes)]
    last = pages[-1]
    if last.cost <= FITS:
        others = [page for page in pages if page is not last]
        for page in others:
            page.version = NEW
        assert following(pages, NEW, slow=SLOW) is last


@given(st.lists(st.tuples(st.integers(0, 99), st.floats(0, 2)), max_size=200))
def test_as_many_addresses_are_watched_as_there_is_room_for_and_those_of_the_navigation_always(
    asked: list[tuple[int, float]],
) -> None:
    watched = Watched()
    watched.begin(["/", "/inbox"])
    for now, (page, cost) in enumerate(asked):
        watched.look(f"/{page}", now, slow=SLOW)
        watched.note(f"/{page}", OLD, cost, now, slow=SLOW)
    found = set()
    while (page := watched.due(NEW, len(asked), slow=SLOW)) is not None:
        found.add(page.address)
        watched.drop(page.address)
    assert {"/", "/inbox"} <= found
    assert len(found) <= MOST + 2
    slow = {f"/{page}" for page, cost in asked if cost >= SLOW}
    assert found <= slow | {"/", "/inbox"}
