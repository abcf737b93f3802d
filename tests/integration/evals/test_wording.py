"""Words by which models refuse are one list, in SQL and in Python."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.evals.runs.wording import LOOKED_AT, REFUSAL, count_words, says_no
from sayso_ingest.warehouse import Patterns


def test_sql_looks_for_the_same_words_in_as_much_of_an_answer() -> None:
    sql = files("sayso_ingest.warehouse").joinpath("macros.sql").read_text(encoding="utf-8")
    macro = re.search(
        r"MACRO says_no\(output\) AS regexp_matches\(left\(output, (\d+)\),(.*?)\);\n", sql, re.DOTALL
    )
    assert macro
    assert int(macro[1]) == LOOKED_AT
    spelt = "".join(part.replace("''", "'") for part in re.findall(r"'((?:[^']|'')*)'", macro[2]))
    assert spelt == f"(?i){REFUSAL}"


@pytest.mark.parametrize(
    ("answer", "no"),
    [
        ("I'm sorry, but that is not here.", True),
        ("Unfortunately, I cannot do that", True),
        ("As an AI, I have no account.", True),
        ("I can’t say.", True),
        ("Icannot", False),
        ("The cat cannot be sorry.", False),
        ("x" * 200 + " I cannot", False),
        ("", False),
    ],
)
def test_an_answer_refuses_by_how_it_begins(answer: str, no: bool) -> None:
    assert says_no(answer) is no
    assert PATTERNS.finds(f"(?i){REFUSAL}", answer[:LOOKED_AT]) is no


@given(st.text("iI'’mnot soryableu,cdwp", max_size=30) | st.text(max_size=30))
def test_both_find_the_same_in_any_text(text: str) -> None:
    assert says_no(text) is PATTERNS.finds(f"(?i){REFUSAL}", text)


@pytest.mark.parametrize(
    ("text", "words"), [("The **cat** sat!", 3), ("東京です", 4), ("", 0), ("don't", 2), ("?!", 0)]
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    assert count_words(text) == words


PATTERNS = Patterns()
