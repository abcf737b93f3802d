"""The OpenAPI document is what the schemas say today, is valid, and agrees with the golden events."""

from __future__ import annotations

import json
from typing import Any

import pytest
from contract.golden import Golden, accepted, rejected
from contract.openapi import FILE, document, written
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from sayso_ingest.event import Reason

OF_SHAPE = {
    Reason.NOT_AN_OBJECT,
    Reason.MISSING_FIELD,
    Reason.UNKNOWN_KIND,
    Reason.WRONG_TYPE,
    Reason.INVALID_VALUE,
}
"""Reasons that JSON Schema can give too."""
BEYOND = {
    *("invalid_rating_above_max", "invalid_rating_below_min", "invalid_rating_bounds_reversed"),
    *("invalid_time_before_1970", "invalid_time_after_2199", "invalid_time_offset_out_of_range"),
    *("invalid_time_month_13", "invalid_time_february_30", "invalid_time_leap_second"),
    "invalid_time_trailing_newline",  # Python's `$` lets it pass
}
"""Events whose fault JSON Schema cannot say: a value between two others, and the calendar."""


@pytest.fixture(scope="module")
def made() -> Any:
    return document()


@pytest.fixture(scope="module")
def events(made: Any) -> Draft202012Validator:
    return Draft202012Validator({"$ref": "#/components/schemas/Event", "components": made["components"]})


def test_the_committed_document_is_what_the_schemas_say(made: Any) -> None:
    assert FILE.read_text("utf-8") == written(made), (
        "Run: .venv/bin/python tests/contract/openapi.py, and commit the file"
    )


def test_it_is_a_valid_document(made: Any) -> None:
    OpenAPIV31SpecValidator(made).validate()


@pytest.mark.parametrize("golden", accepted(), ids=str)
def test_what_is_accepted_fits_the_schema(events: Draft202012Validator, golden: Golden) -> None:
    assert list(events.iter_errors(json.loads(golden.text))) == []


@pytest.mark.parametrize("golden", [g for g in rejected() if g.reason in OF_SHAPE and not g.raw], ids=str)
def test_what_is_refused_for_its_shape_does_not_fit_it(events: Draft202012Validator, golden: Golden) -> None:
    """But for what JSON Schema cannot say; those events fit it, or they would not be named here."""
    assert events.is_valid(json.loads(golden.text)) == (golden.name in BEYOND)
