"""Browsers on consoles that somebody has to sign in to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from integration.console.signing import GOOD, Clock, Make, app_of
from sayso_ingest.users import Role, add_user


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "default"
    folder.mkdir()
    return folder


@pytest.fixture
def make(folder: Path, clock: Clock) -> Make:
    """Make a browser on a console with these settings."""

    def make(**settings: Any) -> FlaskClient:
        return app_of(folder, clock, **settings).test_client()

    return make


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file of users, made once: passwords take long on purpose."""
    path = tmp_path_factory.mktemp("users") / "users.json"
    add_user(path, "ana", role=Role.ANNOTATE, password=GOOD)
    add_user(path, "ben", role=Role.READ, password=GOOD)
    return path.read_bytes()


@pytest.fixture
def users(folder: Path, written: bytes) -> Path:
    """A file with ana, who annotates, and ben, who reads."""
    path = folder.parent / "users.json"
    path.write_bytes(written)
    return path
