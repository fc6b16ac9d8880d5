"""Cores and memory are those that this process may use, in a container as well."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from studiolo_models import hardware
from studiolo_models.hardware import fits, kv_bytes_per_token, lower_thread_priority, memory_bytes, usable_cores

GIB = 2**30


def cgroup(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder


def test_cores_are_physical_and_allowed(tmp_path: Path) -> None:
    cores = usable_cores(cgroup=tmp_path)
    assert 1 <= cores <= len(os.sched_getaffinity(0))
    assert cores <= (psutil.cpu_count(logical=False) or cores)


def test_a_process_that_may_use_one_core_uses_one() -> None:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert usable_cores() == 1
    finally:
        os.sched_setaffinity(0, before)


@pytest.mark.parametrize(
    ("files", "bounded"),
    [
        ({"cpu_DOT_max": "100000 100000\n"}, True),
        ({"cpu_DOT_max": "50000 100000\n"}, True),
        ({"cpu_DOT_max": "max 100000\n"}, False),
        ({"cpu_DOT_max": "garbage"}, False),
        ({"cpu_DOT_max": "100000 0"}, False),
        ({"cpu__cpu_DOT_cfs_quota_us": "100000", "cpu__cpu_DOT_cfs_period_us": "100000"}, True),
        ({"cpu__cpu_DOT_cfs_quota_us": "-1", "cpu__cpu_DOT_cfs_period_us": "100000"}, False),
    ],
)
def test_the_quota_of_a_container_bounds_the_cores(tmp_path: Path, files: dict[str, str], bounded: bool) -> None:
    free = usable_cores(cgroup=tmp_path / "none")
    assert usable_cores(cgroup=cgroup(tmp_path, **files)) == (1 if bounded else free)


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        ({"memory_DOT_max": str(GIB)}, GIB),
        ({"memory_DOT_max": "max\n"}, None),
        ({"memory_DOT_max": "\udcff garbage".encode("utf-8", "replace").decode()}, None),
        ({"memory__memory_DOT_limit_in_bytes": str(GIB)}, GIB),
        ({"memory__memory_DOT_limit_in_bytes": "9223372036854771712"}, None),
    ],
)
def test_the_limit_of_a_container_bounds_the_memory(tmp_path: Path, files: dict[str, str], limit: int | None) -> None:
    folder = cgroup(tmp_path, **files)
    assert memory_bytes(cgroup=folder) == (limit or psutil.virtual_memory().total)
    assert hardware.available_bytes(cgroup=folder) <= memory_bytes(cgroup=folder)


def test_a_model_fits_with_its_context_or_not() -> None:
    # SmolLM2-135M: 30 layers, 576 wide, 9 heads over 3 keys: 23,040 bytes a token.
    per_token = kv_bytes_per_token(layers=30, embedding=576, heads=9, kv_heads=3)
    assert per_token == 23_040
    small = fits(model_bytes=98_362_432, context_tokens=2_048, bytes_per_token=per_token, available=GIB)
    assert small.fits
    assert small.needed_bytes > 98_362_432 + 2_048 * per_token
    assert not fits(model_bytes=5 * GIB, context_tokens=2_048, available=4 * GIB).fits
    assert fits(model_bytes=1, context_tokens=1).available_bytes == pytest.approx(hardware.available_bytes(), rel=0.5)


@pytest.mark.parametrize("odd", [{"layers": 0}, {"heads": 0}, {"kv_heads": -1}])
def test_a_model_without_heads_has_no_cache_size(odd: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        kv_bytes_per_token(**({"layers": 1, "embedding": 8, "heads": 2, "kv_heads": 1} | odd))


def test_the_machine_is_described_in_one_line() -> None:
    assert "cores" in hardware.describe()
    assert "\n" not in hardware.describe()
    assert set(hardware.instruction_sets()) <= {*hardware.describe().replace(",", "").split()}


@pytest.mark.real_models
def test_a_gpu_is_offered_only_where_llama_cpp_has_one() -> None:
    assert hardware.has_gpu_offload() in {True, False}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities for single threads")
def test_a_thread_that_gives_way_leaves_the_others_as_they_are() -> None:
    seen: list[int] = []

    def work() -> None:
        lower_thread_priority()
        child = threading.Thread(target=lambda: seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))
        child.start()
        child.join()

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [max(before, 10)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


@pytest.mark.parametrize(("plugged", "expected"), [(True, False), (False, True), (None, False)])
def test_a_battery_counts_when_it_is_what_the_computer_runs_on(
    monkeypatch: pytest.MonkeyPatch, plugged: bool | None, expected: bool
) -> None:
    battery = SimpleNamespace(percent=50, power_plugged=plugged)
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    assert hardware.on_battery() is expected


def test_a_computer_without_a_battery_or_without_an_answer_is_plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert hardware.on_battery() is False

    def broken() -> None:
        raise FileNotFoundError("/sys/class/power_supply")

    monkeypatch.setattr(psutil, "sensors_battery", broken)
    assert hardware.on_battery() is False
    monkeypatch.delattr(psutil, "sensors_battery")
    assert hardware.on_battery() is False
