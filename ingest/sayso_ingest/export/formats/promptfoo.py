"""Promptfoo's tests, and a configuration that runs them: `promptfoo eval -c DIR/promptfooconfig.yaml`.

Promptfoo takes what stands in a test for a template, in which {{ env.NAME }} is a variable of the environment, and a
text that begins with file:// for the name of a file. People ask what they like, so both are written in a way that says
nothing but what they wrote. In a prompt that is JSON it fills variables in unread, so that what is asked is there once
more as a value of a value, which it reads nowhere. https://www.promptfoo.dev/docs/configuration/test-cases/
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from sayso_ingest.event import JSON
from sayso_ingest.excerpt import one_line
from sayso_ingest.export.formats.format import fault_of_fields
from sayso_ingest.export.formats.item import (
    CaseFormat,
    Item,
    fault_of_text,
    lines,
    messages,
    metadata,
)

FILE = "tests.jsonl"
CONFIG = "promptfooconfig.yaml"
FIELDS = ("description", "vars", "options", "assert", "metadata")
ALIKE = 0.5
"""Share of words in common with what is expected, from which on an answer passes (ROUGE-1)."""
_TEMPLATE = re.compile(r"\{(?=[{%#])|(?<=[}%#])\}")
_FILE = re.compile(r"^(?=(?:file|package):)", re.IGNORECASE)
_CONFIGURATION = f"""\
# Runs the cases of an eval set. `echo` answers with the question: put your own providers and prompts in its place.
# An answer passes that has half of the words of the expected one; cases without one have no assertion.
# In a prompt that is JSON, write {{{{verbatim.input}}}} for {{{{input}}}}, or {{{{verbatim.contexts}}}}.
prompts:
  - "{{{{input}}}}"
providers:
  - echo
tests: file://{FILE}
"""


def row(item: Item) -> dict[str, JSON]:
    """A test. Its variables are what is asked, what was retrieved, and those of the prompt."""
    case = item.case
    asked = json.dumps(messages(case), ensure_ascii=False) if case.input_messages else case.input
    filled = case.variables if isinstance(case.variables, dict) else {}
    verbatim = {"input": asked, **({"contexts": "\n\n".join(item.contexts)} if item.contexts else {})}
    return {
        "description": literal(one_line(case.input, 60)),
        "vars": {
            name: _variable(value) for name, value in {**filled, **verbatim, "verbatim": verbatim}.items()
        },
        "options": {"disableVarExpansion": True},  # else each value of a list is a test of its own
        "assert": [{"type": "rouge-n", "value": literal(case.expected), "threshold": ALIKE}]
        if case.expected
        else [],
        # Promptfoo blots 64 letters and digits in a row out of its results, taking them for a key.
        "metadata": metadata(case) | {"case_id": f"sha256:{case.case_id}"},
    }


def literal(text: str) -> str:
    """A text as a template that gives just this text."""
    return _FILE.sub("{{ '' }}", _TEMPLATE.sub(lambda found: f"{{{{ '{found[0]}' }}}}", text))


def _variable(value: JSON) -> JSON:
    """A value of which a prompt shows just this: promptfoo drops a line end at the end, and takes no null."""
    if isinstance(value, str):
        return literal(value) + ("\n" if value.endswith("\n") else "")
    return "" if value is None else value


def files(items: Sequence[Item]) -> Mapping[str, bytes]:
    """The tests and the configuration."""
    return {FILE: lines([row(item) for item in items]), CONFIG: _CONFIGURATION.encode()}


def fault(value: JSON) -> str:
    """What is wrong with a row; an empty text if nothing is."""
    wrong = fault_of_fields(value, FIELDS)
    if wrong:
        return wrong
    return fault_of_text("input", value["vars"].get("input") if isinstance(value["vars"], dict) else None)


FORMAT = CaseFormat(
    "promptfoo", "tests and a configuration for promptfoo", files=files, rows_in=FILE, fault=fault
)
