"""`sayso keys`: what is printed, what is stored, and what is never shown again."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from sayso_ingest.cli import run
from sayso_ingest.keys import KeyRing

Output = tuple[int, str, str]


class Keys:
    """`sayso keys` on a folder, in this process."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self._capsys = capsys

    def __call__(self, *words: str) -> Output:
        code = run(["keys", *words, "--data", str(self.data)])
        out, err = self._capsys.readouterr()
        return code, out, err


@pytest.fixture
def keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Keys:
    return Keys(tmp_path, capsys)


@pytest.mark.parametrize("kind", ["sk", "pk", "ak"])
def test_create_prints_the_secret_alone_on_standard_output(kind: str, keys: Keys) -> None:
    origins = ["--origin", "https://www.example.com"] if kind == "pk" else []
    code, out, err = keys("create", "--kind", kind, *origins)
    assert code == 0
    assert re.fullmatch(rf"{kind}_[A-Za-z0-9_-]{{43}}\n", out)
    assert out.strip() not in err
    key = KeyRing(keys.data / "keys.json").find(out.strip())
    assert key and (key.kind, key.project) == (kind, "default")


def test_a_key_belongs_to_the_project_that_was_named_and_carries_its_note(keys: Keys) -> None:
    _, out, _ = keys("create", "--kind", "sk", "--project", "p", "--note", "for the help shared")
    key = KeyRing(keys.data / "keys.json").find(out.strip())
    assert key and (key.project, key.note) == ("p", "for the help shared")


def test_a_publishable_key_without_an_origin_is_wrong_usage(keys: Keys) -> None:
    code, out, err = keys("create", "--kind", "pk")
    assert (code, out) == (2, "")
    assert "--origin loopback" in err


def test_list_shows_what_is_known_about_each_key_and_no_secret(keys: Keys) -> None:
    _, secret, _ = keys("create", "--kind", "pk", "--origin", "loopback", "--note", "a")
    code, out, _ = keys("list", "--format", "json")
    assert code == 0
    [row] = json.loads(out)
    assert (row["kind"], row["project"], row["origins"], row["note"]) == ("pk", "default", ["loopback"], "a")
    assert row["revoked_at"] is None
    assert row["created_at"].endswith("Z")
    assert secret.strip()[3:] not in out


def test_list_shows_the_keys_of_all_projects_or_of_the_one_that_was_named(keys: Keys) -> None:
    for project in ("a", "b"):
        keys("create", "--kind", "sk", "--project", project)
    for options, projects in (([], ["a", "b"]), (["--project", "b"], ["b"])):
        _, out, _ = keys("list", "--format", "csv", *options)
        assert [row["project"] for row in csv.DictReader(io.StringIO(out))] == projects


def test_list_says_of_each_key_what_it_has_to_do_with_tokens(keys: Keys) -> None:
    for options in (
        ["sk"],
        ["pk", "--origin", "loopback"],
        ["pk", "--origin", "loopback", "--signed-only"],
        ["ak"],
    ):
        keys("create", "--kind", *options)
    _, out, err = keys("list", "--format", "json")
    assert [row["tokens"] for row in json.loads(out)] == ["signs", "optional", "required", ""]
    assert err == ""


def test_list_names_keys_that_are_too_old_to_sign_and_what_to_do(keys: Keys) -> None:
    keys("create", "--kind", "sk")
    file = keys.data / "keys.json"
    held = json.loads(file.read_text())
    del held["keys"][0]["token_key"]
    file.write_text(json.dumps(held))
    _, out, err = keys("list", "--format", "json")
    assert json.loads(out)[0]["tokens"] == "cannot sign"
    assert f"sayso keys create --kind sk --data {keys.data}" in err


def test_list_without_keys_says_how_to_make_one(keys: Keys) -> None:
    assert keys("list") == (
        0,
        "",
        f"No keys in {keys.data} yet. Make one with: sayso keys create --kind sk --data {keys.data}\n",
    )


def test_revoke_marks_the_key_and_list_shows_since_when(keys: Keys) -> None:
    _, secret, _ = keys("create", "--kind", "sk")
    key = KeyRing(keys.data / "keys.json").find(secret.strip())
    assert key
    code, out, err = keys("revoke", key.key_id)
    assert (code, out) == (0, "")
    assert key.key_id in err
    assert json.loads(keys("list", "--format", "json")[1])[0]["revoked_at"]


def test_revoking_a_key_that_is_not_there_is_a_failure_that_says_how_to_list_them(keys: Keys) -> None:
    code, _, err = keys("revoke", "key_000000000000")
    assert code == 1
    assert "sayso keys list" in err
