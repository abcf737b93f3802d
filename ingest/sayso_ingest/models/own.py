"""A function of the user's own in the place of an endpoint: it is given the messages, and returns a text."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from sayso_ingest.errors import UsageError
from sayso_ingest.models.budget import Budget
from sayso_ingest.models.estimate import most_of, tokens_of
from sayso_ingest.models.form import Question, in_words
from sayso_ingest.models.reply import Outcome, Reply, unaffordable

Function: TypeAlias = Callable[[list[dict[str, Any]]], str]


class OwnModel:
    """Asks a function; within a budget, and anew each time, for nobody knows whether it is still the same."""

    def __init__(self, name: str, function: Function, *, budget: Budget | None = None) -> None:
        """`name` is what it is called in what it writes."""
        self.name: Final = name
        self.budget: Final = budget or Budget()
        self._function: Final = function

    @classmethod
    def named(cls, name: str, *, budget: Budget | None = None) -> OwnModel:
        """Find `module:function`, in the current folder too.

        Raises:
            UsageError: there is none, or it cannot be imported.
        """
        return cls(name, find_function(name, example="writer:ask"), budget=budget)

    def is_known(self, asked: Question) -> bool:  # noqa: ARG002 - as the other model
        """Nothing is kept of what it answered."""
        return False

    def ask(self, asked: Question) -> Reply:
        """Ask once; what it raises ends the run, for the function is the user's own."""
        most = most_of(asked)
        reserve = self.budget.take(most)
        if reserve is None:
            return unaffordable()
        usage = None
        try:
            messages = [dict(message) for message in asked.messages]
            if asked.shape is not None:
                messages.append({"role": "system", "content": in_words(asked.shape)})
            text = self._function(messages)
            if not isinstance(text, str):
                raise UsageError(f"{self.name} returned a {type(text).__name__}. Return a text.")
            usage = replace(most, tokens_out=tokens_of(text))
        finally:
            self.budget.settle(reserve, usage)
        return Reply(Outcome.ANSWERED, text, usage=usage).shaped(asked.shape)


def find_function(name: str, *, example: str) -> Callable[..., Any]:
    """Find `module:function`, in the current folder too; `example` is one for who wrote something else.

    Raises:
        UsageError: there is none, or it cannot be imported.
    """
    module, _, attribute = name.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    try:
        function: object = (
            getattr(importlib.import_module(module), attribute) if module and attribute else None
        )
    except Exception as error:
        raise UsageError(f"{name} cannot be imported ({type(error).__name__}: {error}).") from error
    finally:
        sys.path.remove(str(Path.cwd()))
    if not callable(function):
        raise UsageError(f"{name!r} names no function. Write module:function, for instance {example}.")
    return function
