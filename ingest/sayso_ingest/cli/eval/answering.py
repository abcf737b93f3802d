"""What answers the cases of a run: models, somebody's service, a command or a function, as options name it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import Function, Number
from sayso_ingest.errors import UsageError
from sayso_ingest.places import replies_file
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evals.systems import System
    from sayso_ingest.models import Budget, ChatModel, KeptReplies

NONE_NAMED = (
    "Nothing is named that answers the cases. Name a model (--model openai:URL#MODEL), your own endpoint (--service "
    "URL), a command (--command TEXT) or a function (--function MODULE:NAME)."
)
_OPTIONS: tuple[Callable[[Function], Function], ...] = (
    click.option(
        "--model",
        "model_names",
        metavar="TEXT",
        help="Models that answer, openai:URL#MODEL, with commas between; of further ones at the same URL the name is "
        "enough.  [SAYSO_MODEL]",
    ),
    click.option(
        "--service", metavar="URL", help="Your own endpoint answers: a case as JSON is posted to it."
    ),
    click.option(
        "--command",
        metavar="TEXT",
        help="A command answers: a case as JSON on its standard input, the answer on its output.",
    ),
    click.option("--function", metavar="MODULE:NAME", help="A Python function answers."),
    click.option(
        "--temperature",
        type=Number(0, 2),
        metavar="T",
        help="How freely a model answers.  [default: 0; 0.7 for several samples]",
    ),
    click.option(
        "--max-tokens",
        type=click.IntRange(min=1),
        default=1024,
        show_default=True,
        metavar="N",
        help="The longest answer of a model.",
    ),
    click.option("--fresh", is_flag=True, help="Ask models again for what they have answered before."),
)


@dataclass(frozen=True, slots=True)
class Answering:
    """What options say of who answers."""

    model_names: str | None
    service: str | None
    command: str | None
    function: str | None
    temperature: float | None
    max_tokens: int
    fresh: bool

    def addresses(self, settings: Settings) -> list[str]:
        """The models that are named, each whole; that of the settings where nothing is named that answers.

        Raises:
            UsageError: more than one sort of thing is named, or none; or a name alone, and no endpoint.
        """
        named = [self.model_names, self.service, self.command, self.function]
        if sum(one is not None for one in named) > 1:
            raise UsageError(
                "Cases are answered by models, a service, a command or a function. Name one of these."
            )
        if self.service or self.command or self.function:
            return []
        names = [name.strip() for name in (self.model_names or settings.model).split(",") if name.strip()]
        if not names:
            raise UsageError(NONE_NAMED)
        return _whole(names, settings.model)


def answering_options(function: Function) -> Function:
    """Give a command the options that say what answers, and hand it `answering`."""
    names = list(Answering.__dataclass_fields__)

    @wraps(function)
    def call(**arguments: Any) -> Any:
        answering = Answering(**{name: arguments.pop(name) for name in names})
        return function(answering=answering, **arguments)

    decorated: Function = call
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Opens models at endpoints, within one budget and with one store of replies that are known."""

    settings: Settings
    budget: Budget
    stopped: threading.Event
    kept: KeptReplies | None

    @classmethod
    @contextmanager
    def opened(
        cls, settings: Settings, budget: Budget, stopped: threading.Event, *, fresh: bool
    ) -> Iterator[Endpoints]:
        """Open the store of replies; `fresh` does without.

        Raises:
            SaysoError: it cannot be opened.
        """
        from sayso_ingest.models import KeptReplies

        with nullcontext() if fresh else KeptReplies(replies_file(settings.project_folder)) as kept:
            yield cls(settings, budget, stopped, kept)

    def model(self, text: str, *, option: str, key_setting: str, key: str) -> ChatModel:
        """Open a model by its address."""
        from sayso_ingest.models import Address, Advice, ChatModel

        return ChatModel(
            Address.read(text),
            advice=Advice(option, key_setting),
            key=key,
            kept=self.kept,
            budget=self.budget,
            hung_up=self.stopped,
        )

    def judge(self, text: str | None, answering: Sequence[str]) -> ChatModel | None:
        """Open the model that judges: the one that is named, else the second model of the settings, else the first.

        The key of the second model goes to it; without one, the first one's key goes to nobody but its own endpoint.
        """
        chosen = text or self.settings.second_model or self.settings.model or next(iter(answering), "")
        if not chosen:
            return None
        if self.settings.second_model_key:
            key, setting = self.settings.second_model_key, "SAYSO_SECOND_MODEL_KEY"
        else:
            known = {_url(one) for one in (*answering, self.settings.model) if one}
            key, setting = self.settings.model_key if _url(chosen) in known else "", "SAYSO_MODEL_KEY"
        return self.model(chosen, option="--judge", key_setting=setting, key=key)


@contextmanager
def opened_systems(
    answering: Answering, endpoints: Endpoints, *, seed: int, samples: int
) -> Iterator[Sequence[System]]:
    """Open all that answers.

    Raises:
        UsageError: nothing is named, or it cannot be as it is named.
    """
    from sayso_ingest.evals.systems import CommandSystem, FunctionSystem, ModelSystem, ServiceSystem

    addresses = answering.addresses(endpoints.settings)
    with ExitStack() as stack:
        systems: list[System] = []
        for address in addresses:
            key = endpoints.settings.model_key
            model = endpoints.model(address, option="--model", key_setting="SAYSO_MODEL_KEY", key=key)
            systems.append(
                ModelSystem(
                    model,
                    temperature=_temperature(answering.temperature, samples),
                    seed=seed,
                    max_tokens=answering.max_tokens,
                    samples=samples,
                )
            )
        budget, stopped = endpoints.budget, endpoints.stopped
        if answering.service:
            systems.append(ServiceSystem(answering.service, budget=budget, hung_up=stopped))
        if answering.command:
            systems.append(CommandSystem(answering.command, budget=budget, hung_up=stopped))
        if answering.function:
            systems.append(FunctionSystem(answering.function, budget=budget, hung_up=stopped))
        for system in systems:
            stack.callback(system.close)
        yield systems


def _temperature(given: float | None, samples: int) -> float:
    return given if given is not None else 0.0 if samples == 1 else 0.7


def _whole(names: Sequence[str], known: str) -> list[str]:
    """Models as they are named, those without an address at that of the one before, or of the settings."""
    whole: list[str] = []
    url = _url(known)
    for name in names:
        if ":" in name and "#" in name:
            url = _url(name)
            whole.append(name)
        elif url:
            whole.append(f"{url}#{name}")
        else:
            raise UsageError(
                f"{name!r} is the name of a model alone. Write openai:URL#{name}, or set SAYSO_MODEL."
            )
    return whole


def _url(address: str) -> str:
    return address.rpartition("#")[0]
