"""Checks the installation, the hardware, the index and that the process is offline."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from studiolo import __version__, offline
from studiolo.errors import report
from studiolo.quantities import size
from studiolo.storage import storage_of
from studiolo.workspace import Workspace
from studiolo_indexer.errors import FileFailure, IndexerError
from studiolo_models.errors import ModelError


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is well, what was seen, and what to do where it is not.

    `group` is "privacy" for what keeps documents on this computer and from others, else "installation".
    """

    check: str
    ok: bool
    detail: str
    hint: str = ""
    group: str = "installation"

    def as_dict(self) -> dict[str, str | bool]:
        """Give the form that travels in JSON."""
        return {
            "check": self.check,
            "ok": self.ok,
            "detail": self.detail,
            "hint": self.hint,
            "group": self.group,
        }


def examine(workspace: Workspace) -> list[Finding]:
    """Make every check; none of them changes anything."""
    findings = [_installation(), _hardware()]
    private = [Finding(f.check, f.ok, f.detail, f.hint) for f in offline.check()]
    private += [_sandbox(workspace), _private(workspace.paths.home), _encrypted(workspace.paths.home)]
    findings += [replace(finding, group="privacy") for finding in private]
    findings += _models(workspace)
    findings += [_index(workspace), _disk(workspace)]
    return findings


def _installation() -> Finding:
    version = platform.python_version()
    ok = sys.version_info >= (3, 11)
    return Finding("installation", ok, f"Studiolo {__version__} on Python {version}, {platform.platform()}")


def _hardware() -> Finding:
    from studiolo_models.hardware import describe

    return Finding("hardware", True, describe())


def _sandbox(workspace: Workspace) -> Finding:
    """Ask a fresh extractor how it is confined; a system without Landlock is said, and no fault of the installation."""
    extractor = workspace.extractor()
    try:
        state = extractor.sandbox()
    except (FileFailure, OSError) as error:
        return Finding("documents are read in a sandbox", False, str(error), "The log says more; please report this.")
    finally:
        extractor.close()
    hint = "" if state.closed else "A newer Linux kernel closes the file system to the reader as well."
    return Finding("documents are read in a sandbox", True, state.detail, hint)


def _private(home: Path) -> Finding:
    mode = stat.S_IMODE(home.stat().st_mode)
    others = [p for p in home.rglob("*") if _is_open_to_others(p)]
    ok = mode & 0o077 == 0 and not others
    detail = f"{home} has mode {mode:04o}" + (f"; {len(others)} entries are open to others" if others else "")
    return Finding("data folder is private", ok, detail, "" if ok else f"chmod -R go= '{home}'")


def _is_open_to_others(path: Path) -> bool:
    """Tell whether others may read or write a file or folder; one that went meanwhile (an engine runs) is not there."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    return not stat.S_ISLNK(status.st_mode) and bool(stat.S_IMODE(status.st_mode) & 0o077)


def _encrypted(home: Path) -> Finding:
    """Tell whether the volume is encrypted, where the system says so without extra rights."""
    state = _volume_encryption(home)
    hint = "" if state else "Studiolo does not encrypt by itself: use the system's disk encryption."
    words = {
        True: "the volume is encrypted",
        False: "the volume is not encrypted",
        None: "cannot be told here",
    }
    return Finding("disk encryption", True, words[state], hint)


def _volume_encryption(path: Path) -> bool | None:
    if sys.platform != "linux":
        return None
    device = path.stat().st_dev
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    if not block.exists():
        return None
    layers = [block, *block.glob("slaves/*")]
    uuids = [(layer / "dm" / "uuid") for layer in layers]
    return any(u.exists() and u.read_text(errors="replace").startswith("CRYPT-") for u in uuids)


def _models(workspace: Workspace) -> list[Finding]:
    findings = []
    for model in workspace.registry.list_models():
        try:
            workspace.registry.verify(model.name)
        except ModelError as error:
            words = report(error)
            findings.append(Finding(f"model {model.name}", False, words.message, words.hint))
        else:
            detail = f"{model.role}, {model.size_bytes / 1e6:.0f} MB, {model.licence}, SHA-256 {model.sha256[:12]}…"
            findings.append(Finding(f"model {model.name}", True, detail))
    roles = {m.role for m in workspace.registry.list_models()}
    for role in ("embedder", "chat"):
        if role not in roles:
            findings.append(Finding(f"{role} model", False, "none is installed", "Run `make setup`, or add one."))
    return findings


def _index(workspace: Workspace) -> Finding:
    try:
        catalogue = workspace.catalogue()
        try:
            counts = catalogue.counts(None)
            n_folders = len(catalogue.folders())
        finally:
            catalogue.close()
    except IndexerError as error:
        words = report(error)
        return Finding("index", False, words.message, words.hint)
    detail = (
        f"{n_folders} folders, {counts.on_disk} files: {counts.indexed} indexed, {counts.skipped} skipped, "
        f"{counts.failed} failed, {counts.pending} pending"
    )
    hint = "`studiolo files --state failed` names them with the reason." if counts.failed else ""
    return Finding("index", True, detail, hint)


def _disk(workspace: Workspace) -> Finding:
    """Say what the data folder takes, and whether there is room for the index to be merged: it is written anew then."""
    used = storage_of(workspace.paths)
    free = shutil.disk_usage(workspace.paths.home).free
    detail = (
        f"the index takes {size(used.index)}: {size(used.texts)} texts and ledger, {size(used.vectors)} vectors, "
        f"{size(used.full_text)} full text; besides {size(used.history)} history, {size(used.models)} added models, "
        f"{size(used.other)} caches and logs; {size(free)} are free"
    )
    ok = free > used.index
    return Finding("disk", ok, detail, "" if ok else "Make room on this disk: merging writes the index anew beside it.")
