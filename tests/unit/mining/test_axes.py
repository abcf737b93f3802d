"""Coverage along axes that the application itself gave."""

from __future__ import annotations

import numpy as np
import pytest
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.mining.coverage.axes import Axis, measure_axis
from unit.mining.builders import interaction

TRAFFIC = [
    *(interaction(f"d{n}", tags=("billing",), variables={"language": "de"}) for n in range(6)),
    *(interaction(f"e{n}", tags=("login", "billing"), variables={"language": "en"}) for n in range(3)),
    interaction("none", variables={"language": None}),
]


def measured(name: str, *cases: dict[str, object]) -> Axis:
    return measure_axis(name, TRAFFIC, cases, np.arange(len(TRAFFIC)))


def test_a_value_is_covered_by_the_cases_that_carry_it() -> None:
    found = measured("variables.language", {"variables": {"language": "de"}})
    assert [(one.value, one.interactions, one.cases) for one in found.values] == [("de", 6, 1), ("en", 3, 0)]
    assert found.levels[0].share == pytest.approx(6 / 9)
    assert found.levels[1].share == 0
    assert found.levels[0].low < 6 / 9 < found.levels[0].high


def test_three_cases_reach_the_higher_bar() -> None:
    case = {"variables": {"language": "en"}}
    assert measured("variables.language", case, case, case).levels[1].share == pytest.approx(3 / 9)


def test_an_interaction_without_a_value_is_left_out_and_counted() -> None:
    assert measured("variables.language").without == 1


def test_an_interaction_with_two_tags_is_half_covered_by_a_case_of_one() -> None:
    found = measured("tag", {"tags": ["login"]})
    assert found.levels[0].share == pytest.approx(3 * 0.5 / 9)
    assert [one.value for one in found.values] == ["billing", "login"]


def test_a_prompt_is_read_from_where_the_case_comes_from() -> None:
    traffic = [interaction("a", prompt_name="reply"), interaction("b", prompt_name="sum up")]
    found = measure_axis("prompt_name", traffic, [{"provenance": {"prompt_name": "reply"}}], np.arange(2))
    assert {one.value: one.cases for one in found.values} == {"reply": 1, "sum up": 0}


def test_a_document_is_covered_by_cases_whose_answer_was_made_from_it() -> None:
    traffic = [interaction("a"), interaction("b"), interaction("c")]
    documents = {"a": ["returns"], "b": ["returns", "prices"], "of the case": ["prices"]}
    cases = [{"provenance": {"target": "of the case"}}, {"provenance": {"target": "gone"}}, {}]
    found = measure_axis("document", traffic, cases, np.arange(3), documents=documents)
    assert [(one.value, one.interactions, one.cases) for one in found.values] == [
        ("returns", 2, 0),
        ("prices", 1, 1),
    ]
    assert (found.levels[0].share, found.without) == (0.25, 1)


def test_a_value_that_is_no_text_is_shown_as_json() -> None:
    traffic = [interaction("a", variables={"vip": True})]
    assert measure_axis("variables.vip", traffic, [], np.arange(1)).values[0].value == "true"


def test_people_who_ask_much_make_the_interval_wider() -> None:
    cases = [{"variables": {"language": "de"}}]
    alone = measure_axis("variables.language", TRAFFIC, cases, np.arange(10)).levels[0]
    few = measure_axis("variables.language", TRAFFIC, cases, np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 2])).levels[
        0
    ]
    assert few.high - few.low > alone.high - alone.low


@pytest.mark.parametrize("name", ["language", "variables.", ""])
def test_a_name_that_is_no_axis_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(UsageError, match=r"There is no axis .*prompt_name.*variables\.NAME"):
        measured(name)


def test_an_axis_without_any_value_says_so() -> None:
    with pytest.raises(NotFound, match=r"No interaction has a value for model"):
        measured("model")


def test_of_many_values_the_first_are_kept_with_a_measurement_and_the_rest_are_counted() -> None:
    traffic = [interaction(f"t{n}", variables={"page": f"{n % 60} " + "x" * 200}) for n in range(120)]
    kept = measure_axis("variables.page", traffic, [], np.arange(120)).measured()
    assert (len(kept.values), kept.more, kept.without) == (50, 10, 0)
    assert max(len(one.value) for one in kept.values) == 120


def test_what_one_person_alone_gave_is_printed_and_not_kept() -> None:
    traffic = [interaction(f"t{n}", variables={"page": "prices" if n else "my own"}) for n in range(4)]
    found = measure_axis("variables.page", traffic, [], np.arange(4))
    assert {one.value for one in found.values} == {"prices", "my own"}
    kept = found.measured()
    assert ([one.value for one in kept.values], kept.more) == (["prices"], 1)
