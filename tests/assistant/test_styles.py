"""Styles are read whole or refused, edited by hand or by command, and chosen for each collection."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from studiolo.errors import AssistantError
from studiolo.styles import (
    BUILTIN,
    MAX_FILE_BYTES,
    Style,
    Styles,
    add_style,
    checked_style,
    load_styles,
    remove_style,
    use_no_style,
    use_style,
)

MEMO = Style("memo", "Memo", 'Say "please".\nBe brief.', "bullets", 3, 60, ("Decision", "Deadline"), "- *")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "styles.toml"


def test_a_missing_file_means_the_built_in_styles(path: Path) -> None:
    assert load_styles(path) == Styles()
    assert [s.name for s in BUILTIN] == ["standard", "short", "detailed", "table", "letter"]


def test_what_is_added_is_read_again_and_capitals_do_not_matter(path: Path) -> None:
    add_style(path, MEMO)
    assert load_styles(path).get("Memo") == MEMO
    assert 'title = "Memo"' in path.read_text(encoding="utf-8")
    assert load_styles(path).get(" LETTER ").form == "letter"
    with pytest.raises(AssistantError) as caught:
        load_styles(path).get("poem")
    assert (caught.value.code, str(caught.value)) == ("style.unknown", "poem")


def test_a_style_can_be_written_by_hand(path: Path) -> None:
    path.write_text(
        '# mine\nuse = "brief"\n[collections]\nhr = "letter"\n[styles.brief]\nmax_words = 20\nhologram = 1\n',
        encoding="utf-8",
    )
    styles = load_styles(path)
    assert styles.of_scope(None, ["documents"]) == Style("brief", "brief", max_words=20)
    assert styles.of_scope(None, ["hr"]).name == "letter"


@pytest.mark.parametrize(
    "text",
    [
        "styles = 3",
        "use = 3",
        'use = "poem"',
        'collections = ["hr"]',
        '[collections]\nhr = "poem"',
        "[styles]\nmemo = 1",
        "[styles.short]\nmax_words = 3",
        '[styles."my memo"]\n',
        '[styles.memo]\nform = "sonnet"',
        "[styles.memo]\nmax_words = -1",
        "[styles.memo]\nmax_sentences = true",
        "[styles.memo]\ntitle = 7",
        '[styles.memo]\nrequired = "Decision"',
        '[styles.memo]\nrequired = ["--"]',
        "[styles.memo]\nrequired = [1]",
        '[styles.memo]\nline_pattern = "a\\nb"',
        f'[styles.memo]\ninstructions = "{"x" * 601}"',
        "styles = ",
        "x = " + "[" * 100_000,
        "\udcff",
        "#" * (MAX_FILE_BYTES + 1),
    ],
    ids=range(21),
)
def test_a_broken_file_is_named_and_left_as_it_is(path: Path, text: str) -> None:
    before = text.encode("utf-8", "surrogateescape")
    path.write_bytes(before)
    for change in (load_styles, lambda p: add_style(p, MEMO), lambda p: use_style(p, "short", None)):
        with pytest.raises(AssistantError) as caught:
            change(path)
        assert caught.value.code == "styles.damaged"
    assert path.read_bytes() == before


def test_a_style_is_changed_only_when_that_is_wanted(path: Path) -> None:
    add_style(path, MEMO)
    with pytest.raises(AssistantError) as caught:
        add_style(path, Style("memo", "Other"))
    assert caught.value.code == "style.exists"
    add_style(path, Style("memo", "Other"), replace=True)
    assert load_styles(path).get("memo") == Style("memo", "Other")


@pytest.mark.parametrize("name", ["short", "standard"])
def test_a_built_in_style_can_neither_be_replaced_nor_removed(path: Path, name: str) -> None:
    with pytest.raises(AssistantError) as caught:
        checked_style(name, {})
    assert caught.value.code == "style.builtin"
    with pytest.raises(AssistantError) as caught:
        remove_style(path, name)
    assert caught.value.code == "style.builtin"


def test_collections_that_do_not_agree_get_the_default(path: Path) -> None:
    use_style(path, "letter", "hr")
    use_style(path, "table", "prices")
    styles = load_styles(path)
    assert [styles.of_scope(None, c).name for c in (["hr"], ["prices"], ["hr", "prices"], ["other"])] == [
        "letter",
        "table",
        "standard",
        "standard",
    ]
    assert styles.of_scope("short", ["hr"]).name == "short"
    use_style(path, "detailed", None)
    assert load_styles(path).of_scope(None, ["other"]).name == "detailed"


def test_a_collection_takes_its_choice_back(path: Path) -> None:
    use_style(path, "letter", "hr")
    use_style(path, "table", "prices")
    use_no_style(path, "hr")
    use_no_style(path, "never-chosen")
    assert dict(load_styles(path).by_collection) == {"prices": "table"}


def test_what_used_a_removed_style_gets_the_default(path: Path) -> None:
    add_style(path, MEMO)
    use_style(path, "memo", "hr")
    use_style(path, "memo", None)
    assert remove_style(path, "memo") == MEMO
    assert load_styles(path) == Styles()


def test_what_a_newer_version_has_written_stays(path: Path) -> None:
    path.write_text('hologram = true\n[styles.memo]\ncolour = "red"\nmax_words = 9\n[extra]\nx = 1\n', encoding="utf-8")
    add_style(path, MEMO, replace=True)
    use_style(path, "memo", "hr")
    kept = tomllib.loads(path.read_text(encoding="utf-8"))
    assert (kept["hologram"], kept["extra"], kept["styles"]["memo"]["colour"]) == (True, {"x": 1}, "red")
    assert load_styles(path).get("memo") == MEMO


def test_only_a_style_that_asks_for_something_has_a_format() -> None:
    assert [s.has_format for s in BUILTIN] == [False, True, True, True, True]
    assert [s.has_lines for s in BUILTIN] == [False, False, False, True, True]
    assert Style("memo", required=("Decision",)).has_lines
