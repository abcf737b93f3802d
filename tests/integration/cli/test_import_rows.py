"""`sayso import` says before it sends what would be refused, keeps each bad row, and never harms the file it reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sayso_ingest.cli import run

THUMBS = ["--kind", "thumb", "--map", "value=value", "--dry-run"]


def bad_rows(file: Path) -> dict[int, str]:
    """Why each bad row is one, by its line; in the file beside the one that was read."""
    kept = file.with_name(f"{file.name}.bad.jsonl")
    return {row["line"]: row["why"] for row in map(json.loads, kept.read_text().splitlines())}


def test_a_dry_run_says_which_field_the_collector_would_refuse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "t.csv"
    file.write_text("target,value\na,up\nb,maybe\n")
    assert run(["import", str(file), *THUMBS]) == 1
    assert bad_rows(file) == {
        3: "The collector would refuse it as invalid_value: body.value: Must be up, down or null."
    }
    assert "thumb, to be refused" in capsys.readouterr().out
    file.write_text("target,verdict\na,up\n")
    assert run(["import", str(file), "--kind", "thumb", "--dry-run"]) == 1
    assert "missing_field: body.value: This field is required." in capsys.readouterr().err


def test_a_kind_or_a_column_that_is_none_is_wrong_usage_and_nothing_is_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "t.csv"
    file.write_text("target,value\na,up\n")
    assert run(["import", str(file), "--kind", "thumbs"]) == 2
    assert "thumb, " in capsys.readouterr().err
    assert run(["import", str(file), "--kind", "thumb", "--map", "value=rating"]) == 2
    assert "There is no column 'rating', but target, value." in capsys.readouterr().err


def test_the_file_that_is_read_is_never_the_one_for_bad_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, link = tmp_path / "t.jsonl", tmp_path / "link"
    file.write_text('{"target":"a","value":"sideways"}\n')
    link.symlink_to(file)
    before = file.read_text()
    for bad in (file, link):
        assert run(["import", str(file), *THUMBS, "--bad", str(bad)]) == 2
        assert "Keep bad rows in another one" in capsys.readouterr().err
    assert file.read_text() == before


def test_a_long_cell_is_read_and_one_that_is_never_closed_costs_its_rows_and_not_those_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "t.csv"
    file.write_text(f'target,text\na,{"x" * 300_000}\nb,fine\nc,"{"y" * 1_000_001}\n')
    assert run(["import", str(file), "--kind", "interaction", "--map", "input=text", "--dry-run"]) == 1
    assert bad_rows(file)[4].startswith("It is not CSV: field larger than")
    assert "interaction, to be sent" in capsys.readouterr().out


def test_half_characters_and_other_encodings_are_bad_rows_that_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines, cells = tmp_path / "t.jsonl", tmp_path / "t.csv"
    lines.write_text('{"target":"a","value":"\\ud800"}\n{"target":"b","value":"up"}\n')
    assert run(["import", str(lines), *THUMBS]) == 1
    assert "lone_surrogate" in bad_rows(lines)[1]
    cells.write_bytes(b"target,value\nM\xfcller,up\nb,up\n")
    assert run(["import", str(cells), *THUMBS]) == 1
    assert bad_rows(cells) == {2: "It is not UTF-8. Convert the file: iconv -f LATIN1 -t UTF-8."}
    assert "thumb, to be sent" in capsys.readouterr().out


def test_a_file_without_rows_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.csv"
    file.write_text("target,value\n")
    assert run(["import", str(file), *THUMBS]) == 0
    assert f"There are no rows in {file}." in capsys.readouterr().err


def test_a_collector_that_is_away_is_named_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sayso_ingest.backfill import deliver
    from sayso_ingest.operate import ensure_project

    monkeypatch.setattr(deliver, "PATIENCE_AWAY", 0.0)
    ensure_project(tmp_path, "default")
    file = tmp_path / "t.jsonl"
    file.write_text('{"target":"a","value":"up"}\n')
    where = ["--data", str(tmp_path), "--url", "http://127.0.0.1:9"]
    assert run(["import", str(file), *THUMBS[:-1], *where]) == 1
    assert f"Start it: sayso serve --data {tmp_path}" in capsys.readouterr().err


def test_a_file_of_bad_rows_that_was_put_right_is_imported_like_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "t.csv"
    file.write_text("target,value\na,sideways\n")
    assert run(["import", str(file), *THUMBS]) == 1
    bad = tmp_path / "t.csv.bad.jsonl"
    bad.write_text(bad.read_text().replace("sideways", "up"))
    assert run(["import", str(bad), *THUMBS]) == 0
    assert "thumb, to be sent" in capsys.readouterr().out
