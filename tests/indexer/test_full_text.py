"""Full text by chunk: any script, exact ids, exact scores, current in every handle, and no word after a rewrite."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from words_on_disk import is_on_disk

from studiolo_indexer import full_text
from studiolo_indexer.errors import StoreDamaged, StoreFull
from studiolo_indexer.full_text import TextIndexes, index_name


@pytest.fixture
def texts(tmp_path: Path) -> Iterator[TextIndexes]:
    made = TextIndexes(tmp_path)
    yield made
    made.close()


def put(texts: TextIndexes, *words: str, first: int = 0) -> None:
    texts.add("c", [(first + at, (first + at) // 2, text) for at, text in enumerate(words)])


def found(texts: TextIndexes, query: str, limit: int = 10) -> list[int]:
    return [chunk for chunk, _ in texts.best("c", query, limit=limit)]


@pytest.mark.parametrize("query", ["INV-2024-0117", "§ 14", "FI-2291", "0117", "ab12" * 16])
def test_an_exact_id_is_found_first(texts: TextIndexes, query: str) -> None:
    """R24: an exact id, part of an id, a docket number, a § sign, a hash."""
    number = "INV-2024-0117" if query == "0117" else query
    put(texts, "Something about other things.", f"The number is {number} as agreed.", "More of other things.")
    assert found(texts, query)[:1] == [1]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("年假最多可以结转十天。", "年假"),
        ("家で猫が寝ている。", "猫"),
        ("연차는 열흘까지 이월할 수 있습니다.", "이월"),
        ("วันลาพักร้อนที่ไม่ได้ใช้สามารถยกไปได้สิบวัน", "พักร้อน"),
        ("अप्रयुक्त अवकाश आगे ले जाया जा सकता है।", "अवकाश"),
        ("Неиспользованный отпуск переносится.", "отпуск"),
        ("Die Kündigungsfrist beträgt drei Monate.", "kundigungsfrist"),
        ("Ｆｕｌｌ－ｗｉｄｔｈ　１２３", "123"),
        ("It carries over.", "carry"),
    ],
)
def test_words_of_every_script_are_found(texts: TextIndexes, text: str, query: str) -> None:
    put(texts, "办公室在公共假期关闭。", "The office closes on public holidays.", text)
    assert found(texts, query)[:1] == [2]


def test_the_score_of_a_named_chunk_is_the_score_of_the_search(texts: TextIndexes) -> None:
    draw = random.Random(0)
    words = [f"word{n}" for n in range(30)]
    put(texts, *(" ".join(draw.choices(words, k=12)) for _ in range(200)))
    best = dict(texts.best("c", "word1 word2 word3", limit=200))
    some = draw.sample(sorted(best), 20)
    assert texts.scores("c", "word1 word2 word3", some) == pytest.approx({chunk: best[chunk] for chunk in some})
    assert texts.scores("c", "word1", []) == {}


def test_few_and_many_named_chunks_have_the_same_scores(texts: TextIndexes, monkeypatch: pytest.MonkeyPatch) -> None:
    put(texts, *(f"word{at % 3} word{at % 5} other" for at in range(60)))
    one_by_one = texts.scores("c", "word1 word4", range(50))
    monkeypatch.setattr(full_text, "_FEW_VALUES", 10)
    assert texts.scores("c", "word1 word4", range(50)) == one_by_one
    assert 0 < len(one_by_one) < 50


def test_only_some_documents_are_searched(texts: TextIndexes) -> None:
    put(texts, *["The same words."] * 10)
    hits = texts.best("c", "words", limit=10, only=[2])
    assert sorted(chunk for chunk, _ in hits) == [4, 5]
    assert texts.best("c", "words", limit=10, only=[]) == []


@pytest.mark.parametrize("share", [1, 40])
def test_many_documents_are_searched_as_exactly_as_few(
    texts: TextIndexes, monkeypatch: pytest.MonkeyPatch, share: int
) -> None:
    draw = random.Random(0)
    words = [f"word{n}" for n in range(30)]
    put(texts, *(" ".join(draw.choices(words, k=draw.randint(3, 30))) for _ in range(400)))
    only = list(range(0, 100, share))
    exact = texts.best("c", "word1 word2", limit=5, only=only)
    assert {chunk // 2 for chunk, _ in exact} <= set(only)
    monkeypatch.setattr(full_text, "_FEW_DOCUMENTS", 2)
    assert [score for _, score in texts.best("c", "word1 word2", limit=5, only=only)] == [score for _, score in exact]


def test_another_handle_sees_each_write_and_each_removal_at_once(texts: TextIndexes, tmp_path: Path) -> None:
    reader = TextIndexes(tmp_path)
    assert found(reader, "canary") == []
    put(texts, "The canary sings.", "Another canary.")
    assert set(found(reader, "canary")) == {0, 1}
    texts.remove("c", [0])
    assert found(reader, "canary") == [1]
    texts.rewrite("c", [(7, 3, "One more canary.")])
    assert found(reader, "canary") == [7]
    texts.drop("c")
    assert found(reader, "canary") == []
    put(texts, "A new canary.")
    assert found(reader, "canary") == [0]
    reader.close()


def test_a_reader_goes_on_while_segments_are_merged_and_dropped(texts: TextIndexes, tmp_path: Path) -> None:
    reader = TextIndexes(tmp_path)
    for at in range(40):
        put(texts, f"A canary numbered n{at}.", first=at)
        assert found(reader, f"n{at}") == [at]
        if at % 10 == 9:
            texts.settle("c")
    assert len(found(reader, "canary", limit=100)) == 40
    reader.close()


def test_a_rewritten_index_holds_no_word_that_was_removed(texts: TextIndexes, tmp_path: Path) -> None:
    """S16."""
    put(texts, "CANARYA sings.", "CANARYB sings.")
    texts.remove("c", [0])
    texts.rewrite("c", [(1, 0, "CANARYB sings.")])
    assert not is_on_disk("canarya", tmp_path)
    assert is_on_disk("canaryb", tmp_path)


def test_an_index_in_which_much_was_deleted_is_worn(texts: TextIndexes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_text, "_SMALL", 30)
    put(texts, *(f"Text number {n}." for n in range(40)))
    texts.remove("c", list(range(5)))
    assert not texts.is_worn("c")
    texts.remove("c", list(range(5, 20)))
    assert texts.is_worn("c")
    texts.rewrite("c", [(n, n // 2, f"Text number {n}.") for n in range(20, 40)])
    assert not texts.is_worn("c")
    assert texts.chunks("c") == set(range(20, 40))


NOTHING = TextIndexes(Path("/nowhere"))


@given(st.text())
def test_any_query_is_answered(query: str) -> None:
    """R24."""
    assert NOTHING.best("c", query, limit=3) == []


def test_fuzzed_queries_raise_nothing(texts: TextIndexes) -> None:
    """R24: 10,000 of them."""
    put(texts, "Some words of a text, and 12 numbers.", "年假最多可以结转十天。")
    draw = random.Random(0)
    letters = [
        '"',
        "*",
        "(",
        ")",
        "+",
        "-",
        ":",
        "\\",
        "~",
        "^",
        "AND",
        "OR",
        "\0",
        "\udce9",
        "年",
        "word",
        " ",
        "§",
        "1",
    ]
    for _ in range(10_000):
        query = "".join(draw.choices(letters, k=draw.randint(0, 12)))
        assert len(texts.best("c", query, limit=3)) <= 2
    assert found(texts, "words " * 5000) == [0]
    assert found(texts, " ".join(f"w{n}" for n in range(2000)) + " numbers") in ([], [0])


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("An IO error occurred: 'No space left on device (os error 28)'"), StoreFull),
        (StoreDamaged("the catalogue's"), StoreDamaged),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_half_of_a_failed_write_is_not_committed_with_the_next_one(
    texts: TextIndexes, error: BaseException, told: type[BaseException]
) -> None:
    """A rewriting that had failed on the way was completed by the next addition: 2 of 100 chunks were left."""
    put(texts, *(f"Text number {n}." for n in range(20)))

    def breaking() -> Iterator[tuple[int, int, str]]:
        yield 0, 0, "Text number 0."
        raise error

    with pytest.raises(told) as kept:
        texts.rewrite("c", breaking())
    put(texts, "After.", first=20)
    assert texts.chunks("c") == set(range(21))
    assert kept.value is not None  # while it is held, its frames are: the lock must have been given back all the same


def test_a_damaged_index_is_named(texts: TextIndexes, tmp_path: Path) -> None:
    put(texts, "Some words.")
    (tmp_path / index_name("c") / "meta.json").write_bytes(b"garbage")
    with pytest.raises(StoreDamaged):
        TextIndexes(tmp_path).best("c", "words", limit=1)


def test_folder_names_hold_no_letter_of_the_user_s() -> None:
    names = {index_name(c) for c in ("a", "a'; DROP", "../../etc", "\udce9")}
    assert len(names) == 4
    assert all(name.isalnum() for name in names)


def test_what_a_kill_left_between_a_deletion_and_its_commit_is_in_nobody_s_way(tmp_path: Path) -> None:
    """Promise 7: the file of deletions had its name already, and every later write would have failed over it."""
    made = TextIndexes(tmp_path)
    made.add("hr", [(n, 1, f"Rule number {n}.") for n in range(20)])
    made.close()
    (place,) = tmp_path.iterdir()
    committed = (place / "meta.json").read_bytes()
    killed = TextIndexes(tmp_path)
    killed.remove("hr", [3])
    killed.close()
    assert list(place.glob("*.del"))
    (place / "meta.json").write_bytes(committed)  # as if the kill had come just before
    again = TextIndexes(tmp_path)
    again.remove("hr", [3])
    assert again.chunks("hr") == {n for n in range(20) if n != 3}
    again.close()
