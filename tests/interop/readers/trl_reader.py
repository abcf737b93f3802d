"""Reads exports with datasets and TRL, and trains a step on those for it: a folder in, a line of JSON out."""

from __future__ import annotations

import json
import logging
import math
import sys
from pathlib import Path
from typing import Any

import datasets
import torch
import transformers
import trl
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from trl import data_utils

TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SPECIAL = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
TRAINERS = {
    "trl-sft": (trl.SFTTrainer, trl.SFTConfig),
    "trl-dpo": (trl.DPOTrainer, trl.DPOConfig),
    "trl-kto": (trl.KTOTrainer, trl.KTOConfig),
}


def tokenizer_for(texts: list[str]) -> Any:
    """A tokenizer of bytes that learnt these texts, with a template for conversations."""
    learnt = Tokenizer(models.BPE())
    learnt.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    learnt.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    learnt.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=400, special_tokens=SPECIAL, initial_alphabet=alphabet)
    )
    made = transformers.PreTrainedTokenizerFast(
        tokenizer_object=learnt, pad_token="<|pad|>", eos_token="<|end|>"
    )
    made.chat_template = TEMPLATE
    return made


def model_for(tokenizer: Any, folder: Path) -> Any:
    """A Llama of two layers that knows nothing yet, loaded as one that was fetched: TRL loads its twin likewise."""
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=512,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
    )
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return transformers.AutoModelForCausalLM.from_pretrained(folder)


def step(folder: Path, rows: Any, held_back: Any, tokenizer: Any) -> dict[str, Any]:
    """Train one step on the export as it is, and evaluate on what was held back."""
    trainer, config = TRAINERS[folder.name]
    model = model_for(tokenizer, folder / "model")
    before = torch.cat([one.detach().flatten().clone() for one in model.parameters()])
    arguments = config(
        output_dir=str(folder / "out"),
        max_steps=1,
        per_device_train_batch_size=4,
        per_device_eval_batch_size=4,
        learning_rate=1e-3,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        disable_tqdm=True,
    )
    made = trainer(
        model=model,
        args=arguments,
        train_dataset=rows,
        eval_dataset=held_back,
        processing_class=tokenizer,
    )
    loss = made.train().training_loss
    evaluated = made.evaluate()["eval_loss"]
    after = torch.cat([one.detach().flatten() for one in model.parameters()])
    return {
        "steps": made.state.global_step,
        "finite": math.isfinite(loss) and math.isfinite(evaluated),
        "loss": loss,
        "eval_loss": evaluated,
        "learnt": bool((before != after).any()),
    }


def read(folder: Path) -> dict[str, Any]:
    """What datasets makes of a folder by its card, what TRL calls it, and a step where there is a trainer for it."""
    loaded = datasets.load_dataset(str(folder), cache_dir=str(folder.parent / "cache"))
    rows = loaded["train"] if "train" in loaded else loaded["test"]
    saw: dict[str, Any] = {
        "rows": {split: len(part) for split, part in loaded.items()},
        "columns": rows.column_names,
        "first": rows[0],
        "every": rows.to_list(),
    }
    if folder.name in TRAINERS:
        texts = [json.dumps(row, ensure_ascii=False) for row in rows]
        tokenizer = tokenizer_for(texts)
        saw["conversational"] = all(data_utils.is_conversational(row) for row in rows)
        saw["templated"] = data_utils.maybe_apply_chat_template(dict(rows[0]), tokenizer)
        saw["trained"] = step(folder, rows, loaded["validation"], tokenizer)
    if folder.name == "trl-dpo":
        saw["unpaired"] = len(data_utils.unpair_preference_dataset(rows))
    return saw


def main() -> None:
    """Read each export below a folder."""
    transformers.utils.logging.set_verbosity_error()
    datasets.disable_progress_bars()
    logging.disable(logging.WARNING)
    versions = {one.__name__: one.__version__ for one in (datasets, torch, transformers, trl)}
    saw = {path.parent.name: read(path.parent) for path in sorted(Path(sys.argv[1]).glob("*/manifest.json"))}
    print(json.dumps({"versions": versions, **saw}))


main()
