"""Checks exports against the types of OpenAI's package: a folder in, a line of JSON out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import openai
from openai.types import eval_create_params, evals
from openai.types.chat import ChatCompletionAssistantMessageParam, ChatCompletionMessageParam
from openai.types.evals import create_eval_completions_run_data_source_param as run_param
from pydantic import TypeAdapter


def lines(path: Path) -> list[Any]:
    """The rows of a file."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def strictly(type_: Any, value: Any) -> Any:
    """The value as the type has it; generators that the types speak of are spent."""
    return json.loads(TypeAdapter(type_).dump_json(TypeAdapter(type_).validate_python(value, strict=True)))


def sft(folder: Path) -> dict[str, Any]:
    """Every conversation is one of messages for a chat, and its last is the assistant's."""
    rows = lines(folder / "train.jsonl")
    for row in rows:
        plain = [{k: v for k, v in one.items() if k != "weight"} for one in row["messages"]]
        for message in plain:
            strictly(ChatCompletionMessageParam, message)
        strictly(ChatCompletionAssistantMessageParam, plain[-1])
    return {"rows": len(rows), "first": rows[0]}


def dpo(folder: Path) -> dict[str, Any]:
    """Every pair has messages for a chat, and two answers of the assistant."""
    rows = lines(folder / "train.jsonl")
    for row in rows:
        for message in row["input"]["messages"]:
            strictly(ChatCompletionMessageParam, message)
        for output in (row["preferred_output"], row["non_preferred_output"]):
            (message,) = output
            strictly(ChatCompletionAssistantMessageParam, message)
    return {"rows": len(rows), "first": rows[0]}


def eval_(folder: Path) -> dict[str, Any]:
    """The eval can be created, and the items are the source of a run that a model answers."""
    body = json.loads((folder / "eval.json").read_bytes())
    checked = strictly(eval_create_params.EvalCreateParams, body)
    items = lines(folder / "items.jsonl")
    source = {"type": "file_content", "content": items}
    strictly(evals.create_eval_jsonl_run_data_source_param.CreateEvalJSONLRunDataSourceParam,
             {"type": "jsonl", "source": source})  # fmt: skip
    run = {
        "type": "completions",
        "model": "gpt-4.1-mini",
        "source": source,
        "input_messages": {"type": "item_reference", "item_reference": "item.messages"},
    }
    strictly(run_param.CreateEvalCompletionsRunDataSourceParam, run)
    for item in items:
        for message in item["item"]["messages"]:
            strictly(ChatCompletionMessageParam, message)
    return {"items": len(items), "first": items[0], "same": checked == body, "eval": body}


def main() -> None:
    """Check each export below a folder."""
    readers = {"openai-sft": sft, "openai-dpo": dpo, "openai-evals": eval_}
    folders = sorted(path.parent for path in Path(sys.argv[1]).glob("*/manifest.json"))
    saw = {folder.name: readers[folder.name](folder) for folder in folders}
    print(json.dumps({"versions": {"openai": openai.__version__}, **saw}))


main()
