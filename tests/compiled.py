"""Templates compiled once a process: each test makes a console of its own, and compiling its pages takes longest."""

from __future__ import annotations

from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class _Kept(BytecodeCache):
    """What was compiled in this process, by a template's file and the hash of what it says."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


def compile_once() -> None:
    """Let all applications that are made from now on share what they compile."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Kept()}
