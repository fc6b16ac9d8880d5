"""Loads OpenVINO without its telemetry, and compiles a model for this processor."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studiolo_models.errors import ModelDamaged, ModelLoadFailed

log = logging.getLogger(__name__)


def import_openvino() -> Any:  # Any: the library has no type information
    """Import OpenVINO; its telemetry (which looks up a host, forks, and writes to the home folder) stays out."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None blocks the import
    import openvino

    return openvino


def compile_for_cpu(
    xml: Path, *, precision: str, cache_folder: Path | None, threads: int | None, streams: int = 1
) -> Any:  # Any: as above
    """Compile an OpenVINO model for the processor; the result is cached, so that a second start is fast.

    OpenVINO makes a cached model that is damaged anew; it knows a model by the path and the time (in seconds) of its
    files, so that each needs a cache folder of its own.

    Args:
        xml: The model's `.xml`, with its `.bin` beside it.
        precision: "f32" or "bf16": the precision of the arithmetic.
        cache_folder: Where compiled models are kept, or None to keep none; one that cannot be written is not used.
        threads: Processor threads, or None for OpenVINO's choice.
        streams: How many requests run side by side, each on its share of the threads.

    Raises:
        ModelDamaged: If the files cannot be read as a model.
        ModelLoadFailed: If the runtime refuses a model that it can read.
    """
    openvino = import_openvino()
    core = openvino.Core()
    options: dict[str, str | int] = {
        "INFERENCE_PRECISION_HINT": precision,
        "NUM_STREAMS": streams,
        # Threads that are tied to the cores keep others waiting: a query and a search after it took 13.7, not 11.1 ms.
        "ENABLE_CPU_PINNING": False,
    }
    if threads:
        options["INFERENCE_NUM_THREADS"] = threads
    if cache_folder is not None:
        try:
            compiled = core.compile_model(str(xml), "CPU", {**options, "CACHE_DIR": str(cache_folder)})
            _make_private(cache_folder)
            return compiled
        except RuntimeError as error:
            log.info("%s is compiled without the cache: %s", xml.parent.name, _first_lines(error))
    try:
        model = core.read_model(str(xml))
    except RuntimeError as error:
        raise ModelDamaged(f"{xml.parent.name}: {xml.name} cannot be read") from error
    try:
        return core.compile_model(model, "CPU", options)
    except RuntimeError as error:
        raise ModelLoadFailed(f"{xml.parent.name}: {_first_lines(error)}") from error


def _make_private(cache_folder: Path) -> None:
    """Close what OpenVINO cached to others: it sets the rights itself, whatever the process's umask is."""
    for blob in cache_folder.glob("*.blob"):
        try:
            blob.chmod(0o600)
        except OSError as error:
            log.info("the rights of %s stay as they are: %s", blob.name, error.strerror)


def choose_precision(cache_folder: Path, *, agrees: Callable[[], bool]) -> str:
    """Choose "bf16" where the processor has it and its results agree with those of "f32"; remember the choice.

    Measured on two Zen 4 cores: bf16 is twice as fast, at a cosine of 0.99997 (benchmarks/embedding_rate.py).

    Args:
        cache_folder: The model's own, where the choice is kept.
        agrees: Computes in both precisions, and compares; asked once for a model on a machine.
    """
    note = cache_folder / "precision.json"
    capable = processor_has_bf16()
    try:
        known = json.loads(note.read_bytes())
        if known.get("bf16_capable") == capable and known.get("precision") in ("f32", "bf16"):
            return str(known["precision"])
    except (OSError, ValueError, AttributeError):
        log.debug("the precision of %s is not chosen yet", cache_folder.name)
    precision = "bf16" if capable and agrees() else "f32"
    try:
        cache_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        note.write_text(json.dumps({"bf16_capable": capable, "precision": precision}))
    except OSError:
        log.info("the choice of precision could not be kept")
    return precision


def processor_has_bf16() -> bool:
    """Tell whether OpenVINO can compute in bf16 on this processor."""
    openvino = import_openvino()
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _first_lines(error: RuntimeError) -> str:
    """Shorten a message of OpenVINO; its first line names a place in its source alone."""
    lines = [line for line in str(error).splitlines() if line and not line.startswith("Exception from")]
    return " ".join(lines)[:200]
