"""Source code: the file's own characters, in sections that begin at functions and classes."""

from __future__ import annotations

import pytest
from damaged_files import assert_read_or_refused, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.chunking import chunk_document
from studiolo_indexer.parsers.data.source_code import parse_source
from studiolo_indexer.records import Document

PYTHON = '''"""Doc."""
import os

# About größer.
@deco
def größer(x):
    def inner(): pass
    return "ü"

class Stack:
    """S."""

    def push(self, y):
        return 1

X = 1
'''

# Of each language: a file name, the labels of its parts, and the code.
LANGUAGES = {
    "a.js": (
        "- a B B.m c",
        "import x;\n/** d */\nexport function a(){}\nclass B {\n  m(){}\n}\nconst c = (r) => r;\n",
    ),
    "a.ts": (
        "I E C C.f",
        "export interface I { a: string }\nenum E { A }\nabstract class C<T> {\n  private f(): void {}\n}\n",
    ),
    "a.tsx": (
        "A",
        "const A = () => <p>x</p>;\n",
    ),
    "a.java": (
        "- A A.x A.A",
        "package p;\npublic class A {\n  @Override\n  int x() { return 1; }\n  A() {}\n}\n",
    ),
    "a.c": (
        "- s main",
        "#include <x.h>\nstruct s { int a; };\nstatic int *main(int c) { return 0; }\nstruct s v;\n",
    ),
    "a.cpp": (
        "n n.K n.K.m n::K::g",
        "namespace n {\nclass K {\n  void m() {}\n};\n}\nvoid n::K::g() {}\n",
    ),
    "a.cs": (
        "A.B A.B.C A.B.C.M",
        "namespace A.B {\nclass C {\n  void M() {}\n}\n}\n",
    ),
    "a.go": (
        "- main Do S",
        "package main\n// D\nfunc main() {}\nfunc (s *S) Do() {}\ntype S struct {}\n",
    ),
    "a.rs": (
        "P P P.new T",
        "#[d]\npub struct P {}\nimpl P {\n  fn new() {}\n}\ntrait T {}\n",
    ),
    "a.rb": (
        "M M.A M.A.x M.A.y",
        "module M\n  class A\n    def x; end\n    def self.y; end\n  end\nend\n",
    ),
    "a.php": (
        "- A A.b c",
        "<?php\nclass A {\n  function b() {}\n}\nfunction c() {}\n",
    ),
    "a.scala": (
        "O O.f T",
        "object O {\n  def f = 1\n}\ntrait T\n",
    ),
    "a.sh": (
        "- foo bar",
        "set -e\nfoo() { echo; }\nfunction bar { echo; }\n",
    ),
    "a.kt": (
        "- load A",
        "import x\nprivate suspend fun load() {}\ndata class A(val b: Int)\n",
    ),
    "a.zsh": (
        "- foo bar",
        "set -e\nfoo() {\n}\nfunction bar {\n}\n",
    ),
    "a.sql": (
        "- s.users v",
        "-- t\nCREATE TABLE IF NOT EXISTS s.users (\n id int);\ncreate or replace view v as\n",
    ),
    "a.lua": (
        "f M.g",
        "local function f()\nend\nfunction M.g()\nend\n",
    ),
    "a.R": (
        "area",
        "area <- function(r) r\n",
    ),
    "a.tf": (
        '"aws_x" "main"',
        'resource "aws_x" "main" {\n}\n',
    ),
    "a.hs": (
        "-",
        "f x = 1\n",
    ),
    "a.PY": (
        "f",
        "def f(): pass\n",
    ),
}


def read(text: str, name: str) -> Document:
    document = parse_source(text.encode(), name)
    assert document.text == text
    assert document.title == ""
    return document


def labels(text: str, name: str) -> list[str]:
    return [p.label for p in read(text, name).parts]


def test_sections_begin_at_functions_and_classes_with_what_belongs_to_them() -> None:
    document = read(PYTHON, "a.py")
    sections = [(p.label, PYTHON[p.start : p.end].partition("\n")[0]) for p in document.parts]
    assert sections == [
        ("", '"""Doc."""'),
        ("größer", "# About größer."),
        ("Stack", "class Stack:"),
        ("Stack.push", "    def push(self, y):"),
    ]
    assert [(h.level, PYTHON[h.start : h.end]) for h in document.headings] == [(1, "größer"), (1, "Stack"), (2, "push")]


def test_a_chunk_begins_at_a_function_and_knows_its_class() -> None:
    body = "".join(f"        value_{n} = compute({n})\n" for n in range(30))
    text = f"class Stack:\n    def push(self):\n{body}\n    def pop(self):\n{body}"
    chunks = chunk_document(parse_source(text.encode(), "a.py"))
    assert any(chunk.text.startswith("def pop") for chunk in chunks)
    assert chunks[-1].context == "Stack > pop"


@pytest.mark.parametrize("name", LANGUAGES)
def test_definitions_are_found_in_many_languages(name: str) -> None:
    expected, text = LANGUAGES[name]
    assert " ".join(label or "-" for label in labels(text, name)) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "x = " + "(" * 100_000),
        ("a.js", "{a:" * 100_000),
        ("a.js", "var a=1;" * 10_000),
        ("a.py", "x = 1\n" * 200_000),
        ("a.json.py", ""),
    ],
)
def test_what_a_program_wrote_is_one_section(name: str, text: str) -> None:
    assert labels(text, name) == [""]


def test_a_grammar_that_loses_its_way_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studiolo_indexer.parsers.data.source_code._MOST_SECONDS", 0.0)
    assert labels("def f(x):\n    return 1\n" * 2000, "a.py") == [""]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), name=st.sampled_from(["a.py", "a.c", "a.js", "a.rs", "a.sh"]))
def test_damaged_code_is_read_or_refused(seed: int, name: str) -> None:
    assert_read_or_refused(parse_source, damaged(PYTHON.encode(), seed), name)
