"""How frameworks treat our elements: the cases of custom-elements-everywhere, and those that it has not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.standin import Collector
from browser.watch import pressed, until
from examples.apps import EXAMPLES, VITE, running
from examples.people import DOWN, UP
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.examples

LATEST = ("preact", "react", "svelte", "vue")
ALL = (*LATEST, "react-18")


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """One stand-in for all pages."""
    collector = Collector()
    yield collector
    collector.close()


@pytest.fixture(scope="module")
def servers(
    node: str, collector: Collector, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """Where each framework's page is."""
    logs: Path = tmp_path_factory.mktemp("cases")
    command = [node, VITE, "--port", "PORT", "--strictPort"]
    told = {"SAYSO_URL": collector.origin}
    with (
        running(EXAMPLES / "cases", command, told, logs / "latest") as latest,
        running(EXAMPLES / "cases-react-18", command, told, logs / "react-18") as react_18,
    ):
        yield {**dict.fromkeys(LATEST, latest), "react-18": react_18}


class Case:
    """A page of a framework, with one element in it."""

    def __init__(self, page: Page, collector: Collector) -> None:
        self.page = page
        self.collector = collector
        collector.requests.clear()

    @property
    def widget(self) -> Locator:
        return self.page.locator("sayso-thumbs")

    @property
    def heard(self) -> list[tuple[str | None, str | None]]:
        """What the framework's own listener was told: each value, and the one before."""
        return [
            (detail["value"], detail["previous"]) for detail in self.page.evaluate("globalThis.page.heard")
        ]

    def change(self, **props: object) -> None:
        self.page.evaluate("(props) => page.change(props)", props)

    def press(self, name: str) -> None:
        self.widget.get_by_role("button", name=name).click()

    def sent(self, *thumbs: tuple[str, str | None, str | None]) -> None:
        """Wait until the collector has these thumbs; there may be no other."""
        until(self.page, lambda: len(self.collector.thumbs) >= len(thumbs), seconds=30)
        self.page.evaluate("new Promise((done) => setTimeout(done))")
        assert self.collector.thumbs == list(thumbs)


@pytest.fixture
def case(request: pytest.FixtureRequest, page: Page, collector: Collector, servers: dict[str, str]) -> Case:
    """A framework's page, as `cases(...)` names it."""
    framework, options = request.param
    page.goto(f"{servers[framework]}/?framework={framework}{options}")
    page.wait_for_function("globalThis.page?.ready", timeout=60_000)
    return Case(page, collector)


def cases(*frameworks: str, options: str = "") -> pytest.MarkDecorator:
    """Run a test once for each framework."""
    return pytest.mark.parametrize(
        "case", [(name, options) for name in frameworks], indirect=True, ids=frameworks
    )


@cases(*ALL)
def test_a_press_is_sent_once_and_names_the_target(case: Case) -> None:
    case.press(UP)
    case.sent(("msg_1", "up", None))


@cases(*LATEST)
def test_a_framework_s_own_listener_hears_events_with_a_hyphen(case: Case) -> None:
    case.press(UP)
    case.press(UP)
    assert case.heard == [("up", None), (None, "up")]


@cases(*LATEST)
def test_rich_data_arrives_as_a_property(case: Case) -> None:
    assert case.widget.evaluate("(widget) => widget.hasAttribute('reasons')") is False
    case.press(DOWN)
    expect(case.widget.get_by_text("Hard to follow")).to_be_visible()


@cases(*LATEST)
def test_rich_data_that_changes_is_shown(case: Case) -> None:
    case.press(DOWN)
    case.change(reasons=[{"id": "slow", "label": "Too slow"}])
    expect(case.widget.get_by_text("Too slow")).to_be_visible()
    expect(case.widget.get_by_text("Hard to follow")).to_have_count(0)


@cases(*ALL)
def test_another_target_is_another_verdict(case: Case) -> None:
    case.press(UP)
    case.change(target="msg_2")
    until(case.page, lambda: pressed(case.widget) is None)
    case.press(DOWN)
    case.sent(("msg_1", "up", None), ("msg_2", "down", None))


@cases(*LATEST)
def test_a_flag_is_set_and_taken_back(case: Case) -> None:
    button = case.widget.get_by_role("button", name=UP)
    case.change(disabled=True)
    expect(button).to_be_disabled()
    case.change(disabled=False)
    expect(button).to_be_enabled()


@cases(*ALL)
def test_children_come_and_go_in_their_slot(case: Case) -> None:
    case.change(children=True)
    expect(case.page.get_by_text("Yes")).to_be_visible()
    case.change(target="msg_2")
    expect(case.page.get_by_text("Yes")).to_be_visible()
    case.change(children=False)
    expect(case.page.get_by_text("Yes")).to_have_count(0)
    case.press(UP)
    case.sent(("msg_2", "up", None))


@cases(*ALL)
def test_an_element_that_is_taken_away_and_comes_back_shows_what_was_said(case: Case) -> None:
    case.press(DOWN)
    case.change(shown=False)
    expect(case.widget).to_have_count(0)
    case.change(shown=True)
    until(case.page, lambda: pressed(case.widget) == "down")
    case.sent(("msg_1", "down", None))


@cases(*ALL)
def test_item_13_a_value_that_the_host_sets_is_shown_and_sends_nothing(case: Case) -> None:
    case.change(value="down")
    until(case.page, lambda: pressed(case.widget) == "down")
    assert case.heard == []
    case.press(UP)
    case.sent(("msg_1", "up", "down"))


@cases(*LATEST, options="&controlled")
def test_item_13_a_host_that_hands_back_what_it_heard_neither_loops_nor_sends_twice(case: Case) -> None:
    case.press(UP)
    case.press(DOWN)
    case.press(DOWN)
    case.sent(("msg_1", "up", None), ("msg_1", "down", "up"), ("msg_1", None, "down"))
    assert len(case.heard) == 3
    assert pressed(case.widget) is None


@cases(*ALL, options="&late")
def test_item_14_an_element_that_is_defined_late_takes_over_what_it_was_given(case: Case) -> None:
    case.change(target="msg_3", value="up")
    case.page.evaluate("page.define()")
    until(case.page, lambda: case.widget.get_by_role("button").count() and pressed(case.widget) == "up")
    case.press(DOWN)
    case.sent(("msg_3", "down", "up"))


@cases("vue", options="&late")
def test_item_14_a_list_that_was_set_as_a_property_before_is_taken_over(case: Case) -> None:
    case.page.evaluate("page.define()")
    case.press(DOWN)
    expect(case.widget.get_by_text("Hard to follow")).to_be_visible()


@cases(*ALL, options="&late")
def test_item_18_a_list_that_a_framework_wrote_as_a_text_is_never_shown_as_one(case: Case) -> None:
    case.page.evaluate("page.define()")
    case.press(DOWN)
    until(case.page, lambda: case.widget.get_by_role("button").count() > 2)
    assert "object" not in case.widget.evaluate("(widget) => widget.shadowRoot.textContent")


@cases("react-18")
def test_item_18_react_18_hands_over_reasons_as_text(case: Case) -> None:
    assert "[object Object]" in (case.widget.get_attribute("reasons") or ""), "React 18 knows attributes only"
    case.change(reasons="Too slow, Too long")
    case.press(DOWN)
    expect(case.widget.get_by_text("Too long")).to_be_visible()
