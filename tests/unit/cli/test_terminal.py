"""Tables fit the terminal they are printed on, and strangers' words cannot do anything to it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable

import pytest
from sayso_ingest.cli.options import say
from sayso_ingest.cli.terminal import clean, escape, write_table

COLUMNS = ["version", "interactions", "response_rate", "thumbs", "up_rate", "up_low", "up_high"]
ROWS = [["v1", "1462", "0.4198", "185", "0.7892", "0.7248", "0.8418"]] * 2
NUMERIC = [False, *[True] * 6]


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Print as on a terminal of so many columns."""

    def narrow(columns: int) -> None:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((columns, 24)))

    return narrow


def test_what_fits_is_a_line_a_row(
    on_terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    on_terminal(100)
    write_table(COLUMNS, ROWS, numeric=NUMERIC)
    header, _, first, _ = capsys.readouterr().out.splitlines()
    assert header.split() == COLUMNS
    assert first.split() == ROWS[0]


def test_few_rows_that_do_not_fit_stand_side_by_side(
    on_terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    on_terminal(40)
    write_table(COLUMNS, ROWS, numeric=NUMERIC)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [list(turned) for turned in zip(COLUMNS, *ROWS, strict=True)]
    assert max(map(len, lines)) <= 40


def test_many_rows_that_do_not_fit_are_blocks(
    on_terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    on_terminal(40)
    write_table(COLUMNS, ROWS * 10, numeric=NUMERIC)
    out = capsys.readouterr().out
    assert "row 20" in out
    assert max(map(len, out.splitlines())) <= 40


def test_in_a_pipe_a_row_is_one_line_whatever_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    write_table(["text", "n"], [["first\nforged   99", "1"], ["x" * 20_000, "2"]], numeric=[False, True])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert "first\\nforged" in lines[2]
    assert "x" * 20_000 in lines[3]


@pytest.mark.parametrize("character", ["\x1b", "\x00", "\x07", "\x7f", "\x9b", "\u202e", "\u2066"])
def test_control_characters_are_replaced_in_text_and_escaped_in_json(character: str) -> None:
    assert clean(f"a{character}b") == "a\ufffdb"
    assert escape(f'"a{character}b"') == f'"a\\u{ord(character):04x}b"'


def test_line_breaks_and_letters_of_any_script_stay() -> None:
    text = "line\nline\ttab עברית 👩‍👩‍👧"
    assert clean(text) == text


def test_a_message_cannot_move_a_cursor_whoever_named_what_it_is_about(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say("Look at \x1b[2J\x9btarget\r:\n\tnext")
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "Look at \ufffd[2J\ufffdtarget\ufffd:\n\tnext\n")
