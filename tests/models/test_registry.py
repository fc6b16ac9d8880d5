"""Model files are known by SHA-256, kept privately, and never lost or written over by surprise."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from gguf_files import MODEL, gguf, model_file, small_adapter, small_model

from studiolo_models.errors import (
    ModelChanged,
    ModelDamaged,
    ModelError,
    ModelFileGone,
    ModelMissing,
    ModelStoreUnwritable,
    ModelUnsupported,
)
from studiolo_models.registry import RECORD, Registry


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(folder=tmp_path / "home" / "models", bundled=[tmp_path / "bundled"])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write(tmp_path / "Tiny Model.gguf", small_model())


def write(path: Path, data: bytes, *, mode: int = 0o644) -> Path:
    path.write_bytes(data)
    path.chmod(mode)
    return path


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(p.stat().st_mode) for p in (folder, *folder.rglob("*"))}


def record_of(registry: Registry, name: str) -> Path:
    return registry.get(name).path.parent / RECORD


@contextmanager
def full_disk(free_bytes: int) -> Iterator[None]:
    """Let every file that grows beyond a size fail, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (free_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_added_model_is_found_with_its_facts(registry: Registry, source: Path) -> None:
    added = registry.add_gguf(source)
    assert added.name == "Tiny-Model"
    assert (added.role, added.licence, added.source) == ("chat", "mit", "Tiny Model.gguf")
    assert added.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert added.path.read_bytes() == source.read_bytes()
    assert dict(added.details)["context_length"] == "512"
    (listed,) = registry.list_models()
    assert listed.in_use
    assert registry.in_use("chat").sha256 == registry.verify("Tiny-Model").sha256 == added.sha256


def test_a_known_file_brings_its_licence(registry: Registry, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    catalog = Path(sys.modules["studiolo_models"].__path__[0]) / "catalog.toml"
    assert 'licence = "Apache-2.0"' in catalog.read_text(encoding="utf-8")
    known = f'[[model]]\nname="T"\nsha256="{sha256}"\nrole="chat"\nlicence="BSD"\ncontext_tokens=1\nsource="here"\n'
    folder = source.parent / "catalogue"
    folder.mkdir()
    (folder / "catalog.toml").write_text(known)
    monkeypatch.setattr("importlib.resources.files", lambda package: folder)
    assert (registry.add_gguf(source).licence, registry.get("Tiny-Model").source) == ("BSD", "here")


def test_everything_in_the_store_is_the_users_alone(tmp_path: Path, registry: Registry, source: Path) -> None:
    registry.add_gguf(source)
    registry.use("Tiny-Model")
    assert modes(tmp_path / "home" / "models") == {0o600, 0o700}


def test_a_private_file_is_linked_and_the_users_own_stays(registry: Registry, tmp_path: Path) -> None:
    private = write(tmp_path / "private.gguf", small_model(), mode=0o600)
    stamp = private.stat()
    added = registry.add_gguf(private)
    assert added.path.stat().st_ino == stamp.st_ino
    registry.remove(added.name)
    assert (private.stat().st_ino, private.stat().st_mtime_ns) == (stamp.st_ino, stamp.st_mtime_ns)
    assert private.read_bytes() == small_model()


def test_an_open_file_is_copied_and_left_as_it_was(registry: Registry, source: Path) -> None:
    before = source.stat()
    assert registry.add_gguf(source).path.stat().st_ino != before.st_ino
    assert (source.stat().st_mode, source.stat().st_mtime_ns) == (before.st_mode, before.st_mtime_ns)


def test_the_same_bytes_are_taken_in_once_and_other_bytes_need_another_name(registry: Registry, source: Path) -> None:
    first = registry.add_gguf(source)
    assert registry.add_gguf(source).added_at == first.added_at
    write(source, small_model(general__name="Other"))
    with pytest.raises(ModelUnsupported, match="taken"):
        registry.add_gguf(source)
    assert registry.add_gguf(source, name="other").name == "other"
    assert len(registry.list_models()) == 2


def test_a_broken_file_is_refused_and_leaves_nothing(tmp_path: Path, registry: Registry, source: Path) -> None:
    write(source, small_model()[:-40])
    with pytest.raises(ModelDamaged):
        registry.add_gguf(source)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("changed", [{"general.type": "mmproj"}, {"general.architecture": "clip"}, {"split.count": 2}])
def test_a_file_that_generates_no_text_is_refused(
    registry: Registry, source: Path, changed: dict[str, str | int]
) -> None:
    write(source, gguf({**MODEL, **changed}))
    with pytest.raises(ModelUnsupported):
        registry.add_gguf(source)


def test_an_adapter_is_recorded_as_one_and_not_chosen(registry: Registry, source: Path) -> None:
    write(source, small_adapter())
    added = registry.add_gguf(source)
    assert (added.role, added.in_use) == ("adapter", False)
    with pytest.raises(ModelUnsupported):
        registry.use(added.name)
    with pytest.raises(ModelUnsupported):
        registry.add_gguf(source, name="b", role="chat")
    with pytest.raises(ModelMissing):
        registry.in_use("adapter")


def test_missing_things_are_named(registry: Registry, tmp_path: Path, source: Path) -> None:
    with pytest.raises(ModelFileGone):
        registry.add_gguf(tmp_path / "nothing.gguf")
    with pytest.raises(ModelFileGone):
        registry.add_compiled(tmp_path / "nothing", role="embedder", name="e", licence="mit", source="")
    for call in (registry.get, registry.verify, registry.use, registry.remove):
        with pytest.raises(ModelMissing):
            call("nothing")
    registry.add_gguf(source).path.unlink()
    for call in (registry.get, registry.verify, registry.use):
        with pytest.raises(ModelFileGone):
            call("Tiny-Model")


def test_a_changed_file_is_found(registry: Registry, source: Path) -> None:
    path = registry.add_gguf(source).path
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelChanged):
        registry.verify("Tiny-Model")


def test_an_embedder_is_moved_in_made_private_and_verified(registry: Registry, tmp_path: Path) -> None:
    compiled = tmp_path / "compiled"
    (compiled / "deep").mkdir(parents=True)
    write(compiled / "model.bin", b"weights")
    write(compiled / "deep" / "card.json", b"{}")
    added = registry.add_compiled(compiled, role="embedder", name="e", licence="", source="here")
    assert not compiled.exists()
    assert (added.role, added.licence, added.size_bytes) == ("embedder", "unknown", 9)
    assert modes(added.path) == {0o600, 0o700}
    assert registry.verify("e").in_use
    (added.path / "deep" / "card.json").write_bytes(b"[]")
    with pytest.raises(ModelChanged):
        registry.verify("e")


def reranker(folder: Path, weights: bytes = b"weights") -> Path:
    folder.mkdir()
    write(folder / "model.bin", weights)
    return folder


def test_a_reranker_is_used_from_the_first_on_until_there_shall_be_none(registry: Registry, tmp_path: Path) -> None:
    for name in ("a", "b"):
        added = registry.add_compiled(
            reranker(tmp_path / name, name.encode()), role="reranker", name=name, licence="", source=""
        )
        assert (added.role, added.path.name) == ("reranker", "reranker")
    assert registry.in_use("reranker").name == "a"
    registry.use_no_reranker()
    with pytest.raises(ModelMissing):
        Registry(folder=tmp_path / "home" / "models").in_use("reranker")
    registry.add_compiled(reranker(tmp_path / "c"), role="reranker", name="c", licence="", source="")
    assert not any(m.in_use for m in registry.list_models())
    assert registry.use("b").in_use
    registry.remove("b")
    assert registry.in_use("reranker").name == "a"


def test_the_choice_is_kept_for_each_role(registry: Registry, tmp_path: Path, source: Path) -> None:
    registry.add_gguf(source, name="a")
    registry.add_gguf(source, name="b")
    assert registry.in_use("chat").name == "a"
    assert registry.use("b").in_use
    again = Registry(folder=tmp_path / "home" / "models")
    assert again.in_use("chat").name == "b"
    again.remove("b")
    assert again.in_use("chat").name == "a"


def test_bundled_models_are_read_hidden_by_ones_own_and_never_removed(
    registry: Registry, tmp_path: Path, source: Path
) -> None:
    Registry(folder=tmp_path / "bundled").add_gguf(source, name="base")
    assert [(m.name, m.builtin) for m in registry.list_models()] == [("base", True)]
    with pytest.raises(ModelUnsupported):
        registry.remove("base")
    registry.add_gguf(source, name="base")
    assert [(m.name, m.builtin) for m in registry.list_models()] == [("base", False)]
    registry.remove("base")
    assert registry.get("base").builtin


@pytest.mark.logs("cannot be read")
@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"[]",
        b"null",
        b"{" * 100_000,
        b"\xff\xfe",
        {"name": "../../outside"},
        {"file": "../../../outside"},
        {"file": "/etc/passwd"},
        {"role": "root"},
        {"role": "reranker"},
        {"size_bytes": "many"},
        {"size_bytes": 1e400},
        {"details": []},
    ],
)
def test_a_broken_record_is_reported_and_left_alone(
    registry: Registry, source: Path, broken: bytes | dict[str, str | float | list[str]]
) -> None:
    registry.add_gguf(source, name="good")
    registry.add_gguf(source, name="bad")
    record = record_of(registry, "bad")
    data = json.dumps(json.loads(record.read_bytes()) | broken).encode() if isinstance(broken, dict) else broken
    record.write_bytes(data)
    assert [m.name for m in registry.list_models()] == ["good"]
    with pytest.raises(ModelUnsupported, match="taken"):
        registry.add_gguf(source, name="bad")
    with pytest.raises(ModelMissing):
        registry.remove("bad")
    assert record.read_bytes() == data


@pytest.mark.logs("cannot be read")
def test_a_broken_choice_is_reported_and_kept_aside(registry: Registry, tmp_path: Path, source: Path) -> None:
    registry.add_gguf(source, name="a")
    choice = tmp_path / "home" / "models" / "in_use.json"
    choice.write_bytes(b"{broken")
    assert registry.in_use("chat").name == "a"
    registry.use("a")
    assert json.loads(choice.read_bytes()) == {"chat": "a"}
    assert choice.with_suffix(".broken").read_bytes() == b"{broken"


def test_what_a_dead_process_left_is_no_model_and_is_swept(registry: Registry, tmp_path: Path, source: Path) -> None:
    registry.add_gguf(source, name="a")
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    left = tmp_path / "home" / "models" / f".half.{int(ended.stdout)}"
    left.mkdir()
    write(left / RECORD, record_of(registry, "a").read_bytes())
    working = tmp_path / "home" / "models" / f".other.{os.getppid()}"
    working.mkdir()
    assert [m.name for m in registry.list_models()] == ["a"]
    registry.add_gguf(source, name="b")
    assert not left.exists()
    assert working.exists()


@pytest.mark.parametrize("free_bytes", [0, 100, 5_000])
def test_a_full_disk_has_a_code_and_leaves_nothing_half(
    registry: Registry, tmp_path: Path, source: Path, free_bytes: int
) -> None:
    write(source, small_model(filler="x" * 10_000))
    with full_disk(free_bytes), pytest.raises(ModelStoreUnwritable) as caught:
        registry.add_gguf(source)
    assert caught.value.code == "model.store_unwritable"
    assert os.strerror(errno.EFBIG) in str(caught.value)
    assert list((tmp_path / "home" / "models").iterdir()) == []
    assert registry.add_gguf(source).name == "Tiny-Model"


def test_a_full_disk_keeps_the_choice_that_there_was(registry: Registry, source: Path) -> None:
    registry.add_gguf(source, name="a")
    registry.add_gguf(source, name="b")
    registry.use("b")
    with full_disk(3), pytest.raises(ModelStoreUnwritable):
        registry.use("a")
    assert registry.in_use("chat").name == "b"


def test_a_store_that_cannot_be_made_has_a_code(tmp_path: Path, source: Path) -> None:
    write(tmp_path / "file", b"")
    bundled = tmp_path / "bundled"
    Registry(folder=bundled).add_gguf(source, name="a")
    for folder in (tmp_path / "file", tmp_path / "file" / "models"):
        registry = Registry(folder=folder, bundled=[bundled])
        with pytest.raises(ModelStoreUnwritable):
            registry.add_gguf(source)
        with pytest.raises(ModelStoreUnwritable):
            registry.use("a")


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("../../up", "up"),
        (".hidden", "hidden"),
        ("a/b\\c:d", "a-b-c-d"),
        ("Ärger 世界", "Ärger-世界"),
        ("x" * 500, "x" * 120),
        ("世" * 500, "世" * 40),
        ("\udcff-latin", "latin"),
    ],
)
def test_a_name_becomes_one_folder_of_the_store(registry: Registry, source: Path, name: str, becomes: str) -> None:
    added = registry.add_gguf(source, name=name)
    assert added.name == becomes
    assert added.path.parent.parent == source.parent / "home" / "models"
    registry.remove(becomes)


@pytest.mark.parametrize("name", ["...", "in_use.json", "/", "\0"])
def test_a_name_without_letters_or_of_our_own_file_is_refused(registry: Registry, source: Path, name: str) -> None:
    with pytest.raises(ModelUnsupported):
        registry.add_gguf(source, name=name)


def test_a_file_with_a_name_that_is_no_text_is_added(registry: Registry, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.gguf"))
    added = registry.add_gguf(write(path, small_model()))
    assert added.name == "caf"
    assert registry.verify("caf").source == "caf\ufffd.gguf"


def test_every_refusal_is_a_model_error_with_a_code(registry: Registry, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing", Path("/dev/null")):
        with pytest.raises(ModelError) as caught:
            registry.add_gguf(path)
        assert caught.value.code.startswith("model.")


def test_the_helper_describes_a_file_as_the_registry_does(registry: Registry, source: Path) -> None:
    assert model_file(source).sha256 == registry.add_gguf(source).sha256
