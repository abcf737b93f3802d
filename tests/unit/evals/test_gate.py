"""The gate for pull requests: its verdict, its Markdown that nothing in an answer can break, its JUnit."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.evals.compare import Gate, Verdict, as_junit, as_markdown, compare_runs, gate
from sayso_ingest.evals.compare.pull_request import JOINER, safe
from unit.evals.scored import cases, scored_run

NASTY = (
    "\x00\x1b[31m ]]> <img src=x onerror=alert(1)> @octocat #12 GH-7 | `x` **b** \n\n# h\n[a](javascript:b) "
    "\ud800 &lt;"
)


def held(before: list[float], after: list[float], *, allowed: float = 0.0, output: str | None = "!") -> Gate:
    every = cases(len(before))
    outputs = dict.fromkeys(range(len(before)), output)
    a, b = scored_run("a", every, before, outputs=outputs), scored_run("b", every, after, outputs=outputs)
    return gate(compare_runs(a, b, every), allowed=allowed)


WORSE = [1.0] * 40, [0.0] * 15 + [1.0] * 25


def test_what_is_worse_beyond_noise_fails_and_what_is_better_passes() -> None:
    assert held(*WORSE).verdict is Verdict.FAIL
    assert held(*reversed(WORSE)).verdict is Verdict.PASS


def test_what_may_be_noise_is_not_enough_data_and_no_failure() -> None:
    found = held([1.0] * 40, [0.0] * 3 + [1.0] * 37)
    assert found.verdict is Verdict.UNKNOWN
    assert "more cases like these" in found.why


def test_what_is_surely_no_worse_than_is_allowed_passes() -> None:
    assert held(*WORSE, allowed=0.5).verdict is Verdict.PASS
    assert held(*WORSE, allowed=0.2).verdict is Verdict.FAIL
    found = held([1.0] * 40, [0.0] * 3 + [1.0] * 37, allowed=0.3)
    assert found.verdict is Verdict.PASS
    assert "within the 30 points allowed" in found.why


def test_the_markdown_says_it_first_and_shows_the_worst_losses_with_both_answers() -> None:
    text = as_markdown(held(*WORSE))
    lines = text.splitlines()
    assert lines[0] == "### ❌ sayso eval gate: fail"
    assert "is worse than" in unescape(lines[2])
    assert "15 cases scored lower" in text
    assert "and 5 more" in text


def test_nothing_in_an_answer_breaks_the_markdown_or_mentions_anybody() -> None:
    text = as_markdown(held(*WORSE, output=NASTY))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} <= {7, 9}
    assert "<img" not in text
    assert "`" not in text
    shown = unescape(text)
    assert not re.search(r"@\w|#\d|GH-\d", shown)
    assert "\x1b" not in text


@given(st.text())
def test_a_text_in_markdown_shows_as_itself_and_holds_no_sign_that_formats(text: str) -> None:
    found = safe(text)
    assert not set(re.sub(r"&#\d+;", "", found)) & set("<>|`*_[]()#@!\\~&\n\r\t:.-+={}$^")
    shown = unescape(found.replace(JOINER, ""))
    assert len(shown) == len(text)
    assert all(b in {a, " ", "�"} for a, b in zip(text, shown, strict=True))


def test_erased_answers_are_shown_as_erased() -> None:
    assert "erased" in as_markdown(held(*WORSE, output=None))
    assert b"(erased)" in as_junit(held(*WORSE, output=None))


# What Jenkins' schema (junit-10.xsd) allows: the attributes of each element, and in which order children come.
SCHEMA = {
    "testsuites": ({"name", "time", "tests", "failures", "disabled", "errors"}, ["testsuite"]),
    "testsuite": (
        {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id", "package"},
        ["properties", "testcase", "system-out", "system-err"],
    ),
    "testcase": (
        {"name", "assertions", "time", "classname", "status", "class", "file", "line"},
        ["skipped", "error", "failure", "system-out", "system-err"],
    ),
    "failure": ({"type", "message"}, []),
    "skipped": ({"type", "message"}, []),
    "system-out": (set(), []),
}  # fmt: skip


def check(element: ET.Element) -> None:
    attributes, children = SCHEMA[element.tag]
    assert set(element.attrib) <= attributes
    places = [children.index(child.tag) for child in element]
    assert places == sorted(places)
    for child in element:
        check(child)


@pytest.mark.parametrize("sides", [WORSE, WORSE[::-1], ([1.0] * 40, [0.0] * 3 + [1.0] * 37)])
def test_the_junit_is_of_its_schema_and_its_counts_are_right(sides: tuple[list[float], list[float]]) -> None:
    found = held(*sides, output=NASTY)
    root = ET.fromstring(as_junit(found))
    check(root)
    suite = root[0]
    tests = suite.findall("testcase")
    assert len(tests) == int(suite.get("tests") or 0) == 1 + len(found.comparison.changes)
    assert len(suite.findall("testcase/failure")) == int(suite.get("failures") or 0)
    assert len(suite.findall("testcase/skipped")) == int(suite.get("skipped") or 0)
    assert bool(suite.findall("testcase/failure")) == (found.verdict is Verdict.FAIL)
    assert suite[0].get("name") == "answer@b against answer@a"


@given(st.text(st.characters()))
def test_whatever_an_answer_holds_the_junit_can_be_read(text: str) -> None:
    root = ET.fromstring(as_junit(held(*WORSE, output=text)))
    told = root.findtext(".//testcase[2]/failure") or ""
    assert told.startswith("question: What is ")
