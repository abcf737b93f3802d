"""The settings of a lake: what they may be, and what belongs together."""

from __future__ import annotations

import pytest
from sayso_ingest.errors import SettingError
from sayso_ingest.settings import Settings
from sayso_ingest.warehouse import home_of, lake_of

CATALOG = "ducklake:postgres://sayso@db.internal:5433/lake"
WHOLE = {
    "warehouse": CATALOG,
    "lake_data": "s3://feedback/lake",
    "lake_key_id": "id",
    "lake_secret": "s3cret",
    "lake_password": "pa55word",
}


def load(**overrides: object) -> Settings:
    return Settings.load(environ={}, **{**WHOLE, **overrides})


def test_what_leads_to_a_lake_is_read_whole() -> None:
    lake = lake_of(load(lake_endpoint="s3.internal:9000", lake_tls="off"), "help")
    assert lake is not None
    assert (lake.host, lake.port, lake.database, lake.user) == ("db.internal", 5433, "lake", "sayso")
    assert (lake.schema, lake.files, lake.tls) == ("sayso_help", "s3://feedback/lake/help/", False)
    assert home_of(load(project="help", lake_endpoint="s3.internal:9000", lake_tls="off")) == lake


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("sayso@db/lake", "db", 5432),
        ("sayso@[::1]:5433/lake", "::1", 5433),
        ("sayso@10.0.0.1/lake", "10.0.0.1", 5432),
    ],
)
def test_a_host_may_be_a_name_or_a_number_of_either_kind(address: str, host: str, port: int) -> None:
    lake = lake_of(load(warehouse=f"ducklake:postgres://{address}"), "help")
    assert lake
    assert (lake.host, lake.port) == (host, port)


def test_a_file_is_the_default() -> None:
    settings = Settings.load(environ={})
    assert lake_of(settings, "default") is None
    assert home_of(settings) == settings.project_folder


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("warehouse", "ducklake:"),
        ("warehouse", "ducklake:sqlite:/tmp/x"),
        ("warehouse", "ducklake:postgres://db/lake"),
        ("warehouse", "ducklake:postgres://sayso@db/"),
        ("warehouse", "ducklake:postgres://sayso@db:port/lake"),
        ("warehouse", "ducklake:postgres://sayso@db/lake?sslmode=disable"),
        ("warehouse", "ducklake:postgres://sayso@db/lake' (READ_ONLY)"),
        ("lake_data", "lake"),
        ("lake_data", "s3://"),
        ("lake_data", "s3://b/x'y"),
        ("lake_data", "/data/it's"),
        ("lake_data", "gs://bucket/lake"),
        ("lake_endpoint", "http://s3.internal"),
        ("lake_sslmode", "yes"),
        ("lake_tls", "true"),
        ("lake_ca", "a\0b"),
        ("lake_key_id", "a'b"),
        ("lake_keep", "1"),
        ("lake_upkeep", "0"),
    ],
)
def test_what_could_be_misunderstood_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingError):
        load(**{name: text})


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(SettingError) as caught:
        load(warehouse="ducklake:postgres://sayso:pa55word@db/lake")
    assert "pa55word" not in str(caught.value)
    assert "a setting of its own" in str(caught.value)


@pytest.mark.parametrize("missing", ["lake_data", "lake_key_id", "lake_secret"])
def test_half_of_a_lake_is_refused(missing: str) -> None:
    """What is missing is named; a path on this machine needs no key."""
    with pytest.raises(SettingError, match="SAYSO_LAKE_"):
        load(**{missing: ""})
    assert load(lake_data="/srv/lake", lake_key_id="", lake_secret="").lake_data == "/srv/lake"


def test_long_names_of_projects_have_schemas_of_their_own() -> None:
    """PostgreSQL would cut both at the same place."""
    schemas = {lake.schema for end in "ab" if (lake := lake_of(load(), "p" * 61 + end))}
    assert len(schemas) == 2
    assert all(len(schema) <= 63 for schema in schemas)


def test_no_secret_is_in_a_representation() -> None:
    told = f"{load()} {load()!r} {lake_of(load(), 'help')!r} {lake_of(load(), 'help')}"
    assert "pa55word" not in told
    assert "s3cret" not in told
