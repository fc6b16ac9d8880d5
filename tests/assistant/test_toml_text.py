"""What is written as TOML is what is read, whatever a text holds."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo.toml_text import write_toml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SINGLE = TEXTS | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats(allow_nan=False)
VALUES = st.recursive(
    SINGLE, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_what_is_written_is_read_again(body: dict[str, object]) -> None:
    assert tomllib.loads(write_toml(body)) == body


def test_it_reads_like_a_file_that_a_person_wrote() -> None:
    body = {"use": "memo", "styles": {"memo": {"instructions": "Be brief.\nBe kind.", "required": ["Decision"]}}}
    assert write_toml(body) == (
        'use = "memo"\n\n[styles.memo]\ninstructions = """\nBe brief.\nBe kind."""\nrequired = ["Decision"]\n'
    )


def test_a_date_of_a_newer_version_stays_and_what_toml_cannot_hold_is_refused() -> None:
    assert tomllib.loads(write_toml({"since": date(2026, 11, 27)})) == {"since": date(2026, 11, 27)}
    with pytest.raises(TypeError, match="NoneType"):
        write_toml({"nothing": None})
