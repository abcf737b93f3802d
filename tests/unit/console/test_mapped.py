"""The map of traffic and set."""

from __future__ import annotations

from math import hypot

from hypothesis import given
from hypothesis import strategies as st
from integration.console.mined import measured
from sayso_ingest.console.mapped import HEIGHT, WIDTH, circles, enough
from sayso_ingest.mining import MappedTopic, Measured

topics = st.lists(
    st.builds(
        MappedTopic,
        st.text(max_size=5),
        st.floats(0, 1),
        st.floats(0, 1),
        st.integers(0, 10_000),
        st.integers(0, 5),
    ),
    max_size=12,
)


def of(found: list[MappedTopic]) -> Measured:
    base = measured()
    return Measured(
        **{name: getattr(base, name) for name in base.__dataclass_fields__} | {"map": tuple(found)}
    )


@given(topics)
def test_every_topic_is_on_the_map_and_within_it(found: list[MappedTopic]) -> None:
    drawn = circles(of(found))
    assert sorted(map(repr, (one.topic for one in drawn))) == sorted(map(repr, found))
    for one in drawn:
        assert one.radius - 0.2 <= one.x <= WIDTH - one.radius + 0.2
        assert one.radius - 0.2 <= one.y <= HEIGHT - one.radius + 0.2


@given(topics)
def test_more_traffic_is_never_a_smaller_circle(found: list[MappedTopic]) -> None:
    drawn = circles(of(found))
    sizes = [(one.topic.interactions, one.radius) for one in drawn]
    assert sizes == sorted(sizes, reverse=True)


def test_topics_that_stand_on_each_other_are_pushed_apart() -> None:
    alike = [MappedTopic(f"t{number}", 0.5, 0.5, 100 + number, 0) for number in range(4)]
    drawn = circles(of(alike))
    for one in drawn:
        for other in drawn:
            if one is not other:
                assert hypot(one.x - other.x, one.y - other.y) >= 0.9 * (one.radius + other.radius)


def test_a_topic_looks_covered_once_it_has_the_cases_that_every_level_asks_for() -> None:
    drawn = {one.topic.topic: one for one in circles(measured())}
    assert enough(measured()) == 3
    assert {name: one.look for name, one in drawn.items()} == {
        "refund / money": "none",
        "export / file": "some",
        "invite / link": "full",
    }
    assert [drawn[name].rank for name in ("refund / money", "export / file", "invite / link")] == [1, 2, None]
