"""What is kept of published copies, for how long, and how much."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.console.kept import MOST, Kept, Made, Version

steps = st.lists(
    st.one_of(
        st.tuples(st.just("see"), st.integers(0, 4)),
        st.tuples(st.just("keep"), st.tuples(st.integers(0, 4), st.sampled_from("abc"))),
        st.tuples(st.just("wait"), st.integers(1, 9)),
    ),
    max_size=40,
)


def version(number: int) -> Version:
    return (number, number)


@given(steps, st.integers(0, 20))
def test_what_was_made_of_a_copy_is_found_until_that_one_was_replaced_too_long_ago(
    did: list[tuple[str, object]], behind: int
) -> None:
    now = [0.0]
    kept = Kept(behind=behind, clock=lambda: now[0])
    newest, replaced = None, dict[Version, float]()
    held = set[tuple[int, str]]()
    for what, value in did:
        if what == "wait":
            now[0] += value  # type: ignore[operator] # an int
        elif what == "keep":
            number, key = value  # type: ignore[misc] # a pair
            kept.keep(version(number), key, Made((number, key), 0.1))
            held.add((number, key))
        elif version(value) != newest:  # type: ignore[arg-type] # an int
            if newest is not None:
                replaced[newest] = now[0]
            newest = version(value)  # type: ignore[arg-type] # an int
            replaced.pop(newest, None)
        kept.see(newest)
        fresh = {newest} | {one for one, at in replaced.items() if now[0] - at < behind}
        held = {(number, key) for number, key in held if version(number) in fresh}
        found = {(number, key): kept.find(version(number), key) for number in range(5) for key in "abc"}
        assert {made.value for made in found.values() if made} == held
        assert all(made is None or made.value == at for at, made in found.items())


def test_so_much_is_kept_and_no_more_and_what_was_not_asked_for_longest_goes_first() -> None:
    kept = Kept()
    kept.see((1, 1))
    for number in range(MOST + 10):
        kept.keep((1, 1), number, Made(number, 0.0))
        assert kept.find((1, 1), 0) is not None
    assert sum(kept.find((1, 1), number) is not None for number in range(MOST + 10)) == MOST
    assert kept.find((1, 1), 5) is None
