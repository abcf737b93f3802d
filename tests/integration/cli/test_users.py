"""`sayso users`: what is asked, what is printed, and what is never shown."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest
from sayso_ingest.users import UserBook
from service import COMMAND, environment, run

GOOD = "four words are enough"


def users(data: Path, *words: str, said: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "users", *words, "--data", str(data)],
        check=False,
        capture_output=True,
        text=True,
        input=said,
        timeout=60,
        env=environment(**settings),
    )


def add(data: Path, name: str = "ana", *words: str) -> subprocess.CompletedProcess[str]:
    return users(data, "add", name, "--role", "annotate", "--password-stdin", *words, said=f"{GOOD}\n")


def test_a_user_is_added_listed_and_removed(tmp_path: Path) -> None:
    assert add(tmp_path).returncode == 0
    book = UserBook(tmp_path / "users.json")
    assert book.with_password("ana", GOOD)
    listed = json.loads(users(tmp_path, "list", "--format", "json").stdout)
    assert [(row["name"], row["role"], row["signs_in_with"]) for row in listed] == [
        ("ana", "annotate", "password")
    ]
    removed = users(tmp_path, "remove", "ana")
    assert removed.returncode == 0
    assert "Nobody is left" in removed.stderr
    assert "No users" in users(tmp_path, "list").stderr


def test_a_password_is_changed(tmp_path: Path) -> None:
    add(tmp_path)
    changed = users(tmp_path, "password", "ana", "--password-stdin", said="another four good words")
    assert (changed.returncode, changed.stdout) == (0, "")
    book = UserBook(tmp_path / "users.json")
    assert book.with_password("ana", GOOD) is None
    assert book.with_password("ana", "another four good words")


def test_somebody_whom_a_proxy_signs_in_needs_no_password(tmp_path: Path) -> None:
    assert users(tmp_path, "add", "ana@example.com", "--no-password").returncode == 0
    assert "proxy" in users(tmp_path, "list").stdout


@pytest.mark.parametrize(
    ("settings", "words", "told"),
    [
        ({}, ("--password-stdin",), "Nobody looks into it without signing in."),
        ({"SAYSO_CONSOLE_OPEN": "always"}, ("--password-stdin",), "asks nobody to sign in"),
        (
            {"SAYSO_CONSOLE_OPEN": "always", "SAYSO_CONSOLE_HOST": "0.0.0.0"},
            ("--password-stdin",),
            "Nobody looks into it without signing in.",
        ),
        ({}, ("--no-password",), "SAYSO_CONSOLE_USER_HEADER"),
    ],
)
def test_who_adds_somebody_is_told_what_signing_in_will_do(
    tmp_path: Path, settings: dict[str, str], words: tuple[str, ...], told: str
) -> None:
    added = users(tmp_path, "add", "ana", *words, said=GOOD, **settings)
    assert added.returncode == 0
    assert told in added.stderr


def test_no_password_is_asked_for_somebody_who_is_not_there(tmp_path: Path) -> None:
    add(tmp_path)
    outcome = users(tmp_path, "password", "ben")
    assert outcome.returncode == 1
    assert "There is no user 'ben'" in outcome.stderr


@pytest.mark.parametrize(
    ("words", "said", "told"),
    [
        (["add", "ana", "--password-stdin"], "short\n", "12 to 256"),
        (["add", "ana", "--password-stdin"], "", "12 to 256"),
        (["add", "a b", "--password-stdin"], f"{GOOD}\n", "cannot be the name"),
        (["add", "ana"], "", "--password-stdin"),
        (["add", "ana", "--no-password", "--password-stdin"], GOOD, "exclude"),
        (["add", "ana", "--role", "admin"], "", "admin"),
    ],
)
def test_what_does_not_fit_is_wrong_usage_and_says_what_would(
    tmp_path: Path, words: list[str], said: str, told: str
) -> None:
    outcome = users(tmp_path, *words, said=said)
    assert outcome.returncode == 2
    assert told in outcome.stderr
    assert not (tmp_path / "users.json").exists()


def test_who_is_unknown_is_a_failure(tmp_path: Path) -> None:
    outcome = run("users", "remove", "ana", "--data", tmp_path)
    assert outcome.returncode == 1
    assert "sayso users list" in outcome.stderr


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "users", "add", "ana", "--data", str(tmp_path)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(),
        start_new_session=True,
    ) as process:
        os.close(theirs)
        shown = ""
        for asked in ("Password, 12 characters or more: ", "Once more: "):
            while asked not in shown:
                shown += os.read(ours, 1000).decode()
            os.write(ours, f"{GOOD}\n".encode())
        while "may sign in" not in shown:
            shown += os.read(ours, 1000).decode()
        assert process.wait(30) == 0
    os.close(ours)
    assert GOOD not in shown
    assert UserBook(tmp_path / "users.json").with_password("ana", GOOD)
