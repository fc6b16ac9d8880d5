"""The example documents are found where they may lie, and nothing else is taken for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studiolo_desktop.examples import VARIABLE, example_folders, find_examples


def make_set(root: Path) -> Path:
    for name in ("hr", "travel", ".git", "_build"):
        (root / name).mkdir(parents=True)
    (root / "README.md").write_text("words")
    return root


def test_each_folder_of_the_set_is_a_collection_and_hidden_ones_are_none(tmp_path: Path) -> None:
    assert [p.name for p in example_folders(make_set(tmp_path / "set"))] == ["hr", "travel"]


def test_a_folder_that_is_not_there_holds_no_collections(tmp_path: Path) -> None:
    assert example_folders(tmp_path / "nowhere") == []


def test_the_folder_that_is_named_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = make_set(tmp_path / "named")
    monkeypatch.setenv(VARIABLE, str(named))
    assert find_examples() == named


@pytest.mark.parametrize("kind", ["missing", "empty", "a file"])
def test_a_named_place_without_examples_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    place = tmp_path / "place"
    if kind == "empty":
        place.mkdir()
    elif kind == "a file":
        place.write_text("no folder")
    monkeypatch.setenv(VARIABLE, str(place))
    assert find_examples() != place


def test_a_source_checkout_has_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    found = find_examples()
    assert found is not None
    assert "hr" in [p.name for p in example_folders(found)]


def test_installed_examples_come_before_those_of_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    assert find_examples() != tmp_path / "share" / "studiolo" / "examples"
    installed = make_set(tmp_path / "share" / "studiolo" / "examples")
    assert find_examples() == installed
