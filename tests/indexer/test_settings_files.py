"""YAML, TOML, INI: the file's own text, with its sections as headings."""

from __future__ import annotations

import pytest
from damaged_files import assert_read_or_refused, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.chunking import chunk_document
from studiolo_indexer.parsers.data.settings_files import parse_settings

YAML = """# a comment
name: x
services:
  web: # the front
    image: nginx
    ports:
      - "80:80"
    command: |
      foo:
        bar
  db: &db
    image: pg
list:
- a
- b:
    c: 1
empty:
end: 1
"""


def headings_of(text: str, name: str) -> list[tuple[int, str]]:
    document = parse_settings(text.encode(), name)
    assert document.text == text
    return [(h.level, text[h.start : h.end]) for h in document.headings]


def test_keys_that_open_a_block_are_headings_and_texts_are_not() -> None:
    assert headings_of(YAML, "a.yaml") == [
        (1, "services"), (2, "web"), (3, "ports"), (2, "db"), (1, "list"), (2, "b"),
    ]  # fmt: skip


def test_sections_of_toml_and_ini_are_headings() -> None:
    toml = '[a.b]\nx = 1\n[[c]]\ny = 2\nz = [\n [1, 2],\n]\n["q r"] # note\n'
    assert headings_of(toml, "a.toml") == [(2, "a.b"), (1, "c"), (1, '"q r"')]
    assert headings_of("; note\n[General]\nkey=value\n[no]end\n", "a.ini") == [(1, "General")]


def test_a_value_deep_below_knows_its_section() -> None:
    text = "server:\n  tls:\n" + "".join(f"    option_{n}: some value of it\n" for n in range(60))
    chunks = chunk_document(parse_settings(text.encode(), "a.yml"))
    assert len(chunks) > 1
    assert all(chunk.context == "server > tls" for chunk in chunks[1:])


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "a:\n" * 100_000, " " * 500_000 + "a:\n", "[" * 500_000, "a: |\n" * 50_000]
)
def test_absurd_files_end(text: str) -> None:
    assert parse_settings(text.encode(), "a.yaml").text == text
    assert parse_settings(text.encode(), "a.toml").text == text


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_file_is_read_or_refused(seed: int) -> None:
    assert_read_or_refused(parse_settings, damaged(YAML.encode(), seed), "a.yaml")
