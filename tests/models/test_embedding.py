"""Vectors come back in order, of length 1, whatever the text; a folder that is not whole is named as what it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from embedder_folders import embedder_file, write_compiled, write_folder
from hypothesis import given
from hypothesis import strategies as st

from studiolo_models.embedding import (
    CHECK_TEXTS,
    CompiledEmbedder,
    compile_embedder,
    even_batches,
    load_embedder,
    make_batches,
)
from studiolo_models.errors import (
    ModelDamaged,
    ModelError,
    ModelFileGone,
    ModelStoreUnwritable,
    TrainingExtraMissing,
    WorkerFailed,
)
from studiolo_models.protocols import EmbeddingModel, Vectors

BUNDLED = Path(sys.prefix) / "share/studiolo/models"
TEXTS = ["one", "a much longer text of many words, numbers 1234567890 and more", "", "ab", "zz top", "年假最多可", "?!"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_compiled(tmp_path / "tiny")


def load(folder: Path, *, precision: str | None = "f32") -> CompiledEmbedder:
    return CompiledEmbedder(embedder_file(folder), cache_folder=folder.parent / "cache", precision=precision)


def norms(vectors: Vectors) -> list[float]:
    return [round(float(n), 3) for n in np.linalg.norm(np.atleast_2d(vectors), axis=1)]


def test_rows_come_in_the_order_of_the_texts(folder: Path) -> None:
    embedder = load(folder)
    together = embedder.embed_documents(TEXTS * 30)
    alone = np.concatenate([embedder.embed_documents([text]) for text in TEXTS])
    assert together.dtype == np.float32
    assert np.allclose(together, np.tile(alone, (30, 1)), atol=1e-5)


def test_no_texts_give_no_rows(folder: Path) -> None:
    assert load(folder).embed_documents([]).shape == (0, 8)


@given(text=st.text(st.characters(codec=None), max_size=60))
def test_any_string_has_a_vector_of_length_one(text: str, shared: EmbeddingModel) -> None:
    """Lone surrogates and NULs too: a Latin-1 file name is one."""
    assert norms(shared.embed_query(text)) == [1.0]
    assert shared.count_tokens([text])[0] >= 2


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> EmbeddingModel:
    return load(write_compiled(tmp_path_factory.mktemp("shared") / "tiny"))


def test_a_text_without_a_token_has_a_vector_of_length_one(folder: Path) -> None:
    tokenizer = json.loads((folder / "tokenizer.json").read_bytes())
    (folder / "tokenizer.json").write_text(json.dumps({**tokenizer, "post_processor": None}))
    embedder = load(folder)
    assert embedder.count_tokens(["", "a"]) == [0, 1]
    assert norms(embedder.embed_documents(["", "a", " "])) == [1.0, 1.0, 1.0]


def test_vectors_that_are_not_finite_are_replaced(tmp_path: Path) -> None:
    embedder = load(write_compiled(tmp_path / "huge", scale=6e37))
    assert norms(embedder.embed_documents(["abcdefghijklmn" * 4, "abc"])) == [1.0, 1.0]


def test_prompts_stand_before_documents_and_queries(tmp_path: Path, folder: Path) -> None:
    plain = load(folder)
    prompted = load(write_compiled(tmp_path / "prompted", card={"query_prompt": "q: ", "document_prompt": "d: "}))
    assert np.allclose(prompted.embed_documents(["x"]), plain.embed_documents(["d: x"]))
    assert np.allclose(prompted.embed_query("x"), plain.embed_query("q: x"))
    assert not np.allclose(prompted.embed_query("x"), plain.embed_query("x"), atol=1e-2)


def test_what_lies_beyond_the_longest_input_is_cut(folder: Path) -> None:
    embedder = load(folder)
    assert embedder.max_tokens == 16
    assert embedder.count_tokens(["a " * 14, "a " * 100]) == [16, 102]
    assert np.allclose(embedder.embed_documents(["a " * 14 + "b " * 80]), embedder.embed_documents(["a " * 14]))


def test_before_each_batch_it_may_wait_and_others_are_served_meanwhile(folder: Path) -> None:
    """Indexing waits for a question, and the question needs the embedder to be answered."""
    embedder = load(folder)
    texts = [f"word {n} " * 40 for n in range(200)]
    waiting, go = threading.Event(), threading.Event()
    n_calls = 0

    def before_batch() -> None:
        nonlocal n_calls
        n_calls += 1
        if n_calls == 3:
            waiting.set()
            assert go.wait(20)

    with ThreadPoolExecutor() as pool:
        long = pool.submit(lambda: embedder.embed_documents(texts, before_batch=before_batch))
        assert waiting.wait(20)
        short = pool.submit(embedder.embed_documents, texts[:60])
        served = short.result(timeout=20)
        go.set()
        made = long.result(timeout=20)
    assert n_calls > 3
    assert cosines(served, made[:60]) > 0.99999


def test_one_that_is_ended_between_two_batches_leaves_the_embedder_as_it_was(folder: Path) -> None:
    embedder = load(folder)
    texts = [f"word {n} " * 40 for n in range(200)]
    n_calls = 0

    def before_batch() -> None:
        nonlocal n_calls
        n_calls += 1
        if n_calls == 3:
            raise KeyError("ended")

    for _ in range(3):
        n_calls = 0
        with pytest.raises(KeyError):
            embedder.embed_documents(texts, before_batch=before_batch)
    assert cosines(embedder.embed_documents(texts[:1]), embedder.embed_documents(texts)[:1]) > 0.99999


def test_threads_may_share_an_embedder(folder: Path) -> None:
    embedder = load(folder)
    expected = embedder.embed_documents(TEXTS)
    different: list[int] = []

    def work() -> None:
        for n in range(20):
            if not np.allclose(embedder.embed_documents(TEXTS), expected, atol=1e-5):
                different.append(n)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert different == []


@given(lengths=st.lists(st.integers(0, 5_000), min_size=1, max_size=300))
def test_batches_hold_every_row_once_and_a_bounded_number_of_tokens(lengths: list[int]) -> None:
    order = sorted(range(len(lengths)), key=lambda i: lengths[i])
    batches = make_batches(order, lengths, most_tokens=1024)
    assert [row for batch in batches for row in batch] == order
    assert all(len(b) == 1 or len(b) * lengths[b[-1]] <= 1024 for b in batches)
    assert all(len(b) <= 64 for b in batches)


@given(lengths=st.lists(st.integers(0, 2_000), min_size=1, max_size=100), streams=st.integers(1, 4))
def test_even_batches_hold_every_row_once_and_never_more_tokens(lengths: list[int], streams: int) -> None:
    order = sorted(range(len(lengths)), key=lambda i: lengths[i])
    batches = even_batches(order, lengths, most_tokens=512, streams=streams)
    assert sorted(row for batch in batches for row in batch) == sorted(order)
    assert all(len(b) == 1 or len(b) * max(lengths[i] for i in b) <= 512 for b in batches)


def test_a_few_texts_keep_both_streams_busy_to_the_end() -> None:
    """Three batches of 512 tokens would let one of two streams wait for a third of the time."""
    lengths = [32] * 48
    order = list(range(48))
    assert [len(b) for b in make_batches(order, lengths, most_tokens=512)] == [16, 16, 16]
    assert len(even_batches(order, lengths, most_tokens=512, streams=2)) % 2 == 0
    assert len(even_batches(order, lengths, most_tokens=512, streams=1)) == 3
    assert len(even_batches([0], [40], most_tokens=512, streams=2)) == 1


@pytest.mark.parametrize("name", ["embedder.json", "model.xml", "model.bin", "tokenizer.json"])
def test_a_folder_that_lacks_a_file_is_gone(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelFileGone, match=name):
        load(folder)


@pytest.mark.parametrize("content", [b"", b"junk", b"{}", b"[]", b"\xff\xfe"])
@pytest.mark.parametrize("name", ["embedder.json", "model.xml", "model.bin", "tokenizer.json"])
def test_a_folder_with_a_broken_file_is_damaged(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(ModelDamaged):
        load(folder)


@pytest.mark.parametrize(
    "card",
    [
        {"dimension": 9},
        {"dimension": 0},
        {"dimension": 10**9},
        {"dimension": "many"},
        {"max_tokens": 0},
        {"max_tokens": -1},
        {"inputs": ["input_ids"]},
        {"inputs": ["attention_mask", "pickle"]},
        {"inputs": 7},
        {"pad_id": "none"},
        {"identity": "../../../somewhere"},
        {"identity": ""},
    ],
)
def test_a_card_that_does_not_fit_is_damaged(tmp_path: Path, card: dict[str, object]) -> None:
    with pytest.raises(ModelDamaged):
        load(write_compiled(tmp_path / "tiny", card=card))


def test_the_precision_is_chosen_once(folder: Path) -> None:
    cache = folder.parent / "cache"
    chosen = load(folder, precision=None).precision
    note = next(cache.glob("*/precision.json"))
    known = json.loads(note.read_bytes())
    assert known["precision"] == chosen
    note.write_text(json.dumps({**known, "precision": "f32"}))
    assert load(folder, precision=None).precision == "f32"
    for broken in ("", "[]", '{"precision": "int8"}', json.dumps({**known, "bf16_capable": not known["bf16_capable"]})):
        note.write_text(broken)
        assert load(folder, precision=None).precision == chosen
        assert json.loads(note.read_bytes()) == known


def test_an_embedder_loads_without_a_place_for_its_cache(folder: Path) -> None:
    (folder.parent / "cache").write_text("a file")
    assert norms(load(folder, precision=None).embed_query("x")) == [1.0]


def test_other_weights_in_the_same_place_are_not_taken_from_the_cache(tmp_path: Path, folder: Path) -> None:
    other = write_compiled(tmp_path / "other", card={"identity": "0ddba11" * 4}, seed=1)
    before, expected = load(folder).embed_query("x"), load(other).embed_query("x")
    for name in ("model.xml", "model.bin", "embedder.json"):
        times = (folder / name).stat()
        (other / name).replace(folder / name)
        os.utime(folder / name, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not np.allclose(before, expected, atol=1e-2)
    assert np.allclose(load(folder).embed_query("x"), expected, atol=1e-5)


# Compiling: what the worker itself does is in test_worker.py.

FAKE_WORKER = """
import json, os, shutil, sys
request = json.loads(sys.stdin.readline())
shutil.copytree({compiled!r}, request["target"])
{then}
print(json.dumps({{"identity": "c0ffee"}}))
"""


def worker(folder: Path, then: str = "") -> list[str]:
    return [sys.executable, "-I", "-c", FAKE_WORKER.format(compiled=str(folder), then=then)]


def test_a_compiled_folder_appears_whole(tmp_path: Path, folder: Path) -> None:
    target = tmp_path / "store" / "new"
    target.parent.mkdir()
    card = compile_embedder(tmp_path / "source", target, worker_command=worker(folder))
    assert card.dimension == 8
    assert [p.name for p in target.parent.iterdir()] == ["new"]
    assert load(target).dimension == 8


@pytest.mark.logs("the worker ended with")
@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("os.kill(os.getpid(), 9)", WorkerFailed),
        ("raise SystemExit(1)", WorkerFailed),
        ('print(\'{"error": "model.damaged"}\'); raise SystemExit', ModelDamaged),
        ('print(\'{"error": "model.training_extra_missing"}\'); raise SystemExit', TrainingExtraMissing),
        ("shutil.rmtree(request['target'])", ModelFileGone),
        ("while True: pass", WorkerFailed),
    ],
)
def test_a_worker_that_fails_leaves_nothing(
    tmp_path: Path, folder: Path, then: str, expected: type[ModelError]
) -> None:
    store = tmp_path / "store"
    store.mkdir()
    with pytest.raises(expected):
        compile_embedder(tmp_path, store / "new", worker_command=worker(folder, then), timeout_s=1.5)
    assert list(store.iterdir()) == []


def test_what_is_there_is_not_written_over(tmp_path: Path, folder: Path) -> None:
    before = (folder / "embedder.json").read_bytes()
    with pytest.raises(ModelStoreUnwritable):
        compile_embedder(tmp_path, folder, worker_command=["/no/such/program"])
    assert (folder / "embedder.json").read_bytes() == before


# The real starter model.

WITHOUT_TORCH = """
import sys
sys.modules["openvino_telemetry"] = None
from pathlib import Path
from studiolo_models.embedding import load_embedder
from studiolo_models.registry import Registry
model = Registry(folder=Path("none"), bundled=[Path(sys.argv[1])]).in_use("embedder")
load_embedder(model, cache_folder=Path(sys.argv[2])).embed_documents(["one", "two words"])
heavy = {"torch", "transformers", "sentence_transformers", "peft", "tensorflow"}
print(sorted(heavy & set(sys.modules)))
"""


@pytest.mark.real_models
def test_the_engine_embeds_without_torch(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_TORCH, str(BUNDLED), str(tmp_path / "cache")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.real_models
def test_the_starter_model_keeps_its_vectors_in_the_precision_of_this_machine(tmp_path: Path) -> None:
    """R23, between the precisions; against sentence-transformers itself: test_worker.py."""
    model = embedder_file(BUNDLED / "all-MiniLM-L6-v2" / "embedder")
    exact = CompiledEmbedder(model, cache_folder=tmp_path, precision="f32").embed_documents(CHECK_TEXTS)
    used = load_embedder(model, cache_folder=tmp_path)
    assert cosines(exact, used.embed_documents(CHECK_TEXTS)) >= 0.999
    assert cosines(exact[:1], [used.embed_query(CHECK_TEXTS[0])]) >= 0.999


def cosines(first: Vectors, second: Vectors | Sequence[Vectors]) -> float:
    return float(np.sum(first * np.asarray(second), axis=1).min())


def test_a_source_folder_is_no_compiled_one(tmp_path: Path) -> None:
    with pytest.raises(ModelFileGone):
        load(write_folder(tmp_path / "source"))
