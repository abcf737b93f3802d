"""What commands have in common that ask models: which one, for how much, and a Ctrl-C that keeps what is done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import Function, Number, say
from sayso_ingest.errors import UsageError
from sayso_ingest.places import replies_file
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.models import Budget, ChatModel, OwnModel, Question

_MONEY = Number(min=0)


def budget_options(function: Function) -> Function:
    """Give a command the options that bound what it spends, and hand it `budget` and `concurrency`."""

    @wraps(function)
    def call(
        max_calls: int | None,
        max_cost: float | None,
        price_in: float | None,
        price_out: float | None,
        **arguments: Any,
    ) -> Any:
        from sayso_ingest.models import Budget, Price

        if (price_in is None) != (price_out is None):
            raise UsageError(
                "One price says nothing of what a call costs. Give both --price-in and --price-out."
            )
        price = None if price_in is None or price_out is None else Price(price_in, price_out)
        return function(budget=Budget(max_calls=max_calls, max_cost=max_cost, price=price), **arguments)

    decorated: Function = call
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


_OPTIONS: tuple[Callable[[Function], Function], ...] = (
    click.option("--max-calls", type=click.IntRange(min=0), metavar="N", help="Make at most N calls."),
    click.option(
        "--max-cost", type=_MONEY, metavar="MONEY", help="Spend at most so much, in the money of the prices."
    ),
    click.option("--price-in", type=_MONEY, metavar="MONEY", help="Price of a million tokens that are read."),
    click.option(
        "--price-out", type=_MONEY, metavar="MONEY", help="Price of a million tokens that are written."
    ),
    click.option(
        "--concurrency",
        type=click.IntRange(1, 64),
        default=4,
        show_default=True,
        metavar="N",
        help="Calls at once.",
    ),
)


@contextmanager
def asked_models(
    settings: Settings, budget: Budget, stopped: threading.Event, *, second: bool = False
) -> Iterator[list[ChatModel]]:
    """Yield the model of the settings, and where a `second` is asked too, that one if there is one.

    Raises:
        UsageError: no model is named, or both are one.
    """
    from sayso_ingest.models import Address, Advice, ChatModel, KeptReplies

    named = [(settings.model, settings.model_key, "model")]
    if second:
        named.append((settings.second_model, settings.second_model_key, "second_model"))
    if not settings.model:
        raise UsageError(
            "No model is named. Name one with --model openai:URL#MODEL, or SAYSO_MODEL, and its key with "
            "SAYSO_MODEL_KEY."
        )
    with ExitStack() as open_things:
        kept = open_things.enter_context(KeptReplies(replies_file(settings.project_folder)))
        models = []
        for text, key, name in named:
            if text:
                advice = Advice(f"--{name.replace('_', '-')}", f"SAYSO_{name.upper()}_KEY")
                at = Address.read(text)
                model = ChatModel(at, advice=advice, key=key, kept=kept, budget=budget, hung_up=stopped)
                open_things.callback(model.close)
                models.append(model)
        if len({model.name for model in models}) < len(models):
            raise UsageError(
                f"--second-model has the name of the first one, {models[0].name}. Name another model."
            )
        yield models


def say_estimate(
    asked: Iterable[tuple[ChatModel | OwnModel, Question]],
    budget: Budget,
    *,
    written: int | None = None,
    purpose: str = "",
) -> None:
    """Say what asking would come to; `written` tokens are in each answer, or at most as many as it may have."""
    from sayso_ingest.models import Usage, estimated_tokens

    calls, kept, tokens_in, tokens_out = 0, 0, 0, 0
    for model, question in asked:
        if model.is_known(question):
            kept += 1
            continue
        calls += 1
        tokens_in += estimated_tokens(question)
        tokens_out += question.max_tokens if written is None else written
    about = "at most" if written is None else "about"
    price = budget.price
    cost = f", {about} {price.of(Usage(tokens_in, tokens_out)):,.2f} in money" if price else ""
    click.echo(
        f"{calls:,} calls ({kept:,} more are answered already){purpose}, about {tokens_in:,} tokens to read and "
        f"{about} {tokens_out:,} to write{cost}. Nothing was asked."
    )
    if not price:
        say("What that costs, --price-in and --price-out tell.")


@contextmanager
def stopping(what: str) -> Iterator[threading.Event]:
    """Yield what is set at the first Ctrl-C, or when the process is told to end; a second one interrupts."""
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()
        say(f"\nStopping: {what} Ctrl-C again leaves at once.")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
