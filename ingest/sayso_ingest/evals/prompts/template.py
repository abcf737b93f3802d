"""Pure: a prompt's text as a Jinja2 template, rendered for a case into the messages that a model is asked.

Templates are rendered in Jinja2's sandbox, with no way to files and nothing that comes out otherwise the next time. The
text is the user's own, or a model's: it is kept from running away by mistake, not from a determined attacker.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, meta
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sayso import Prompt

from sayso_ingest.errors import UsageError
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.event import JSON
from sayso_ingest.excerpt import one_line
from sayso_ingest.models import Messages

QUESTION = "input"
"""The variable that holds the question; one of this name that a case has is not seen."""
LARGEST = 2**20
"""Characters of a rendered prompt: more than any model reads."""
MOST_STEPS = 10_000
"""Numbers in one `range`."""
LARGEST_POWER = 64
_DROPPED = ("system", "developer")
_SHOWN = 12
"""Digits of a case's id in a message, and variables that it names."""


class Template:
    """A prompt that can be rendered; many threads may use it at once."""

    def __init__(self, prompt: Prompt) -> None:
        """Read the text of a prompt.

        Raises:
            UsageError: it is no template; the message names the line.
        """
        self._prompt: Final = prompt
        environment = _Environment(undefined=StrictUndefined, keep_trailing_newline=True)
        try:
            names = meta.find_undeclared_variables(environment.parse(prompt.text))
            self._template: Final = environment.from_string(prompt.text)
        except TemplateSyntaxError as error:
            raise UsageError(
                f"The prompt {prompt.name} is no Jinja2 template: line {error.lineno}: {error.message}. Mend it; "
                "what is meant as text goes between {% raw %} and {% endraw %}."
            ) from error
        except Exception as error:  # what is too deep, or calls for a filter or a test that there is not
            raise UsageError(f"The prompt {prompt.name} is no Jinja2 template: {_said(error)}.") from error
        self.variables: Final = frozenset(names)
        """What it asks a case for."""
        self.uses_input: Final = QUESTION in names
        """Whether the text has a place for the question: it is rendered as what the user says."""

    def messages(self, case: EvalCase) -> Messages:
        """Render a case: the template in the place of its last user turn, or as the system message before them all.

        The case's own system and developer messages are left out: the prompt takes their place.

        Raises:
            UsageError: the template asks for a variable that the case does not have, or fails.
        """
        text = self.render(case)
        turns = [dict(turn) for turn in case.input_messages or () if turn.get("role") not in _DROPPED]
        turns = turns or [{"role": "user", "content": case.input}]
        if not self.uses_input:
            return [{"role": "system", "content": text}, *turns]
        asked = [number for number, turn in enumerate(turns) if turn.get("role") == "user"]
        if not asked:
            return [*turns, {"role": "user", "content": text}]
        last = turns[asked[-1]]
        last["content"] = _in_place_of(last.get("content"), text)
        return turns

    def render(self, case: EvalCase) -> str:
        """The text for a case.

        Raises:
            UsageError: as `messages`.
        """
        variables = {**_variables(case), QUESTION: case.input}
        parts: list[str] = []
        size = 0
        try:
            for part in self._template.generate(variables):
                size += len(part)
                if size > LARGEST:
                    raise SecurityError(f"it comes to more than {LARGEST} characters")
                parts.append(part)
        except UndefinedError as error:
            raise UsageError(
                f"The prompt {self._prompt.name} asks for what case {case.case_id[:_SHOWN]} does not have: "
                f"{error.message}. The case has: {_listed(variables)}. Use one of these, or write what there is to be "
                "without it, as {{ name | default('') }}."
            ) from error
        except Exception as error:  # whatever a template calls may raise anything
            raise UsageError(
                f"The prompt {self._prompt.name} cannot be rendered for case {case.case_id[:_SHOWN]}: {_said(error)}. "
                f"The case has: {_listed(variables)}."
            ) from error
        return "".join(parts)


def own_messages(case: EvalCase) -> Messages:
    """What is asked where no prompt is tried: the conversation as production had it, system messages too."""
    return list(case.input_messages or [{"role": "user", "content": case.input}])


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, without what differs from one rendering to the next or makes much of little."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.globals["range"] = _bounded_range
        del self.globals["lipsum"]
        del self.filters["random"]

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" and not (_is_small(left) and _is_small(right)):
            raise SecurityError(f"it raises to more than the power of {LARGEST_POWER}")
        if operator == "*":
            for one, times in ((left, right), (right, left)):
                if (
                    isinstance(one, str | list | tuple)
                    and isinstance(times, int)
                    and len(one) * times > LARGEST
                ):
                    raise SecurityError(f"it repeats a text to more than {LARGEST} characters")
        return super().call_binop(context, operator, left, right)


def _is_small(number: Any) -> bool:
    return not isinstance(number, int) or abs(number) <= LARGEST_POWER


def _bounded_range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > MOST_STEPS:
        raise SecurityError(f"it counts further than {MOST_STEPS}")
    return found


def _variables(case: EvalCase) -> Mapping[str, JSON]:
    return case.variables if isinstance(case.variables, dict) else {}


def _in_place_of(content: JSON, text: str) -> JSON:
    """A rendered text instead of a content; of one in parts those that are no text, as images, stay."""
    if not isinstance(content, list):
        return text
    others = [part for part in content if not (isinstance(part, dict) and part.get("type") == "text")]
    return [{"type": "text", "text": text}, *others] if others else text


def _listed(variables: Mapping[str, JSON]) -> str:
    names = sorted(variables)
    more = [f"and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return ", ".join([one_line(name, 60) for name in names[:_SHOWN]] + more)


def _said(error: Exception) -> str:
    if isinstance(error, SecurityError):
        return one_line(str(error), 200)
    return one_line(f"{type(error).__name__}: {error}", 200)
