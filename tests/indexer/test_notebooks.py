"""Notebooks: cells in order, with what they printed."""

from __future__ import annotations

import json

import pytest
from damaged_files import assert_read_or_refused, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.markup.notebooks import parse_notebook

TABLE = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
CELLS = [
    {"cell_type": "markdown", "source": ["# Ducks\n", "Ten ducks.\n\n", "Weights\n", "---\n", "in *kg* <!-- x -->"]},
    {
        "cell_type": "code",
        "source": "print(1)",
        "outputs": [
            {"output_type": "stream", "text": ["\u001b[31m1\u001b[0m\n"]},
            {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo", "text/plain": ["<Figure>"]}},
            {"output_type": "execute_result", "data": {"text/html": TABLE}},
            {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": ["long"]},
        ],
    },
    {"cell_type": "raw", "source": "raw"},
]  # fmt: skip
NOTEBOOK = json.dumps(
    {"cells": CELLS, "nbformat": 4, "metadata": {"title": "Study", "authors": [{"name": "Ada"}], "x": None}}
).encode()


def test_cells_are_sections_with_their_output() -> None:
    document = parse_notebook(NOTEBOOK, "a.ipynb")
    assert document.text.split() == (
        "Ducks Ten ducks. Weights in *kg* print(1) 1 <Figure> a | b 1 | 2 KeyError: 'x' raw".split()
    )
    assert [p.label for p in document.parts] == ["cell 1", "cell 2", "cell 3"]
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [(1, "Ducks"), (2, "Weights")]
    assert (document.title, document.properties) == ("Study", (("author", "Ada"),))
    assert "nbformat" not in document.text
    assert len(document.tables) == 1


def test_the_old_form_is_read_too() -> None:
    old = {"worksheets": [{"cells": [
        {"cell_type": "heading", "level": 2, "source": "Title"},
        {"cell_type": "code", "input": ["x = 1"], "outputs": [{"output_type": "pyout", "text": "1", "html": ""}]},
    ]}]}  # fmt: skip
    document = parse_notebook(json.dumps(old).encode(), "a.ipynb")
    assert document.text == "Title\n\nx = 1\n\n1"
    assert document.headings[0].level == 2


def test_a_long_output_is_cut_and_named() -> None:
    cell = {"cell_type": "code", "source": "", "outputs": [{"output_type": "stream", "text": "word " * 10_000}]}
    document = parse_notebook(json.dumps({"cells": [cell]}).encode(), "a.ipynb")
    assert len(document.text) <= 20_000
    assert "only the first" in document.warnings[0]


@pytest.mark.parametrize("data", [b"no json", b"", b'{"cells":' + b"[" * 100_000])
def test_what_is_no_notebook_is_damaged(data: bytes) -> None:
    with pytest.raises(FileFailure) as caught:
        parse_notebook(data, "a.ipynb")
    assert caught.value.code == "file.damaged"


@pytest.mark.parametrize(
    "value", [[], "x", 5, None, {"cells": 5}, {"cells": [5, None, {"source": {"a": 1}, "outputs": 7}]}]
)
def test_json_of_another_kind_is_an_empty_notebook(value: object) -> None:
    assert parse_notebook(json.dumps(value).encode(), "a.ipynb").text == ""


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_notebook_is_read_or_refused(seed: int) -> None:
    assert_read_or_refused(parse_notebook, damaged(NOTEBOOK, seed), "a.ipynb")
