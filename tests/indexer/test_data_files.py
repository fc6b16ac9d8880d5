"""JSON: each value behind the path of its keys."""

from __future__ import annotations

import json

import pytest
from damaged_files import assert_read_or_refused, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.parsers.data.data_files import load_json, parse_json, parse_json_lines

RECORDS = '[{"id":1,"name":"Ada","home":{"city":"L\\u00f6ndon","tags":["x","y"]}},{"id":2,"gone":null,"price":1.10}]'


def text_of(text: str) -> str:
    return parse_json(text.encode(), "a.json").text


def test_records_stand_apart_and_values_behind_their_path() -> None:
    assert text_of(RECORDS) == "id: 1\nname: Ada\nhome.city: Löndon\nhome.tags: x, y\n\nid: 2\ngone: null\nprice: 1.10"


def test_records_of_a_key_bear_their_number() -> None:
    assert text_of('{"users":[{"id":1,"roles":[{"r":"a"}]},{"id":2}],"ok":true}') == (
        "users[0].id: 1\n\nusers[0].roles[0].r: a\n\nusers[1].id: 2\nok: true"
    )


def test_a_title_is_the_document_s_own() -> None:
    assert parse_json(b'{"title":"Prices","x":1}', "a.json").title == "Prices"
    assert parse_json(b'{"title":["x"]}', "a.json").title == ""


def test_numbers_stay_as_they_are_written_and_keys_may_repeat() -> None:
    assert text_of('{"a":1.10,"a":1e400,"b":' + "9" * 5000 + "}") == "a: 1.10\na: 1e400\nb: " + "9" * 5000


@pytest.mark.parametrize("text", ["{a: 1}", "// comment\n{}", "[" * 100_000, '{"a":' * 100_000, "", "nonsense"])
def test_what_is_no_json_is_text(text: str) -> None:
    document = parse_json(text.encode(), "a.json")
    assert document.text == text
    assert document.warnings == ("it is no sound JSON, and was read as text",)


def test_lines_are_records_and_a_damaged_one_stays() -> None:
    lines = b'{"a":1,"b":"x"}\n\n{"a":2}\nbroken\n'
    assert parse_json_lines(lines, "a.jsonl").text == "a: 1\nb: x\n\na: 2\n\nbroken"
    assert parse_json_lines(b"a\nb\n", "a.jsonl").text == "a\nb\n"


def test_a_long_path_cannot_blow_up_a_file() -> None:
    """S5: a key of 50 KB before each of 3,000 values."""
    text = json.dumps({"k" * 50_000: {str(n): n for n in range(3_000)}})
    assert len(text_of(text)) < 6 * len(text) + 2**20
    many = '{"' + "k" * 200 + '":[' + '{"a":1},' * 30_000 + "0]}"
    assert len(text_of(many)) < 6 * len(many) + 2**21


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_every_word_of_every_value_is_kept(value: object) -> None:
    def words(part: object) -> list[str]:
        if isinstance(part, dict):
            return [w for v in part.values() for w in words(v)]
        if isinstance(part, list):
            return [w for v in part for w in words(v)]
        return part.replace("\r", "\n").replace("\0", "\ufffd").split() if isinstance(part, str) else []

    text = text_of(json.dumps(value))
    assert all(word in text for word in words(value))


def test_json_is_loaded_in_order() -> None:
    assert load_json('{"b":[1,true],"a":{}}') == [("b", ["1", True]), ("a", [])]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_file_is_read_or_refused(seed: int) -> None:
    assert_read_or_refused(parse_json, damaged(RECORDS.encode(), seed), "a.json")
    assert_read_or_refused(parse_json_lines, damaged((RECORDS + "\n" + RECORDS).encode(), seed), "a.jsonl")
