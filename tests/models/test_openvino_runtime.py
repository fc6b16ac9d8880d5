"""OpenVINO starts without its telemetry, caches what it compiles, and names what it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from embedder_folders import write_compiled

from studiolo_models.errors import ModelDamaged, ModelLoadFailed
from studiolo_models.openvino_runtime import choose_precision, compile_for_cpu, processor_has_bf16

UNDER_AUDIT = """
import sys
seen = []
watched = ("socket.", "os.fork", "os.posix_spawn", "os.exec", "os.system", "subprocess.")
sys.addaudithook(lambda event, args: seen.append(event) if event.startswith(watched) else None)
from studiolo_models.openvino_runtime import import_openvino
assert import_openvino().Core().available_devices
print(seen, sys.modules.get("openvino_telemetry"))
"""


@pytest.fixture
def xml(tmp_path: Path) -> Path:
    return write_compiled(tmp_path / "tiny") / "model.xml"


def test_importing_openvino_starts_no_process_opens_no_socket_and_writes_no_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", UNDER_AUDIT],
        env={**os.environ, "HOME": str(home), "USERPROFILE": str(home)},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[] None", done.stderr
    assert list(home.iterdir()) == []


def test_what_is_cached_is_closed_to_others(xml: Path, tmp_path: Path) -> None:
    """Promise 8: the files of the data folder are 0600; OpenVINO writes its own with 0644."""
    compile_for_cpu(xml, precision="f32", cache_folder=tmp_path / "cache", threads=None)
    blobs = list((tmp_path / "cache").iterdir())
    assert blobs != []
    assert [blob.stat().st_mode & 0o777 for blob in blobs] == [0o600] * len(blobs)


def test_a_second_start_takes_the_cached_model(xml: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first, second = (compile_for_cpu(xml, precision="f32", cache_folder=cache, threads=None) for _ in range(2))
    assert [m.get_property("LOADED_FROM_CACHE") for m in (first, second)] == [False, True]


def test_a_cached_model_computes_in_the_precision_that_is_asked_for(xml: Path, tmp_path: Path) -> None:
    precisions = ["f32", "bf16"] if processor_has_bf16() else ["f32"]
    for precision in [*precisions, *precisions]:
        model = compile_for_cpu(xml, precision=precision, cache_folder=tmp_path / "cache", threads=None)
        used = model.get_property("INFERENCE_PRECISION_HINT").to_string()
        assert used == {"f32": "f32", "bf16": "bf16"}[precision]


@pytest.mark.parametrize("threads", [1, 2])
def test_the_number_of_threads_can_be_given(xml: Path, tmp_path: Path, threads: int) -> None:
    model = compile_for_cpu(xml, precision="f32", cache_folder=tmp_path / "cache", threads=threads)
    assert model.get_property("INFERENCE_NUM_THREADS") == threads


@pytest.mark.parametrize("damage", ["cut", "noise", "empty"])
def test_a_damaged_cache_is_made_anew(xml: Path, tmp_path: Path, damage: str) -> None:
    cache = tmp_path / "cache"
    compile_for_cpu(xml, precision="f32", cache_folder=cache, threads=None)
    for blob in cache.glob("*.blob"):
        data = blob.read_bytes()
        blob.write_bytes({"cut": data[: len(data) // 2], "noise": os.urandom(len(data)), "empty": b""}[damage])
    ones = np.ones((1, 3), dtype=np.int64)
    result = compile_for_cpu(xml, precision="f32", cache_folder=cache, threads=None)([ones, ones])[0]
    assert np.allclose(result, compile_for_cpu(xml, precision="f32", cache_folder=None, threads=None)([ones, ones])[0])


def test_a_cache_that_cannot_be_written_is_done_without(xml: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    model = compile_for_cpu(xml, precision="f32", cache_folder=tmp_path / "file" / "cache", threads=None)
    assert len(model.inputs) == 2


@pytest.mark.parametrize("name", ["model.xml", "model.bin"])
@pytest.mark.parametrize("content", [None, b"", b"<net", b"x"])
def test_files_that_hold_no_model_are_damaged(xml: Path, tmp_path: Path, name: str, content: bytes | None) -> None:
    path = xml.with_name(name)
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(ModelDamaged):
        compile_for_cpu(xml, precision="f32", cache_folder=tmp_path / "cache", threads=None)


def test_a_sound_model_that_the_runtime_refuses_could_not_be_loaded(xml: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelLoadFailed) as caught:
        compile_for_cpu(xml, precision="u4", cache_folder=tmp_path / "cache", threads=None)
    assert str(caught.value).startswith("tiny: ")
    assert "Exception from" not in str(caught.value)


def test_where_bf16_does_not_agree_it_is_not_chosen_and_not_asked_again(tmp_path: Path) -> None:
    asked: list[bool] = []

    def disagrees() -> bool:
        asked.append(True)
        return False

    assert [choose_precision(tmp_path / "cache", agrees=disagrees) for _ in range(2)] == ["f32", "f32"]
    assert len(asked) == int(processor_has_bf16())
