"""R30: the whole path, from a folder to a cited answer, where there is no network at all, and nobody misses it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Runs inside the namespace: the commands, one after the other, and meanwhile a look at the tables of the kernel.
DRIVER = """
import json, pathlib, subprocess, sys, threading

def rows(name):
    return pathlib.Path("/proc/self/net", name).read_text().splitlines()

def watch():
    while not ended.wait(0.02):
        for name in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6", "packet"):
            seen.update(f"{name} {line}" for line in rows(name)[1:])

seen, ended = set(), threading.Event()
watcher = threading.Thread(target=watch)
watcher.start()
answers = []
for arguments in json.loads(sys.argv[1]):
    done = subprocess.run([sys.executable, "-I", "-m", "studiolo.cli", *arguments], capture_output=True, text=True)
    answers.append({"code": done.returncode, "out": done.stdout, "err": done.stderr})
ended.set()
watcher.join()
devices = {line.split(":")[0].strip(): [int(n) for n in line.split(":")[1].split()] for line in rows("dev")[2:]}
packets = {name: counts[1] + counts[9] for name, counts in devices.items()}
print(json.dumps({"answers": answers, "sockets": sorted(seen), "packets": packets}))
"""


def namespace_command() -> list[str]:
    """Give the command that starts another in a network namespace of its own; skips where the machine forbids it."""
    unshare = shutil.which("unshare")
    for options in (["--net"], ["--net", "--map-root-user"]):
        if unshare and subprocess.run([unshare, *options, "true"], capture_output=True, timeout=30).returncode == 0:
            return [unshare, *options]
    pytest.skip("this machine allows no network namespace (unshare --net), so the path is not tried without a network")


@pytest.mark.real_models
@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_a_folder_is_indexed_and_a_question_answered_without_a_network_or_a_packet(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "leave.md").write_text(
        "# Leave\n\nUp to five days of annual leave may be carried over into the next year.\n", encoding="utf-8"
    )
    home = ["--json", "--home", str(tmp_path / "home")]
    commands = [
        ["add", str(folder), *home],
        ["sync", *home],
        ["ask", "How many days of annual leave may be carried over?", *home],
        ["doctor", *home],
    ]
    command = [*namespace_command(), sys.executable, "-I", "-c", DRIVER, json.dumps(commands)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    added, synced, answered, checked = found["answers"]
    assert (added["code"], synced["code"], answered["code"]) == (0, 0, 0), (added, synced, answered)
    assert json.loads(synced["out"])["files"]["indexed"] == 1
    answer = json.loads(answered["out"])
    assert not answer["refused"]
    assert "five days" in answer["citations"][0]["quote"]
    assert found["sockets"] == []
    assert sum(found["packets"].values()) == 0
    refusals = [f for f in json.loads(checked["out"]) if f["check"].startswith("no ")]
    assert len(refusals) == 5
    assert all(f["ok"] for f in refusals), refusals
