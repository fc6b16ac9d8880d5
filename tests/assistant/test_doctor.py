"""Doctor looks at everything, changes nothing, and names what is not well with what to do about it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from gguf_files import small_model

from studiolo import doctor
from studiolo.doctor import Finding, examine
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_models.protocols import ModelFile


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A data folder whose models are quick to verify: none that came with the program."""
    made = Workspace(AppPaths(tmp_path / "home"))
    made.registry._bundled = ()
    return made


def checks(found: list[Finding]) -> dict[str, Finding]:
    return {f.check: f for f in found}


def add_model(workspace: Workspace, folder: Path) -> ModelFile:
    file = folder / "tiny.gguf"
    file.write_bytes(small_model())
    return workspace.registry.add_gguf(file)


def test_every_check_is_made_and_what_is_not_well_says_what_to_do(workspace: Workspace) -> None:
    """R30, S14: this process has no guards, and that is found; with guards all is well: test_cli.py."""
    found = checks(examine(workspace))
    assert {"installation", "hardware", "no IPv4 socket", "data folder is private", "index"} <= set(found)
    assert not found["no IPv4 socket"].ok
    bad = [f for f in found.values() if not f.ok and not f.check.startswith("no ")]
    assert {f.check for f in bad} >= {"embedder model", "chat model"}
    assert all(f.hint and f.detail for f in bad)


def test_a_private_data_folder_is_well_and_an_open_file_in_it_is_not(workspace: Workspace) -> None:
    """Promise 8."""
    home = workspace.paths.home
    for path in home.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert doctor._private(home).ok
    (home / "logs" / "engine.log").touch(mode=0o644)
    (home / "logs" / "link").symlink_to("/etc")
    found = doctor._private(home)
    assert not found.ok
    assert "1 entries are open to others" in found.detail
    assert found.hint == f"chmod -R go= '{home}'"
    (home / "logs" / "engine.log").chmod(0o600)
    home.chmod(0o750)
    assert "mode 0750" in doctor._private(home).detail


def test_a_file_that_goes_while_doctor_looks_is_no_finding(workspace: Workspace) -> None:
    """An engine beside it makes and removes files all the time."""
    assert not doctor._is_open_to_others(workspace.paths.temp / "gone")


def test_every_model_is_hashed_again_and_a_changed_one_is_named(workspace: Workspace, tmp_path: Path) -> None:
    model = add_model(workspace, tmp_path)
    assert checks(doctor._models(workspace))["model tiny"].ok
    data = bytearray(model.path.read_bytes())
    data[-1] ^= 1
    model.path.write_bytes(bytes(data))
    found = checks(doctor._models(workspace))["model tiny"]
    assert not found.ok
    assert found.hint
    model.path.unlink()
    assert not checks(doctor._models(workspace))["model tiny"].ok


def test_a_missing_role_is_named(workspace: Workspace, tmp_path: Path) -> None:
    add_model(workspace, tmp_path)
    found = checks(doctor._models(workspace))
    assert "embedder model" in found
    assert not found["embedder model"].ok
    assert "chat model" not in found


def test_the_index_is_counted_and_damage_is_named(workspace: Workspace, library: Workspace) -> None:
    assert doctor._index(workspace).detail.startswith("0 folders, 0 files")
    well = doctor._index(library)
    assert well.ok
    assert "2 folders, 3 files: 2 indexed, 0 skipped, 1 failed, 0 pending" in well.detail
    assert "--state failed" in well.hint
    workspace.paths.catalogue.write_bytes(b"not a database, but long enough to look like one" * 20)
    found = doctor._index(workspace)
    assert not found.ok
    assert found.hint


def test_what_is_on_the_disk_is_told_and_too_little_room_is_a_problem(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace.paths.index / "words.tantivy").mkdir()
    (workspace.paths.index / "words.tantivy" / "words").write_bytes(bytes(2_000_000))
    found = checks(examine(workspace))["disk"]
    assert found.ok
    assert "0 B vectors, 2 MB full text; besides 0 B history" in found.detail
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000_000))
    found = checks(examine(workspace))["disk"]
    assert not found.ok
    assert "Make room" in found.hint


def test_doctor_changes_nothing(library: Workspace) -> None:
    def state() -> list[tuple[str, int, int]]:
        paths = sorted(library.paths.home.rglob("*"))
        return [(str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in paths if p.suffix not in (".sqlite-shm",)]

    library.catalogue().close()
    before = state()
    doctor._private(library.paths.home)
    doctor._index(library)
    doctor._encrypted(library.paths.home)
    assert state() == before


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel names its volumes on Linux")
def test_an_encrypted_volume_is_told_by_the_kernel_s_own_name_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = tmp_path / "block"
    device = os.stat(tmp_path).st_dev
    block = blocks / f"{os.major(device)}:{os.minor(device)}"
    monkeypatch.setattr(doctor, "Path", lambda text: Path(text.replace("/sys/dev/block", str(blocks))))
    assert doctor._volume_encryption(tmp_path) is None
    block.mkdir(parents=True)
    assert doctor._volume_encryption(tmp_path) is False
    assert doctor._encrypted(tmp_path).hint
    (block / "slaves" / "dm-0" / "dm").mkdir(parents=True)
    (block / "slaves" / "dm-0" / "dm" / "uuid").write_text("CRYPT-LUKS2-0123")
    assert doctor._volume_encryption(tmp_path) is True
    assert doctor._encrypted(tmp_path).hint == ""
