"""What a person does with a chat, and what became of it in DuckDB."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import Any

from browser.watch import pressed, until
from playwright.sync_api import Locator, Page
from processes import wait_until
from service import Service

UP, DOWN = "Good answer", "Bad answer"
QUESTIONS = ("How long does a refund take?", "Where is my parcel?", "How do I change my password?", "Hello?")

# What somebody presses, one after the other: the other thumb changes a verdict, the same one takes it back.
HABITS = ((UP,), (DOWN,), (UP, DOWN), (DOWN, UP), (UP, UP))
SIDES = {UP: "up", DOWN: "down"}


class Person:
    """Somebody who asks, and says what they think of the answers."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._questions = cycle(QUESTIONS)

    @property
    def widgets(self) -> list[Locator]:
        return self.page.locator("sayso-thumbs").all()

    def begin_to_ask(self) -> Locator:
        """Ask, wait for the answer to begin, and return its widget."""
        before = len(self.widgets)
        self.page.get_by_label("Your question").fill(next(self._questions))
        self.page.keyboard.press("Enter")
        until(self.page, lambda: len(self.widgets) == before + 1, seconds=30)
        return self.widgets[-1]

    def ask(self) -> Locator:
        """Ask, wait for the whole answer, and return its widget."""
        widget = self.begin_to_ask()
        self.wait_for(widget)
        return widget

    def wait_for(self, widget: Locator) -> None:
        """Wait until an answer is whole: its thumbs can be pressed."""
        until(self.page, lambda: widget.get_by_role("button", name=UP).is_enabled(), seconds=30)

    def press(self, widget: Locator, habit: int) -> tuple[str, str | None]:
        """Press as somebody with that habit does; return the target, and the verdict that is left."""
        verdict = pressed(widget)
        for name in HABITS[habit % len(HABITS)]:
            widget.get_by_role("button", name=name).click()
            verdict = None if verdict == SIDES[name] else SIDES[name]
        assert pressed(widget) == verdict
        return target_of(widget), verdict

    def reload(self) -> None:
        """Load the page anew, and wait for the answers that were there."""
        before = len(self.widgets)
        self.page.reload()
        until(self.page, lambda: len(self.widgets) == before and pressed_or_not(self.widgets), seconds=30)


def target_of(widget: Locator) -> str:
    return widget.get_attribute("target") or ""


def pressed_or_not(widgets: list[Locator]) -> bool:
    """Whether the script is there: every widget has its buttons."""
    return all(widget.get_by_role("button").count() >= 2 for widget in widgets)


@dataclass
class Joined:
    """The verdicts on some targets, and how many of them have their interaction beside them."""

    verdicts: dict[str, str | None]
    share: float


def joined(service: Service, expected: dict[str, str | None]) -> Joined:
    """Wait until what was said has landed as expected, and tell how much of it joins."""
    landed_as(service, "value", expected)
    scopes = _column(service, "scope", expected)
    return Joined(
        _column(service, "value", expected), sum(scope == "target" for scope in scopes.values()) / len(scopes)
    )


def landed_as(service: Service, column: str, expected: dict[str, Any]) -> None:
    """Wait until a column of `feedback` says of each target what it should."""
    wait_until(lambda: _column(service, column, expected) == expected, seconds=120, pause=0.5, what=column)


def _column(service: Service, column: str, targets: dict[str, Any]) -> dict[str, Any]:
    rows = service.query(f"SELECT target, {column} FROM feedback WHERE kind = 'thumb'")
    return {target: value for target, value in rows if target in targets}
