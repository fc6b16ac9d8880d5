"""A GGUF header is read whole or refused with a message (S2), and an adapter belongs to its base or not (S3)."""

from __future__ import annotations

import os
import random
import struct
from pathlib import Path

import pytest
from effort import memory_peak_below
from gguf_files import (
    ADAPTER,
    MODEL,
    MODEL_TENSORS,
    Tensors,
    gguf,
    small_adapter,
    small_model,
    starter_gguf,
    string,
    zeros,
)

import studiolo_models.gguf as gguf_module
from studiolo_models.errors import ModelDamaged, ModelFileGone
from studiolo_models.gguf import GgufHeader, check_adapter_fits, read_header, why_not_chat

MUTANTS = 600
HUGE = (0, 1, 2**31 - 1, 2**32 - 1, 2**40, 2**63 - 1, 2**64 - 1)


def read(tmp_path: Path, data: bytes) -> GgufHeader:
    path = tmp_path / "model.gguf"
    path.write_bytes(data)
    return read_header(path)


def refusal(tmp_path: Path, data: bytes) -> str:
    with pytest.raises(ModelDamaged) as caught:
        read(tmp_path, data)
    return str(caught.value)


def adapter(tmp_path: Path, data: bytes) -> str | None:
    return check_adapter_fits(read(tmp_path, data), read(tmp_path, small_model()))


@pytest.mark.real_models
def test_the_starter_model_is_read_with_its_facts() -> None:
    header = read_header(starter_gguf())
    assert (header.architecture, header.context_length, header.tensor_count) == ("llama", 8192, 272)
    assert header.licence == "apache-2.0"
    assert header.chat_template.startswith("{% for message in messages %}")
    assert header.tensors["blk.0.attn_k.weight"].shape == (576, 192)
    assert why_not_chat(header) is None


def test_how_it_was_quantized_and_what_a_token_takes_are_told(tmp_path: Path) -> None:
    shape = {"block_count": 30, "embedding_length": 576, "attention.head_count": 9, "attention.head_count_kv": 3}
    told = {f"llama.{key}": number for key, number in shape.items()}
    header = read(tmp_path, gguf({**MODEL, **told, "general.file_type": 15}, MODEL_TENSORS))
    assert (header.quantization, header.cache_bytes_per_token) == ("Q4_K_M", 2 * 2 * 30 * 192)
    odd = read(tmp_path, gguf({**MODEL, **told, "general.file_type": 999, "llama.block_count": "x"}, MODEL_TENSORS))
    assert (odd.quantization, odd.cache_bytes_per_token) == ("", 0)


def test_a_small_model_is_read_with_its_values(tmp_path: Path) -> None:
    header = read(tmp_path, small_model())
    assert header.name == "Tiny Test"
    assert header.metadata["tokenizer.ggml.tokens"] == ("a", "b", "é")
    assert header.metadata["llama.rope.freq_base"] == 10_000.0
    assert header.metadata["tokenizer.ggml.add_bos_token"] is False
    assert not header.is_adapter


def test_version_2_is_read_as_well(tmp_path: Path) -> None:
    assert read(tmp_path, gguf(MODEL, MODEL_TENSORS, version=2)).version == 2


def test_long_arrays_are_walked_but_not_kept(tmp_path: Path) -> None:
    header = read(tmp_path, small_model(tokens=[str(n) for n in range(5_000)]))
    assert len(header.metadata["tokens"]) == 64  # type: ignore[arg-type]  # it is a tuple


def test_every_truncation_ends_with_a_message(tmp_path: Path) -> None:
    whole = small_model()
    for length in range(len(whole)):
        assert refusal(tmp_path, whole[:length]).startswith("model.gguf: ")


def test_six_hundred_changed_headers_end_with_a_message_or_are_read(tmp_path: Path) -> None:
    """S2. The seed is fixed; at least 200 of them do not hold what the format allows."""
    chance = random.Random(20_261_124)
    refused = 0
    for _ in range(MUTANTS):
        data = _mutate(bytearray(chance.choice((small_model(), small_adapter()))), chance)
        try:
            header = read(tmp_path, data)
        except ModelDamaged as error:
            assert str(error).startswith("model.gguf: ")
            refused += 1
        else:
            assert why_not_chat(header) is None or isinstance(why_not_chat(header), str)
            assert isinstance(check_adapter_fits(header, header), str | None)
    assert refused >= 200


def _mutate(data: bytearray, chance: random.Random) -> bytes:
    head = len(data) * 3 // 4
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(head)
        kind = chance.randrange(5)
        if kind == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[at : at + 8] = struct.pack("<Q", chance.choice(HUGE))
        elif kind == 2:
            data[at : at + 4] = struct.pack("<I", chance.choice(HUGE) & 0xFFFFFFFF)
        elif kind == 3:
            del data[at : at + chance.randrange(1, 16)]
        else:
            data[at:at] = chance.randbytes(chance.randrange(1, 16))
        head = min(head, len(data))
    return bytes(data)


def test_what_is_no_gguf_file_is_refused(tmp_path: Path) -> None:
    assert "no GGUF" in refusal(tmp_path, b"PK\x03\x04" + bytes(100))
    assert "version 1" in refusal(tmp_path, gguf(MODEL, version=1))
    assert "version 50331648" in refusal(tmp_path, b"GGUF" + struct.pack(">IQQ", 3, 0, 0))
    assert "too short" in refusal(tmp_path, b"")


def test_counts_beyond_the_file_are_refused_at_once(tmp_path: Path) -> None:
    for count in HUGE[2:]:
        assert "claims" in refusal(tmp_path, b"GGUF" + struct.pack("<IQQ", 3, count, 0))
        assert "claims" in refusal(tmp_path, b"GGUF" + struct.pack("<IQQ", 3, 0, count))
        assert "claims" in refusal(tmp_path, b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, count))


def test_arrays_within_arrays_end_at_a_depth(tmp_path: Path) -> None:
    nested = struct.pack("<IIQ", 9, 9, 1) + struct.pack("<IQ", 9, 1) * 50
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + string("deep") + nested + bytes(100)
    assert "nested" in refusal(tmp_path, head)


def test_arrays_multiplied_with_arrays_end_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty arrays within arrays, 12 bytes an item: they count together, however they are nested."""
    monkeypatch.setattr(gguf_module, "_MAX_ARRAY_ITEMS", 10_000)
    n_items = 1_000
    inner = struct.pack("<IQ", 9, n_items) + struct.pack("<IQ", 4, 0) * n_items
    outer = struct.pack("<IIQ", 9, 9, 5_000) + inner * 20
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + string("wide") + outer
    assert "too many items" in refusal(tmp_path, head)


def sparse(path: Path, *, n_keys: int, n_items: int) -> None:
    """Write arrays of empty strings, which are zeros; a file system need not keep those."""
    with path.open("wb") as stream:
        stream.write(b"GGUF" + struct.pack("<IQQ", 3, 0, n_keys))
        for key in range(n_keys):
            stream.write(string(f"key{key}") + struct.pack("<IIQ", 9, 8, n_items))
            stream.seek(8 * n_items, os.SEEK_CUR)
        stream.truncate()


def test_a_sparse_file_of_zeros_is_neither_read_to_its_end_nor_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a small part of the budget: under the coverage tool a million items take many seconds."""
    budget, path = gguf_module._MAX_ARRAY_ITEMS // 400, tmp_path / "model.gguf"
    monkeypatch.setattr(gguf_module, "_MAX_ARRAY_ITEMS", budget)
    sparse(path, n_keys=10, n_items=budget // 10)
    assert len(read_header(path).metadata) == 10
    sparse(path, n_keys=1_000, n_items=budget // 10)
    with memory_peak_below(2**20), pytest.raises(ModelDamaged, match="too many items"):
        read_header(path)


def test_a_header_of_long_strings_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    length = 15 * 1024 * 1024
    with path.open("wb") as stream:
        stream.write(b"GGUF" + struct.pack("<IQQ", 3, 0, 20))
        for key in range(20):
            stream.write(string(f"key{key}") + struct.pack("<IQ", 8, length))
            stream.seek(length, os.SEEK_CUR)
        stream.truncate()
    with pytest.raises(ModelDamaged, match="too long"):
        read_header(path)


@pytest.mark.parametrize("alignment", [0, 3, 2**31, 1.0, True, "32"])
def test_an_odd_alignment_is_refused(tmp_path: Path, alignment: int | float | str) -> None:
    assert "alignment" in refusal(tmp_path, small_model(general__alignment=alignment))


@pytest.mark.parametrize(
    ("shape", "kind", "offset", "why"),
    [
        ((32,), 4, 0, "unknown type 4"),
        ((32,), 99, 0, "unknown type 99"),
        ((33,), 2, 0, "does not fill"),
        ((32,), 0, 7, "not aligned"),
        ((32,), 0, 2**40, "beyond the end"),
        ((2**39, 2**39), 0, 0, "beyond the end"),
        ((0, 4), 0, 0, "out of range"),
        ((2**63,), 0, 0, "out of range"),
        ((1, 1, 1, 1, 1), 0, 0, "5 dimensions"),
    ],
)
def test_an_impossible_tensor_is_refused(
    tmp_path: Path, shape: tuple[int, ...], kind: int, offset: int, why: str
) -> None:
    info = string("t") + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)
    assert why in refusal(tmp_path, b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + info + bytes(1_000))


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    twice = b"GGUF" + struct.pack("<IQQ", 3, 0, 2) + (string("key") + struct.pack("<IB", 0, 1)) * 2
    assert "twice" in refusal(tmp_path, twice)
    tensor = string("t") + struct.pack("<IQIQ", 1, 1, 0, 0)
    assert "twice" in refusal(tmp_path, b"GGUF" + struct.pack("<IQQ", 3, 2, 0) + tensor * 2 + bytes(100))


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.gguf"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, Path("/dev/null")):
        with pytest.raises(ModelDamaged):
            read_header(path)
    for path in (tmp_path / "missing.gguf", tmp_path / "nul\0.gguf", tmp_path / ("x" * 300)):
        with pytest.raises(ModelFileGone):
            read_header(path)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"general.type": "mmproj"}, "mmproj"),
        ({"general.architecture": ""}, "no architecture"),
        ({"general.architecture": "clip"}, "clip"),
        ({"llama.attention.causal": False}, "do not generate"),
        ({"split.count": 3}, "3 parts"),
        ({"llama.block_count": 0}, "0 layers"),
        ({"llama.context_length": 7}, "7 tokens"),
        ({"llama.attention.layer_norm_rms_epsilon": -1.0}, "-1.0"),
        ({"llama.rope.freq_base": float("nan")}, "nan"),
    ],
)
def test_a_file_that_cannot_chat_says_why(tmp_path: Path, changed: dict[str, str | int | float], why: str) -> None:
    reason = why_not_chat(read(tmp_path, gguf({**MODEL, **changed}, MODEL_TENSORS)))
    assert reason is not None
    assert why in reason


def test_a_file_without_tensors_cannot_chat(tmp_path: Path) -> None:
    assert why_not_chat(read(tmp_path, gguf(MODEL))) == "it holds no tensors"


def test_an_adapter_is_recognised_and_fits_its_base(tmp_path: Path) -> None:
    header = read(tmp_path, small_adapter())
    assert header.is_adapter
    assert header.adapter_alpha == 8.0
    assert why_not_chat(header) is not None
    assert adapter(tmp_path, small_adapter()) is None


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("Tiny Test", True),
        ("tiny-test", True),
        ("Some-Org-Tiny-Test", True),
        ("Tiny Test 2", False),
        ("Llama 3 8B", False),
    ],
)
def test_the_base_that_an_adapter_names_must_be_the_base_in_use(tmp_path: Path, name: str, fits: bool) -> None:
    assert (adapter(tmp_path, small_adapter(general__base_model__0__name=name)) is None) == fits
    url = f"https://models.example/{name.replace(' ', '-')}"
    assert (adapter(tmp_path, small_adapter(general__base_model__0__repo_url=url)) is None) == fits


def test_a_base_is_known_by_its_registered_name_as_well(tmp_path: Path) -> None:
    lora = read(tmp_path, small_adapter(general__base_model__0__name="My Model"))
    base = read(tmp_path, small_model())
    assert check_adapter_fits(lora, base) is not None
    assert check_adapter_fits(lora, base, base_name="my-model.Q4_K_M") is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"general.architecture": "qwen2"}, "qwen2"),
        ({"general.architecture": ""}, "unnamed"),
        ({"adapter.type": "control_vector"}, "no LoRA adapter"),
        ({"adapter.lora.alpha": float("nan")}, "alpha"),
        ({"adapter.lora.alpha": "8"}, "alpha"),
    ],
)
def test_an_adapter_of_another_kind_is_refused(tmp_path: Path, changed: dict[str, str | float], why: str) -> None:
    entries = {**ADAPTER, **changed}
    reason = adapter(tmp_path, gguf(entries, {"blk.0.attn_q.weight.lora_a": zeros(4, 32)}))
    assert reason is not None
    assert why in reason


A, B = "blk.0.attn_q.weight.lora_a", "blk.0.attn_q.weight.lora_b"


@pytest.mark.parametrize(
    ("tensors", "why"),
    [
        ({A: zeros(4, 64), B: zeros(16, 4)}, "shape"),  # a larger model of the same family
        ({A: zeros(4, 32), B: zeros(17, 4)}, "shape"),
        ({A: zeros(4, 16), B: zeros(32, 4)}, "shape"),  # inputs and outputs swapped
        ({A: zeros(4, 32), B: zeros(16, 5)}, "shape"),  # two ranks
        ({A: zeros(32), B: zeros(16)}, "shape"),
        ({A: zeros(4, 32)}, "no LoRA pair"),
        ({"blk.9.attn_q.weight.lora_a": zeros(4, 32), "blk.9.attn_q.weight.lora_b": zeros(16, 4)}, "no tensor"),
        ({}, "no LoRA tensors"),
        ({"token_embd.weight.lora_a": zeros(8, 4), "token_embd.weight.lora_b": zeros(32, 4)}, None),
    ],
)
def test_an_adapter_fits_by_the_shape_of_each_pair(tmp_path: Path, tensors: Tensors, why: str | None) -> None:
    reason = adapter(tmp_path, gguf(ADAPTER, tensors))
    assert reason is None if why is None else reason is not None and why in reason
