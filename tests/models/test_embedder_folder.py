"""A sentence-transformers folder is checked before a library loads it: it may come from anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from embedder_folders import write_folder, write_json

from studiolo_models.embedder_folder import check_source, read_json, read_prompts
from studiolo_models.errors import ModelDamaged, ModelFileGone, ModelUnsupported


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "tiny", dense=16, normalize=True)


def change(path: Path, **changed: object) -> None:
    write_json(path, {**json.loads(path.read_bytes()), **changed})


def change_module(source: Path, index: int, **changed: object) -> None:
    modules = json.loads((source / "modules.json").read_bytes())
    modules[index].update(changed)
    write_json(source / "modules.json", modules)


def test_a_sound_folder_tells_its_modules_in_order(source: Path) -> None:
    assert [m.kind for m in check_source(source)] == ["Transformer", "Pooling", "Dense", "Normalize"]


def test_the_transformer_may_lie_in_a_folder_of_its_own(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "tiny", part="0_Transformer")
    assert check_source(source)[0].folder == source / "0_Transformer"


def test_weights_in_parts_are_taken_when_every_part_is_there(source: Path) -> None:
    (source / "model.safetensors").rename(source / "model-1.safetensors")
    index = write_json(source / "model.safetensors.index.json", {"weight_map": {"a": "model-1.safetensors"}})
    assert len(check_source(source)) == 4
    write_json(index, {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}})
    with pytest.raises(ModelDamaged, match="part of the weights"):
        check_source(source)


@pytest.mark.parametrize("name", ["../model.safetensors", "/etc/x.safetensors", "model.bin", "C:\\x.safetensors"])
def test_a_part_of_the_weights_lies_in_the_folder(source: Path, name: str) -> None:
    (source / "model.safetensors").rename(source / "model.bin")
    write_json(source / "model.safetensors.index.json", {"weight_map": {"a": name}})
    with pytest.raises(ModelDamaged):
        check_source(source)


@pytest.mark.parametrize("part", ["", "2_Dense"])
def test_pickled_weights_are_never_loaded(source: Path, part: str) -> None:
    (source / part / "model.safetensors").rename(source / part / "pytorch_model.bin")
    with pytest.raises(ModelUnsupported, match="pickled"):
        check_source(source)


def test_a_folder_that_is_not_there_is_gone(tmp_path: Path) -> None:
    with pytest.raises(ModelFileGone):
        check_source(tmp_path / "none")


@pytest.mark.parametrize("name", ["modules.json", "config.json", "model.safetensors"])
def test_a_folder_that_lacks_a_file_is_damaged(source: Path, name: str) -> None:
    (source / name).unlink()
    with pytest.raises(ModelDamaged):
        check_source(source)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{}",
        b"[]",
        b"null",
        b"[1]",
        b'[{"type": 3, "path": ""}]',
        b'[{"type": "x"}]',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_broken_list_of_modules_is_damaged(source: Path, content: bytes) -> None:
    (source / "modules.json").write_bytes(content)
    with pytest.raises(ModelDamaged):
        check_source(source)


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"model_type": 7}', b"nothing"])
def test_a_transformer_names_its_type(source: Path, content: bytes) -> None:
    (source / "config.json").write_bytes(content)
    with pytest.raises(ModelDamaged):
        check_source(source)


@pytest.mark.parametrize(
    "kind",
    [
        "modeling.Transformer",
        "os.system",
        "sentence_transformers_evil.Transformer",
        "sentence_transformers.models.WordEmbeddings",
        "sentence_transformers.models.Router",
        "Transformer",
    ],
)
def test_modules_that_are_not_the_librarys_are_refused(source: Path, kind: str) -> None:
    change_module(source, 0, type=kind)
    with pytest.raises(ModelUnsupported):
        check_source(source)


def test_a_folder_without_pooling_is_refused(source: Path) -> None:
    write_json(source / "modules.json", json.loads((source / "modules.json").read_bytes())[:1])
    with pytest.raises(ModelUnsupported, match="Pooling"):
        check_source(source)


@pytest.mark.parametrize("path", ["../other", "/etc", "a/../../b", "C:\\x", "..\\x", "nul\0", "x" * 300])
def test_modules_lie_in_the_folder(source: Path, path: str) -> None:
    change_module(source, 0, path=path)
    with pytest.raises(ModelDamaged, match="outside"):
        check_source(source)


def test_an_adapter_is_no_model(source: Path) -> None:
    write_json(source / "adapter_config.json", {"base_model_name_or_path": "somewhere/else"})
    with pytest.raises(ModelUnsupported, match="adapter"):
        check_source(source)


def test_a_huge_json_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as stream:
        stream.truncate(17 << 20)
    with pytest.raises(ModelDamaged, match="too large"):
        read_json(path)


@pytest.mark.parametrize(
    ("prompts", "default", "expected"),
    [
        ({}, None, ("", "")),
        ({"query": "q: ", "document": "d: "}, None, ("q: ", "d: ")),
        ({"query": "q: ", "passage": "p: "}, None, ("q: ", "p: ")),
        ({"query": "q: ", "corpus": "c: "}, None, ("q: ", "c: ")),
        ({"all": "a: "}, "all", ("a: ", "a: ")),
        ({"all": "a: ", "query": ""}, "all", ("", "a: ")),
        ({"query": "q: "}, None, ("q: ", "")),
        ({"query": None, "document": "d: "}, None, ("", "d: ")),
        ({"all": "a: "}, "none of these", ("", "")),
    ],
)
def test_prompts_are_the_folders_own(
    source: Path, prompts: dict[str, str], default: str | None, expected: tuple[str, str]
) -> None:
    """R22."""
    change(source / "config_sentence_transformers.json", prompts=prompts, default_prompt_name=default)
    assert read_prompts(source) == expected


def test_a_folder_without_settings_has_no_prompts(source: Path) -> None:
    (source / "config_sentence_transformers.json").unlink()
    assert read_prompts(source) == ("", "")


@pytest.mark.parametrize("body", [[], {"prompts": ["q"]}, {"prompts": {"query": 7}}, {"prompts": {"query": ["q"]}}])
def test_prompts_that_are_no_words_are_damaged(source: Path, body: object) -> None:
    write_json(source / "config_sentence_transformers.json", body)
    with pytest.raises(ModelDamaged, match="prompts"):
        read_prompts(source)
