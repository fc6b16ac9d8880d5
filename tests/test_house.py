"""The rules of the house that a test can check: docs/architecture.md and CONTRIBUTING.md."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {
    "assistant": ROOT / "assistant" / "studiolo",
    "models": ROOT / "models" / "studiolo_models",
    "indexer": ROOT / "indexer" / "studiolo_indexer",
    "desktop": ROOT / "desktop" / "studiolo_desktop",
}
OURS = tuple(sorted(file for package in PACKAGES.values() for file in package.rglob("*.py")))
TESTS = tuple(sorted((ROOT / "tests").rglob("*.py")))
EVERYTHING = (
    *OURS,
    *TESTS,
    *sorted((ROOT / "packaging").glob("*.py")),
    *sorted((ROOT / "benchmarks").glob("*.py")),
)

MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 500

# Every place that may catch everything. Thread and process boundaries word the error and go on or end; the last one
# calls a library that raises bare exceptions (tokenizers) and names them at once.
BROAD_EXCEPTS = {
    "assistant/studiolo/engine.py": 2,
    "assistant/studiolo/service.py": 1,
    "assistant/studiolo/console.py": 1,
    "indexer/studiolo_indexer/embedding_ahead.py": 1,
    "indexer/studiolo_indexer/extract_worker.py": 1,
    "models/studiolo_models/embedding.py": 1,
}
# Modules without a test file of their own. This list only shrinks: an entry that has its file fails the test.
WITHOUT_TEST_FILE: frozenset[str] = frozenset()
UNSAFE_MODULES = {"pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical"}


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def nodes(*files: Path) -> Iterator[tuple[Path, ast.AST]]:
    for file in files:
        for node in ast.walk(tree_of(file)):
            yield file, node


def places(found: Sequence[tuple[Path, ast.AST]]) -> list[str]:
    return [f"{name_of(file)}:{getattr(node, 'lineno', 0)}" for file, node in found]


def imported(node: ast.AST) -> set[str]:
    """Name the top-level packages that a statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0]}
    return set()


def called(node: ast.AST) -> str:
    """Write the name of what is called, like `torch.load`; empty for anything else."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def test_packages_import_only_what_they_may() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout


def test_everything_is_caught_only_at_the_boundaries() -> None:
    found: Counter[str] = Counter()
    for file, node in nodes(*OURS):
        if isinstance(node, ast.ExceptHandler):
            kinds = {ast.unparse(node.type)} if node.type else {"BaseException"}
            if kinds & {"Exception", "BaseException"} and not any(
                isinstance(n, ast.Raise) and not n.exc for n in node.body
            ):
                found[name_of(file)] += 1
    assert dict(found) == BROAD_EXCEPTS


def test_no_shipped_module_can_run_code_from_a_file_of_data() -> None:
    """S4: no pickle, torch.load, joblib; and none of what would use them (numpy's allow_pickle)."""
    unsafe = [
        (file, node)
        for file, node in nodes(*OURS)
        if imported(node) & UNSAFE_MODULES
        or called(node) in {"torch.load", "eval", "exec", "compile"}
        or (isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) != "False")
    ]
    assert places(unsafe) == []


def test_nothing_forks_and_nothing_is_asynchronous() -> None:
    """LanceDB may deadlock after a fork; the engine has three threads and no event loop.

    One module speaks to LanceDB by its asynchronous interface; a search has one thread that helps it.
    """
    allowed = {
        "vector_tables.py": {"asyncio", "concurrent"},
        "search.py": {"concurrent"},
        "embedding.py": {"concurrent"},
    }
    found = [
        (file, node)
        for file, node in nodes(*OURS)
        if (imported(node) & {"multiprocessing", "asyncio", "concurrent"}) - allowed.get(file.name, set())
        or called(node) in {"os.fork", "os.system"}
    ]
    assert places(found) == []


def test_log_messages_are_formatted_by_logging_alone() -> None:
    found = [
        (file, node)
        for file, node in nodes(*OURS)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LOG_METHODS
        and ast.unparse(node.func.value) in {"log", "logger", "logging"}
        and not (node.args and isinstance(node.args[0], ast.Constant))
    ]
    assert places(found) == []


def test_the_window_and_the_tests_wait_for_events_and_never_sleep() -> None:
    found = [
        (f, n) for f, n in nodes(*PACKAGES["desktop"].rglob("*.py"), *TESTS) if called(n) in {"time.sleep", "sleep"}
    ]
    assert places(found) == []


@pytest.mark.parametrize("file", EVERYTHING, ids=name_of)
def test_a_file_can_be_read_at_once(file: Path) -> None:
    assert file.read_text(encoding="utf-8").count("\n") <= MAX_FILE_LINES
    functions = [n for n in ast.walk(tree_of(file)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= MAX_FUNCTION_LINES]
    assert long == []


def test_every_module_has_its_test_file() -> None:
    missing = {
        name_of(file)
        for folder, package in PACKAGES.items()
        for file in package.rglob("*.py")
        if file.name != "__init__.py" and not (ROOT / "tests" / folder / f"test_{file.stem}.py").exists()
    }
    assert sorted(missing) == sorted(WITHOUT_TEST_FILE)


def test_every_test_asserts_something() -> None:
    def asserts(test: ast.AST) -> bool:
        return any(
            isinstance(n, ast.Assert)
            or called(n).rpartition(".")[2].startswith(("raises", "warns", "assert", "wait", "expect", "check"))
            for n in ast.walk(test)
        )

    tests = [(f, n) for f, n in nodes(*TESTS) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")]
    assert places([(file, test) for file, test in tests if not asserts(test)]) == []


def test_packaging_and_tests_are_no_packages() -> None:
    """`packaging/__init__.py` would hide the library of that name."""
    assert [name_of(f) for folder in ("packaging", "tests") for f in (ROOT / folder).rglob("__init__.py")] == []
